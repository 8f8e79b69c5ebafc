import type { BridgeId, PlaybackId, SoundName, TrunkName } from '../../units/ids.js';
import type { Ms } from '../../units/time.js';
import type { CallAudio, RecordingFolders } from '../call-audio.js';

/** Everything the FreeSWITCH backend is told; checked by config/ before it comes here. */
export interface FreeswitchConfig {
  /** Name for logs. */
  readonly name: string;
  readonly esl: EslLogin;
  /** Marks what is ours on the switch; letters, digits and `-`. freeswitch-conf/ says `outdial`. */
  readonly app: string;
  readonly trunks: readonly FreeswitchTrunk[];
  /** Profile of conference.conf for conversations. */
  readonly conferenceProfile: string;
  /** What a held call hears, e.g. `local_stream://outdial-hold`. */
  readonly holdingMusic: string;
  /** Folder of the sounds as the switch names it, without `/` at its end. */
  readonly soundsFolder: string;
  /** Left out, nothing is recorded. */
  readonly recordings?: RecordingFolders;
  /** Left out, no call is heard. */
  readonly audioPorts?: AudioPorts;
  readonly tuning?: Partial<FreeswitchTuning>;
}

/** How to reach the event socket. */
export interface EslLogin {
  readonly host: string;
  readonly port: number;
  readonly password: string;
}

/** UDP ports on the switch from which it sends call audio to us, one a call. */
export interface AudioPorts {
  /** Address of the switch that they are bound on, in digits. */
  readonly host: string;
  readonly first: number;
  readonly last: number;
}

/** A trunk as the switch knows it. */
export interface FreeswitchTrunk {
  readonly name: TrunkName;
  /** Sofia gateway. */
  readonly gateway: string;
  /** `+12025550143`, `12025550143`, or with `numberPrefix` in the place of the `+`. */
  readonly numberForm: 'e164-plus' | 'e164' | 'prefix';
  readonly numberPrefix: string;
}

/** Numbers with a sound default. */
export interface FreeswitchTuning {
  /** Between two questions to a silent switch; twice and a half of it without a word is a lost one. */
  readonly heartbeatMs: Ms;
  readonly reconnectWaitMsMin: Ms;
  readonly reconnectWaitMsMax: Ms;
  /** Commands without a reply; one more fails as overloaded. */
  readonly commandsWaitingMax: number;
  /**
   * How far the switch's list of channels may lag behind the channels: so long
   * after a connect it is read once more.
   */
  readonly listLagMs: Ms;
}

/**
 * Chosen as for Asterisk: a lost switch is found within 5 s, a returning one
 * within 1 s. Lag as measured on 1.10.12: up to 0.75 s.
 */
export const FREESWITCH_TUNING_DEFAULTS: FreeswitchTuning = {
  heartbeatMs: 2_000,
  reconnectWaitMsMin: 50,
  reconnectWaitMsMax: 1_000,
  commandsWaitingMax: 10_000,
  listLagMs: 1_000,
};

/** What the backend works with. */
export interface FreeswitchParts {
  /** Left out, `tap` is unsupported. */
  readonly audio?: CallAudio;
  /** Told in one sentence of trouble that the port has no event for, for the log. */
  readonly onTrouble?: (sentence: string) => void;
}

/** What the names of the switch's things mean to us. */
export class FreeswitchNaming {
  readonly app: string;
  readonly holdingMusic: string;
  readonly #config: FreeswitchConfig;
  readonly #roomPrefix: string;
  readonly #trunkByGateway: ReadonlyMap<string, FreeswitchTrunk>;
  readonly #trunkByName: ReadonlyMap<TrunkName, FreeswitchTrunk>;

  constructor(config: FreeswitchConfig) {
    this.app = config.app;
    this.holdingMusic = config.holdingMusic;
    this.#config = config;
    this.#roomPrefix = `${config.app}-room-`;
    this.#trunkByGateway = new Map(config.trunks.map((trunk) => [trunk.gateway, trunk]));
    this.#trunkByName = new Map(config.trunks.map((trunk) => [trunk.name, trunk]));
  }

  /** A bridge is a conference of its own. */
  roomOf(bridgeId: BridgeId): string {
    return `${this.#roomPrefix}${bridgeId}`;
  }

  /** The conference with the profile that makes it what a bridge has to be. */
  roomWithProfile(bridgeId: BridgeId): string {
    return `${this.roomOf(bridgeId)}@${this.#config.conferenceProfile}`;
  }

  /** Our id of a conference; undefined for those that are not ours. */
  bridgeOfRoom(room: string): BridgeId | undefined {
    return room.startsWith(this.#roomPrefix) ? (room.slice(this.#roomPrefix.length) as BridgeId) : undefined;
  }

  get gateways(): readonly FreeswitchTrunk[] {
    return this.#config.trunks;
  }

  trunk(name: TrunkName): FreeswitchTrunk | undefined {
    return this.#trunkByName.get(name);
  }

  trunkOfGateway(gateway: string): TrunkName | undefined {
    return this.#trunkByGateway.get(gateway)?.name;
  }

  /** Sounds in turn, as one file of the switch. */
  soundFile(sounds: readonly SoundName[]): string {
    const files = sounds.map((sound) => `${this.#config.soundsFolder}/${sound}.wav`);
    return files.length === 1 ? (files[0] ?? '') : `file_string://${files.join('!')}`;
  }

  /** The `Application-UUID` under which the switch tells of a playback on a call itself. */
  executionOf(playbackId: PlaybackId): string {
    return `${this.app}-play-${playbackId}`;
  }
}
