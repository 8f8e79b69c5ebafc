import type { AsteriskProgram } from './find-asterisk.js';
import type { MediaAddress } from './live-media.js';
import type { PhoneAccount } from './pbx.js';

/** What a phone is doing. */
export type DeskPhoneState = 'unregistered' | 'registered' | 'calling' | 'in-call' | 'gone';

/** What a phone says while it is in a call. */
export type PhoneVoice =
  | { readonly kind: 'tone'; readonly frequencyHz: number }
  /** Speech of the clip library; phone banks only. */
  | { readonly kind: 'speech'; readonly speaker: number }
  /**
   * For measurements, phone banks only: microphone and earpiece are a UDP
   * socket of the caller, 20 ms RTP packets of µ-law each way.
   */
  | {
      readonly kind: 'live';
      /** Where what the phone hears is sent to. */
      readonly host: string;
      readonly port: number;
      /** Called at the start of each call, before the phone is `in-call`: where what the phone says is to be sent. */
      readonly onMedia: (address: MediaAddress) => void;
    };

/** A phone and what it says. */
export interface DeskPhoneSetup extends PhoneAccount {
  /** Default: a tone of its own. */
  readonly voice?: PhoneVoice;
}

/** A SIP desk phone in the hands of a test or the demo. */
export interface DeskPhone {
  readonly name: string;
  readonly state: DeskPhoneState;
  /** Dials; resolves when the far side has answered. @throws when it does not, or when the phone is not `registered`. */
  call(target: string): Promise<void>;
  /**
   * Dials on a second line while the first is in a call, which is held
   * meanwhile; resolves when the far side has ended it and the first goes on.
   * @throws when the first is free, and in a phone bank, whose phones have one line.
   */
  callOnSecondLine(target: string): Promise<void>;
  /** Presses keys in a call: digits, `*`, `#`. */
  keys(digits: string): Promise<void>;
  /** Ends the call, if there is one; resolves when it has ended. */
  hangUp(): Promise<void>;
  /** Resolves when the phone's call has ended, by whomever; at once when there is none. @throws after `waitMsMax`, default 30 s. */
  callEnded(waitMsMax?: number): Promise<void>;
  /** Registers; phones are registered when they are started. */
  register(): Promise<void>;
  unregister(): Promise<void>;
  /** The power goes: no BYE, no unregistration, no more audio. @throws in a phone bank, whose phones share one process. */
  drop(): Promise<void>;
  /** WAV files of what was heard, oldest call first; complete when the call has ended. Empty unless `recordsHeard`. */
  heardFiles(): readonly string[];
  /** Called on each change of state. The result takes the listener away again. */
  onState(listener: (state: DeskPhoneState) => void): () => void;
}

/** What `startDeskPhones` is told. */
export interface DeskPhonesOptions {
  readonly pbx: { readonly host: string; readonly port: number };
  readonly phones: readonly DeskPhoneSetup[];
  /** Everything of the phones lies in it; it is the caller's to remove. */
  readonly folder: string;
  /**
   * `baresip`: one process of the Debian package each, about 1.5 % of a core
   * in a call; a phone can lose its power. `bank`: all in one Asterisk, a
   * fraction of that. Default: baresip up to 4 phones, then a bank.
   */
  readonly kind?: 'baresip' | 'bank';
  /** Records what each phone hears. Default false. */
  readonly recordsHeard?: boolean;
  /** For a bank. Default: what `findAsterisk` finds. */
  readonly program?: AsteriskProgram;
}

/** Running phones. */
export interface DeskPhones {
  readonly kind: 'baresip' | 'bank';
  /** @throws RangeError when there is no phone of this name. */
  phone(name: string): DeskPhone;
  /** Ends them all; resolves when their processes are gone. */
  stop(): Promise<void>;
}
