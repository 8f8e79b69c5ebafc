import { checkClock } from '../check-clock.js';
import { fail, ok, warn, type Finding } from '../finding.js';
import type { FreeswitchSite } from '../site.js';
import { eslGreeting } from './esl-greeting.js';
import { EslProbe } from './esl-probe.js';

/** Opens the event socket, or says why it does not open. */
export async function openEventSocket({ switch: section }: FreeswitchSite): Promise<{ readonly finding: Finding; readonly esl: EslProbe | undefined }> {
  const { host, port } = section.esl;
  const where = `${host}:${String(port)}`;
  const no = (what: string, cure: string) => ({ finding: fail('esl', what, cure), esl: undefined });
  const greeting = await eslGreeting(section.esl);
  switch (greeting.kind) {
    case 'unreachable':
      return no(`The event socket at ${where} does not answer: ${greeting.reason}.`, 'Start FreeSWITCH, load mod_event_socket, check listen-ip and listen-port in event_socket.conf, then switch.esl.');
    case 'stranger':
      return no(`What answers at ${where} is no event socket.`, 'Check that switch.esl.port is listen-port of event_socket.conf.');
    case 'turned-away':
      return no(
        `The event socket at ${where} turns this machine away.`,
        'Give this machine\'s address an <node type="allow" cidr="…/32"/> in the list of acl.conf that apply-inbound-acl of event_socket.conf names (outdial-service in freeswitch-conf/, its addresses in acl-service-site.xml; without apply-inbound-acl only loopback is let in), then "reloadacl".',
      );
    case 'welcome':
      break;
  }
  const startedAt = performance.now();
  const opened = await EslProbe.open(section);
  if (opened instanceof EslProbe) {
    return { finding: ok('esl', `The event socket answers at ${where} in ${(performance.now() - startedAt).toFixed(0)} ms.`), esl: opened };
  }
  return opened.refused
    ? no(`The event socket at ${where} refuses the password.`, 'Compare switch.esl.password with the password of event_socket.conf, then "reload mod_event_socket".')
    : no(`The log-in to the event socket at ${where} did not come about: ${opened.reason}`, 'Look into the log of the switch, and run this again.');
}

/** Which version answers, whether it takes calls, and how late its clock is. */
export async function checkSwitchItself(esl: EslProbe): Promise<readonly Finding[]> {
  const seconds = /^\d+$/.exec((await esl.ask('strepoch')) ?? '')?.[0];
  return [versionFinding((await esl.ask('version')) ?? ''), await readyFinding(esl), checkClock(seconds === undefined ? undefined : Number(seconds) * 1000)];
}

/** What this project was measured with; older lines lack what it takes to record in time and to play to a leg at once. */
const VERSION_MIN = { major: 1, minor: 10 };

function versionFinding(words: string): Finding {
  const [, version, major = '0', minor = '0'] = /(?:^| )((\d+)\.(\d+)[^\s~]*)/.exec(words) ?? [];
  if (version === undefined) return warn('version', 'The switch does not tell its version.', 'Load mod_commands.');
  const isOld = Number(major) < VERSION_MIN.major || (Number(major) === VERSION_MIN.major && Number(minor) < VERSION_MIN.minor);
  return isOld ? fail('version', `FreeSWITCH ${version} is too old.`, 'Install FreeSWITCH 1.10, best its newest release.') : ok('version', `FreeSWITCH ${version}.`);
}

async function readyFinding(esl: EslProbe): Promise<Finding> {
  const status = (await esl.ask('status')) ?? '';
  return /\bis not ready\b/.test(status)
    ? fail('ready', 'The switch takes no calls: it is paused or stopping.', 'Run "fsctl resume", or start it again.')
    : ok('ready', 'The switch takes calls.');
}
