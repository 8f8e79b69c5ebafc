import type { AsteriskSite } from '../site.js';
import { AmiProbe, AmiProbeError, type AmiAnswer } from './ami-probe.js';
import { fail, ok, warn, type Finding } from '../finding.js';

/** Opens AMI, or says why it does not open. */
export async function openAmi(config: AsteriskSite): Promise<{ readonly finding: Finding; readonly ami: AmiProbe | undefined }> {
  const { host, port, user } = config.switch.ami;
  try {
    const ami = await AmiProbe.open(config.switch.ami);
    return { finding: ok('ami', `AMI answers at ${host}:${String(port)}.`), ami };
  } catch (error) {
    if (!(error instanceof AmiProbeError)) throw error;
    const finding =
      error.kind === 'unreachable'
        ? fail('ami', `AMI at ${host}:${String(port)} does not answer: ${error.message}.`, 'Set enabled=yes in manager.conf, check bindaddr and port there, then switch.ami; without AMI phones and trunks are not watched and nothing is recorded.')
        : error.kind === 'refused'
          ? fail('ami', `AMI refuses user "${user}": ${error.message}.`, 'Compare switch.ami.user and password with manager.conf, and its deny and permit lines with the address of this machine; then "manager reload".')
          : fail('ami', 'AMI accepts connections and does not answer.', 'Check that switch.ami.port is that of manager.conf.');
    return { finding, ami: undefined };
  }
}

/** What the AMI user must be allowed, with the action that shows it. */
const NEEDED_ACTIONS: readonly { readonly action: Readonly<Record<string, string>>; readonly right: string; readonly loss: string }[] = [
  { action: { Action: 'PJSIPShowContacts' }, right: 'write=system', loss: 'phones and trunks are not watched' },
  { action: { Action: 'CoreSettings' }, right: 'write=system,reporting', loss: 'the switch is not watched' },
];

/** Whether our AMI user may do what the service needs. */
export async function checkAmiRights(ami: AmiProbe, config: AsteriskSite): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { action, right, loss } of NEEDED_ACTIONS) {
    const [answer] = await ami.ask(action);
    if (/permission denied/i.test(answer?.['message'] ?? '')) {
      findings.push(fail('ami-rights', `The AMI user "${config.switch.ami.user}" may not ${action['Action'] ?? ''}: ${loss}.`, `Give it ${right} in manager.conf (dialplan/manager-outdial.conf has the whole), then "manager reload".`));
    }
  }
  return findings.length > 0 ? findings : [ok('ami-rights', 'The AMI user has the rights that are needed.')];
}

/** An endpoint as the switch has it. */
interface ShownEndpoint {
  readonly detail: AmiAnswer;
  /** Where it can be reached, static and registered alike. */
  readonly contacts: readonly AmiAnswer[];
}

async function showEndpoint(ami: AmiProbe, name: string): Promise<ShownEndpoint | undefined> {
  const messages = await ami.ask({ Action: 'PJSIPShowEndpoint', Endpoint: name });
  const detail = messages.find((message) => message['event'] === 'EndpointDetail');
  if (detail === undefined) return undefined;
  return { detail, contacts: messages.filter((message) => message['event'] === 'ContactStatusDetail') };
}

/** Whether every trunk is there, can be reached, and starts its calls without looking names up. */
export async function checkTrunks(ami: AmiProbe, config: AsteriskSite): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { name, endpoint } of config.trunks) {
    const shown = await showEndpoint(ami, endpoint);
    if (shown === undefined) {
      findings.push(fail('trunk', `Trunk ${name}: the switch has no PJSIP endpoint "${endpoint}".`, 'Make it in pjsip.conf (dialplan/site/pjsip-site.conf.sample), "pjsip reload", or correct trunks.endpoint.'));
      continue;
    }
    findings.push(contactFinding(name, shown.contacts), ...mediaAddressFinding(endpoint, shown.detail));
  }
  return findings;
}

function contactFinding(trunk: string, contacts: readonly AmiAnswer[]): Finding {
  const states = contacts.map((contact) => contact['status'] ?? '');
  if (contacts.length === 0) {
    return fail('trunk', `Trunk ${trunk} has no contact to send calls to.`, 'Give its AOR a contact= in pjsip.conf.');
  }
  if (states.some((state) => /^Reachable/i.test(state))) {
    const [first] = contacts;
    const ms = Number(first?.['roundtripusec'] ?? 0) / 1000;
    return ok('trunk', `Trunk ${trunk} answers OPTIONS${ms > 0 ? ` in ${ms.toFixed(0)} ms` : ''}.`);
  }
  if (states.some((state) => /unreachable|unavail/i.test(state))) {
    return fail('trunk', `Trunk ${trunk} does not answer OPTIONS.`, 'Check the carrier\'s address, the firewall and the registration; where the carrier answers no OPTIONS, set qualify_frequency=0.');
  }
  return warn('trunk', `Trunk ${trunk} is not watched: it is dialled even while it is down.`, 'Set qualify_frequency=30 in its AOR, where the carrier answers OPTIONS.');
}

function mediaAddressFinding(endpoint: string, detail: AmiAnswer): readonly Finding[] {
  const address = detail['mediaaddress'] ?? '';
  if (address !== '') return [];
  return [warn('media-address', `The trunk's endpoint ${endpoint} has no media_address: Asterisk looks its own host name up for every call.`, `Set media_address=<address of the PBX as that side sees it> for ${endpoint}.`)];
}

/** Whether the phone of every agent is there and registered. */
export async function checkPhones(ami: AmiProbe, config: AsteriskSite): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  let registeredCount = 0;
  for (const { agentId, phone } of config.agents) {
    const shown = await showEndpoint(ami, phone);
    if (shown === undefined) {
      findings.push(fail('phone', `Phone ${phone} of agent ${agentId}: the switch has no such endpoint.`, 'Make it in pjsip.conf (dialplan/site/pjsip-site.conf.sample), "pjsip reload".'));
    } else if (shown.contacts.length === 0) {
      findings.push(warn('phone', `Phone ${phone} of agent ${agentId} is not registered.`, 'Switch it on; compare its user and password with pjsip.conf.'));
    } else registeredCount += 1;
  }
  if (config.agents.length === 0) return [ok('phone', 'The file declares no agents; phones of others are not checked.')];
  return registeredCount === 0 ? findings : [...findings, ok('phone', `${String(registeredCount)} of ${String(config.agents.length)} phones are registered.`)];
}
