import type { AsteriskSite } from '../site.js';
import type { AriProbe } from './ari-probe.js';
import { checkClock } from '../check-clock.js';
import { fail, ok, warn, type Finding } from '../finding.js';
import { textIn } from './text-in.js';
import { openDoctorSocket } from './trial-channel.js';

/** What later checks know of the switch. */
export interface SwitchFacts {
  readonly version: string;
  readonly majorVersion: number;
  readonly minorVersion: number;
}

/** Whether ARI is reachable and lets us in, which version answers, and how late its clock is. */
export async function checkAri(ari: AriProbe, config: AsteriskSite): Promise<{ readonly findings: readonly Finding[]; readonly facts: SwitchFacts | undefined }> {
  const { url, user } = config.switch.ari;
  const answer = await ari.get('/asterisk/info');
  if (answer.kind === 'unreachable') {
    const cure = 'Start Asterisk, check bindaddr and bindport in http.conf and enabled=yes there, then switch.ari.url.';
    return { findings: [fail('ari', `ARI at ${url} does not answer: ${answer.reason}.`, cure)], facts: undefined };
  }
  if (answer.kind === 'refused' && answer.status === 401) {
    const cure = 'Compare switch.ari.user and password with the user section of ari.conf, then "ari reload" or "module reload res_ari.so".';
    return { findings: [fail('ari', `ARI refuses user "${user}": wrong name or password.`, cure)], facts: undefined };
  }
  if (answer.kind === 'refused') {
    const cure = 'Set enabled=yes in ari.conf and http.conf, load res_ari.so, and check the prefix of http.conf in switch.ari.url.';
    return { findings: [fail('ari', `${url} answers ${String(answer.status)} where ARI should be.`, cure)], facts: undefined };
  }
  const version = textIn(answer.body, 'system', 'version');
  if (version === undefined) {
    return { findings: [fail('ari', `What answers at ${url} is no Asterisk.`, 'Correct switch.ari.url.')], facts: undefined };
  }
  const facts = factsOf(version);
  const findings = [ok('ari', `ARI answers at ${url} in ${answer.tookMs.toFixed(0)} ms.`), versionFinding(facts), checkClock(answer.dateMs)];
  findings.push(await eventSocketFinding(config), transportFinding(facts, config));
  return { findings, facts };
}

function factsOf(version: string): SwitchFacts {
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(version) ?? [];
  return { version, majorVersion: Number(major), minorVersion: Number(minor) };
}

function versionFinding({ version, majorVersion }: SwitchFacts): Finding {
  if (majorVersion < 16) {
    return fail('version', `Asterisk ${version} is too old.`, 'Install Asterisk 16 or later, best the current long-term version.');
  }
  if (majorVersion < 20) {
    return warn('version', `Asterisk ${version} works, but is out of support and slower: commands and events travel apart.`, 'Upgrade to the current long-term version when you can; docs/operating.md says what is missing.');
  }
  return ok('version', `Asterisk ${version}.`);
}

/** REST over the events WebSocket came with 20.15, 21.10 and 22.5. */
const REST_OVER_WEBSOCKET: Readonly<Record<number, number>> = { 20: 15, 21: 10, 22: 5 };

/** Whether commands can travel on the event socket. */
function hasRestOverWebSocket({ majorVersion, minorVersion }: SwitchFacts): boolean {
  const minorMin = REST_OVER_WEBSOCKET[majorVersion];
  return majorVersion > 22 || (minorMin !== undefined && minorVersion >= minorMin);
}

function transportFinding(facts: SwitchFacts, { switch: { transport } }: AsteriskSite): Finding {
  if (hasRestOverWebSocket(facts)) {
    return transport === 'http'
      ? warn('transport', 'Commands travel over HTTP though the switch offers the faster WebSocket.', 'Set switch.transport to auto.')
      : ok('transport', 'Commands, replies and events travel over one WebSocket.');
  }
  return transport === 'websocket'
    ? fail('transport', `switch.transport is websocket, which Asterisk ${facts.version} does not offer.`, 'Set switch.transport to auto, or upgrade to 20.15, 21.10, 22.5 or later.')
    : ok('transport', 'Commands travel over HTTP beside the event socket, as this version needs.');
}

/** Opens an event socket under an application of the doctor's own. */
async function eventSocketFinding(config: AsteriskSite): Promise<Finding> {
  const socket = await openDoctorSocket(config, () => undefined);
  if (typeof socket === 'string') {
    const cure = 'Load res_http_websocket.so and res_ari_events.so; let a proxy in between pass WebSockets on.';
    return fail('events', `The event socket does not open: ${socket}.`, cure);
  }
  socket.close();
  return ok('events', 'The event socket opens.');
}
