import { fail, ok, warn, type Finding } from '../finding.js';
import type { FreeswitchSite } from '../site.js';
import type { EslProbe } from './esl-probe.js';
import { elementsNamed, paramsOf, parseSwitchXml } from './switch-xml.js';

/** What a conference plays by itself, over whoever talks in it. */
const SOUNDS = ['alone-sound', 'moh-sound', 'enter-sound', 'member-enter-sound', 'exit-sound', 'perpetual-sound', 'muted-sound', 'unmuted-sound'] as const;
const OFF: readonly (string | undefined)[] = [undefined, '', 'none'];

/** Whether the conferences that agents sit in are as they must be. */
export async function checkConference(esl: EslProbe, { switch: { conferenceProfile: name } }: FreeswitchSite): Promise<readonly Finding[]> {
  const root = parseSwitchXml((await esl.ask('xml_locate configuration configuration name conference.conf')) ?? '');
  const profile = root === undefined ? undefined : elementsNamed(root, 'profile').find(({ attributes }) => attributes.get('name') === name);
  if (profile === undefined) {
    return [fail('conference', `The switch has no conference profile "${name}": contacts and agents cannot be joined.`, 'Include freeswitch-conf/conference-outdial.xml in <profiles> of conference.conf and run "reloadxml", or correct switch.conferenceProfile.')];
  }
  const params = paramsOf(profile);
  const findings = [...keyFindings(name, params), ...soundFindings(name, params), ...audioFindings(name, params)];
  return findings.length > 0 ? findings : [ok('conference', `The conference profile "${name}" is as it has to be.`)];
}

/** Left out, they are those of the group `default`: # hangs up, 0 mutes. */
function keyFindings(name: string, params: ReadonlyMap<string, string>): readonly Finding[] {
  const controls = params.get('caller-controls') ?? 'default';
  if (controls === 'none') return [];
  return [fail('conference', `In the conference profile "${name}" keys have a meaning of their own (caller-controls ${controls}): an agent's or contact's # may hang up.`, 'Set caller-controls to none in it, and "reloadxml".')];
}

function soundFindings(name: string, params: ReadonlyMap<string, string>): readonly Finding[] {
  const played = SOUNDS.filter((sound) => !OFF.includes(params.get(sound)));
  if (played.length === 0) return [];
  return [warn('conference', `The conference profile "${name}" plays sounds of its own: ${played.join(', ')}.`, 'Take them out of it, and "reloadxml": agents wait in silence, and hear the service\'s beep at connect.')];
}

function audioFindings(name: string, params: ReadonlyMap<string, string>): readonly Finding[] {
  const findings: Finding[] = [];
  const rate = params.get('rate') ?? '8000';
  if (rate !== '8000') findings.push(warn('conference', `The conference profile "${name}" mixes at ${rate} Hz: every call is converted twice.`, 'Set rate to 8000 in it, and "reloadxml".'));
  const level = Number(params.get('energy-level') ?? 0);
  if (level > 0) findings.push(warn('conference', `The conference profile "${name}" cuts what is softer than its energy-level ${String(level)}: quiet speakers and beginnings of words.`, 'Set energy-level to 0 in it, and "reloadxml".'));
  return findings;
}
