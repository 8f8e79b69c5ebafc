import { fail, ok, type Finding } from '../finding.js';
import type { AsteriskSite } from '../site.js';
import { wantedSounds } from '../wanted-sounds.js';
import type { TrialChannel } from './trial-channel.js';

/**
 * Every sound that the configuration names, played for a moment to nobody: the
 * switch's own list of sounds has only those of language folders.
 */
export async function checkSounds(channel: TrialChannel, site: AsteriskSite): Promise<readonly Finding[]> {
  const { soundsPrefix } = site.switch;
  const wanted = wantedSounds(site);
  const findings: Finding[] = [];
  for (const [sound, owner] of wanted) {
    const name = `${soundsPrefix}/${sound}`;
    if (await channel.canPlay(`sound:${name}`)) continue;
    const cure = `Copy the project's sounds/ to ${soundsPrefix}/ below the switch's sounds folder (or record your own ${sound}.wav: 8 kHz, 16 bit, mono).`;
    findings.push(fail('sounds', `The switch has no sound "${name}" (${owner}).`, cure));
  }
  return findings.length > 0 ? findings : [ok('sounds', `All ${String(wanted.size)} sounds are on the switch.`)];
}
