/**
 * Power spectrum of real samples: a radix-2 transform of half the size on
 * even/odd pairs, then the usual split (Press et al., Numerical Recipes
 * 12.3). Written for the hot path: all memory is taken at construction, and
 * the tables of a size are shared by all instances.
 */
interface Tables {
  readonly bitReversed: Uint16Array;
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
}

const tablesBySize = new Map<number, Tables>();

const tablesFor = (size: number): Tables => {
  const known = tablesBySize.get(size);
  if (known !== undefined) return known;
  const half = size / 2;
  const bits = Math.log2(half);
  const bitReversed = Uint16Array.from({ length: half }, (_, index) => {
    let reversed = 0;
    for (let bit = 0; bit < bits; bit++) reversed |= ((index >> bit) & 1) << (bits - 1 - bit);
    return reversed;
  });
  const angle = (index: number): number => (2 * Math.PI * index) / size;
  const made: Tables = {
    bitReversed,
    cosine: Float64Array.from({ length: half }, (_, index) => Math.cos(angle(index))),
    sine: Float64Array.from({ length: half }, (_, index) => -Math.sin(angle(index))),
  };
  tablesBySize.set(size, made);
  return made;
};

/** A transform of one size with its own working memory; not to be shared between threads. */
export class PowerSpectrum {
  readonly #tables: Tables;
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  /** Squared magnitudes of the bins 0 .. size/2, as left by the last {@link transform}. */
  readonly bins: Float64Array;

  /**
   * @param size samples taken at a time: a power of two, 4 .. 65536. @throws
   * RangeError otherwise.
   */
  constructor(readonly size: number) {
    if (size < 4 || size > 65536 || (size & (size - 1)) !== 0) {
      throw new RangeError(`A spectrum needs a power of two between 4 and 65536, not ${size}.`);
    }
    this.#tables = tablesFor(size);
    this.#re = new Float64Array(size / 2);
    this.#im = new Float64Array(size / 2);
    this.bins = new Float64Array(size / 2 + 1);
  }

  /**
   * Fills {@link bins} from `samples[start .. start + length)` weighted by
   * `window`; what is missing up to the transform's size counts as zero.
   */
  transform(samples: Float64Array, start: number, window: Float64Array): void {
    this.#load(samples, start, window);
    this.#butterflies();
    this.#split();
  }

  #load(samples: Float64Array, start: number, window: Float64Array): void {
    const { bitReversed } = this.#tables;
    const length = window.length;
    for (let i = 0; i < bitReversed.length; i++) {
      const even = 2 * i;
      const at = bitReversed[i]!;
      this.#re[at] = even < length ? samples[start + even]! * window[even]! : 0;
      this.#im[at] = even + 1 < length ? samples[start + even + 1]! * window[even + 1]! : 0;
    }
  }

  #butterflies(): void {
    const { cosine, sine } = this.#tables;
    const re = this.#re;
    const im = this.#im;
    const count = re.length;
    for (let span = 1; span < count; span *= 2) {
      const stride = count / span;
      for (let offset = 0; offset < span; offset++) {
        const wr = cosine[offset * stride]!;
        const wi = sine[offset * stride]!;
        for (let low = offset; low < count; low += 2 * span) {
          const high = low + span;
          const tr = wr * re[high]! - wi * im[high]!;
          const ti = wr * im[high]! + wi * re[high]!;
          re[high] = re[low]! - tr;
          im[high] = im[low]! - ti;
          re[low] = re[low]! + tr;
          im[low] = im[low]! + ti;
        }
      }
    }
  }

  #split(): void {
    const { cosine, sine } = this.#tables;
    const re = this.#re;
    const im = this.#im;
    const count = re.length;
    const sum = re[0]! + im[0]!;
    const difference = re[0]! - im[0]!;
    this.bins[0] = sum * sum;
    this.bins[count] = difference * difference;
    for (let k = 1; k < count; k++) {
      const m = count - k;
      const evenRe = (re[k]! + re[m]!) / 2;
      const evenIm = (im[k]! - im[m]!) / 2;
      const oddRe = (im[k]! + im[m]!) / 2;
      const oddIm = (re[m]! - re[k]!) / 2;
      const binRe = evenRe + cosine[k]! * oddRe - sine[k]! * oddIm;
      const binIm = evenIm + cosine[k]! * oddIm + sine[k]! * oddRe;
      this.bins[k] = binRe * binRe + binIm * binIm;
    }
  }
}

/**
 * A Hann window of so many samples: side lobes fall fast, a tone's lobe is four
 * bins of its length wide.
 */
export const hannWindow = (length: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / length));
