import type { AnalysisOptions } from '../amd/analysis-options.js';
import type { AudioFormat } from '../telephony/call-audio.js';
import type { CallId } from '../units/ids.js';
import type { Ms } from '../units/time.js';

/** How a call is to be analysed; the learned model's place is the default one's, since functions do not cross threads. */
export type CallAnalysisOptions = Partial<Omit<AnalysisOptions, 'model'>>;

/** What was heard on a call. */
export type Analysis =
  /** Who or what answered; exactly once for each analysis that is not stopped before. */
  | {
      readonly type: 'answer-analysed';
      readonly callId: CallId;
      readonly verdict: 'person' | 'machine' | 'no-speech' | 'tone';
      /** Probability of the verdict, 0..1. */
      readonly probabilityRatio: number;
      readonly reason: string;
      /** Audio time from the first frame to the decision. */
      readonly decidedAfterMs: Ms;
      /** Silence since the answering party stopped speaking; 0 while it speaks. */
      readonly silentForMs: Ms;
      /** The tone's name, with the verdict `tone`. */
      readonly tone: string | undefined;
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
}

/** What the media thread is told. */
export type MediaOrder =
  | { readonly type: 'attach'; readonly sourcePort: number; readonly callId: CallId; readonly format: AudioFormat }
  | { readonly type: 'detach'; readonly sourcePort: number }
  | { readonly type: 'analyse'; readonly callId: CallId; readonly options: CallAnalysisOptions }
  | { readonly type: 'stop'; readonly callId: CallId }
  | { readonly type: 'speak'; readonly callId: CallId; readonly samples: Int16Array; readonly markId: string | undefined }
  | { readonly type: 'hush'; readonly callId: CallId }
  | { readonly type: 'count' }
  | { readonly type: 'close' };

/** What the media thread tells. */
export type MediaReport =
  | { readonly type: 'listening'; readonly port: number; readonly receiveBufferBytes: number }
  | { readonly type: 'not-listening'; readonly detail: string }
  | { readonly type: 'analysed'; readonly analysis: Analysis }
  | { readonly type: 'speech-ended'; readonly end: SpeechEnd }
  /** The first audio of what is attached to this port has come. */
  | { readonly type: 'audio-came'; readonly sourcePort: number; readonly callId: CallId }
  /** Nothing more will be found on this call. */
  | { readonly type: 'finished'; readonly callId: CallId }
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
}
