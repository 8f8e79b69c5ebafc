import type { MessagePort } from 'node:worker_threads';
import type { AnalysisOptions } from '../amd/analysis-options.js';
import type { AnswerVerdict, VerdictStage } from '../call/answer-verdict.js';
import type { AudioFormat } from '../telephony/call-audio.js';
import type { CallId } from '../units/ids.js';
import type { Ms } from '../units/time.js';

/** How a call is to be analysed; the learned models' places are the default ones', since functions do not cross threads. */
export interface CallAnalysisOptions extends Partial<Omit<AnalysisOptions, 'model' | 'rules'>> {
  /** Who or what answered, or what is heard before the answer. Default `answered`. */
  readonly phase?: 'early-media' | 'answered';
  /** Whether the beginning of the analysed audio can be asked for afterwards. Default false. */
  readonly keepsSnippet?: boolean;
}

/** What was heard on a call. */
export type Analysis =
  /**
   * Who or what answered. For each analysis that is not stopped before exactly
   * one is `decided`; one `probable` may come before it, and after it `revised` ones.
   */
  | {
      readonly type: 'answer-analysed';
      readonly callId: CallId;
      readonly stage: VerdictStage;
      readonly verdict: AnswerVerdict;
      /** Probability of the verdict, 0..1. */
      readonly probabilityRatio: number;
      /** Probability of a machine at that moment, 0..1. */
      readonly machineProbabilityRatio: number;
      readonly reason: string;
      /** Audio time from the first frame to the decision. */
      readonly decidedAfterMs: Ms;
      /** Silence since the answering party stopped speaking; 0 while it speaks. */
      readonly silentForMs: Ms;
      /** The tone's name, or the class of special information tones; undefined with other verdicts. */
      readonly detail: string | undefined;
      /** Who judged. */
      readonly modelName: string;
      /** What was heard, in figures; none when nothing was. */
      readonly features: Readonly<Record<string, number>>;
    }
  /** What was heard before the answer; each kind at most once. */
  | {
      readonly type: 'early-media-analysed';
      readonly callId: CallId;
      readonly heard: 'ringing' | 'busy' | 'intercept' | 'announcement' | 'music' | 'silence';
      /** The tone's name, or the class of special information tones; undefined with what is none. */
      readonly detail: string | undefined;
      readonly reason: string;
    }
  /** The machine's greeting is over; again when it went on after all. */
  | { readonly type: 'greeting-ended'; readonly callId: CallId; readonly by: 'beep' | 'silence' | 'limit' };

/** What became of a piece of speech that has a mark. */
export interface SpeechEnd {
  readonly callId: CallId;
  readonly markId: string;
  /**
   * `spoken`: its last frame has been sent. `hushed`: it was dropped, by
   * `hush` or because the call is not tapped any more. `refused`: the call is
   * not tapped, or more would have waited for it than may.
   */
  readonly outcome: 'spoken' | 'hushed' | 'refused';
}

/** What the media thread is started with. */
export interface MediaWorkerData {
  /** Address to receive on; the switch must reach it. */
  readonly host: string;
  /** UDP port; 0 takes any free one. */
  readonly port: number;
  /** Only packets from this address are heard; undefined hears any. */
  readonly switchAddress: string | undefined;
  /** Path of the learned judgement of who talks; undefined judges by the rules. */
  readonly answerModelFile: string | undefined;
}

/** What the media thread is told. */
export type MediaOrder =
  | { readonly type: 'attach'; readonly sourcePort: number; readonly callId: CallId; readonly format: AudioFormat }
  | { readonly type: 'detach'; readonly sourcePort: number }
  | { readonly type: 'analyse'; readonly callId: CallId; readonly runId: number; readonly options: CallAnalysisOptions }
  | { readonly type: 'stop'; readonly callId: CallId }
  | { readonly type: 'speak'; readonly callId: CallId; readonly samples: Int16Array; readonly markId: string | undefined }
  | { readonly type: 'hush'; readonly callId: CallId }
  /** Frames are scored by this line from now on. */
  | { readonly type: 'score-line'; readonly port: MessagePort }
  | { readonly type: 'snippet'; readonly callId: CallId }
  | { readonly type: 'count' }
  | { readonly type: 'close' };

/** What the media thread tells. */
export type MediaReport =
  | { readonly type: 'listening'; readonly port: number; readonly receiveBufferBytes: number }
  | { readonly type: 'not-listening'; readonly detail: string }
  /** `runId` is that of the order to analyse: what an earlier one has found is of no use any more. */
  | { readonly type: 'analysed'; readonly runId: number; readonly analysis: Analysis }
  | { readonly type: 'speech-ended'; readonly end: SpeechEnd }
  /** The first audio of what is attached to this port has come. */
  | { readonly type: 'audio-came'; readonly sourcePort: number; readonly callId: CallId }
  /** Nothing more will be found on this call. */
  | { readonly type: 'finished'; readonly runId: number; readonly callId: CallId }
  /** The learned judgement cannot be used, why, and the cure; calls are judged by the rules. */
  | { readonly type: 'answer-model-refused'; readonly detail: string }
  /** Whether scores come in time; a detail says why not, and the cure. */
  | { readonly type: 'scores-late'; readonly detail: string | undefined }
  /** In the order they were asked for. */
  | { readonly type: 'snippet'; readonly samples: Int16Array | undefined }
  | { readonly type: 'counted'; readonly counts: MediaCounts };

/** Totals since the start of the thread. */
export interface MediaCounts {
  readonly packetCount: number;
  /** From a port nothing is attached to, or not from the switch. */
  readonly strangerCount: number;
  /** Left over from the call that had the tap before. */
  readonly staleCount: number;
  /** No RTP. */
  readonly malformedCount: number;
  readonly attachedCount: number;
  readonly analysingCount: number;
  /** Of the analyses that have ended. */
  readonly playedCount: number;
  readonly lateCount: number;
  readonly filledMs: Ms;
  /** 20 ms frames that were judged with their probability of speech. */
  readonly scoredFrameCount: number;
  /** Without it: by the rules. */
  readonly unscoredFrameCount: number;
  /** Whose score came too late. */
  readonly lateScoreCount: number;
}
