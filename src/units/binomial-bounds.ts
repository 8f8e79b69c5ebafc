/** Between which ratios the truth lies. */
export interface BinomialBounds {
  /** 0..1 */
  readonly low: number;
  /** 0..1 */
  readonly high: number;
}

/**
 * The exact bounds of a ratio of which `successCount` of `trialCount` were seen
 * (C. Clopper and E. Pearson, 1934). Each bound by itself holds with the
 * confidence: 0 of 600 at 0.95 is at most 0.498 %, which the "rule of three"
 * rounds to 3 in 600. For an interval that holds on both sides at once with
 * 0.95, ask for 0.975.
 * @param successCount 0 to `trialCount`, whole.
 * @param trialCount 0 and more; with 0 nothing is known, and the bounds are 0 and 1.
 * @param confidence over 0 and under 1.
 * @throws RangeError on anything else.
 */
export function clopperPearson(successCount: number, trialCount: number, confidence: number): BinomialBounds {
  const isCount = Number.isInteger(successCount) && Number.isInteger(trialCount) && successCount >= 0 && successCount <= trialCount;
  if (!isCount) throw new RangeError(`${successCount} of ${trialCount} is no count of successes.`);
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies between 0 and 1; ${confidence} does not.`);
  const tail = 1 - confidence;
  const failCount = trialCount - successCount;
  return {
    low: successCount === 0 ? 0 : rising((ratio) => incompleteBeta(ratio, successCount, failCount + 1), tail),
    high: failCount === 0 ? 1 : rising((ratio) => incompleteBeta(ratio, successCount + 1, failCount), confidence),
  };
}

/**
 * The least number of trials in which `successCount` seen leaves no doubt, by
 * {@link clopperPearson}, that the ratio is at most `ratio`: 598 for none and
 * 0.5 % at 0.95.
 * @param ratio over 0 and under 1. @throws RangeError when it is not.
 */
export function trialsToClaim(ratio: number, successCount: number, confidence: number): number {
  if (!(ratio > 0 && ratio < 1)) throw new RangeError(`A ratio to claim lies between 0 and 1; ${ratio} does not.`);
  const isEnough = (trialCount: number): boolean => clopperPearson(successCount, trialCount, confidence).high <= ratio;
  let enough = successCount + 1;
  while (!isEnough(enough)) enough *= 2;
  let tooFew = Math.floor(enough / 2);
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2);
    if (isEnough(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

/** Where a function that rises from 0 to 1 over 0..1 takes the value; halved until no number lies between. */
function rising(of: (ratio: number) => number, value: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (of(middle) < value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The regularised incomplete beta function I_x(a, b): the chance of at least
 * `a` successes in a + b - 1 trials of ratio `x`. By its continued fraction
 * (DLMF 8.17.22), which converges quickly below the mean, and by its mirror
 * image above.
 */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  return front / continuedFraction(x, a, b);
}

const TERM_COUNT_MAX = 100_000;
const TINY = 1e-300;

/** Lentz's method, modified by Thompson and Barnett (1986): no term may become 0. */
function continuedFraction(x: number, a: number, b: number): number {
  let value = 1;
  let upper = 1;
  let lower = 0;
  for (let index = 1; index <= TERM_COUNT_MAX; index++) {
    const term = coefficient(index, x, a, b);
    lower = 1 / nonZero(1 + term * lower);
    upper = nonZero(1 + term / upper);
    const step = upper * lower;
    value *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return value;
}

const nonZero = (value: number): number => (Math.abs(value) < TINY ? TINY : value);

function coefficient(index: number, x: number, a: number, b: number): number {
  const m = (index + 1) >> 1;
  if (index % 2 === 1) return (-(a + m - 1) * (a + b + m - 1) * x) / ((a + 2 * m - 2) * (a + 2 * m - 1));
  return (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
}

/** Stirling's series (DLMF 5.11.1), raised to where it is exact to a double's last digits. */
function logGamma(z: number): number {
  let shift = 0;
  let at = z;
  for (; at < 15; at++) shift -= Math.log(at);
  const square = 1 / (at * at);
  const series = (1 / at) * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))));
  return shift + (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series;
}
