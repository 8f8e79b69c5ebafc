import { isIPv4, isIPv6 } from 'node:net';
import { audioHostOf } from './audio-host-of.js';
import type { ConfigFile } from './config-schema.js';
import type { CrossFault } from './cross-fault.js';
import { isLoopback } from './is-loopback.js';
import { cureOf } from './key-cures.js';
import { portRangeOf } from './port-range.js';
import { switchHost } from './switch-host.js';
import { FOLDER_ON_FREESWITCH } from './switch-schema.js';

type FileSwitch = ConfigFile['switch'];
type FileAsterisk = Extract<FileSwitch, { kind: 'asterisk' }>;
type FileFreeswitch = Extract<FileSwitch, { kind: 'freeswitch' }>;

/** What does not fit together about the switch: who can reach whom, and who listens where. */
export function checkSwitch(file: ConfigFile): readonly CrossFault[] {
  const section = file.switch;
  return [
    ...checkMediaHost(file),
    ...(section.kind === 'asterisk' ? checkAsteriskPorts(file, section) : checkFreeswitch(file, section)),
  ];
}

function checkMediaHost({ media, switch: section }: ConfigFile): CrossFault[] {
  const host = switchHost(section);
  if (!isLoopback(media.host) || isLoopback(host)) return [];
  return [
    {
      path: ['media', 'host'],
      fault: `The switch runs on ${host} and cannot send call audio to ${media.host} of this machine.`,
      cure: 'Write the address of this machine that the switch reaches.',
    },
  ];
}

const isOneHost = (one: string, other: string): boolean => one === other || (isLoopback(one) && isLoopback(other));

/** Two servers on one machine cannot share a port. */
const clash = (path: readonly string[], port: number, others: string): CrossFault => ({
  path,
  fault: `Port ${String(port)} is also that of ${others}.`,
  cure: 'Give one of them another port.',
});

function checkAsteriskPorts({ http }: ConfigFile, { ari, ami }: FileAsterisk): CrossFault[] {
  const url = new URL(ari.url);
  const ariPort = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const faults: CrossFault[] = [];
  if (isTaken(http, url.hostname, ariPort)) faults.push(clash(['http', 'port'], http.port, 'switch.ari.url'));
  if (isTaken(http, ami.host, ami.port)) faults.push(clash(['http', 'port'], http.port, 'switch.ami.port'));
  if (isOneHost(url.hostname, ami.host) && ariPort === ami.port) faults.push(clash(['switch', 'ami', 'port'], ariPort, 'switch.ari.url'));
  return faults;
}

/** Whether what listens on this host and port is in the way of our own HTTP. */
const isTaken = (http: ConfigFile['http'], host: string, port: number): boolean =>
  http.port !== 0 && (isLoopback(host) || host === http.host) && http.port === port;

function checkFreeswitch(file: ConfigFile, section: FileFreeswitch): CrossFault[] {
  const { http } = file;
  const { esl, audioHost } = section;
  const faults: CrossFault[] = [];
  if (isTaken(http, esl.host, esl.port)) faults.push(clash(['http', 'port'], http.port, 'switch.esl.port'));
  if (!isIPv4(audioHostOf(section))) {
    faults.push({
      path: ['switch', 'audioHost'],
      fault: `The address that the switch takes call audio on is needed as an IPv4 address in digits, and esl.host is ${esl.host}.`,
      cure: 'Write the IPv4 address of the switch in digits.',
    });
  } else if (audioHost !== undefined && isLoopback(audioHost) && !isLoopback(esl.host)) {
    faults.push({
      path: ['switch', 'audioHost'],
      fault: `The switch runs on ${esl.host}: on ${audioHost} it takes no call audio from this machine.`,
      cure: 'Write the address of the switch that this machine reaches, or leave it out.',
    });
  }
  // Its sockets for call audio are IPv4 (switch_ivr.c).
  if (isIPv6(file.media.host)) {
    faults.push({ path: ['media', 'host'], fault: 'FreeSWITCH sends call audio over IPv4 alone.', cure: 'Write an IPv4 address of this machine that the switch reaches.' });
  }
  return [...faults, ...checkAudioPorts(file, section), ...checkFolderName(section)];
}

function checkAudioPorts({ media }: ConfigFile, section: FileFreeswitch): CrossFault[] {
  const path = ['switch', 'audioPorts'];
  const { audioPorts } = section;
  const { first, last } = portRangeOf(audioPorts);
  if (first > last) return [{ path, fault: `The first port, ${String(first)}, is above the last, ${String(last)}.`, cure: cureOf(path) }];
  if (first < 1024 || last > 65_535) {
    return [{ path, fault: `${audioPorts} reaches out of the ports that a switch may take, 1024 to 65535.`, cure: cureOf(path) }];
  }
  if (isOneHost(audioHostOf(section), media.host) && media.port >= first && media.port <= last) {
    return [{ path, fault: `Port ${String(media.port)} is also that of media.port.`, cure: 'Keep media.port out of the range.' }];
  }
  return [];
}

/** Where both name the recordings folder alike, our name of it is what the switch is told. */
function checkFolderName({ recordingsFolder, recordingsFolderOnSwitch }: FileFreeswitch): CrossFault[] {
  if (recordingsFolderOnSwitch !== undefined || !recordingsFolder.startsWith('/') || FOLDER_ON_FREESWITCH.test(recordingsFolder)) return [];
  return [
    {
      path: ['switch', 'recordingsFolder'],
      fault: `${JSON.stringify(recordingsFolder)} holds a space, comma, quote, brace or $, which FreeSWITCH takes in no path.`,
      cure: 'Rename the folder, or give its name on the switch as recordingsFolderOnSwitch.',
    },
  ];
}
