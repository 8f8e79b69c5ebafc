import { mkdtempSync, rmSync } from 'node:fs';
import { setMaxListeners } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAMPLE_RATE_HZ } from '../../audio/frame.js';
import { AMD_BASELINES, findingOfAmd } from './amd-baseline.js';
import { findingOf } from './detector-finding.js';
import type { DetectorRun } from './evaluate-clips.js';
import type { RecordingAnalyst } from './recording-analyst.js';
import { percentText } from './text-table.js';
import { RecordingCalls, type CalledRecording } from './recording-calls.js';

/** How recordings are to be called. */
export interface CallRunOptions {
  readonly recordings: readonly Int16Array[];
  /** Recordings at a time; each is three calls of two legs. */
  readonly recordingsAtOnce: number;
  /** Told sentences, and now and then how far it has come. */
  readonly say: (sentence: string) => void;
  readonly progress: (text: string) => void;
}

/** What came of the calls. */
export interface CallRuns {
  readonly runs: readonly DetectorRun[];
  /** What the reader has to know about them, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Calls every recording through two Asterisks, and has the service's ears and
 * AMD() judge; everything that was started is gone when it ends, in whatever
 * way. @throws Error when it is interrupted, or no Asterisk can be had.
 */
export async function runCalls(options: CallRunOptions, analyst: RecordingAnalyst): Promise<CallRuns> {
  const { called, troubles } = await withInterrupt((signal) => callAll(options, signal));
  const heard = called.flatMap(({ heard: call }) => (call === undefined ? [] : [call.samples]));
  const analyses = [...(await analyst.analyse(heard))];
  const runs = [
    {
      name: 'calls',
      title: 'Outdial, as calls',
      // What was said is the service's, in real time; the highest probability and the beeps are of what it heard.
      findings: called.map(({ heard: call }) => (call === undefined ? undefined : { ...findingOf(analyses.shift()!), verdicts: call.verdicts })),
    },
    ...AMD_BASELINES.map(({ name, title }) => ({ name, title, findings: called.map(({ amd }) => findingOfAmd(amd[name])) })),
  ];
  const heardMs = heard.reduce((sum, samples) => sum + (samples.length * 1000) / SAMPLE_RATE_HZ, 0);
  const filledRatio = called.reduce((sum, { heard: call }) => sum + (call?.filledMs ?? 0), 0) / Math.max(1, heardMs);
  return { runs, notes: [CALLS_NOTE, filledNote(filledRatio), ...troubles] };
}

const CALLS_NOTE =
  'each recording was called three times at the same moment over SIP and RTP: once for this detector, through its own driver, media plane and thread of scores, and once for each setting of AMD(). A call begins to hear some 20 to 60 ms after the far side has answered.';

/** Chosen: the first moments of a call, before any audio comes, are less of calls this short. */
const FILLED_RATIO_FAIR = 0.02;

function filledNote(ratio: number): string {
  const share = `${percentText(ratio)} of the audio of these calls did not come in time, the first moments of each included, and silence took its place`;
  return ratio <= FILLED_RATIO_FAIR ? `${share}.` : `${share}: this machine was too busy for a fair trial; call fewer at once (--calls-at-once), or try again when it is idle.`;
}

interface CalledAll {
  readonly called: readonly CalledRecording[];
  readonly troubles: readonly string[];
}

async function callAll({ recordings, recordingsAtOnce, say, progress }: CallRunOptions, signal: AbortSignal): Promise<CalledAll> {
  const folder = mkdtempSync(join(tmpdir(), 'outdial-amd-'));
  const closers: (() => Promise<void> | void)[] = [];
  try {
    say('Starting two Asterisks that call each other.');
    const calls = await RecordingCalls.start(folder, recordings, say, closers, signal);
    const called: CalledRecording[] = [];
    let next = 0;
    let doneCount = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < recordings.length && !signal.aborted; index = next++) {
        called[index] = await calls.call(index, recordings[index]!, signal);
        doneCount++;
        progress(`called ${doneCount} of ${recordings.length}`);
      }
    };
    await Promise.all(Array.from({ length: Math.min(recordingsAtOnce, recordings.length) }, work));
    signal.throwIfAborted();
    return { called, troubles: calls.troubles };
  } finally {
    for (const close of closers.reverse()) await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Aborts the signal on Ctrl-C, so that what runs can end in order. */
async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController();
  // Every call waits on it.
  setMaxListeners(0, interrupted.signal);
  const interrupt = (): void => interrupted.abort();
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await work(interrupted.signal);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    throw new Error('Interrupted; all calls are ended and nothing is written.', { cause: error });
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
