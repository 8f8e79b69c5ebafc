import type { EpochMs, Ms } from '../units/time.js';
import type {
  BridgeId,
  CallId,
  PhoneName,
  PlaybackId,
  SoundName,
  TrunkName,
} from '../units/ids.js';

/**
 * The port to a telephone switch. A backend only translates: it holds no
 * policy, decides nothing, and every outcome comes back as an event on the one
 * ordered stream given to `start`.
 */
export interface Switch {
  /** For logs and reports only; policy asks `capabilities`, never the name. */
  readonly name: string;
  readonly capabilities: SwitchCapabilities;
  /**
   * Connects, then emits `switch-snapshot` with what is alive. After a lost
   * connection it emits `switch-lost` and, once back, a new `switch-snapshot`;
   * it never reconnects silently.
   * @param signal aborts the start and any reconnecting.
   * @throws Error with one sentence and its cure when the first connection is
   *   refused for good (wrong password, not a switch); an unreachable switch
   *   is waited for instead.
   */
  start(onEvent: (event: SwitchEvent) => void, signal: AbortSignal): Promise<void>;
  /**
   * Starts a command and returns at once; never throws. Exactly one
   * `command-done` or `command-failed` follows for each command.
   */
  perform(command: SwitchCommand): void;
  /** Leaves live calls as they are; the next start adopts them. */
  close(): Promise<void>;
}

/** What a backend can do, as data. */
export interface SwitchCapabilities {
  /** Replies, events and commands share one ordered stream. */
  readonly isOrderedStream: boolean;
  /** `call-ended` carries the SIP status of a refused call. */
  readonly hasSipCodes: boolean;
  /** Live call audio reaches the process (`tap`). */
  readonly hasAudioTap: boolean;
  /** `bridge` may ask that the call be heard in the bridge too (`isTapped`). */
  readonly hasTapWhileBridged: boolean;
  /** `play` with mixing `whisper` leaves the conversation undisturbed. */
  readonly hasWhisper: boolean;
  /** Recordings have the contact left and the agent right. */
  readonly hasStereoRecording: boolean;
  /** `phone-changed` is reported. */
  readonly hasPhoneStates: boolean;
  /** `trunk-changed` is reported. */
  readonly hasTrunkStates: boolean;
  /** `originate` may ask to hear the far end before it answers: `call-early-media`, and `tap` from then on. */
  readonly hasEarlyMedia: boolean;
  /** `hold` plays holding music. */
  readonly hasHoldingAudio: boolean;
  /** `supervise` lets a third party listen, whisper and barge in. */
  readonly hasSupervision: boolean;
  /** What the media plane sends back to a tapped call is heard by it. */
  readonly hasAudioReturn: boolean;
  /** The switch itself can tell a voicemail's beep; the service's own detector works on the tap. */
  readonly hasBeepDetection: boolean;
}

/** Unique within one run of the service; echoed in the reply. */
export type CommandId = number;

/** What we ask of a switch; imperative. */
export type SwitchCommand = { readonly commandId: CommandId } & SwitchCommandBody;

/** A command before it has its number. */
export type SwitchCommandBody =
  /** Dials a number on a trunk under our own id. `call-ended` closes every originate that was `command-done`. */
  | {
      readonly type: 'originate';
      readonly callId: CallId;
      readonly trunk: TrunkName;
      /** E.164 with `+`, or what the trunk's number form turned it into. */
      readonly destination: string;
      /** Caller number shown to the contact. */
      readonly callerNumber: string;
      /** How long to let it ring, 1 s and more; the switch cancels then, with Q.850 cause 19. */
      readonly ringTimeoutMs: Ms;
      /** Lets the call be tapped as soon as it has audio, answered or not; needs `hasEarlyMedia`. Default false. */
      readonly wantsEarlyMedia?: boolean;
    }
  /** Accepts a call that was `call-offered`. */
  | { readonly type: 'answer'; readonly callId: CallId }
  | {
      readonly type: 'hang-up';
      readonly callId: CallId;
      /** Q.850 cause to send, 1..127. */
      readonly q850: number;
    }
  /** Makes a bridge under our own id; asking twice is harmless. */
  | { readonly type: 'open-bridge'; readonly bridgeId: BridgeId }
  /** Removes a bridge; the calls in it stay up, in none. */
  | { readonly type: 'close-bridge'; readonly bridgeId: BridgeId }
  /** Moves a call into a bridge, out of whatever bridge or tap it was in: one operation. */
  | {
      readonly type: 'bridge';
      readonly bridgeId: BridgeId;
      readonly callId: CallId;
      /**
       * The media plane hears what this call says there too, and after it, in no bridge:
       * until it is untapped, held, bridged without, or ends. Needs `hasTapWhileBridged`. Default false.
       */
      readonly isTapped?: boolean;
    }
  /** Takes a call out of its bridge; it stays up, tapped where it was tapped in it. */
  | { readonly type: 'unbridge'; readonly callId: CallId }
  /** Takes an answered call out of whatever bridge or tap it was in and lets it hear holding music until it is bridged, tapped or unheld. */
  | { readonly type: 'hold'; readonly callId: CallId }
  /** Ends the holding music; the call stays up, in no bridge. */
  | { readonly type: 'unhold'; readonly callId: CallId }
  /** Sends keys to the far end of an answered call, as telephone events. */
  | {
      readonly type: 'send-digits';
      readonly callId: CallId;
      /** 1 to 40 of `0`-`9`, `*`, `#`, `A`-`D`. */
      readonly digits: string;
    }
  /**
   * Lets an answered call follow another one, whatever bridge that is in, until
   * either ends, it is bridged elsewhere, or `stop-supervising`. Given again, it
   * changes the mode or the call followed.
   */
  | {
      readonly type: 'supervise';
      /** The supervisor's own call. */
      readonly callId: CallId;
      /** Whom he follows: he hears what this call says and hears. */
      readonly targetCallId: CallId;
      /** `listen`: heard by nobody. `whisper`: heard by the target alone. `barge`: heard by the target and whoever it talks to. */
      readonly mode: SupervisionMode;
    }
  /** The supervisor's call stays up, in no bridge. */
  | { readonly type: 'stop-supervising'; readonly callId: CallId }
  /** Lets the media plane hear this call until it is bridged, untapped or ends; out of its bridge, if it is in one. */
  | { readonly type: 'tap'; readonly callId: CallId }
  /** The media plane hears it no more; a call in a bridge stays there. */
  | { readonly type: 'untap'; readonly callId: CallId }
  | {
      readonly type: 'play';
      readonly playbackId: PlaybackId;
      readonly callId: CallId;
      /** One or more, played in turn. */
      readonly sounds: readonly SoundName[];
      /**
       * `replace`: this call hears only the sounds while they last.
       * `whisper`: mixed into what this call hears; the far end hears nothing of
       * it and the conversation goes on.
       */
      readonly mixing: 'replace' | 'whisper';
    }
  | { readonly type: 'stop-playing'; readonly playbackId: PlaybackId }
  /** Records what the call says (left) and hears (right) to one WAV file. */
  | {
      readonly type: 'start-recording';
      readonly callId: CallId;
      /** Below the recordings folder, `/` between parts, ends in `.wav`. */
      readonly path: string;
    }
  | { readonly type: 'stop-recording'; readonly callId: CallId };

/** Who hears a supervisor. */
export type SupervisionMode = 'listen' | 'whisper' | 'barge';

/** Why a command was not carried out. */
export type CommandFailure =
  /** The call, bridge or playback is not there any more: ordinary, telephony is late. */
  | 'gone'
  /** The trunk has no reachable peer. */
  | 'trunk-down'
  /** The switch is out of channels, memory or rate. */
  | 'overloaded'
  /** The switch did not like it: our fault or its configuration's. */
  | 'refused'
  /** The backend lacks the capability. */
  | 'unsupported'
  /** The connection went before a reply came: it may or may not have happened. */
  | 'switch-lost';

/** What a switch tells us; past tense. */
export type SwitchEvent =
  | { readonly type: 'command-done'; readonly command: SwitchCommand }
  | {
      readonly type: 'command-failed';
      readonly command: SwitchCommand;
      readonly failure: CommandFailure;
      /** The switch's own words, for the log. */
      readonly detail: string;
    }
  /** A phone or trunk calls us; nothing has been answered yet. */
  | {
      readonly type: 'call-offered';
      readonly callId: CallId;
      /** The phone that calls; absent on a trunk call. */
      readonly phone?: PhoneName;
      /** Caller number as shown. */
      readonly callerNumber: string;
      readonly request: OfferedRequest;
    }
  | { readonly type: 'call-ringing'; readonly callId: CallId }
  /** The far end sends audio and has not answered; only of calls whose originate wanted it. */
  | { readonly type: 'call-early-media'; readonly callId: CallId }
  | { readonly type: 'call-answered'; readonly callId: CallId }
  /** Exactly once for every call that was answered, offered or originated. */
  | {
      readonly type: 'call-ended';
      readonly callId: CallId;
      /** Q.850 cause, 0 when the switch gives none. */
      readonly q850: number;
      /** SIP status of the refusal, or of the BYE's reason, where the switch tells it. */
      readonly sipCode?: number;
      /** The switch's own words for the cause. */
      readonly nativeCause: string;
    }
  /** A key of the telephone: one of `0`-`9`, `*`, `#`, `A`-`D`. */
  | { readonly type: 'digit-received'; readonly callId: CallId; readonly digit: string }
  | { readonly type: 'call-bridged'; readonly bridgeId: BridgeId; readonly callId: CallId }
  /** The call that was bridged tapped is not heard, or no more, though nobody ordered it; it stays where it is. */
  | { readonly type: 'tap-lost'; readonly callId: CallId; readonly reason: string }
  | { readonly type: 'call-unbridged'; readonly bridgeId: BridgeId; readonly callId: CallId }
  /** The supervisor's call follows nobody any more: the target ended, or it was told to stop. */
  | { readonly type: 'supervision-ended'; readonly callId: CallId; readonly targetCallId: CallId }
  | {
      readonly type: 'playback-finished';
      readonly playbackId: PlaybackId;
      readonly callId: CallId;
      readonly outcome: 'played' | 'stopped' | 'failed';
    }
  /** The file is complete and readable. */
  | {
      readonly type: 'recording-finished';
      readonly callId: CallId;
      readonly path: string;
      readonly outcome: 'recorded' | 'failed';
      /** Length of the file's audio; 0 when failed. */
      readonly audioMs: Ms;
    }
  | {
      readonly type: 'phone-changed';
      readonly phone: PhoneName;
      readonly isRegistered: boolean;
    }
  | { readonly type: 'trunk-changed'; readonly trunk: TrunkName; readonly isReachable: boolean }
  /** RTP quality of a leg, as its far end and we reported it by RTCP. */
  | {
      readonly type: 'quality-reported';
      readonly callId: CallId;
      readonly lossRatio: number;
      readonly jitterMs: Ms;
      readonly roundTripMs: Ms;
    }
  /** The connection is gone: nothing is known until the next snapshot. */
  | { readonly type: 'switch-lost'; readonly reason: string }
  | { readonly type: 'switch-snapshot'; readonly snapshot: SwitchSnapshot };

/** What the caller dialled, as the dialplan names it. */
export type OfferedRequest =
  /** A feature code from a phone: `log-in`, `log-out`, `pause`, `resume`. */
  | {
      readonly kind: 'feature';
      readonly feature: string;
      /** What was keyed after the code, e.g. the reason's digit of a pause. */
      readonly argument?: string;
    }
  /** A call from a trunk to one of our numbers. */
  | { readonly kind: 'inbound'; readonly dialledNumber: string };

/** Everything of ours that is alive on the switch right now. */
export interface SwitchSnapshot {
  readonly calls: readonly LiveCall[];
  readonly bridges: readonly LiveBridge[];
  readonly phones: readonly { readonly phone: PhoneName; readonly isRegistered: boolean }[];
  readonly trunks: readonly { readonly trunk: TrunkName; readonly isReachable: boolean }[];
}

/** A call of ours that the switch has now. */
export interface LiveCall {
  readonly callId: CallId;
  readonly state: 'dialling' | 'ringing' | 'answered';
  /** Present when a phone called us or is called. */
  readonly phone?: PhoneName;
  /** When the call came to be, by the switch's clock. */
  readonly createdAtMs: EpochMs;
}

/** A bridge of ours that the switch has now, with the calls in it; none when it is empty. */
export interface LiveBridge {
  readonly bridgeId: BridgeId;
  readonly callIds: readonly CallId[];
}
