import type { AgentState } from '../agent/agent-state.js';
import type { CallState } from '../call/call-state.js';

/**
 * What the service and the browser agree on for the live feed: the wallboard's
 * content, and the messages that keep a copy of it current. Free of Node, so
 * that both sides are compiled from this one file. Every instant is the
 * service's wall clock in milliseconds since 1970; each message carries
 * `nowMs`, by which a screen corrects its own clock.
 */

/** Raised when a page built for the old shape could no longer read the new one; the page then reloads itself. */
export const FEED_VERSION = 2;

/** The service says at least this often that it is there. Chosen: a screen on a wall shows a cut within 3 beats. */
export const FEED_BEAT_INTERVAL_MS = 4_000;

/** States in which a call is shown as live, in the order of a call's life. */
export const LIVE_CALL_STATES = [
  'dialling',
  'ringing',
  'analysing',
  'waiting',
  'connecting',
  'talking',
  'greeting',
  'playing-message',
  'playing-safe-harbour',
  'ending',
] as const satisfies readonly CallState[];

/** A state in which a call lives on the switch. */
export type LiveCallState = (typeof LIVE_CALL_STATES)[number];

/**
 * What has become of calls since the day began. Counts are whole numbers, 0
 * and more. `person` to `unsure` divide what was answered; `busy` to
 * `cancelled` divide what was not.
 */
export interface DayCounts {
  readonly dialledCount: number;
  readonly answeredCount: number;
  readonly personCount: number;
  readonly machineCount: number;
  /** An assistant that asks who calls. */
  readonly screeningCount: number;
  /** A spoken menu. */
  readonly menuCount: number;
  readonly faxCount: number;
  /** Special information tones after the answer. */
  readonly interceptCount: number;
  /** Busy, reorder or dial tone after the answer. */
  readonly busyToneCount: number;
  /** It rang on after the answer. */
  readonly ringingCount: number;
  readonly silenceCount: number;
  /** Taken for a person. */
  readonly unsureCount: number;
  readonly busyCount: number;
  readonly noAnswerCount: number;
  /** Declined by the called party or its network. */
  readonly rejectedCount: number;
  /** The number does not exist or has changed. */
  readonly badNumberCount: number;
  /** Carrier, trunk, switch or our own fault. */
  readonly failedCount: number;
  /** We ended it before an answer. */
  readonly cancelledCount: number;
  /** A contact and an agent could talk, and the call was not taken back. */
  readonly connectedCount: number;
  /** An agent had the call and lost it to a verdict. */
  readonly takenBackCount: number;
  /** The carrier had said "answered", and nobody was there. */
  readonly falseAnswerCount: number;
  /** A person for whom no agent was free in time. */
  readonly abandonedCount: number;
}

/** Counts of the day and what follows from them; a ratio or time without a base is undefined. */
export interface DayFigures {
  readonly counts: DayCounts;
  /** Abandoned / (connected + abandoned). */
  readonly abandonRatio: number | undefined;
  /** Answered / (answered + ended without an answer). */
  readonly answerRatio: number | undefined;
  /** Switch's answer to joined bridge: median and 95th percentile. */
  readonly answerToAgentMsP50: number | undefined;
  readonly answerToAgentMsP95: number | undefined;
}

/** The whole floor: the service, its switch, and all campaigns together. */
export interface FloorBoard {
  /** Where the service's day begins, and the zone that decides it. */
  readonly dayStartedAtMs: number;
  readonly timeZone: string;
  readonly isSwitchConnected: boolean;
  readonly switchChangedAtMs: number | undefined;
  /** Originated calls a second, over the last 10 s. */
  readonly callsPerSecond: number;
  readonly callsByState: CallsByState;
  readonly today: DayFigures;
}

/** Calls that live now; a state without calls is absent. */
export type CallsByState = Readonly<Partial<Record<LiveCallState, number>>>;

/** One campaign as a wallboard shows it. */
export interface CampaignBoard {
  readonly campaignId: string;
  readonly name: string;
  /** `idle`: running, but nothing may be dialled now; `hint` says why. */
  readonly state: 'running' | 'idle' | 'paused' | 'stopped';
  readonly hint: string;
  readonly sinceMs: number | undefined;
  /** Why so many calls are placed, in the pacing rule's words. */
  readonly pacingReason: string;
  readonly callsPerSecond: number;
  readonly callsByState: CallsByState;
  readonly today: DayFigures;
}

/** One agent as a wallboard shows him. */
export interface AgentBoard {
  readonly agentId: string;
  readonly name: string;
  readonly phone: string;
  readonly campaignId: string;
  readonly state: AgentState;
  /** Start of this state; undefined until one was seen. */
  readonly sinceMs: number | undefined;
  /** Pause reason, or why the agent went offline. */
  readonly reason: string | undefined;
  readonly callId: string | undefined;
  /** Undefined when the switch does not report phones. */
  readonly isPhoneRegistered: boolean | undefined;
  /** Calls connected to this agent today. */
  readonly connectedCount: number;
}

/** A trunk, and whether a call could leave by it. */
export interface TrunkBoard {
  readonly name: string;
  readonly isReachable: boolean;
  readonly sinceMs: number;
  /** Calls on it that were answered today. */
  readonly answeredCount: number;
  /** Answers of today with nobody there. */
  readonly falseAnswerCount: number;
}

/** Someone must look; stands until cleared. */
export interface AlarmBoard {
  readonly alarm: string;
  readonly detail: string;
  readonly sinceMs: number;
}

/** Everything a wallboard shows. Replaced piece by piece, never changed in place. */
export interface Wallboard {
  readonly floor: FloorBoard;
  readonly campaigns: Readonly<Record<string, CampaignBoard>>;
  readonly agents: Readonly<Record<string, AgentBoard>>;
  readonly trunks: Readonly<Record<string, TrunkBoard>>;
  readonly alarms: Readonly<Record<string, AlarmBoard>>;
}

/** The new value of one piece of the wallboard; null removes it. */
export type BoardUpdate =
  | { readonly kind: 'floor'; readonly value: FloorBoard }
  | { readonly kind: 'campaigns'; readonly id: string; readonly value: CampaignBoard | null }
  | { readonly kind: 'agents'; readonly id: string; readonly value: AgentBoard | null }
  | { readonly kind: 'trunks'; readonly id: string; readonly value: TrunkBoard | null }
  | { readonly kind: 'alarms'; readonly id: string; readonly value: AlarmBoard | null };

/** What the service sends. */
export type FeedMessage =
  /** First message. Numbers of another epoch mean nothing in this one. */
  | { readonly type: 'hello'; readonly epoch: string; readonly version: number; readonly nowMs: number }
  /** The whole board as it stood at number `n`. */
  | { readonly type: 'snapshot'; readonly n: number; readonly nowMs: number; readonly board: Wallboard }
  /** Leads from number `after` to number `n`; may stand for several changes merged. */
  | {
      readonly type: 'change';
      readonly after: number;
      readonly n: number;
      readonly nowMs: number;
      readonly updates: readonly BoardUpdate[];
    }
  /** Nothing new: the service lives, and `n` is where a screen should stand. */
  | { readonly type: 'beat'; readonly n: number; readonly nowMs: number };

/** The board with these updates made; the given one is left as it is. */
export function updatedBoard(board: Wallboard, updates: readonly BoardUpdate[]): Wallboard {
  const next = {
    floor: board.floor,
    campaigns: { ...board.campaigns },
    agents: { ...board.agents },
    trunks: { ...board.trunks },
    alarms: { ...board.alarms },
  };
  for (const update of updates) {
    switch (update.kind) {
      case 'floor':
        next.floor = update.value;
        break;
      case 'campaigns':
        put(next.campaigns, update.id, update.value);
        break;
      case 'agents':
        put(next.agents, update.id, update.value);
        break;
      case 'trunks':
        put(next.trunks, update.id, update.value);
        break;
      case 'alarms':
        put(next.alarms, update.id, update.value);
        break;
      // No assertNever: a kind that a newer service sends and an older page does not know is passed over.
    }
  }
  return next;
}

function put<T>(record: Record<string, T>, id: string, value: T | null): void {
  if (value === null) Reflect.deleteProperty(record, id);
  else record[id] = value;
}
