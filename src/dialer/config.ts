import type { AgentId, CampaignId, PhoneName, SoundName, TenantId, TrunkName } from '../units/ids.js';
import type { Ms } from '../units/time.js';
import type { EndCauseName } from '../call/end-cause.js';

/**
 * What a dialer must know of its tenant: no names and no numbers of contacts,
 * so that a journal of Inputs holds no personal data.
 */
export interface DialerConfig {
  readonly tenantId: TenantId;
  readonly trunks: readonly TrunkConfig[];
  readonly agents: readonly AgentConfig[];
  readonly campaigns: readonly CampaignConfig[];
  readonly keypad: KeypadConfig;
}

/** A carrier's line as far as dialling is bound by it; a campaign's caps count as well, and the lower one holds. */
export interface TrunkConfig {
  readonly name: TrunkName;
  /** New calls a second on this trunk, above 0. */
  readonly callsPerSecondMax: number;
  /** Calls at one time on this trunk, 1 and more. */
  readonly linesMax: number;
}

/** A seat: one person at one phone, working for one campaign. */
export interface AgentConfig {
  readonly agentId: AgentId;
  /** The phone this agent sits at. */
  readonly phone: PhoneName;
  /** The campaign this agent works for. */
  readonly campaignId: CampaignId;
}

/** How many calls to place: one line a free agent, or a ratio of lines to free agents. */
export type PacingConfig =
  | { readonly mode: 'progressive' }
  | { readonly mode: 'power'; /** Lines for each free agent, 1 to 10. */ readonly linesPerAgentRatio: number };

/** What becomes of the contact after this outcome. */
export interface RecycleRule {
  /** Wait before the next attempt, 0 and more. */
  readonly redialAfterMs: Ms;
  /** Attempts ending so, after which the contact is closed, 1 and more. */
  readonly attemptsMax: number;
}

/** What an agent can say came of a conversation. */
export interface DispositionConfig {
  /** Short name kept with the call, e.g. `sale`. */
  readonly name: string;
  /** What it means for the contact. */
  readonly effect: 'complete' | 'redial' | 'do-not-call';
  /** Who answered, where the agent says so by choosing this; left out: a person. */
  readonly answeredBy?: AnsweredBy | undefined;
}

/** Who answered, by the agent's ear. */
export type AnsweredBy = 'person' | 'machine';

/**
 * When an agent is given an answered call.
 * `hold`: once it is decided that a person, or perhaps one, is there.
 * `connect-probable`: as soon as it is probable; a verdict against it takes the call back.
 * `connect-at-answer`: at once where an agent is free; a verdict against it takes the call back.
 */
export type AnswerHandling = 'hold' | 'connect-probable' | 'connect-at-answer';

/** Weekly hours in which the campaign may dial, in one time zone. */
export interface CallingHours {
  /** IANA name, e.g. `America/New_York`. */
  readonly timeZone: string;
  /** 0 Sunday .. 6 Saturday. */
  readonly weekdays: readonly number[];
  /** Minutes after midnight, 0..1440; from inclusive, to exclusive. */
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** How one campaign dials, whom it connects and what it says; changes count for calls from then on. */
export interface CampaignConfig {
  readonly campaignId: CampaignId;
  readonly trunk: TrunkName;
  readonly pacing: PacingConfig;
  /** New calls a second of this campaign, above 0. */
  readonly callsPerSecondMax: number;
  /** Calls at one time of this campaign, 1 and more. */
  readonly linesMax: number;
  /** How long to let it ring: 15 s at least (47 CFR 64.1200(a)(6)), 120 s at most. */
  readonly ringTimeoutMs: Ms;
  readonly callingHours: CallingHours;
  /** Whether who answered is analysed; off, every answer counts as a person. */
  readonly isAnalysed: boolean;
  readonly onMachine: 'hang-up' | 'leave-message';
  /** Played to a machine after its greeting; needed for `leave-message`. */
  readonly machineMessage: SoundName | undefined;
  readonly answerHandling: AnswerHandling;
  /** A call is not taken back from an agent who has had it for longer. */
  readonly takeBackLimitMs: Ms;
  /** An assistant asks who calls. */
  readonly onScreening: 'hang-up' | 'connect';
  /** "For sales press one." */
  readonly onMenu: 'hang-up' | 'connect';
  /** Answered, and nobody speaks. */
  readonly onSilence: 'hang-up' | 'connect';
  /** What a person called a machine costs, in machines shown to an agent; 20 to 1000. */
  readonly lostPersonCost: number;
  /** Whether calls are listened to before they are answered, where the switch lets them be heard. */
  readonly listensBeforeAnswer: boolean;
  /** Whether the first seconds of a call are kept when the agent contradicts the verdict. */
  readonly keepsDisputedSnippets: boolean;
  /** Longest wait for an agent from the end of the greeting; 2 s by law (47 CFR 64.1200(a)(7)). */
  readonly agentWaitMaxMs: Ms;
  /** Who called, a number, and "press 9 not to be called again". */
  readonly safeHarbourMessage: SoundName;
  /** Whispered to the agent at connect, after the beep. */
  readonly whisper: SoundName | undefined;
  readonly isRecorded: boolean;
  /** Longest wrap-up; then the default disposition is taken and the agent is available. */
  readonly wrapUpMaxMs: Ms;
  /** Which digit is which disposition in wrap-up. */
  readonly dispositionByDigit: Readonly<Record<string, DispositionConfig>>;
  readonly defaultDisposition: DispositionConfig;
  /** Attempts of any outcome after which a contact is closed, 1 and more. */
  readonly attemptsMax: number;
  /** Rules that replace the end cause's own waiting time. */
  readonly recycle: Readonly<Partial<Record<EndCauseName, RecycleRule>>>;
}

/** What an agent keys during his nailed-up call. */
export interface KeypadConfig {
  /** Digits of a PIN; the log-in is checked when so many were keyed, or at `#`. */
  readonly pinDigitsMax: number;
  /** Wrong PINs after which the call is ended. */
  readonly pinAttemptsMax: number;
  /** `*1` and then a digit of this table pauses with that reason. */
  readonly pauseReasonByDigit: Readonly<Record<string, string>>;
  readonly sounds: KeypadSounds;
}

/** What agents hear. */
export interface KeypadSounds {
  readonly enterPin: SoundName;
  readonly wrongPin: SoundName;
  readonly loggedIn: SoundName;
  readonly loggedOut: SoundName;
  readonly paused: SoundName;
  readonly resumed: SoundName;
  /** Short tone at connect. */
  readonly connectBeep: SoundName;
  /** Short tone when the contact has gone and wrap-up begins. */
  readonly wrapUpTone: SoundName;
  /** This key means nothing now. */
  readonly notPossible: SoundName;
}
