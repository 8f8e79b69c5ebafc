import { isIP } from 'node:net';
import { isLoopback } from '../../../config/is-loopback.js';
import { fail, ok, warn, type Finding } from '../finding.js';
import type { FreeswitchSite } from '../site.js';
import { LOOK_UP_MS_MAX, timedLookUp, type LookUp } from '../timed-look-up.js';
import type { EslProbe } from './esl-probe.js';
import { childText, elementsNamed, paramsOf, parseSwitchXml, type XmlElement } from './switch-xml.js';

type Trunk = FreeswitchSite['trunks'][number];

/** Whether every trunk's gateway is there, is up, is watched, shows our number, and is found without asking far. */
export async function checkTrunks(esl: EslProbe, site: FreeswitchSite, lookUp?: LookUp): Promise<readonly Finding[]> {
  const profiles = parseSwitchXml((await esl.ask('xml_locate configuration configuration name sofia.conf')) ?? '');
  const findings: Finding[] = [];
  for (const trunk of site.trunks) {
    const gateway = parseSwitchXml((await esl.ask(`sofia xmlstatus gateway ${trunk.endpoint}`)) ?? '');
    if (gateway === undefined) {
      findings.push(fail('trunk', `Trunk ${trunk.name}: the switch has no gateway "${trunk.endpoint}".`, 'Make it in a SIP profile (freeswitch-conf/site/gateways-site.xml.sample), "sofia profile outdial-trunk rescan", or correct trunks.endpoint.'));
      continue;
    }
    findings.push(stateFinding(trunk, gateway), ...callerFinding(trunk, configured(profiles, trunk.endpoint)), ...contextFinding(trunk, gateway));
    findings.push(...(await nameFindings(trunk, childText(gateway, 'proxy'), site, lookUp)));
  }
  return findings;
}

/** States in which a gateway is not registered and will not be by itself soon. */
const LOST_REGISTRATIONS: readonly string[] = ['FAILED', 'FAIL_WAIT', 'EXPIRED', 'UNREGED', 'UNREGISTER', 'TIMEOUT', 'DOWN'];
const REGISTERING: readonly string[] = ['TRYING', 'REGISTER'];

function stateFinding({ name, endpoint }: Trunk, gateway: XmlElement): Finding {
  const state = childText(gateway, 'state');
  if (LOST_REGISTRATIONS.includes(state)) {
    return fail('trunk', `Trunk ${name} is not registered at the carrier (${state}).`, 'Compare username, password, realm and proxy of its gateway with what the carrier gave you; where the carrier wants no registration, set register=false.');
  }
  if (REGISTERING.includes(state)) return warn('trunk', `Trunk ${name} is registering at the carrier (${state}).`, 'Run this again in a minute.');
  const isWatched = Number(childText(gateway, 'pingfreq')) > 0;
  if (childText(gateway, 'status') !== 'UP') {
    return fail('trunk', `Trunk ${name} is down${isWatched ? ': it does not answer OPTIONS' : ''}.`, 'Check the carrier\'s address in the gateway\'s proxy, the firewall and the registration; where the carrier answers no OPTIONS at all, leave ping out.');
  }
  if (!isWatched) {
    return warn('trunk', `Trunk ${name} is not watched: a dead one shows only in calls that fail.`, `Give gateway ${endpoint} <param name="ping" value="15"/> (freeswitch-conf/gateway-outdial.xml), where the carrier answers OPTIONS.`);
  }
  const answeredInMs = Number(childText(gateway, 'pingtime'));
  return answeredInMs > 0
    ? ok('trunk', `Trunk ${name} answers OPTIONS in ${answeredInMs.toFixed(0)} ms.`)
    : warn('trunk', `Trunk ${name} has not answered OPTIONS yet.`, 'Run this again in half a minute.');
}

function configured(profiles: XmlElement | undefined, gateway: string): XmlElement | undefined {
  if (profiles === undefined) return undefined;
  return elementsNamed(profiles, 'gateway').find(({ attributes }) => attributes.get('name') === gateway);
}

/** @param gateway undefined where it is configured elsewhere, e.g. in the directory. */
function callerFinding({ name, endpoint }: Trunk, gateway: XmlElement | undefined): readonly Finding[] {
  if (gateway === undefined || paramsOf(gateway).get('caller-id-in-from') === 'true') return [];
  return [warn('caller-number', `Trunk ${name} shows the gateway's user to contacts, not the number of the campaign.`, `Give gateway ${endpoint} <param name="caller-id-in-from" value="true"/> (freeswitch-conf/gateway-outdial.xml), unless your carrier takes the number from elsewhere.`)];
}

/** The contexts of freeswitch-conf/dialplan-outdial.xml hand calls to the service; any other keeps them. */
function contextFinding({ name, endpoint }: Trunk, gateway: XmlElement): readonly Finding[] {
  const context = childText(gateway, 'context');
  if (context === '' || context === 'outdial-trunk') return [];
  return [warn('inbound', `Calls that come in on trunk ${name} go to the context ${context} of the dialplan, not to the service.`, `Set context to outdial-trunk in the profile of gateway ${endpoint}, or hand such calls to that context.`)];
}

/** A carrier given by name is looked up for its calls, by the switch's machine. */
async function nameFindings({ name }: Trunk, proxy: string, site: FreeswitchSite, lookUp: LookUp | undefined): Promise<readonly Finding[]> {
  const host = hostOf(proxy);
  if (host === '' || isIP(host) !== 0) return [ok('name-lookup', `Trunk ${name} needs no name look-up.`)];
  if (!isLoopback(site.switch.esl.host)) {
    return [warn('name-lookup', `Whether the switch resolves ${host}, the carrier of trunk ${name}, cannot be seen from here.`, `On the switch: "getent hosts ${host}" must answer at once.`)];
  }
  const { outcome, tookMs } = await timedLookUp(host, lookUp);
  if (outcome === 'found' && tookMs <= LOOK_UP_MS_MAX) return [ok('name-lookup', `The carrier ${host} of trunk ${name} resolves in ${tookMs.toFixed(0)} ms.`)];
  return outcome === 'found'
    ? [warn('name-lookup', `The carrier ${host} of trunk ${name} takes ${tookMs.toFixed(0)} ms to resolve: calls start so much later.`, 'Run a caching resolver on the switch\'s machine, or write the carrier\'s address into the gateway\'s proxy.')]
    : [fail('name-lookup', `The carrier ${host} of trunk ${name} does not resolve.`, 'Mend /etc/resolv.conf of the switch\'s machine, or write the carrier\'s address into the gateway\'s proxy.')];
}

/** `sip:carrier.example:5060;transport=udp` is `carrier.example`. */
function hostOf(proxy: string): string {
  const [, host = ''] = /^(?:sips?:)?(?:[^@]*@)?(\[[^\]]*\]|[^:;]*)/.exec(proxy) ?? [];
  return host.replace(/^\[|\]$/g, '');
}
