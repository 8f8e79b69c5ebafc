import type { BridgeId, PhoneName, TrunkName } from '../../units/ids.js';
import type { Ms } from '../../units/time.js';
import type { CallAudio, RecordingFolders, StereoMerger } from '../call-audio.js';

/** Everything the Asterisk backend is told; checked by config/ before it comes here. */
export interface AsteriskConfig {
  /** Name for logs. */
  readonly name: string;
  readonly ari: AriLogin;
  /** Left out, phones, trunks and quality are not reported and nothing is recorded. */
  readonly ami?: AmiLogin;
  /** How commands travel; `auto` takes the WebSocket where the switch offers REST over it. */
  readonly transport: 'auto' | 'websocket' | 'http';
  readonly trunks: readonly AsteriskTrunk[];
  /** Folder below the switch's sounds folder, `/` last, put before each sound's name; may be empty. */
  readonly soundsPrefix: string;
  /** Left out, nothing is recorded. */
  readonly recordings?: RecordingFolders;
  readonly tuning?: Partial<AsteriskTuning>;
}

/** How to reach ARI. */
export interface AriLogin {
  /** e.g. `http://127.0.0.1:8088`, with the prefix of http.conf where it has one. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Stasis application; letters, digits and `-`. */
  readonly app: string;
}

/** How to reach the manager interface. */
export interface AmiLogin {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** A trunk as the switch knows it. */
export interface AsteriskTrunk {
  readonly name: TrunkName;
  /** PJSIP endpoint. */
  readonly endpoint: string;
  /** `+12025550143`, `12025550143`, or with `numberPrefix` in the place of the `+`. */
  readonly numberForm: 'e164-plus' | 'e164' | 'prefix';
  readonly numberPrefix: string;
}

/** Numbers with a sound default. */
export interface AsteriskTuning {
  /** Between two pings of the event socket; twice and a half of it without a word is a lost switch. */
  readonly heartbeatMs: Ms;
  readonly reconnectWaitMsMin: Ms;
  readonly reconnectWaitMsMax: Ms;
  /** Requests under way at one time; the rest waits in order. */
  readonly requestsInFlightMax: number;
  /** Requests waiting; one more fails as overloaded. */
  readonly requestsWaitingMax: number;
  /** Taps kept free ahead of need. */
  readonly spareTapCount: number;
  readonly tapCountMax: number;
}

/**
 * Chosen: a lost switch is found within 5 s and a returning one within 1 s,
 * so that calls are adopted within 5 s. The windows hold a second of 100
 * calls/s at about ten requests a call. Spare taps cover the answers of
 * 50 ms at 100 calls/s, in which a new tap is long made (measured: 4 ms).
 */
export const ASTERISK_TUNING_DEFAULTS: AsteriskTuning = {
  heartbeatMs: 2_000,
  reconnectWaitMsMin: 50,
  reconnectWaitMsMax: 1_000,
  requestsInFlightMax: 128,
  requestsWaitingMax: 10_000,
  spareTapCount: 5,
  tapCountMax: 1_000,
};

/** What the backend works with. */
export interface AsteriskParts {
  /** Left out, `tap` is unsupported. */
  readonly taps?: CallAudio;
  /** Needed for recording. */
  readonly merger?: StereoMerger;
  /** Told in one sentence of trouble that the port has no event for, for the log. */
  readonly onTrouble?: (sentence: string) => void;
}

const TAP_BRIDGE_SUFFIX = '-bridge';

/** A channel of our own making: it carries audio to us, hears a call in its bridge, a sound to one call, or a call to its supervisor. */
export type HelperRole = 'tap' | 'ear' | 'whisper' | 'spy';

/** What the names of the switch's things mean to us. */
export class AsteriskNaming {
  readonly app: string;
  readonly tapPrefix: string;
  readonly earPrefix: string;
  readonly whisperPrefix: string;
  readonly spyPrefix: string;
  readonly watchPrefix: string;
  readonly #roomPrefix: string;
  readonly #trunkByEndpoint: ReadonlyMap<string, AsteriskTrunk>;
  readonly #trunkByName: ReadonlyMap<TrunkName, AsteriskTrunk>;

  constructor(config: Pick<AsteriskConfig, 'ari' | 'trunks'>) {
    this.app = config.ari.app;
    this.tapPrefix = `${this.app}-tap-`;
    this.earPrefix = `${this.app}-ear-`;
    this.whisperPrefix = `${this.app}-whisper-`;
    this.spyPrefix = `${this.app}-spy-`;
    this.watchPrefix = `${this.app}-watch-`;
    this.#roomPrefix = `${this.app}-room-`;
    this.#trunkByEndpoint = new Map(config.trunks.map((trunk) => [trunk.endpoint, trunk]));
    this.#trunkByName = new Map(config.trunks.map((trunk) => [trunk.name, trunk]));
  }

  /** What a channel is to us, by its id. */
  roleOf(channelId: string): 'call' | HelperRole {
    if (channelId.startsWith(this.tapPrefix)) return 'tap';
    if (channelId.startsWith(this.spyPrefix)) return 'spy';
    if (channelId.startsWith(this.earPrefix)) return 'ear';
    return channelId.startsWith(this.whisperPrefix) ? 'whisper' : 'call';
  }

  /** Whether a supervisor listens in this bridge, by its id on the switch. */
  isWatch(roomId: string): boolean {
    return roomId.startsWith(this.watchPrefix);
  }

  /**
   * A bridge's id on the switch. It differs from every channel's: the switch
   * keeps the application's subscriptions by id alone, and a bridge that
   * shares its id with a channel is never heard of (seen on 22.10).
   */
  roomId(bridgeId: BridgeId): string {
    return `${this.#roomPrefix}${bridgeId}`;
  }

  /** Our id of a bridge of the switch; undefined for bridges of helpers and for what is not ours. */
  bridgeOfRoom(roomId: string): BridgeId | undefined {
    return roomId.startsWith(this.#roomPrefix) ? (roomId.slice(this.#roomPrefix.length) as BridgeId) : undefined;
  }

  /** The bridge in which a tap waits; for the reason in `roomId` not named like its channel. */
  tapBridgeId(tapId: string): string {
    return `${tapId}${TAP_BRIDGE_SUFFIX}`;
  }

  /** The tap that waits in this bridge; undefined when it is another bridge. */
  tapOfBridge(roomId: string): string | undefined {
    const isTaps = roomId.startsWith(this.tapPrefix) && roomId.endsWith(TAP_BRIDGE_SUFFIX);
    return isTaps ? roomId.slice(0, -TAP_BRIDGE_SUFFIX.length) : undefined;
  }

  trunk(name: TrunkName): AsteriskTrunk | undefined {
    return this.#trunkByName.get(name);
  }

  trunkOfEndpoint(endpoint: string): TrunkName | undefined {
    return this.#trunkByEndpoint.get(endpoint)?.name;
  }

  /** The phone behind a channel name `PJSIP/1001-0000002a`; undefined for trunks and other technologies. */
  phoneOfChannel(channelName: string): PhoneName | undefined {
    const parts = /^PJSIP\/(.+)-[0-9a-f]+$/.exec(channelName);
    const endpoint = parts?.[1];
    if (endpoint === undefined || this.#trunkByEndpoint.has(endpoint)) return undefined;
    return endpoint as PhoneName;
  }
}
