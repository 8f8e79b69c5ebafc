import type { OutdialConfig } from '../../config/outdial-config.js';

/** Every sound that the configuration names, with who names it; of several the last. */
export function wantedSounds({ keypad, campaigns }: OutdialConfig): ReadonlyMap<string, string> {
  const wanted = new Map<string, string>(Object.entries(keypad.sounds).map(([key, sound]) => [sound, `keypad.sounds.${key}`]));
  for (const { campaignId, settings } of campaigns) {
    for (const sound of [settings.safeHarbourMessage, settings.machineMessage, settings.whisper]) {
      if (sound !== null) wanted.set(sound, `campaign ${campaignId}`);
    }
  }
  return wanted;
}
