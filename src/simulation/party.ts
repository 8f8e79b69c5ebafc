import type { CallId, SoundName, TrunkName } from '../units/ids.js';

/**
 * The far end of a call: a person, a machine, a carrier's announcement, an
 * agent's phone. The exchange tells it what happens; it acts through its line,
 * always at a later moment of the clock and never from inside these calls.
 */
export interface Party {
  /** The call has reached it; for a call it placed itself: the exchange has taken it. */
  reached(line: PartyLine): void;
  /** A call it placed itself was answered by the service. */
  answered(): void;
  /** What it hears is another thing from now on. */
  hears(hearing: Hearing): void;
  /** The call is over, whoever ended it; its line is dead. */
  ended(): void;
}

/** What a party can do with its call; each does nothing once the call is over. */
export interface PartyLine {
  readonly callId: CallId;
  ring(): void;
  answer(): void;
  /** Ends a call that was not answered. */
  refuse(refusal: Refusal): void;
  /** Begins to send audio before it answers, as announcements do. */
  sendEarlyMedia(): void;
  key(digit: string): void;
  /** Puts the handset down. */
  hangUp(): void;
  /** Vanishes without a word: the exchange notices by the missing audio. */
  vanish(): void;
}

/** How a carrier refuses a call. */
export interface Refusal {
  readonly q850: number;
  readonly sipCode: number;
  readonly nativeCause: string;
}

/** What a party hears. */
export type Hearing =
  | { readonly kind: 'silence' }
  /** The other calls of its bridge, and supervisors who speak; for a supervisor: whom he follows and whoever that hears. */
  | { readonly kind: 'calls'; readonly callIds: readonly CallId[] }
  /** Holding music, and over it those supervisors who speak to it. */
  | { readonly kind: 'holding-audio'; readonly callIds: readonly CallId[] }
  /** What the service itself sends back to a tapped call. */
  | { readonly kind: 'process' }
  /** Nothing but this sound. */
  | { readonly kind: 'sound'; readonly sound: SoundName }
  /** This sound begins, over whatever else it hears; its end is not told. */
  | { readonly kind: 'whisper'; readonly sound: SoundName }
  /** These keys arrive, over whatever else it hears. */
  | { readonly kind: 'keys'; readonly digits: string };

/** The network behind the trunks: who is at which number. */
export interface PublicNetwork {
  partyAt(trunk: TrunkName, destination: string, callId: CallId): Party;
}
