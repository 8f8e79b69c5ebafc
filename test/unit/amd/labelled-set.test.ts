/**
 * The analyser on a few hundred synthetic calls with the truth known, by
 * voices that nothing was tuned on: as it works, with the neural net and the
 * learned model, and by the rules that take over without them. The bounds say
 * what may not get worse; what they prove about people is little, see docs/amd.md.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOLDING_OPTIONS } from '../../../src/amd/analysis-options.js';
import { loadAnswerModel } from '../../../src/inference/answer-model.js';
import { openRecordingScorer, type RecordingScorer } from '../../../src/inference/score-recordings.js';
import {
  analyseSet,
  confusion,
  confusionText,
  quantile,
  scoreBeeps,
  upperBoundRatio,
  type AnalysedCall,
  type SetSize,
} from '../../fixtures/analysis-score.js';

/** The figures are the point of this suite, so they are shown when it passes, too. */
const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const SIZE: SetSize = { seed: 1, voices: 'judging', personsPerMode: 30, machinesPerMode: 16, tonesPerMode: 8, silences: 16 };
const AS_A_PERSON: readonly string[] = ['person', 'unsure', 'silence'];

/** A verdict by which a person is hung up on, at whatever time. */
const lossOf = ({ decisions }: AnalysedCall): string | undefined =>
  decisions.find(({ stage, verdict }) => stage !== 'probable' && !AS_A_PERSON.includes(verdict))?.reason;
const of = (calls: readonly AnalysedCall[], ...truths: readonly string[]): readonly AnalysedCall[] =>
  calls.filter(({ call }) => truths.includes(call.truth));
const share = (calls: readonly AnalysedCall[], is: (call: AnalysedCall) => boolean): number => calls.filter(is).length / calls.length;
const isCaught = (call: AnalysedCall): boolean => lossOf(call) !== undefined;
const lostPeople = (calls: readonly AnalysedCall[]): readonly string[] =>
  of(calls, 'person').flatMap((one) => (isCaught(one) ? [`${one.call.text}: ${String(lossOf(one))}`] : []));

describe('on synthetic calls, by the neural net and the learned model', () => {
  let scorer: RecordingScorer;
  let early: readonly AnalysedCall[];
  let holding: readonly AnalysedCall[];

  beforeAll(async () => {
    scorer = await openRecordingScorer();
    const model = loadAnswerModel();
    early = await analyseSet(SIZE, { model }, scorer);
    holding = await analyseSet(SIZE, { model, ...HOLDING_OPTIONS }, scorer);
    print(confusionText(confusion(holding)));
  }, 240_000);

  afterAll(() => scorer.close());

  it('holds both kinds of hard case, so that the figures mean something', () => {
    const lines = early.map(({ call }) => call.line);
    expect(lines.some(({ lossRatio }) => lossRatio > 0.02)).toBe(true);
    expect(lines.some(({ isSilenceSuppressed }) => isSilenceSuppressed)).toBe(true);
    expect(lines.some(({ snrDb, noise }) => snrDb < 13 && noise !== 'none')).toBe(true);
    expect(of(early, 'person').some(({ call }) => (call.talkEndMs ?? 0) > 4000)).toBe(true);
  });

  it('loses no person, at once or later', () => {
    const count = of(early, 'person').length;
    print(`people lost: ${lostPeople(early).length} of ${count}; 95 % bound ${(100 * upperBoundRatio(lostPeople(early).length, count)).toFixed(1)} %`);
    expect(lostPeople(early)).toEqual([]);
    expect(lostPeople(holding)).toEqual([]);
  });

  it('catches most machines: those that are held before anyone is connected, others by taking them back', () => {
    const machines = of(holding, 'machine', 'screening', 'menu');
    const atOnce = share(machines, ({ decision }) => !AS_A_PERSON.includes(decision.verdict));
    const inAll = share(of(early, 'machine', 'screening', 'menu'), isCaught);
    print(`machines caught: ${(100 * atOnce).toFixed(0)} % while holding, ${(100 * inAll).toFixed(0)} % in all where calls are connected early`);
    expect(atOnce).toBeGreaterThanOrEqual(0.6);
    expect(inAll).toBeGreaterThanOrEqual(0.8);
  });

  it('keeps nobody waiting for more than 3 s where calls are connected early', () => {
    for (const { decision } of of(early, 'person')) expect(decision.decidedAtMs).toBeLessThanOrEqual(3200);
  });

  it('decides soon after a person has finished', () => {
    const waits = of(holding, 'person').map(({ call, decision }) => decision.decidedAtMs - (call.talkEndMs ?? 0));
    print(`wait after a person's greeting: p50 ${quantile(waits, 0.5).toFixed(0)} ms, p90 ${quantile(waits, 0.9).toFixed(0)} ms`);
    expect(quantile(waits, 0.5)).toBeLessThanOrEqual(1000);
  });

  it('names tones and silence', () => {
    const verdicts = { intercept: 'sit', busy: 'busy', ringing: 'ringback', fax: 'fax' } as const;
    for (const truth of Object.keys(verdicts)) {
      expect(share(of(early, truth), ({ decisions }) => decisions.some(({ verdict }) => verdict === truth)), truth).toBeGreaterThanOrEqual(0.8);
    }
    expect(share(of(early, 'silence'), ({ decision }) => decision.verdict === 'silence')).toBeGreaterThanOrEqual(0.9);
  });

  it('tells when a person finished, for the two seconds that the law counts', () => {
    const errors = of(holding, 'person').flatMap(({ call, decision }) =>
      decision.greetingEndedAtMs === undefined ? [] : [Math.abs(decision.greetingEndedAtMs - (call.talkEndMs ?? 0))],
    );
    expect(errors.length).toBeGreaterThan(0.8 * of(holding, 'person').length);
    expect(quantile(errors, 0.9)).toBeLessThanOrEqual(400);
  });

  it('finds the beeps at their end and no others', () => {
    const beeps = scoreBeeps(holding);
    print(`beeps ${JSON.stringify(beeps)}`);
    expect(beeps.beeps).toBeGreaterThan(25);
    expect(beeps.found / beeps.beeps).toBeGreaterThanOrEqual(0.93);
    expect(beeps.misplaced / beeps.found).toBeLessThanOrEqual(0.04);
    expect(beeps.falseFires).toBeLessThanOrEqual(1);
  });
});

describe('on synthetic calls, by the rules alone', () => {
  let holding: readonly AnalysedCall[];

  beforeAll(async () => {
    holding = await analyseSet(SIZE, HOLDING_OPTIONS);
  }, 240_000);

  it("loses no person, save by a company's slow sentence", () => {
    const unexpected = of(holding, 'person').filter((one) => isCaught(one) && one.call.mode !== 'business greeting');
    expect(unexpected.map((one) => `${one.call.text}: ${String(lossOf(one))}`)).toEqual([]);
    expect(lostPeople(holding).length).toBeLessThanOrEqual(2);
  });

  it('catches most machines', () => {
    expect(share(of(holding, 'machine', 'screening', 'menu'), isCaught)).toBeGreaterThanOrEqual(0.75);
  });
});
