import { dbfsToPower } from '../audio/level.js';

/** Frames in one block of the minimum search: 200 ms. */
const BLOCK_FRAMES = 10;
/**
 * Blocks searched: 2 s, longer than anyone speaks without a dip between words.
 * Chosen after minimum statistics (R. Martin, 2001), which search 1.5 s.
 */
const BLOCK_COUNT = 10;
/**
 * The minimum of smoothed noise lies under its mean; Martin's correction, 2 dB at
 * this smoothing.
 */
const MINIMUM_BIAS = dbfsToPower(2);
/** Comfort noise of a digital line lies here or higher; the floor never sinks under it. */
const FLOOR_MIN_POWER = dbfsToPower(-66);
/**
 * Before half a second is heard the minimum may still be speech, so the floor
 * is held to this. Chosen: noise that stands louder is rare and not voiced.
 */
const EARLY_FLOOR_MAX_POWER = dbfsToPower(-50);
const EARLY_FRAMES = 25;
/** Frames under this are not line noise but missing packets or silence that is not sent. */
const DIGITAL_SILENCE_POWER = dbfsToPower(-75);
/**
 * From the fourth on, 80 ms, they are no lost packets: where pauses are not sent,
 * speech stands over nothing.
 */
const LOST_FRAMES_MAX = 3;
/** Weight of the newest frame in the smoothing. */
const SMOOTHING = 0.4;

/**
 * The power of the background, learnt while people talk: the least smoothed
 * power of the last two seconds. A few missing packets are not background and
 * leave it as it is; longer digital silence (a clean line, or DTX) is.
 */
export class NoiseFloor {
  readonly #blockMinima = new Float64Array(BLOCK_COUNT).fill(Infinity);
  #blockIndex = 0;
  #framesInBlock = 0;
  #framesHeard = 0;
  #silentFrames = 0;
  #smoothed = -1;

  /** Background power in the telephone band, relative to full scale. */
  power = FLOOR_MIN_POWER;

  /** Takes a frame's band power. */
  step(bandPower: number): void {
    this.#silentFrames = bandPower < DIGITAL_SILENCE_POWER ? this.#silentFrames + 1 : 0;
    if (this.#silentFrames > 0 && this.#silentFrames <= LOST_FRAMES_MAX) return;
    this.#framesHeard++;
    this.#smoothed =
      this.#smoothed < 0 ? bandPower : this.#smoothed + SMOOTHING * (bandPower - this.#smoothed);
    if (this.#smoothed < this.#blockMinima[this.#blockIndex]!) {
      this.#blockMinima[this.#blockIndex] = this.#smoothed;
    }
    if (++this.#framesInBlock === BLOCK_FRAMES) this.#openBlock();
    this.power = this.#floor();
  }

  #openBlock(): void {
    this.#framesInBlock = 0;
    this.#blockIndex = (this.#blockIndex + 1) % BLOCK_COUNT;
    this.#blockMinima[this.#blockIndex] = this.#smoothed;
  }

  #floor(): number {
    let least = Infinity;
    for (let i = 0; i < BLOCK_COUNT; i++) least = Math.min(least, this.#blockMinima[i]!);
    const floor = Math.max(FLOOR_MIN_POWER, least * MINIMUM_BIAS);
    return this.#framesHeard < EARLY_FRAMES ? Math.min(floor, EARLY_FLOOR_MAX_POWER) : floor;
  }
}
