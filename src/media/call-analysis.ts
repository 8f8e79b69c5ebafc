import { createCallAnalyser, type AnalysisEvent, type CallAnalyser } from '../amd/call-analysis.js';
import type { CallId } from '../units/ids.js';
import type { MonotonicMs } from '../units/time.js';
import { AudioTimeline } from './audio-timeline.js';
import type { Analysis, CallAnalysisOptions } from './media-message.js';

/** One call being listened to: its packets become frames, its frames findings. */
export class CallAnalysis {
  readonly timeline: AudioTimeline;
  readonly #callId: CallId;
  readonly #analyser: CallAnalyser;
  readonly #onAnalysis: (analysis: Analysis) => void;
  #now: MonotonicMs;

  /** Audio time begins now, whether audio comes or not. @throws RangeError on options out of their ranges. */
  constructor(callId: CallId, options: CallAnalysisOptions, now: MonotonicMs, onAnalysis: (analysis: Analysis) => void) {
    this.#callId = callId;
    this.#analyser = createCallAnalyser(options);
    this.#onAnalysis = onAnalysis;
    this.#now = now;
    this.timeline = new AudioTimeline(now, (frame) => {
      for (const event of this.#analyser.step(frame)) this.#onAnalysis(this.#inOurWords(event));
    });
  }

  /** Nothing more will be found. */
  get isDone(): boolean {
    return this.#analyser.isDone;
  }

  /** The instant that findings of the frames to come are told at. */
  at(now: MonotonicMs): AudioTimeline {
    this.#now = now;
    return this.timeline;
  }

  #inOurWords(event: AnalysisEvent): Analysis {
    if (event.type === 'greeting-ended') return { type: 'greeting-ended', callId: this.#callId, by: event.by };
    const { verdict, probabilityRatio, reason, decidedAtMs, greetingEndedAtMs, tone } = event.decision;
    // Where silence is filled in by the clock, frames are behind the call by as much as a packet is waited for.
    const silentForMs =
      greetingEndedAtMs === undefined ? 0 : decidedAtMs - greetingEndedAtMs + this.timeline.behindMs(this.#now);
    return {
      type: 'answer-analysed',
      callId: this.#callId,
      verdict,
      probabilityRatio,
      reason,
      decidedAfterMs: decidedAtMs,
      silentForMs,
      tone,
    };
  }
}
