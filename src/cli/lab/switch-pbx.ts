import type { AsteriskProgram } from './find-asterisk.js';
import { findFreeswitch } from './find-freeswitch.js';
import { startFreeswitchPbx } from './freeswitch-pbx.js';
import { startPbx, type PhoneAccount } from './pbx.js';

/** Which switch a lab's call centre stands on. */
export type SwitchKind = 'asterisk' | 'freeswitch';

/** A running PBX, whichever switch it is. */
export interface SwitchPbx {
  readonly host: string;
  /** SIP for desk phones. */
  readonly sipPort: number;
  /** What the trunk is called on it. */
  readonly trunkEndpoint: string;
  /** The section `switch` of the service's configuration that leads to it. */
  readonly switchSection: Readonly<Record<string, unknown>>;
  readonly recordingsFolder: string;
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

/** What `startSwitchPbx` is told. */
export interface SwitchPbxOptions {
  readonly kind: SwitchKind;
  readonly folder: string;
  readonly trunk: { readonly host: string; readonly port: number };
  readonly phones: readonly PhoneAccount[];
  /** The Asterisk to take, as a rule the one that plays the public network as well. Default: what `findAsterisk` finds. */
  readonly asterisk?: AsteriskProgram;
}

/** The folder of the project whose files the PBX is started on. */
export const PBX_FILES: Readonly<Record<SwitchKind, string>> = { asterisk: 'dialplan/', freeswitch: 'freeswitch-conf/' };

/** @throws Error with one sentence about how to get the switch, where this machine has none of this kind that cannot be fetched. */
export async function requireSwitch(kind: SwitchKind): Promise<void> {
  if (kind === 'asterisk') return;
  const { missing } = await findFreeswitch();
  if (missing !== undefined) throw new Error(missing);
}

/** Starts the PBX on the product's own files. */
export function startSwitchPbx(options: SwitchPbxOptions): Promise<SwitchPbx> {
  return options.kind === 'asterisk' ? onAsterisk(options) : onFreeswitch(options);
}

async function onAsterisk({ folder, trunk, phones, asterisk }: SwitchPbxOptions): Promise<SwitchPbx> {
  const pbx = await startPbx({ folder, trunk, phones, ...(asterisk && { program: asterisk }) });
  return {
    host: pbx.host,
    sipPort: pbx.sipPort,
    trunkEndpoint: pbx.trunkName,
    switchSection: {
      ari: { url: pbx.ariUrl, user: pbx.ariUser, password: pbx.ariPassword },
      ami: { host: pbx.host, port: pbx.amiPort, user: pbx.amiUser, password: pbx.amiPassword },
      recordingsFolder: pbx.recordingsFolder,
    },
    recordingsFolder: pbx.recordingsFolder,
    get pid() {
      return pbx.pid;
    },
    stop: () => pbx.stop(),
  };
}

async function onFreeswitch({ folder, trunk, phones }: SwitchPbxOptions): Promise<SwitchPbx> {
  const pbx = await startFreeswitchPbx({ folder, trunk, phones });
  return {
    host: pbx.host,
    sipPort: pbx.sipPort,
    trunkEndpoint: pbx.gatewayName,
    switchSection: {
      kind: 'freeswitch',
      esl: { host: pbx.host, port: pbx.eslPort, password: pbx.eslPassword },
      soundsFolder: pbx.soundsFolder,
      recordingsFolder: pbx.recordingsFolder,
      audioPorts: `${pbx.audioPorts.first}-${pbx.audioPorts.last}`,
    },
    recordingsFolder: pbx.recordingsFolder,
    get pid() {
      return pbx.pid;
    },
    stop: () => pbx.stop(),
  };
}
