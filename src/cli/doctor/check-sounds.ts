import type { OutdialConfig } from '../../config/outdial-config.js';
import { fail, ok, type Finding } from './finding.js';
import type { TrialChannel } from './trial-channel.js';

/**
 * Every sound that the configuration names, played for a moment to nobody: the
 * switch's own list of sounds has only those of language folders.
 */
export async function checkSounds(channel: TrialChannel, config: OutdialConfig): Promise<readonly Finding[]> {
  const { soundsPrefix } = config.switch;
  const wanted = new Map<string, string>(Object.entries(config.keypad.sounds).map(([key, sound]) => [sound, `keypad.sounds.${key}`]));
  for (const { campaignId, settings } of config.campaigns) {
    for (const sound of [settings.safeHarbourMessage, settings.machineMessage, settings.whisper]) {
      if (sound !== null) wanted.set(sound, `campaign ${campaignId}`);
    }
  }
  const findings: Finding[] = [];
  for (const [sound, owner] of wanted) {
    const name = `${soundsPrefix}/${sound}`;
    if (await channel.canPlay(`sound:${name}`)) continue;
    const cure = `Copy the project's sounds/ to ${soundsPrefix}/ below the switch's sounds folder (or record your own ${sound}.wav: 8 kHz, 16 bit, mono).`;
    findings.push(fail('sounds', `The switch has no sound "${name}" (${owner}).`, cure));
  }
  return findings.length > 0 ? findings : [ok('sounds', `All ${String(wanted.size)} sounds are on the switch.`)];
}
