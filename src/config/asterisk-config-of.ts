import type { AsteriskConfig } from '../telephony/asterisk/asterisk-config.js';
import type { OutdialConfig } from './outdial-config.js';

/**
 * The configuration as the Asterisk backend takes it.
 * @throws TypeError for that of another switch, which is a bug.
 */
export function asteriskConfig({ switch: section, trunks }: Pick<OutdialConfig, 'switch' | 'trunks'>): AsteriskConfig {
  if (section.kind !== 'asterisk') throw new TypeError(`The switch is of kind ${section.kind}.`);
  const { ari, ami, transport, soundsPrefix, recordingsFolder, recordingsFolderOnSwitch } = section;
  return {
    name: 'asterisk',
    ari,
    ami,
    transport,
    soundsPrefix: `${soundsPrefix}/`,
    trunks: trunks.map(({ name, endpoint, numberForm, numberPrefix }) => ({ name, endpoint, numberForm, numberPrefix })),
    recordings: {
      folder: recordingsFolder,
      ...(recordingsFolderOnSwitch !== undefined && { folderOnSwitch: recordingsFolderOnSwitch }),
    },
  };
}
