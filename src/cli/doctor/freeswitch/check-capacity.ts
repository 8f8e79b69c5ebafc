import { fail, ok, warn, type Finding } from '../finding.js';
import type { FreeswitchSite } from '../site.js';
import type { EslProbe } from './esl-probe.js';
import { paramsOf, parseSwitchXml, elementsNamed } from './switch-xml.js';

/** Whether the limits of the switch leave the trunks what the configuration gives them. */
export async function checkCapacity(esl: EslProbe, site: FreeswitchSite): Promise<readonly Finding[]> {
  const settings = await switchSettings(esl);
  return [
    rateFinding(numberIn(await esl.ask('fsctl sps')), site),
    sessionsFinding(numberIn(await esl.ask('fsctl max_sessions')), site),
    ...portFindings(rtpPortsOf(settings), site),
  ];
}

/** `+OK sessions per second: 200`. */
const numberIn = (words: string | undefined): number | undefined => {
  const [, digits] = /:\s*(\d+)\s*$/.exec(words ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits);
};

async function switchSettings(esl: EslProbe): Promise<ReadonlyMap<string, string>> {
  const root = parseSwitchXml((await esl.ask('xml_locate configuration configuration name switch.conf')) ?? '');
  const [settings] = root === undefined ? [] : elementsNamed(root, 'settings');
  return settings === undefined ? new Map() : paramsOf(settings);
}

/** Legs at the busiest: every line of every trunk, and a phone for each agent that the file declares. */
const legsMax = ({ trunks, agents }: FreeswitchSite): number => trunks.reduce((sum, { linesMax }) => sum + linesMax, 0) + agents.length;

function rateFinding(limit: number | undefined, { trunks }: FreeswitchSite): Finding {
  const rate = trunks.reduce((sum, { callsPerSecondMax }) => sum + callsPerSecondMax, 0);
  if (limit === undefined) return warn('rate', 'The switch does not tell how many legs a second it takes.', 'Load mod_commands.');
  // Measured: of a limit of N only N-1 legs a second pass, and the rest fails without an event.
  if (limit - 1 >= rate) return ok('rate', `The switch takes ${String(limit - 1)} new legs a second; the trunks are given ${String(rate)} calls a second.`);
  const needed = Math.ceil(rate) + 1;
  return fail('rate', `The switch takes ${String(limit - 1)} new legs a second, but the trunks are given ${String(rate)} calls a second: the rest is refused.`, `Set sessions-per-second to ${String(needed * 2)} in switch.conf (of N, N-1 legs pass; phones need some too), and "fsctl sps ${String(needed * 2)}" until the next start.`);
}

function sessionsFinding(limit: number | undefined, site: FreeswitchSite): Finding {
  const needed = legsMax(site);
  if (limit === undefined) return warn('sessions', 'The switch does not tell how many legs it takes.', 'Load mod_commands.');
  if (limit >= needed) return ok('sessions', `The switch takes ${String(limit)} legs at once; lines and phones need up to ${String(needed)}.`);
  return fail('sessions', `The switch takes ${String(limit)} legs at once, but lines and phones need up to ${String(needed)}.`, `Set max-sessions to ${String(needed * 2)} in switch.conf, and "fsctl max_sessions ${String(needed * 2)}" until the next start; or lower trunks.linesMax.`);
}

/** FreeSWITCH's own, where switch.conf names none (switch_rtp.c). */
const RTP_PORTS_DEFAULT = { first: 16_384, last: 32_768 };

function rtpPortsOf(settings: ReadonlyMap<string, string>): { readonly first: number; readonly last: number } {
  return { first: Number(settings.get('rtp-start-port') ?? RTP_PORTS_DEFAULT.first), last: Number(settings.get('rtp-end-port') ?? RTP_PORTS_DEFAULT.last) };
}

function portFindings(rtp: { readonly first: number; readonly last: number }, site: FreeswitchSite): readonly Finding[] {
  const { audioPorts } = site.switch;
  const name = `${String(rtp.first)}-${String(rtp.last)}`;
  const needed = legsMax(site);
  // An even port a leg; the odd one above it is its RTCP's.
  const legCount = Math.floor((rtp.last - rtp.first + 1) / 2);
  const findings = [
    legCount >= needed
      ? ok('rtp-ports', `RTP ports ${name} are enough for ${String(legCount)} legs.`)
      : fail('rtp-ports', `RTP ports ${name} are enough for ${String(legCount)} legs, but lines and phones need up to ${String(needed)}.`, `Give rtp-start-port and rtp-end-port in switch.conf two ports a leg, ${String(needed * 2)} and more, and start the switch anew.`),
  ];
  if (audioPorts.first <= rtp.last && audioPorts.last >= rtp.first) {
    findings.push(warn('audio-ports', `switch.audioPorts ${String(audioPorts.first)}-${String(audioPorts.last)} and the switch's RTP ports ${name} overlap: now and then a call is not heard.`, 'Move one of them: switch.audioPorts here, or rtp-start-port and rtp-end-port in switch.conf.'));
  }
  const listenedCount = audioPorts.last - audioPorts.first + 1;
  const linesMax = site.trunks.reduce((sum, trunk) => sum + trunk.linesMax, 0);
  findings.push(
    listenedCount >= linesMax
      ? ok('audio-ports', `${String(listenedCount)} calls can be listened to at once.`)
      : warn('audio-ports', `${String(listenedCount)} calls can be listened to at once, and there are ${String(linesMax)} lines: the rest is not analysed.`, `Widen switch.audioPorts to ${String(linesMax)} ports.`),
  );
  return findings;
}
