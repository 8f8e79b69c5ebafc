import { fail, ok, warn, type Finding } from '../finding.js';
import type { FreeswitchSite } from '../site.js';
import { wantedSounds } from '../wanted-sounds.js';
import type { EslProbe } from './esl-probe.js';
import type { TrialLeg } from './trial-leg.js';

/**
 * Every sound that the configuration names, and the holding music, played for a
 * moment to nobody.
 * @param leg left out where the switch made none: the files are then looked for
 *   only, which tells nothing of their form or of who may read them.
 */
export async function checkSounds(esl: EslProbe, site: FreeswitchSite, leg: TrialLeg | undefined): Promise<readonly Finding[]> {
  const { soundsFolder, holdingMusic } = site.switch;
  const isThere = (file: string): Promise<boolean> => (leg === undefined ? isOnSwitch(esl, file) : leg.canPlay(file));
  const wanted = wantedSounds(site);
  const findings: Finding[] = [];
  for (const [sound, owner] of wanted) {
    const file = `${soundsFolder}/${sound}.wav`;
    if (await isThere(file)) continue;
    const cure = `Copy the project's sounds/ to ${soundsFolder} on the switch, readable by its user (or record your own ${sound}.wav: 8 kHz, 16 bit, mono).`;
    findings.push(fail('sounds', `The switch ${leg === undefined ? 'has no' : 'cannot play'} ${file} (${owner}).`, cure));
  }
  if (findings.length === 0) findings.push(ok('sounds', `All ${String(wanted.size)} sounds are on the switch.`));
  return [...findings, await musicFinding(holdingMusic, isThere)];
}

async function musicFinding(music: string, isThere: (file: string) => Promise<boolean>): Promise<Finding> {
  if (await isThere(music)) return ok('holding-music', 'The holding music plays.');
  const cure = 'Include freeswitch-conf/local-stream-outdial.xml in local_stream.conf, put WAV files into its folder, and "reload mod_local_stream"; or correct switch.holdingMusic.';
  return warn('holding-music', `The switch does not play ${music}: who is on hold hears nothing.`, cure);
}

const STREAM = 'local_stream://';

async function isOnSwitch(esl: EslProbe, file: string): Promise<boolean> {
  if (!file.startsWith(STREAM)) return (await esl.ask(`file_exists ${file}`)) === 'true';
  const shown = (await esl.ask(`local_stream show ${file.slice(STREAM.length)}`)) ?? '';
  return /^\s*ready:\s*true\s*$/m.test(shown);
}
