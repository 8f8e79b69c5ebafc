import { FreeswitchNaming } from '../../../../src/telephony/freeswitch/freeswitch-config.js';
import type { FreeswitchConfig } from '../../../../src/telephony/freeswitch/freeswitch-config.js';
import { trunkName } from '../../../../src/units/ids.js';

/** A site as its configuration would have it. */
export const CONFIG: FreeswitchConfig = {
  name: 'freeswitch',
  esl: { host: '127.0.0.1', port: 8021, password: 'secret' },
  app: 'outdial',
  trunks: [
    { name: trunkName('carrier'), gateway: 'trunk', numberForm: 'e164-plus', numberPrefix: '' },
    { name: trunkName('plain'), gateway: 'plain', numberForm: 'e164', numberPrefix: '' },
    { name: trunkName('abroad'), gateway: 'abroad', numberForm: 'prefix', numberPrefix: '00' },
  ],
  conferenceProfile: 'outdial',
  holdingMusic: 'local_stream://outdial-hold',
  soundsFolder: '/usr/share/freeswitch/sounds/outdial',
};

export const NAMING = new FreeswitchNaming(CONFIG);
