/** Plays pieces of audio to an analyser and gathers what it says. */
import { FRAME_SAMPLES, samplesIn } from '../../../src/audio/frame.js';
import type { AnalysisOptions } from '../../../src/amd/analysis-options.js';
import type { AnalysisDecision, AnalysisEvent, BeepHeard } from '../../../src/amd/analysis-event.js';
import { createCallAnalyser } from '../../../src/amd/call-analysis.js';
import type { GreetingEnded } from '../../../src/amd/greeting-end.js';
import type { Ms } from '../../../src/units/time.js';

/** Digital silence. */
export const silence = (spanMs: Ms): Int16Array => new Int16Array(samplesIn(spanMs));

/**
 * Everything heard from the pieces played one after another, the last frame filled
 * with silence.
 */
export function hear(pieces: readonly Int16Array[], options: Partial<AnalysisOptions> = {}) {
  const analyser = createCallAnalyser(options);
  const events: AnalysisEvent[] = [];
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const all = new Int16Array(Math.ceil(length / FRAME_SAMPLES) * FRAME_SAMPLES);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  for (let start = 0; start < all.length; start += FRAME_SAMPLES) {
    events.push(...analyser.step(all.subarray(start, start + FRAME_SAMPLES)));
  }
  const verdicts = events.flatMap((event) => (event.type === 'verdict' ? [event.decision] : []));
  const greetingEnds = events.flatMap((event): GreetingEnded[] =>
    event.type === 'greeting-ended' ? [event] : [],
  );
  const beeps = events.flatMap((event): BeepHeard[] => (event.type === 'beep' ? [event] : []));
  return { events, verdicts, greetingEnds, beeps, analyser };
}

/** The one decision on the pieces, before anything takes it back. @throws when there is none, or more than one. */
export function decisionOn(
  pieces: readonly Int16Array[],
  options: Partial<AnalysisOptions> = {},
): AnalysisDecision {
  const { verdicts } = hear(pieces, options);
  const [decision, ...more] = verdicts.filter(({ stage }) => stage === 'decided');
  if (decision === undefined || more.length > 0)
    throw new Error(`${verdicts.length} verdicts, not one.`);
  return decision;
}
