import type { BridgeId, CallId, PhoneName, PlaybackId, SoundName, TrunkName } from '../units/ids.js';
import type { EpochMs, MonotonicMs } from '../units/time.js';
import type { Appointment } from './virtual-clock.js';
import type { SupervisionMode } from '../telephony/switch.js';
import type { Party } from './party.js';

/** One call as the simulated exchange holds it. */
export interface PbxCall {
  readonly callId: CallId;
  readonly party: Party;
  readonly trunk: TrunkName | undefined;
  readonly phone: PhoneName | undefined;
  readonly createdAtMs: EpochMs;
  state: 'dialling' | 'ringing' | 'answered';
  /** It may be tapped as soon as it has audio. */
  readonly wantsEarlyMedia: boolean;
  /** It has audio though it was not answered. */
  hasEarlyMedia: boolean;
  bridgeId: BridgeId | undefined;
  isHeld: boolean;
  isTapped: boolean;
  /** The service sends audio back to it. */
  isSpokenTo: boolean;
  /** Whom it follows. */
  supervision: { readonly target: PbxCall; readonly mode: SupervisionMode } | undefined;
  /** Cancels the ringing when nobody answers. */
  ringLimit: Appointment | undefined;
  /** Ends the call some time after its party vanished. */
  vanishing: Appointment | undefined;
  recording: PbxRecording | undefined;
  /** What the call hears instead of everything else; the first one sounds, the others wait. */
  readonly replacing: PbxPlayback[];
  readonly whispers: PbxPlayback[];
}

/** A recording that is being made. */
export interface PbxRecording {
  readonly path: string;
  readonly startedAtMs: MonotonicMs;
}

/** One playing of sounds to one call. */
export interface PbxPlayback {
  readonly playbackId: PlaybackId;
  readonly call: PbxCall;
  readonly sounds: readonly SoundName[];
  /** Index of the sound that is heard now. */
  index: number;
  /** End of the sound that is heard now. */
  soundEnd: Appointment | undefined;
}
