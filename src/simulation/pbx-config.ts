import type { CallId, PhoneName, SoundName, TrunkName } from '../units/ids.js';
import type { Ms } from '../units/time.js';
import type { CommandFailure, SwitchEvent } from '../telephony/switch.js';

/** What the exchange is made of. */
export interface PbxConfig {
  readonly trunks: readonly PbxTrunkConfig[];
  readonly phones: readonly PhoneName[];
  /** Length of a sound; undefined: there is no such sound. */
  readonly soundMs: (sound: SoundName) => Ms | undefined;
  /** Silence after which a vanished phone's call is ended; Asterisk's rtp_timeout. */
  readonly vanishedAfterMs: Ms;
  /** Told when a call's audio begins, or ceases, to reach the service. */
  readonly onTapped?: (callId: CallId, isTapped: boolean) => void;
}

/** A trunk as the carrier sees it. */
export interface PbxTrunkConfig {
  readonly trunk: TrunkName;
  /** Calls at one time; the carrier refuses more with Q.850 34. */
  readonly linesMax: number;
}

/** News of the exchange: what a switch says, less replies and connection. */
export type PbxEvent = Exclude<
  SwitchEvent,
  { readonly type: 'command-done' | 'command-failed' | 'switch-lost' | 'switch-snapshot' }
>;

/** Why an order was not carried out. */
export interface PbxRefusal {
  readonly failure: CommandFailure;
  readonly detail: string;
}

/** One driver's line to the exchange. */
export interface PbxConnection {
  readonly onEvent: (event: PbxEvent) => void;
  /** The connection is gone. */
  readonly onCut: (reason: string) => void;
}
