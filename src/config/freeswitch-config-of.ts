import type { FreeswitchConfig } from '../telephony/freeswitch/freeswitch-config.js';
import type { OutdialConfig } from './outdial-config.js';

/** What marks our things on the switch; freeswitch-conf/ says the same. */
const APP = 'outdial';

/**
 * The configuration as the FreeSWITCH backend takes it.
 * @throws TypeError for that of another switch, which is a bug.
 */
export function freeswitchConfig({ switch: section, trunks }: Pick<OutdialConfig, 'switch' | 'trunks'>): FreeswitchConfig {
  if (section.kind !== 'freeswitch') throw new TypeError(`The switch is of kind ${section.kind}.`);
  const { esl, conferenceProfile, holdingMusic, soundsFolder, recordingsFolder, recordingsFolderOnSwitch, audioHost, audioPorts } = section;
  return {
    name: 'freeswitch',
    esl,
    app: APP,
    trunks: trunks.map(({ name, endpoint, numberForm, numberPrefix }) => ({ name, gateway: endpoint, numberForm, numberPrefix })),
    conferenceProfile,
    holdingMusic,
    soundsFolder,
    recordings: {
      folder: recordingsFolder,
      ...(recordingsFolderOnSwitch !== undefined && { folderOnSwitch: recordingsFolderOnSwitch }),
    },
    audioPorts: { host: audioHost, ...audioPorts },
  };
}
