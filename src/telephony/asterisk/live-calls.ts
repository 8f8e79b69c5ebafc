import type { BridgeId, CallId, PhoneName, PlaybackId } from '../../units/ids.js';
import type { SwitchEvent } from '../switch.js';

/** One move of a call. */
export interface CallMove {
  /** It calls `done` once when it is over. */
  readonly run: (done: () => void) => void;
  /** Where it takes the call, if it does. */
  readonly bridgeId: BridgeId | undefined;
}

/** What the backend must remember of a call, only to translate. */
export interface LiveCallRecord {
  readonly callId: CallId;
  readonly isOriginated: boolean;
  readonly phone: PhoneName | undefined;
  /** The switch's name of the channel; empty until the switch told it. */
  channelName: string;
  /** In the application before its answer, which the channel's state then tells. */
  isEarly: boolean;
  isRinging: boolean;
  /** The switch has it in the application. */
  hasEntered: boolean;
  /** What waits for that; or for its end, when it never comes there. */
  whenEntered: (() => void) | undefined;
  /** It was told that it has audio before its answer. */
  isHeardEarly: boolean;
  isAnswered: boolean;
  /** Somebody asked for its end. */
  isEnding: boolean;
  /** It was us who asked. */
  isHungUp: boolean;
  /** Q.850 cause and SIP status that the far end gave for it. */
  farCause: number | undefined;
  farSipCode: number | undefined;
  /** The application hears of the channel until it is destroyed, not only while it is in it. */
  isWatched: boolean;
  /** Where it is, by the switch's events; taps do not count. */
  bridgeId: BridgeId | undefined;
  /** Where the last command sent it, ahead of the event. */
  headedFor: BridgeId | undefined;
  /**
   * Holding music on the channel itself; it goes on in a bridge unless it is
   * stopped (seen on 16 and 22). `perhaps`: a former run may have held it.
   */
  hold: 'none' | 'playing' | 'perhaps';
  /** The move that is being made, and those that wait for it. */
  moves: CallMove[];
  /** Playbacks on the channel itself; it cannot be moved while one runs. */
  readonly replacing: Set<PlaybackId>;
  /** What to do once nothing replaces its audio any more. */
  whenQuiet: (() => void)[];
  /** Its originate has no reply yet: events wait, so that the reply comes first. */
  heldEvents: SwitchEvent[] | undefined;
}

/** The calls of ours that are alive, by id. */
export class LiveCalls {
  readonly #records = new Map<CallId, LiveCallRecord>();

  get(callId: CallId): LiveCallRecord | undefined {
    return this.#records.get(callId);
  }

  add(call: Pick<LiveCallRecord, 'callId' | 'isOriginated' | 'phone' | 'channelName'>): LiveCallRecord {
    const record: LiveCallRecord = {
      ...call,
      isEarly: false,
      isRinging: false,
      hasEntered: false,
      whenEntered: undefined,
      isHeardEarly: false,
      isAnswered: false,
      isEnding: false,
      isHungUp: false,
      farCause: undefined,
      farSipCode: undefined,
      isWatched: call.isOriginated,
      bridgeId: undefined,
      headedFor: undefined,
      hold: 'none',
      moves: [],
      replacing: new Set(),
      whenQuiet: [],
      heldEvents: undefined,
    };
    this.#records.set(call.callId, record);
    return record;
  }

  remove(callId: CallId): void {
    this.#records.delete(callId);
  }

  all(): readonly LiveCallRecord[] {
    return [...this.#records.values()];
  }
}
