/**
 * Seeded pseudo-random numbers (xoshiro128**, Blackman & Vigna 2018), so that
 * a simulation, a demo or a failing test is repeated exactly from its seed.
 * Not for secrets.
 */
export class Random {
  #s0: number;
  #s1: number;
  #s2: number;
  #s3: number;

  /** @param seed any 32-bit integer; equal seeds give equal sequences. */
  constructor(seed: number) {
    // splitmix32 spreads a small seed over the whole state.
    let z = seed | 0;
    const next = (): number => {
      z = (z + 0x9e3779b9) | 0;
      let t = z ^ (z >>> 16);
      t = Math.imul(t, 0x21f0aaad);
      t ^= t >>> 15;
      t = Math.imul(t, 0x735a2d97);
      return t ^ (t >>> 15);
    };
    this.#s0 = next();
    this.#s1 = next();
    this.#s2 = next();
    this.#s3 = next();
  }

  /** An integer in 0 .. 2^32 - 1. */
  uint32(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.#s1, 5), 7), 9) >>> 0;
    const t = this.#s1 << 9;
    this.#s2 ^= this.#s0;
    this.#s3 ^= this.#s1;
    this.#s1 ^= this.#s2;
    this.#s0 ^= this.#s3;
    this.#s2 ^= t;
    this.#s3 = rotateLeft(this.#s3, 11);
    return result;
  }

  /** A real number in 0 (inclusive) .. 1 (exclusive). */
  unit(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** A real number in `from` (inclusive) .. `to` (exclusive). */
  between(from: number, to: number): number {
    return from + (to - from) * this.unit();
  }

  /** True with the given probability, 0..1. */
  chance(probabilityRatio: number): boolean {
    return this.unit() < probabilityRatio;
  }

  /** One of the items, each equally likely. @throws RangeError on an empty list. */
  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.unit() * items.length)];
    if (item === undefined) throw new RangeError('Random.pick needs at least one item.');
    return item;
  }

  /** A standard normal number (Box-Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.unit()));
    return radius * Math.cos(2 * Math.PI * this.unit());
  }

  /** A log-normal number with this mean and coefficient of variation. */
  logNormal(mean: number, variationRatio: number): number {
    const sigma2 = Math.log(1 + variationRatio * variationRatio);
    return Math.exp(Math.log(mean) - sigma2 / 2 + Math.sqrt(sigma2) * this.normal());
  }

  /** An exponential number with this mean. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  /** A new, independent stream; the world gives each person and carrier one of its own. */
  fork(): Random {
    return new Random(this.uint32());
  }
}

const rotateLeft = (value: number, bits: number): number =>
  (value << bits) | (value >>> (32 - bits));
