import type { Ms } from '../../../../src/units/time.js';
import type { Leg } from '../legs/leg.js';
import { receiveKey } from '../legs/leg-keys.js';
import { hangUpLeg } from '../legs/leg-life.js';
import type { CarrierScript } from './carrier-scripts.js';
import type { FarEnd } from './far-end.js';

/** How long each key is held. */
const KEY_MS: Ms = 100;

/** What a far end can do to a call that is being set up. */
export interface CallProgress {
  ring(): void;
  earlyMedia(): void;
  answer(): void;
  refuse(sipCode: number, reasonQ850: number | undefined): void;
}

/** A called party that follows its script. */
export class CarrierLine implements FarEnd {
  readonly #leg: Leg;
  readonly #script: CarrierScript;
  #isOver = false;
  #answeredMs: Ms | undefined;
  #heard = '';

  constructor(leg: Leg, script: CarrierScript, progress: CallProgress) {
    this.#leg = leg;
    this.#script = script;
    const { ringsAfterMs, earlyMediaAfterMs, answersAfterMs, refusal } = script;
    this.#at(ringsAfterMs, () => {
      progress.ring();
    });
    this.#at(earlyMediaAfterMs, () => {
      progress.earlyMedia();
    });
    this.#at(answersAfterMs, () => {
      this.#answeredMs = leg.core.clock.nowMs;
      progress.answer();
      this.#afterAnswer();
    });
    this.#at(refusal?.afterMs, () => {
      if (refusal !== undefined) progress.refuse(refusal.sipCode, refusal.reasonQ850);
    });
  }

  get isTalking(): boolean {
    return this.#script.isTalking ?? true;
  }

  get beepInMs(): Ms | undefined {
    const { beepsAfterMs } = this.#script;
    if (beepsAfterMs === undefined || this.#answeredMs === undefined) return undefined;
    const inMs = this.#answeredMs + beepsAfterMs - this.#leg.core.clock.nowMs;
    return inMs < 0 ? undefined : inMs;
  }

  heardKeys(keys: string): void {
    this.#heard += keys;
    const { hangsUpOnKeys } = this.#script;
    if (hangsUpOnKeys === undefined || !this.#heard.endsWith(hangsUpOnKeys)) return;
    this.#at(100, () => {
      hangUpLeg(this.#leg, 'NORMAL_CLEARING', 'far-end');
    });
  }

  ended(): void {
    this.#isOver = true;
  }

  #afterAnswer(): void {
    const { hangsUpAfterMs, keys } = this.#script;
    this.#at(hangsUpAfterMs, () => {
      hangUpLeg(this.#leg, 'NORMAL_CLEARING', 'far-end');
    });
    [...(keys?.digits ?? '')].forEach((key, index) => {
      this.#at((keys?.afterMs ?? 0) + index * (keys?.everyMs ?? 0) + KEY_MS, () => {
        receiveKey(this.#leg, key, KEY_MS, 'RTP');
      });
    });
  }

  #at(spanMs: Ms | undefined, run: () => void): void {
    if (spanMs === undefined) return;
    this.#leg.core.after(spanMs, () => {
      if (!this.#isOver) run();
    });
  }
}
