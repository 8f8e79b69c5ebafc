import { Random } from '../../units/random.js';
import { BEEP_FREQUENCIES_HZ, GREETING_TEXTS, HELLO_TEXTS } from './speech-clips.js';

/** What answers, or does not, at a number of the public network. */
export type NumberKind =
  | 'person'
  | 'voicemail'
  | 'busy'
  | 'no-answer'
  | 'unallocated'
  | 'congestion'
  | 'sit-early'
  | 'sit-answered'
  | 'silence'
  | 'fax'
  | 'early-hang-up';

/** What the network plays at one number: the truth that verdicts are held against. */
export interface NumberTruth {
  readonly number: string;
  readonly kind: NumberKind;
  /** Ringing before the answer or the refusal. */
  readonly ringMs: number;
  /** From the answer to the first sound. */
  readonly firstSoundMs: number;
  /** Which speaker of the clip library. */
  readonly speaker: number;
  /** Which hello or greeting. */
  readonly clip: number;
  readonly text: string;
  /** How long a person waits for the other side between two turns. */
  readonly listenMs: number;
  /** From the answer until the far side hangs up by itself. */
  readonly hangsUpAfterMs: number;
  /** From the answer until a person presses 9; undefined for most. */
  readonly pressesNineAfterMs?: number;
}

/** How likely each kind is; the numbers need not add up to 1. */
export type NumberShares = Readonly<Record<NumberKind, number>>;

/**
 * Chosen: a consumer list dialled in the daytime, with every kind present in a
 * few hundred numbers.
 */
export const DEFAULT_SHARES: NumberShares = {
  'person': 0.42,
  'voicemail': 0.27,
  'busy': 0.06,
  'no-answer': 0.11,
  'unallocated': 0.04,
  'congestion': 0.02,
  'sit-early': 0.01,
  'sit-answered': 0.02,
  'silence': 0.01,
  'fax': 0.01,
  'early-hang-up': 0.03,
};

/** What a plan is drawn from. */
export interface NumberPlanOptions {
  readonly seed: number;
  readonly numbers: readonly string[];
  readonly shares?: NumberShares;
  /** Multiplies ringing, talk and patience, never speech: 1 is life, 0.2 a quick demo. Default 1. */
  readonly timeScaleRatio?: number;
  /** Mean talk of a person, before scaling. Default 45 s. */
  readonly talkMsMean?: number;
  readonly speakerCount: number;
}

const TALK_MS_MEAN = 45_000;
const TALK_MS_MIN = 6_000;
/** Chosen: one person in 40 presses 9 while he listens. */
const PRESSES_NINE_RATIO = 0.025;

/**
 * Says for each number who is there. A number's fate hangs on the seed and the
 * number alone, so a longer list leaves the others as they were.
 */
export function planNumbers(options: NumberPlanOptions): ReadonlyMap<string, NumberTruth> {
  const shares = Object.entries(options.shares ?? DEFAULT_SHARES) as [NumberKind, number][];
  return new Map(options.numbers.map((number) => {
    const random = new Random(options.seed ^ hashOf(number));
    return [number, drawTruth(number, drawKind(shares, random), random, options)];
  }));
}

function drawKind(shares: readonly [NumberKind, number][], random: Random): NumberKind {
  let left = random.unit() * shares.reduce((sum, [, share]) => sum + share, 0);
  for (const [kind, share] of shares) {
    left -= share;
    if (left < 0) return kind;
  }
  throw new RangeError('At least one kind needs a share above 0.');
}

function drawTruth(number: string, kind: NumberKind, random: Random, options: NumberPlanOptions): NumberTruth {
  const scaleRatio = options.timeScaleRatio ?? 1;
  const isMachine = kind === 'voicemail' || kind === 'fax';
  // Voicemail takes over after four to six rings, people sooner, refusals at once.
  const ringMs = isMachine ? random.between(12_000, 22_000) : random.between(1_000, 12_000);
  const isRefused = kind === 'busy' || kind === 'unallocated' || kind === 'congestion' || kind === 'sit-early';
  const clip = kind === 'voicemail' ? random.uint32() % GREETING_TEXTS.length : drawHello(random);
  const talkMs = Math.max(TALK_MS_MIN, random.logNormal(options.talkMsMean ?? TALK_MS_MEAN, 0.6) * scaleRatio);
  const truth: NumberTruth = {
    number, kind, clip,
    ringMs: isRefused ? random.between(0, 300) : ringMs * scaleRatio,
    firstSoundMs: random.between(100, kind === 'voicemail' ? 1_200 : 700),
    speaker: random.uint32() % options.speakerCount,
    text: (kind === 'voicemail' ? GREETING_TEXTS[clip] : HELLO_TEXTS[clip]) ?? '',
    listenMs: random.between(1_500, 4_000),
    hangsUpAfterMs: kind === 'early-hang-up' ? random.between(300, 1_800) : talkMs,
  };
  return kind === 'person' && random.chance(PRESSES_NINE_RATIO)
    ? { ...truth, pressesNineAfterMs: random.between(5_000, 8_000) }
    : truth;
}

/** Most people just say hello. */
function drawHello(random: Random): number {
  const drawn = random.unit();
  return drawn < 0.55 ? 0 : drawn < 0.75 ? 1 : drawn < 0.92 ? 2 : HELLO_TEXTS.length - 1;
}

/** Which beep a voicemail at this number has. */
export function beepOf(truth: NumberTruth): number {
  return hashOf(truth.number) % BEEP_FREQUENCIES_HZ.length;
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}
