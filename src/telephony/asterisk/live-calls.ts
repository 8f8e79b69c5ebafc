import type { BridgeId, CallId, PhoneName, PlaybackId } from '../../units/ids.js';
import type { SwitchEvent } from '../switch.js';

/** What the backend must remember of a call, only to translate. */
export interface LiveCallRecord {
  readonly callId: CallId;
  readonly isOriginated: boolean;
  readonly phone: PhoneName | undefined;
  /** The switch's name of the channel; empty until the switch told it. */
  channelName: string;
  isRinging: boolean;
  isAnswered: boolean;
  /** Somebody asked for its end. */
  isEnding: boolean;
  /** Q.850 cause and SIP status that the far end gave for it. */
  farCause: number | undefined;
  farSipCode: number | undefined;
  /** The application hears of the channel until it is destroyed, not only while it is in it. */
  isWatched: boolean;
  /** Where it is, by the switch's events; taps do not count. */
  bridgeId: BridgeId | undefined;
  /** Where the last command sent it, ahead of the event. */
  headedFor: BridgeId | undefined;
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
      isRinging: false,
      isAnswered: false,
      isEnding: false,
      farCause: undefined,
      farSipCode: undefined,
      isWatched: call.isOriginated,
      bridgeId: undefined,
      headedFor: undefined,
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
