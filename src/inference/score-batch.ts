import { FRAME_SAMPLES } from '../audio/frame.js';

/** Frames in one row. */
export const FRAMES_PER_ROW = 2;
/** Samples in one row. */
export const SAMPLES_PER_ROW = FRAMES_PER_ROW * FRAME_SAMPLES;
/** Streams that one line may have at a time; a row of any beyond is answered without a score. */
export const STREAM_COUNT_MAX = 2048;

/**
 * What goes to the thread of scores, and comes back filled in: one pair of
 * frames of each of many streams of audio. All arrays lie in one buffer, which
 * is moved back and forth and used again.
 */
export interface ScoreBatch {
  /** Rows that hold a pair, from the first on. */
  readonly rowCount: number;
  /** Which stream each row is of, 0..{@link STREAM_COUNT_MAX}-1; a stream has one row at most. */
  readonly streams: Uint16Array<ArrayBuffer>;
  /** 1 where the stream begins with this row: nothing is known of it from before. */
  readonly isFirst: Uint8Array<ArrayBuffer>;
  /** 320 samples a row at 8 kHz, 40 ms. */
  readonly samples: Int16Array<ArrayBuffer>;
  /** Filled in: the probability of speech in each of a row's two frames, 0..1; NaN where there is none. */
  readonly speech: Float32Array<ArrayBuffer>;
}

/**
 * An empty batch. Whoever sends it gives the streams their numbers, and may
 * use a number again at once for another stream: batches are scored in order.
 * @param rowCountMax most rows it is to hold.
 */
export function blankScoreBatch(rowCountMax: number): ScoreBatch {
  const speechBytes = rowCountMax * FRAMES_PER_ROW * Float32Array.BYTES_PER_ELEMENT;
  const samplesBytes = rowCountMax * SAMPLES_PER_ROW * Int16Array.BYTES_PER_ELEMENT;
  const streamsBytes = rowCountMax * Uint16Array.BYTES_PER_ELEMENT;
  const buffer = new ArrayBuffer(speechBytes + samplesBytes + streamsBytes + rowCountMax);
  return {
    rowCount: 0,
    speech: new Float32Array(buffer, 0, rowCountMax * FRAMES_PER_ROW),
    samples: new Int16Array(buffer, speechBytes, rowCountMax * SAMPLES_PER_ROW),
    streams: new Uint16Array(buffer, speechBytes + samplesBytes, rowCountMax),
    isFirst: new Uint8Array(buffer, speechBytes + samplesBytes + streamsBytes, rowCountMax),
  };
}

/** What is moved, not copied, when a batch is posted. */
export const bufferOf = (batch: ScoreBatch): ArrayBuffer => batch.samples.buffer;
