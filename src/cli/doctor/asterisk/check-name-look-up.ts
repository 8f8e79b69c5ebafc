import { hostname } from 'node:os';
import { isLoopback } from '../../../config/is-loopback.js';
import { switchHost } from '../../../config/switch-host.js';
import { fail, ok, warn, type Finding } from '../finding.js';
import type { AsteriskSite } from '../site.js';
import { LOOK_UP_MS_MAX, timedLookUp, type LookUp } from '../timed-look-up.js';

/**
 * The name look-up trap: for every SDP without media_address the switch looks
 * up its own host name. Where that fails or is slow, a call takes seconds to
 * start. Only a switch on this machine can be looked into.
 */
export async function checkNameLookUp(site: AsteriskSite, lookUp?: LookUp): Promise<readonly Finding[]> {
  if (!isLoopback(switchHost(site.switch))) {
    return [warn('name-lookup', 'Whether the switch\'s own host name resolves cannot be seen from here.', 'On the switch: "getent hosts $(hostname)" must answer at once; else add the name to its /etc/hosts. media_address= on every endpoint makes it not matter.')];
  }
  const name = hostname();
  const { outcome, tookMs } = await timedLookUp(name, lookUp);
  if (outcome === 'found' && tookMs <= LOOK_UP_MS_MAX) return [ok('name-lookup', `The switch's host name ${name} resolves in ${tookMs.toFixed(0)} ms.`)];
  const what = outcome === 'found' ? `takes ${tookMs.toFixed(0)} ms to resolve` : 'does not resolve';
  const cure = `Add "127.0.1.1 ${name}" to /etc/hosts, or set media_address= on every endpoint.`;
  return [fail('name-lookup', `The host name ${name} ${what}: Asterisk looks it up for every call without media_address, which then takes seconds to start.`, cure)];
}
