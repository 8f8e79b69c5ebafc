import type { Ms } from '../../units/time.js';
import type { ClipLabel } from './clip-label.js';
import type { FoundBeep } from './detector-finding.js';
import { quantile } from './quantiles.js';

/** Which instant of a beep a manifest names. */
export type BeepInstant = 'start' | 'end';

/** A clip as the score of beeps sees it. */
export interface BeepClip {
  readonly label: ClipLabel;
  readonly audioMs: Ms;
  /** The one instant that the manifest names; undefined without a beep. */
  readonly beepMs: Ms | undefined;
  readonly found: readonly FoundBeep[];
}

/** Beeps found where none is, in sound of one kind. */
export interface FalseBeeps {
  readonly kind: 'speech' | 'tones' | 'music and noise';
  readonly falseCount: number;
  readonly audioHours: number;
  readonly falsePerHour: number;
}

/** How well beeps were found. */
export interface BeepScore {
  readonly beepCount: number;
  readonly hitCount: number;
  readonly missCount: number;
  /** Found where none is, second ones for the same beep included. */
  readonly falseCount: number;
  readonly audioHours: number;
  readonly falsePerHour: number;
  /** The same by the kind of sound, those that the set holds. */
  readonly falseByKind: readonly FalseBeeps[];
  /** Which instant the errors below are measured to. */
  readonly instant: BeepInstant;
  /** It was not told, and is the one that fits better. */
  readonly isInstantGuessed: boolean;
  /** Distance in time, without its sign; undefined without a hit. */
  readonly errorP50Ms: Ms | undefined;
  readonly errorP90Ms: Ms | undefined;
  /** Of all beeps, share found with the instant at most 60 ms off; undefined without a beep. */
  readonly within60MsRatio: number | undefined;
}

/** So near the beep a find is a hit. Chosen: over any doubt about the instant, under the gap between two beeps. */
const HIT_WITHIN_MS = 300;
const NEAR_MS = 60;

/**
 * Scores found beeps against the manifest.
 * @param instant which instant of the beep the manifest names; undefined takes the one that fits it better.
 */
export function scoreBeeps(clips: readonly BeepClip[], instant: BeepInstant | undefined): BeepScore {
  const hits = clips.flatMap(({ beepMs, found }) => {
    const hit = beepMs === undefined ? undefined : nearest(found, beepMs);
    return hit === undefined || beepMs === undefined ? [] : [{ fromStartMs: Math.abs(hit.startMs - beepMs), fromEndMs: Math.abs(hit.endMs - beepMs) }];
  });
  const errorsTo = (which: BeepInstant): readonly number[] => hits.map(({ fromStartMs, fromEndMs }) => (which === 'start' ? fromStartMs : fromEndMs));
  const chosen = instant ?? ((quantile(errorsTo('end'), 0.5) ?? 0) < (quantile(errorsTo('start'), 0.5) ?? 0) ? 'end' : 'start');
  const errorsMs = errorsTo(chosen);
  const beepCount = clips.filter(({ beepMs }) => beepMs !== undefined).length;
  const kinds = (['speech', 'tones', 'music and noise'] as const).map((kind) => falseBeeps(kind, clips.filter(({ label }) => KINDS[label] === kind)));
  const { falseCount, audioHours, falsePerHour } = falseBeeps('speech', clips);
  return {
    beepCount,
    hitCount: hits.length,
    missCount: beepCount - hits.length,
    falseCount,
    audioHours,
    falsePerHour,
    falseByKind: kinds.filter((each) => each.audioHours > 0),
    instant: chosen,
    isInstantGuessed: instant === undefined,
    errorP50Ms: quantile(errorsMs, 0.5),
    errorP90Ms: quantile(errorsMs, 0.9),
    within60MsRatio: beepCount === 0 ? undefined : errorsMs.filter((error) => error <= NEAR_MS).length / beepCount,
  };
}

const KINDS: Readonly<Record<ClipLabel, FalseBeeps['kind']>> = {
  person: 'speech', machine: 'speech', screening: 'speech', menu: 'speech',
  fax: 'tones', intercept: 'tones', busy: 'tones', ringing: 'tones', tone: 'tones',
  silence: 'music and noise', other: 'music and noise',
};

function falseBeeps(kind: FalseBeeps['kind'], clips: readonly BeepClip[]): FalseBeeps {
  const audioHours = clips.reduce((sum, { audioMs }) => sum + audioMs, 0) / 3_600_000;
  const falseCount = clips.reduce((sum, { beepMs, found }) => sum + found.length - (beepMs !== undefined && nearest(found, beepMs) !== undefined ? 1 : 0), 0);
  return { kind, falseCount, audioHours, falsePerHour: audioHours === 0 ? 0 : falseCount / audioHours };
}

/** The found beep that sounds at the instant or nearest to it, if near enough. */
function nearest(found: readonly FoundBeep[], atMs: Ms): FoundBeep | undefined {
  const distanceMs = ({ startMs, endMs }: FoundBeep): Ms => Math.max(0, startMs - atMs, atMs - endMs);
  const [best] = found.toSorted((a, b) => distanceMs(a) - distanceMs(b));
  return best !== undefined && distanceMs(best) <= HIT_WITHIN_MS ? best : undefined;
}
