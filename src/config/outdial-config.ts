import type { CampaignSettings } from '../api/contract/campaign.js';
import type { AgentId, CampaignId, PhoneName, SoundName, TenantId, TrunkName } from '../units/ids.js';

/** The whole configuration, checked and frozen: what `main` constructs everything from. */
export interface OutdialConfig {
  readonly tenantId: TenantId;
  readonly http: HttpConfig;
  readonly store: {
    readonly file: string;
    /** Snippets of disputed calls are deleted after so many days. */
    readonly snippetDays: number;
  };
  readonly switch: AsteriskConfigSection | FreeswitchConfigSection;
  readonly media: MediaConfig;
  readonly trunks: readonly TrunkSection[];
  /** Declared in the file; made or brought to this state at every start. Others live in the store alone. */
  readonly campaigns: readonly CampaignSection[];
  readonly agents: readonly AgentSection[];
  readonly keypad: KeypadSection;
  readonly log: { readonly level: LogLevel };
}

/** Where the API and the wallboard are served, and to whom. */
export interface HttpConfig {
  /** Address that REST, feed and wallboard are served on. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Keys that open the API; needed when `host` is not this machine alone. */
  readonly apiKeys: readonly string[];
}

/** The customer's Asterisk. */
export interface AsteriskConfigSection {
  readonly kind: 'asterisk';
  readonly ari: {
    /** e.g. `http://127.0.0.1:8088`, with the prefix of http.conf where it has one. */
    readonly url: string;
    readonly user: string;
    readonly password: string;
    /** Stasis application; the dialplan files say `outdial`. */
    readonly app: string;
  };
  readonly ami: { readonly host: string; readonly port: number; readonly user: string; readonly password: string };
  /** How ARI commands travel: `auto` takes the WebSocket where the switch offers it. */
  readonly transport: 'auto' | 'websocket' | 'http';
  /** Folder below the switch's sounds folder in which this project's own sounds lie. */
  readonly soundsPrefix: string;
  /** Where the service finds the switch's recordings: the same folder, or the same share. */
  readonly recordingsFolder: string;
  /** The same folder as the switch names it; undefined where both name it alike. */
  readonly recordingsFolderOnSwitch: string | undefined;
}

/** The customer's FreeSWITCH. */
export interface FreeswitchConfigSection {
  readonly kind: 'freeswitch';
  /** The event socket, as event_socket.conf has it. */
  readonly esl: { readonly host: string; readonly port: number; readonly password: string };
  /** Folder that holds this project's own sounds, as the switch names it; begins with `/` and ends without. */
  readonly soundsFolder: string;
  /** Where the service finds the switch's recordings: the same folder, or the same share. */
  readonly recordingsFolder: string;
  /** The same folder as the switch names it; undefined where both name it alike. */
  readonly recordingsFolderOnSwitch: string | undefined;
  /** UDP ports of the switch for call audio to and from the service, first and last included; one a listened call. */
  readonly audioPorts: { readonly first: number; readonly last: number };
  /** Address of the switch that these ports are bound on, in digits. */
  readonly audioHost: string;
  /** Profile of conference.conf in which agents sit. */
  readonly conferenceProfile: string;
  /** What a call hears on hold: a stream, or a file as the switch names it. */
  readonly holdingMusic: string;
}

/** Where call audio comes in. */
export interface MediaConfig {
  /** Address on which call audio is received; the switch must reach it. */
  readonly host: string;
  /** UDP port; 0 takes any free one. */
  readonly port: number;
}

/** How a trunk wants numbers: `+12025550143`, `12025550143`, or with a prefix in place of the `+`. */
export type NumberForm = 'e164-plus' | 'e164' | 'prefix';

/** Lines to the telephone network. */
export interface TrunkSection {
  readonly name: TrunkName;
  /** PJSIP endpoint of Asterisk, Sofia gateway of FreeSWITCH. */
  readonly endpoint: string;
  readonly numberForm: NumberForm;
  /** Stands in the place of `+`, e.g. `00` or `9011`; empty unless the form is `prefix`. */
  readonly numberPrefix: string;
  readonly callsPerSecondMax: number;
  readonly linesMax: number;
  /** Shown to contacts where the campaign names none; undefined when every campaign must. */
  readonly callerNumber: string | undefined;
}

/** A campaign that the file declares. */
export interface CampaignSection {
  readonly campaignId: CampaignId;
  readonly settings: CampaignSettings;
}

/** An agent that the file declares. */
export interface AgentSection {
  readonly agentId: AgentId;
  readonly name: string;
  readonly phone: PhoneName;
  readonly campaignId: CampaignId;
  /** 4 to 12 digits; only its hash reaches the store. */
  readonly pin: string;
}

/** What agents key and hear. */
export interface KeypadSection {
  readonly pinDigitsMax: number;
  readonly pinAttemptsMax: number;
  readonly pauseReasonByDigit: Readonly<Record<string, string>>;
  readonly sounds: Readonly<Record<KeypadSound, SoundName>>;
}

/** What agents hear, by what it tells them. */
export type KeypadSound =
  | 'enterPin'
  | 'wrongPin'
  | 'loggedIn'
  | 'loggedOut'
  | 'paused'
  | 'resumed'
  | 'connectBeep'
  | 'wrapUpTone'
  | 'notPossible';

/** Lowest level that is logged. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
