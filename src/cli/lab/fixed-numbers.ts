/**
 * Numbers of the lab's public network that always behave the same, for tests
 * and measurements: +44 20 7946 0, which is kept for fiction, then one digit
 * for the kind and two for a time in seconds.
 */
const PREFIX = '+442079460';

const timed = (kind: number) => (seconds: number): string => {
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 99) throw new RangeError('Whole seconds from 0 to 99.');
  return `${PREFIX}${kind}${String(seconds).padStart(2, '0')}`;
};
const tenth = (kind: string) => (seconds: number): string => {
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 9) throw new RangeError('Whole seconds from 0 to 9.');
  return `${PREFIX}${kind}${seconds}`;
};

/**
 * Tones of the numbers `toneAndRecordAt`, by index. Chosen: whole tens, so that
 * a tenth of a second tells them apart without a rest, none a multiple of
 * another nor near the 1000 Hz of `tone`, the phones' tones and the beeps.
 */
export const RECORDER_TONES_HZ = [730, 1130, 1490, 2110] as const;

/** The keys that `readsKeys` waits for. Chosen: a digit, both rarer kinds of key, none twice. */
export const KEYS_TO_READ = '7*0D';

/** The Stasis application of the network in which a caller of its ARI speaks and hears for a far side. */
export const LIVE_APP = 'live';

/** Each member gives a number to dial. */
export const FIXED_NUMBERS = {
  /** Answers at once, plays 1000 Hz for so many seconds (0: until hung up), then hangs up. */
  tone: timed(0),
  /** Rings so many seconds, then a person says hello and talks in turns until hung up. */
  person: timed(1),
  /** Rings so many seconds, then 486. */
  busy: timed(2),
  /** Rings for ever. */
  noAnswer: `${PREFIX}300`,
  /** 404 after so many seconds. */
  unallocated: timed(4),
  /** 503 after so many seconds. */
  congestion: timed(5),
  /** Vacant-code tones and announcement as early media, then 404. */
  sitEarly: `${PREFIX}600`,
  /** Vacant-code tones as early media, twice (3 s), then 404. */
  toneEarly: `${PREFIX}602`,
  /** 1000 Hz as early media for 1.5 s, then answers and goes on with the tone until hung up. */
  toneEarlyThenAnswer: `${PREFIX}603`,
  /** Answers, then intercept tones and announcement, then hangs up. */
  sitAnswered: `${PREFIX}601`,
  /** Rings so many seconds, then a voicemail: greeting, beep, records 20 s, hangs up. */
  voicemail: timed(7),
  /** Answers at once and is silent for so many seconds (0: until hung up). */
  silence: timed(8),
  /** Answers like a fax. */
  fax: `${PREFIX}900`,
  /** A person who hangs up 0.4 s after the answer. */
  earlyHangUp: `${PREFIX}901`,
  /** A voicemail whose line drops 2 s into its greeting. */
  hangUpInGreeting: `${PREFIX}902`,
  /** Refused: 403, Q.850 cause 21. */
  declined: `${PREFIX}903`,
  /** Answers and sends back what it hears. */
  echo: `${PREFIX}904`,
  /** Like `tone(0)`, and what it hears is recorded to `heardFolder`. */
  toneAndRecord: `${PREFIX}905`,
  /** Answers at once, reads four keys, hangs up when they are `KEYS_TO_READ` and else stays in silence. */
  readsKeys: `${PREFIX}907`,
  /** Answers at once and keys 1 2 3 #, 200 ms from key to key, a second later; then stays in silence. */
  pressesKeys: `${PREFIX}906`,
  /** Answers at once with the tone `RECORDER_TONES_HZ[index]` until hung up; what it hears is recorded to `heardFolder`, in step with the clock. */
  toneAndRecordAt: (index: number): string => {
    if (RECORDER_TONES_HZ[index] === undefined) throw new RangeError(`Whole numbers from 0 to ${RECORDER_TONES_HZ.length - 1}.`);
    return `${PREFIX}99${index}`;
  },
  /** A person who says hello and presses 9 so many seconds (0..9) later. */
  pressesNine: tenth('91'),
  /** A person who says hello at once and hangs up so many seconds (0..9) after the answer. */
  hangsUpAfter: tenth('92'),
  /**
   * Fifty people (0..49) who say hello at once and are then held by the Stasis
   * application `LIVE_APP` of the network, its argument the number dialled; they hang up where none is registered.
   */
  helloThenLive: (index: number): string => {
    if (!Number.isInteger(index) || index < 0 || index > 49) throw new RangeError('Whole numbers from 0 to 49.');
    return `${PREFIX}9${40 + index}`;
  },
} as const;
