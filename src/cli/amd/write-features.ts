import { createWriteStream, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import type { AnalysisFeatures } from '../../amd/analysis-features.js';
import { createCallAnalyser } from '../../amd/call-analysis.js';
import type { VerdictModel } from '../../amd/verdict-model.js';
import { framesOf } from '../../audio/frame.js';
import { openRecordingScorer } from '../../inference/score-recordings.js';
import { csvObjects } from './csv-rows.js';
import { loadWav } from './load-clip.js';

/** A call of the training data. */
interface TrainingCall {
  readonly file: string;
  readonly label: string;
  readonly split: string;
  readonly mode: string;
}

/** Calls in memory at one time. */
const CALLS_AT_ONCE = 128;
/** So unsure that nothing is decided by it: the whole call is heard. */
const UNDECIDED = 0.4;

/**
 * Writes what the verdict model sees of each call, every 100 ms, as CSV: what
 * the training in models/ learns from is measured by the code that will ask.
 * @param callsFile CSV with the columns file, label, split and mode; files beside it.
 * @returns how many rows were written.
 * @throws Error naming the file that cannot be read.
 */
export async function writeFeatures(callsFile: string, featuresFile: string): Promise<number> {
  const calls = csvObjects(readFileSync(callsFile, 'utf8')) as unknown as readonly TrainingCall[];
  const scorer = await openRecordingScorer();
  const out = createWriteStream(featuresFile);
  let rowCount = 0;
  try {
    for (let start = 0; start < calls.length; start += CALLS_AT_ONCE) {
      const some = calls.slice(start, start + CALLS_AT_ONCE);
      const recordings = some.map(({ file }) => samplesOf(join(dirname(callsFile), file)));
      const scores = await scorer.score(recordings);
      for (const [i, call] of some.entries()) {
        for (const features of featuresOf(recordings[i]!, scores[i]!)) {
          if (rowCount++ === 0) out.write(`call,label,split,mode,at_ms,${Object.keys(features).join(',')}\n`);
          const row = [call.file, call.label, call.split, call.mode, features.audioMs, ...(Object.values(features) as readonly number[])].join(',');
          if (!out.write(`${row}\n`)) await once(out, 'drain');
        }
      }
    }
  } finally {
    await scorer.close();
    out.end();
  }
  await once(out, 'finish');
  return rowCount;
}

/** What the model is shown from the first talk to the end of the recording. */
function featuresOf(samples: Int16Array, scores: Float32Array): readonly AnalysisFeatures[] {
  const seen: AnalysisFeatures[] = [];
  const model: VerdictModel = {
    name: 'undecided',
    machineProbabilityMin: 1,
    machineProbability: (features) => {
      if (features.beepCount === 0) seen.push({ ...features });
      return UNDECIDED;
    },
  };
  const analyser = createCallAnalyser({ model, revisionWindowMs: 30_000 });
  let index = 0;
  for (const frame of framesOf(samples)) analyser.step(frame, scores[index++]);
  return seen;
}

function samplesOf(path: string): Int16Array {
  const loading = loadWav(path);
  if (!loading.ok) throw new Error(`${path} ${loading.fault}.`);
  return loading.samples;
}
