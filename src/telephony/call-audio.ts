import type { CallId } from '../units/ids.js';
import type { Ms } from '../units/time.js';

/**
 * How call audio travels between a switch and the media plane, both ways.
 * `rtp`: RTP packets of a payload type that says what is in them.
 * `raw-l16`: datagrams of bare 16-bit little-endian samples, 8 kHz, mono, no
 * header, any whole number of samples, 160 (20 ms) as a rule.
 */
export type AudioFormat = 'rtp' | 'raw-l16';

/** Where the call audio of taps goes; the media plane has this shape. */
export interface CallAudio {
  /** `host:port` that the switch sends audio to; IPv6 hosts in square brackets. */
  readonly address: string;
  /**
   * The switch sends this call's audio from this UDP port, and takes audio for it there.
   * @param onFirstAudio told once, when the first of it has come.
   */
  attach(sourcePort: number, callId: CallId, format: AudioFormat, onFirstAudio?: () => void): void;
  /** No more audio of that call comes from this port; harmless when none did. */
  detach(sourcePort: number): void;
}

/** Joins the two sides of a recording. */
export interface StereoMerger {
  /** Makes one WAV file, left what was said, right what was heard. @throws when a side cannot be read. */
  merge(saidPath: string, heardPath: string, stereoPath: string): Promise<{ readonly audioMs: Ms }>;
}

/** One folder that the switch writes and we read. */
export interface RecordingFolders {
  /** Where we find it. */
  readonly folder: string;
  /** Where the switch finds it; default the same. */
  readonly folderOnSwitch?: string;
}
