import type { ConfigFile } from './config-schema.js';
import type { OutdialConfig } from './outdial-config.js';
import { audioHostOf } from './audio-host-of.js';
import { portRangeOf } from './port-range.js';

/**
 * The `switch` section of the file as the rest of the service knows it.
 * @param recordingsFolder absolute.
 */
export function switchSectionOf(section: ConfigFile['switch'], recordingsFolder: string): OutdialConfig['switch'] {
  const folders = { recordingsFolder, recordingsFolderOnSwitch: section.recordingsFolderOnSwitch };
  if (section.kind === 'asterisk') return { ...section, ...folders };
  return {
    ...section,
    ...folders,
    soundsFolder: section.soundsFolder.replace(/\/+$/, ''),
    audioPorts: portRangeOf(section.audioPorts),
    audioHost: audioHostOf(section),
  };
}
