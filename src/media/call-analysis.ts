import type { AnalysisEvent } from '../amd/analysis-event.js';
import type { AnalysisOptions } from '../amd/analysis-options.js';
import { createCallAnalyser } from '../amd/call-analysis.js';
import { createEarlyMediaListener } from '../amd/early-media-listener.js';
import type { VerdictModel } from '../amd/verdict-model.js';
import { FRAME_MS } from '../audio/frame.js';
import type { CallId } from '../units/ids.js';
import type { MonotonicMs, Ms } from '../units/time.js';
import { AudioTimeline } from './audio-timeline.js';
import type { Analysis, CallAnalysisOptions } from './media-message.js';
import type { ScoredFrames } from './scored-frames.js';
import { Snippet } from './snippet.js';
import type { SpeechLine } from './speech-line.js';

/** Frames in, findings out. */
interface Listener {
  /** @param behindMs how far this frame is behind the call itself. */
  step(frame: Int16Array, speechProbability: number | undefined, behindMs: Ms): readonly Analysis[];
  readonly isDone: boolean;
}

/** What calls are judged with; one for all. */
export interface Judging {
  /** Brings frames their scores. */
  readonly line: SpeechLine;
  /** Who judges what talks; undefined leaves it to the rules. */
  readonly model: VerdictModel | undefined;
}

/** One call being listened to: its packets become frames, its frames, once scored, findings. */
export class CallAnalysis {
  readonly timeline: AudioTimeline;
  /** The audio's beginning; undefined when it is not to be kept. */
  readonly snippet: Snippet | undefined;
  readonly #listener: Listener;
  readonly #line: SpeechLine;
  readonly #frames: ScoredFrames;
  #now: MonotonicMs;

  /** Audio time begins now, whether audio comes or not. @throws RangeError on options out of their ranges. */
  constructor(
    callId: CallId,
    { phase = 'answered', keepsSnippet = false, ...options }: CallAnalysisOptions,
    now: MonotonicMs,
    { line, model }: Judging,
    onAnalysis: (analysis: Analysis) => void,
  ) {
    this.#listener = phase === 'answered' ? answerListener(callId, { ...options, ...(model && { model }) }) : earlyListener(callId);
    this.snippet = keepsSnippet ? new Snippet() : undefined;
    this.#now = now;
    this.#line = line;
    this.#frames = line.open((frame, speechProbability, at) => {
      // Where silence is filled in by the clock, frames are behind the call by as much as a packet is waited for.
      const behindMs = this.timeline.behindMs(at) + this.#frames.heldCount * FRAME_MS;
      for (const analysis of this.#listener.step(frame, speechProbability, behindMs)) onAnalysis(analysis);
    });
    this.timeline = new AudioTimeline(now, (frame) => {
      this.snippet?.take(frame);
      this.#frames.take(frame, this.#now);
    });
  }

  /** Nothing more will be found. */
  get isDone(): boolean {
    return this.#listener.isDone;
  }

  /** The instant that findings of the frames to come are told at. */
  at(now: MonotonicMs): AudioTimeline {
    this.#now = now;
    return this.timeline;
  }

  /** Lets go of what still waits for a score. */
  close(): void {
    this.#line.leave(this.#frames);
  }
}

const NOTHING: readonly Analysis[] = Object.freeze([]);

function answerListener(callId: CallId, options: Partial<AnalysisOptions>): Listener {
  const analyser = createCallAnalyser(options);
  return {
    step(frame, speechProbability, behindMs) {
      const events = analyser.step(frame, speechProbability);
      return events.length === 0 ? NOTHING : events.flatMap((event) => inOurWords(callId, event, behindMs));
    },
    get isDone() {
      return analyser.isDone;
    },
  };
}

function earlyListener(callId: CallId): Listener {
  const listener = createEarlyMediaListener();
  return {
    step(frame, speechProbability) {
      const findings = listener.step(frame, speechProbability);
      return findings.length === 0
        ? NOTHING
        : findings.map(({ heard, detail, reason }) => ({ type: 'early-media-analysed', callId, heard, detail, reason }));
    },
    get isDone() {
      return listener.isDone;
    },
  };
}

function inOurWords(callId: CallId, event: AnalysisEvent, behindMs: Ms): readonly Analysis[] {
  if (event.type === 'beep') return NOTHING;
  if (event.type === 'greeting-ended') return [{ type: 'greeting-ended', callId, by: event.by }];
  const { decidedAtMs, greetingEndedAtMs, detail, ...decision } = event.decision;
  const silentForMs = greetingEndedAtMs === undefined ? 0 : decidedAtMs - greetingEndedAtMs + behindMs;
  const { stage, verdict, probabilityRatio, machineProbabilityRatio, reason, modelName, features } = decision;
  return [
    {
      type: 'answer-analysed',
      callId,
      stage,
      verdict,
      probabilityRatio,
      machineProbabilityRatio,
      reason,
      decidedAfterMs: decidedAtMs,
      silentForMs,
      detail,
      modelName,
      features: { ...features },
    },
  ];
}
