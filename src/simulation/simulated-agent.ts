import type { AgentId, CallId, PhoneName, SoundName } from '../units/ids.js';
import type { Random } from '../units/random.js';
import type { Ms } from '../units/time.js';
import { assertNever } from '../units/assert-never.js';
import type { KeypadSounds } from '../dialer/config.js';
import type { CallPlan } from './contact-party.js';
import type { Hearing, Party, PartyLine } from './party.js';
import type { SimulatedPbx } from './simulated-pbx.js';
import type { Appointment, VirtualClock } from './virtual-clock.js';
import type { AgentBehaviour } from './world-config.js';

/** What an agent needs to know of the world. */
export interface AgentSurroundings {
  readonly agentId: AgentId;
  readonly phone: PhoneName;
  /** Right PIN, to be keyed. */
  readonly pin: string;
  readonly sounds: KeypadSounds;
  /** Digits that mean a disposition. */
  readonly dispositionDigits: readonly string[];
  readonly pauseDigits: readonly string[];
  readonly behaviour: AgentBehaviour;
  /** What a conversation with this call would be like; undefined: not a contact's. */
  planOf(callId: CallId): CallPlan | undefined;
}

/** From one key to the next. */
const KEY_GAP_MS: Ms = 180;
/** From hearing something to keying. */
const REACTION_MS: Ms = 600;
/** Keys that nothing answers are keyed again after so long. */
const KEYS_AGAIN_MS: Ms = 6_000;
/** A prompt that never comes is keyed into anyway. */
const PROMPT_PATIENCE_MS: Ms = 4_000;

/** A person at a desk phone, who knows of the system only what the phone lets hear. */
export class SimulatedAgent implements Party {
  readonly agentId: AgentId;
  readonly #around: AgentSurroundings;
  readonly #pbx: SimulatedPbx;
  readonly #clock: VirtualClock;
  readonly #random: Random;
  #line: PartyLine | undefined;
  #isShiftOver = false;
  #isPaused = false;
  /** What the agent means to do next on this line; the newest intention counts. */
  #intention: Appointment | undefined;
  /** Accidents to come on this line. */
  #accidents: Appointment[] = [];
  #isTalking = false;
  #hasTriedPin = false;

  constructor(around: AgentSurroundings, pbx: SimulatedPbx, clock: VirtualClock, random: Random) {
    this.agentId = around.agentId;
    this.#around = around;
    this.#pbx = pbx;
    this.#clock = clock;
    this.#random = random;
  }

  get isOnTheLine(): boolean {
    return this.#line !== undefined;
  }

  /** Comes to the desk after so long. */
  arriveIn(spanMs: Ms): void {
    this.#clock.after(spanMs, () => {
      this.#logIn();
    });
  }

  /** Finishes what is on and goes home. */
  goHome(): void {
    this.#isShiftOver = true;
    if (!this.#isTalking) this.#line?.hangUp();
  }

  reached(line: PartyLine): void {
    this.#line = line;
  }

  answered(): void {
    this.#hasTriedPin = false;
    this.#intend(PROMPT_PATIENCE_MS, () => {
      this.#keyPin(this.#around.pin);
    });
    this.#planAccidents();
  }

  hears(hearing: Hearing): void {
    switch (hearing.kind) {
      case 'calls':
        this.#talk(hearing.callIds);
        return;
      case 'silence':
      case 'holding-audio':
      case 'process':
        if (this.#isTalking) this.#stopTalking();
        return;
      case 'keys':
        return;
      case 'sound':
      case 'whisper':
        this.#cue(hearing.sound);
        return;
      default:
        assertNever(hearing);
    }
  }

  ended(): void {
    this.#line = undefined;
    this.#isTalking = false;
    this.#isPaused = false;
    this.#intention?.cancel();
    for (const accident of this.#accidents) accident.cancel();
    this.#accidents = [];
    if (!this.#isShiftOver) this.arriveIn(this.#random.exponential(this.#around.behaviour.returnMs));
  }

  #logIn(): void {
    if (this.#isShiftOver || this.#line !== undefined) return;
    this.#line = this.#pbx.dialFeature(this.#around.phone, 'log-in', this);
    if (this.#line === undefined) this.arriveIn(this.#around.behaviour.returnMs);
  }

  #cue(sound: SoundName): void {
    const { sounds, pin, behaviour } = this.#around;
    if (sound === sounds.enterPin) {
      const isSlip = !this.#hasTriedPin && this.#random.chance(behaviour.wrongPinRatio);
      this.#intend(REACTION_MS, () => {
        this.#keyPin(isSlip ? `${pin.slice(0, -1)}${pin.endsWith('0') ? '1' : '0'}` : pin);
      });
    } else if (sound === sounds.wrongPin) {
      this.#intend(REACTION_MS, () => {
        this.#keyPin(pin);
      });
    } else if (sound === sounds.loggedIn) {
      this.#intention?.cancel();
    } else if (sound === sounds.wrapUpTone) this.#wrapUp();
    else if (sound === sounds.paused) this.#startPause();
    else if (sound === sounds.resumed) this.#isPaused = false;
  }

  #talk(callIds: readonly CallId[]): void {
    const plan = callIds.map((callId) => this.#around.planOf(callId)).find((found) => found !== undefined);
    if (plan === undefined || this.#isTalking) return;
    this.#isTalking = true;
    // To a machine or into silence an agent talks for a few seconds only.
    const talkMs = plan.kind === 'person' ? plan.talkMs : 5_000;
    if (plan.kind !== 'person' || !plan.isContactFirst) {
      this.#intend(talkMs, () => {
        this.#endTalk();
      });
    } else this.#intention?.cancel();
  }

  /** Keys that bring nothing about, as while the service is away, are keyed again. */
  #endTalk(): void {
    this.#key('*3');
    this.#intend(KEYS_AGAIN_MS, () => {
      if (this.#isTalking) this.#endTalk();
    });
  }

  #stopTalking(): void {
    this.#isTalking = false;
    this.#intention?.cancel();
    if (this.#isShiftOver) this.#intend(REACTION_MS, () => this.#line?.hangUp());
  }

  #wrapUp(): void {
    const { behaviour, dispositionDigits, pauseDigits } = this.#around;
    const wantsPause = this.#random.chance(behaviour.pauseAfterCallRatio) && pauseDigits.length > 0;
    const isForgetful = this.#random.chance(behaviour.forgetsDispositionRatio) || dispositionDigits.length === 0;
    const keys = `${wantsPause ? `*1${this.#random.pick(pauseDigits)}` : ''}${isForgetful ? '' : this.#random.pick(dispositionDigits)}`;
    if (this.#isShiftOver) {
      this.#intend(REACTION_MS, () => this.#line?.hangUp());
      return;
    }
    if (keys !== '') {
      this.#intend(REACTION_MS + this.#random.exponential(behaviour.wrapUpMs), () => {
        this.#key(keys);
      });
    }
  }

  #startPause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#resumeIn(this.#random.exponential(this.#around.behaviour.pauseMs));
  }

  #resumeIn(spanMs: Ms): void {
    this.#accidents.push(
      this.#clock.after(spanMs, () => {
        if (!this.#isPaused) return;
        this.#key('*2');
        this.#resumeIn(KEYS_AGAIN_MS);
      }),
    );
  }

  #keyPin(pin: string): void {
    this.#hasTriedPin = true;
    this.#key(`${pin}#`);
  }

  #key(keys: string): void {
    const line = this.#line;
    [...keys].forEach((key, index) => {
      this.#clock.after(index * KEY_GAP_MS, () => line?.key(key));
    });
  }

  #intend(spanMs: Ms, run: () => void): void {
    this.#intention?.cancel();
    this.#intention = this.#clock.after(spanMs, run);
  }

  #planAccidents(): void {
    const { hangsUpEveryMs, vanishesEveryMs, unregistersEveryMs, featureCallEveryMs } = this.#around.behaviour;
    this.#accident(hangsUpEveryMs, () => this.#line?.hangUp());
    this.#accident(vanishesEveryMs, () => this.#line?.vanish());
    this.#accident(unregistersEveryMs, () => {
      this.#unregister();
    });
    this.#accident(featureCallEveryMs, () => {
      this.#callFeature();
    });
  }

  #accident(everyMs: Ms, run: () => void): void {
    if (everyMs > 0) this.#accidents.push(this.#clock.after(this.#random.exponential(everyMs), run));
  }

  #unregister(): void {
    const { phone, behaviour } = this.#around;
    this.#pbx.setRegistered(phone, false);
    this.#clock.after(this.#random.exponential(behaviour.returnMs), () => {
      this.#pbx.setRegistered(phone, true);
    });
  }

  /** Pause, and later resume or log out, by codes dialled on the phone's second line. */
  #callFeature(): void {
    const { phone, behaviour } = this.#around;
    this.#pbx.dialFeature(phone, 'pause', new FeatureCall());
    this.#accidents.push(
      this.#clock.after(this.#random.exponential(behaviour.pauseMs), () => {
        this.#pbx.dialFeature(phone, this.#random.chance(0.7) ? 'resume' : 'log-out', new FeatureCall());
      }),
    );
  }
}

/** A second line that waits for the prompt and for our hang-up. */
class FeatureCall implements Party {
  reached(): void {
    // The code was all there was to say.
  }

  answered(): void {
    // The prompt follows.
  }

  hears(): void {
    // The prompt tells nothing the agent does not know.
  }

  ended(): void {
    // The phone's second line is free again.
  }
}
