import type { CallId, PhoneName, SoundName, TrunkName } from '../../src/units/ids.js';
import type { Ms } from '../../src/units/time.js';
import type { Switch, SwitchEvent } from '../../src/telephony/switch.js';

/**
 * What a backend must bring so that the one suite in switch-suite.ts can be
 * run on it: a switch to talk to, a small public network behind it whose
 * numbers always behave the same, a desk phone, and hands on the connection.
 * The suite puts a GuardedSwitch around the backend itself, as the service does.
 */
export interface SwitchHarness {
  /** Its name in SWITCHES, e.g. `simulated`, `asterisk-22`. */
  readonly backend: string;
  /** Brings up what all checks share (PBX, carrier, phone). Called once. */
  begin(): Promise<void>;
  /** Which switch it is, as it says itself, once it has begun. */
  description(): string;
  /**
   * A fresh bench: nothing of ours alive on the switch, the phone registered
   * and idle, every trunk but `downTrunk` reachable.
   */
  openBench(): Promise<SwitchBench>;
  /** Takes down what `begin` brought up. Called once. */
  end(): Promise<void>;
}

/** What one check has in its hands. */
export interface SwitchBench {
  /** A new backend for this bench's switch, not started; the second call gives a second connection for restart checks. */
  createSwitch(): Switch;
  /** As `createSwitch`, of a site that gave it no place for call audio and no recordings folder. */
  createBareSwitch(): Switch;
  /** For the GuardedSwitch: virtual time defers on its clock; absent: queueMicrotask. */
  readonly defer?: (run: () => void) => void;
  readonly destinations: Readonly<Record<TestDestination, string>>;
  /** Leads to the network of `destinations`. */
  readonly trunk: TrunkName;
  /** Configured, but its peer does not answer. */
  readonly downTrunk: TrunkName;
  readonly sounds: {
    /** 0.3 to 2 s long. */
    readonly short: SoundName;
    /** 5 s and longer. */
    readonly long: SoundName;
  };
  readonly phone: TestPhone;
  /**
   * Waits until `find` gives something; it is asked at once and again whenever
   * events came or time moved on.
   * @throws Error naming `what` after `withinMs` (default: the harness's own, ample for the backend).
   */
  until<T>(what: string, find: () => T | undefined, withinMs?: Ms): Promise<T>;
  /** Lets so much time pass: for checks that something does *not* happen. */
  pass(spanMs: Ms): Promise<void>;
  /** Takes or gives back reachability of `trunk`'s peer; absent where the harness cannot. */
  setTrunkReachable?(isReachable: boolean): Promise<void>;
  /** Cuts every connection between backend and switch; calls on the switch go on. */
  cut(): Promise<void>;
  /** Lets the backend connect again. */
  restore(): Promise<void>;
  /** Ends the switch itself, with every call on it, and starts it again. */
  restartSwitch(): Promise<void>;
  /** Bytes of a finished recording by the path given to `start-recording`; undefined when there is no such file. */
  readRecording(path: string): Promise<Uint8Array | undefined>;
  /** Present where what parties hear can be told: checks by ear. */
  readonly ears?: TestEars;
  /** Ends what is still alive on the switch and closes connections that the check left open. */
  close(): Promise<void>;
}

/** Numbers of the test network; each always behaves the same. */
export type TestDestination =
  /** Answers within 200 ms, then says something for ever. */
  | 'answers-at-once'
  /** 180 Ringing, then answers 1 to 2 s later, then says something for ever. */
  | 'answers-after-ring'
  /** SIP 486, Q.850 17. */
  | 'busy'
  /** Rings for ever. */
  | 'no-answer'
  /** SIP 404, Q.850 1. */
  | 'unallocated'
  /** SIP 503, Q.850 34 (or 42). */
  | 'congestion'
  /** Answers at once and hangs up 1 to 2 s later, Q.850 16. */
  | 'hangs-up-early'
  /** Answers at once; 1 s later keys 1 2 3 # with at least 150 ms from key to key; then stays. */
  | 'presses-digits'
  /** Answers at once, takes four keys, and hangs up with Q.850 16 when they are `KEYS_TO_READ`; else stays. */
  | 'reads-keys'
  /** Early media at once (183 with tones, 2 to 5 s of them), then SIP 404, Q.850 1. */
  | 'early-media'
  /** Early media at once, 1 to 2 s of it, then answers and says something for ever. */
  | 'early-then-answers';

/**
 * What a party heard. `tone-0`, `tone-1`, `tone-2`: the number of `ears.numbers`
 * at that index speaks; `short-sound`: `sounds.short` of the bench;
 * `process`: what `ears.process` says; `music`: holding music, or anything
 * loud that is none of the others.
 */
export type HeardSound = 'tone-0' | 'tone-1' | 'tone-2' | 'short-sound' | 'process' | 'music';

/** What was heard from one instant to another. */
export interface HeardSpan {
  /** Heard for a tenth of a second or more of it, music for three. */
  readonly sometime: ReadonlySet<HeardSound>;
  /** Heard in most of it. */
  readonly throughout: ReadonlySet<HeardSound>;
}

/** A call to a number of `ears.numbers`, with the instants by `ears.nowMs()` at which its answer and its end were told. */
export interface EarCall {
  readonly callId: CallId;
  /** Index into `ears.numbers`. */
  readonly numberIndex: number;
  readonly answeredAtMs: Ms;
  readonly endedAtMs: Ms;
}

/** What parties say and hear, however the harness finds it out. */
export interface TestEars {
  /**
   * Three numbers that answer at once, say a tone of their own for ever and
   * remember what they hear. At most one call to each at a time.
   */
  readonly numbers: readonly [string, string, string];
  /** The instant now, on the clock of all instants here. */
  nowMs(): Ms;
  /** What the party of a call that has ended heard between two instants within it. */
  heard(call: EarCall, fromMs: Ms, untilMs: Ms): Promise<HeardSpan>;
  /** What the two channels of a finished recording hold: what was said (left) and heard (right); absent where recordings hold no true audio. */
  recorded?(path: string): Promise<{ readonly left: HeardSpan; readonly right: HeardSpan }>;
  /** The place that tapped audio goes to; absent where none comes into the process. */
  readonly process?: {
    /** What came in of a tapped call between two instants. */
    heard(call: CallId, fromMs: Ms, untilMs: Ms): Promise<HeardSpan>;
    /** Sends a tone back to a tapped call, paced, until `hush` or until its tap is gone. */
    speak(call: CallId): void;
    hush(call: CallId): void;
  };
}

/** A desk phone of the switch. */
export interface TestPhone {
  readonly name: PhoneName;
  /** Calls a feature: `log-in`, `log-out`, `pause`, `resume`. Resolves when the call is on its way. */
  dialFeature(feature: string): Promise<void>;
  /** Keys these digits in the call it is in, one after the other. */
  press(digits: string): Promise<void>;
  /** Puts the handset down: an orderly BYE or CANCEL. */
  hangUp(): Promise<void>;
  /** Vanishes in the middle of a call with no BYE; absent where the harness cannot. Afterwards the phone is idle again. */
  dropLine?(): Promise<void>;
  unregister(): Promise<void>;
  register(): Promise<void>;
}

/** One property that every backend must have, by name. */
export interface SwitchCheck {
  readonly name: string;
  /** Why this backend cannot be asked, from its capabilities and the harness's powers; undefined: run it. */
  skip?(bench: SwitchBench, backend: Switch): string | undefined;
  /** Rejects with a sentence when the backend lacks the property. */
  run(line: CheckLine): Promise<void>;
}

/** A bench whose switch is started and watched. */
export interface CheckLine {
  readonly bench: SwitchBench;
  /** Guarded and started; its first snapshot has come. */
  readonly switch: Switch;
  /** Everything the switch has said since the start, the first snapshot included. */
  readonly events: readonly SwitchEvent[];
  /** What the guard had to correct; a sound backend leaves it empty. */
  readonly faults: readonly string[];
}
