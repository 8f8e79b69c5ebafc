/**
 * Answering-machine detection: what it gets right on synthetic calls, when it
 * decides, and what a frame costs. `npm run bench -- amd`.
 */
import { FRAME_MS, framesOf } from '../../src/audio/frame.js';
import { createCallAnalyser, type CallAnalyser } from '../../src/amd/call-analysis.js';
import { Random } from '../../src/units/random.js';
import { drawMachine, type AnsweredCall } from '../fixtures/answer-set.js';
import {
  analyseSet,
  confusion,
  quantile,
  scoreBeeps,
  upperBoundRatio,
  type AnalysedCall,
  type ModeScore,
} from '../fixtures/analysis-score.js';

/** What to measure. */
export interface AmdBenchOptions {
  /** Seed of the calls drawn. Default 1. */
  readonly seed?: number;
  /** People drawn for each way of answering; machines and tones in proportion. Default 150. */
  readonly callsPerMode?: number;
  /** Calls stepped side by side when the cost of a frame is taken. Default 200. */
  readonly callsAtOnce?: number;
}

/** The rows to print, and one object for `--json`. */
export interface AmdBenchReport {
  readonly table: readonly ModeScore[];
  readonly json: Readonly<Record<string, unknown>>;
}

/** Runs the bench and prints its summary; the matrix is the table, for the caller to print. */
export async function run(options: AmdBenchOptions = {}): Promise<AmdBenchReport> {
  const { seed = 1, callsPerMode = 150, callsAtOnce = 200 } = options;
  const analysed = await analyseSet({
    seed,
    voices: 'judging',
    personsPerMode: callsPerMode,
    machinesPerMode: callsPerMode,
    tonesPerMode: Math.ceil(callsPerMode / 5),
    silences: Math.ceil(callsPerMode / 3),
  });
  const table = confusion(analysed);
  const measured = {
    seed,
    callsAtOnce,
    ...summary(analysed),
    cost: await frameCost(callsAtOnce, seed),
  };
  console.log(JSON.stringify(measured, null, 2));
  return { table, json: { ...measured, modes: table } };
}

const summary = (analysed: readonly AnalysedCall[]) => {
  const people = analysed.filter(({ call }) => call.truth === 'person');
  const machines = analysed.filter(({ call }) => call.truth === 'machine');
  const lost = people.filter(({ decision }) => decision.verdict === 'machine').length;
  const caught = machines.filter(({ decision }) => decision.verdict === 'machine').length;
  const afterTalkMs = people.map(
    ({ call, decision }) => decision.decidedAtMs - (call.talkEndMs ?? 0),
  );
  return {
    people: people.length,
    peopleCalledMachine: lost,
    peopleCalledMachineRatioUpperBound: upperBoundRatio(lost, people.length),
    peopleNotCalledPerson: people.filter(({ decision }) => decision.verdict !== 'person').length,
    machines: machines.length,
    machinesCaughtRatio: caught / machines.length,
    personDecidedAfterTalkP50Ms: quantile(afterTalkMs, 0.5),
    personDecidedAfterTalkP90Ms: quantile(afterTalkMs, 0.9),
    beeps: scoreBeeps(analysed),
  };
};

/** Steps many calls side by side, as a service does, so that the caches see all of them. */
const frameCost = async (callsAtOnce: number, seed: number) => {
  const random = new Random(seed);
  const calls: AnsweredCall[] = [];
  for (let i = 0; i < 20; i++)
    calls.push(await drawMachine('home greeting', 'judging', random.fork()));
  // Three rounds: the first is the compiler's.
  let last = { microsecondsPerFrame: NaN, coreShare: NaN };
  for (let round = 0; round < 3; round++) last = stepSideBySide(calls, callsAtOnce);
  return last;
};

const stepSideBySide = (calls: readonly AnsweredCall[], callsAtOnce: number) => {
  const frames = calls.map(({ samples }) => [...framesOf(samples)]);
  const analysers: CallAnalyser[] = Array.from({ length: callsAtOnce }, () => createCallAnalyser());
  let stepped = 0;
  // Processor time, not the wall's: other work on the machine must not count.
  const started = process.cpuUsage();
  for (let at = 0; at < 400; at++) {
    for (const [i, analyser] of analysers.entries()) {
      const frame = frames[i % frames.length]![at];
      // Calls whose analysis is over cost nothing and would flatter the mean.
      if (frame === undefined || analyser.isDone) continue;
      analyser.step(frame);
      stepped++;
    }
  }
  const { user, system } = process.cpuUsage(started);
  const microsecondsPerFrame = (user + system) / stepped;
  return {
    microsecondsPerFrame,
    coreShare: (callsAtOnce * microsecondsPerFrame) / (FRAME_MS * 1000),
  };
};
