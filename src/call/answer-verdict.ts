/**
 * Who or what answered a call. `unsure` is treated as a person everywhere: a
 * person called a machine is a silent call.
 */
export const ANSWER_VERDICTS = [
  /** Someone who can be talked to. */
  'person',
  /** A voicemail or answering machine: it takes a message. */
  'machine',
  /** An assistant that asks who is calling and why, for a person who may yet come. */
  'screening',
  /** A spoken menu, "for sales press one". */
  'menu',
  /** A fax, modem or another lasting tone that is none of the network's. */
  'fax',
  /** Special information tones (SIT): the carrier says why the call does not go through. */
  'intercept',
  /** Busy, reorder or dial tone after the answer. */
  'busy',
  /** It still rings although the network said "answered": false answer supervision. */
  'ringing',
  /** Answered, and nobody speaks. */
  'silence',
  /** Not known in time. */
  'unsure',
] as const;

/** One of {@link ANSWER_VERDICTS}. */
export type AnswerVerdict = (typeof ANSWER_VERDICTS)[number];

/** Verdicts on which a person may be on the line. */
export const isPersonVerdict = (verdict: AnswerVerdict): boolean => verdict === 'person' || verdict === 'unsure';

/**
 * What a verdict is worth at its moment.
 * `probable`: likely a person, and still listened to; at most one, and before `decided`.
 * `decided`: exactly one for each analysed call.
 * `revised`: what was heard later takes the earlier verdict back.
 */
export type VerdictStage = 'probable' | 'decided' | 'revised';
