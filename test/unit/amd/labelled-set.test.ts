/**
 * The analyser on a few hundred synthetic calls with the truth known, by
 * voices that nothing was tuned on. The bounds say what may not get worse;
 * what they prove about people is little, see docs/amd.md.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  analyseSet,
  confusion,
  confusionText,
  quantile,
  scoreBeeps,
  upperBoundRatio,
  type AnalysedCall,
} from '../../fixtures/analysis-score.js';

/** The figures are the point of this suite, so they are shown when it passes, too. */
const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

let analysed: AnalysedCall[];

beforeAll(async () => {
  analysed = await analyseSet({
    seed: 1,
    voices: 'judging',
    personsPerMode: 50,
    machinesPerMode: 30,
    tonesPerMode: 12,
    silences: 30,
  });
  print(confusionText(confusion(analysed)));
}, 240_000);

const of = (truth: string) => analysed.filter(({ call }) => call.truth === truth);
const shareCalled = (calls: readonly AnalysedCall[], verdict: string): number =>
  calls.filter(({ decision }) => decision.verdict === verdict).length / calls.length;

describe('on synthetic calls', () => {
  it('holds both kinds of hard case, so that the figures mean something', () => {
    const lines = analysed.map(({ call }) => call.line);
    expect(lines.some(({ lossRatio }) => lossRatio > 0.02)).toBe(true);
    expect(lines.some(({ isSilenceSuppressed }) => isSilenceSuppressed)).toBe(true);
    expect(lines.some(({ snrDb, noise }) => snrDb < 13 && noise !== 'none')).toBe(true);
    expect(of('person').some(({ call }) => (call.talkEndMs ?? 0) > 4000)).toBe(true);
  });

  it("calls no person a machine, save a company's slow sentence", () => {
    const people = of('person');
    const lost = people.filter(({ decision }) => decision.verdict === 'machine');
    const bound = upperBoundRatio(lost.length, people.length);
    print(
      `people called machine: ${lost.length} of ${people.length}; 95 % bound ${(100 * bound).toFixed(1)} %`,
    );
    const unexpected = lost.filter(({ call }) => call.mode !== 'business greeting');
    expect(unexpected.map(({ call, decision }) => `${call.text}: ${decision.reason}`)).toEqual([]);
    expect(lost.length).toBeLessThanOrEqual(2);
  });

  it('hears nearly every person', () => {
    expect(shareCalled(of('person'), 'person')).toBeGreaterThanOrEqual(0.985);
  });

  it('catches most machines', () => {
    const machines = of('machine');
    expect(shareCalled(machines, 'machine')).toBeGreaterThanOrEqual(0.8);
    const long = machines.filter(
      ({ call }) => call.mode === 'home greeting' || call.mode === 'business machine',
    );
    expect(shareCalled(long, 'machine')).toBeGreaterThanOrEqual(0.93);
  });

  it('names tones and silence', () => {
    expect(shareCalled(of('tone'), 'tone')).toBeGreaterThanOrEqual(0.93);
    expect(shareCalled(of('tone'), 'person')).toBeLessThanOrEqual(0.04);
    expect(shareCalled(of('no-speech'), 'no-speech')).toBeGreaterThanOrEqual(0.9);
  });

  it('decides soon after a short greeting ends', () => {
    const short = of('person').filter(
      ({ call }) => call.mode === 'single word' || call.mode === 'short phrase',
    );
    const waits = short.map(({ call, decision }) => decision.decidedAtMs - (call.talkEndMs ?? 0));
    print(
      `wait after a short greeting: p50 ${quantile(waits, 0.5).toFixed(0)} ms, p90 ${quantile(waits, 0.9).toFixed(0)} ms`,
    );
    expect(quantile(waits, 0.5)).toBeLessThanOrEqual(750);
    expect(quantile(waits, 0.9)).toBeLessThanOrEqual(1300);
  });

  it('tells when a person finished, for the two seconds that the law counts', () => {
    const errors = of('person').flatMap(({ call, decision }) =>
      decision.greetingEndedAtMs === undefined
        ? []
        : [Math.abs(decision.greetingEndedAtMs - (call.talkEndMs ?? 0))],
    );
    expect(errors.length).toBeGreaterThan(0.9 * of('person').length);
    expect(quantile(errors, 0.9)).toBeLessThanOrEqual(200);
  });

  it('finds the beeps at their end and no others', () => {
    const beeps = scoreBeeps(analysed);
    print(`beeps ${JSON.stringify(beeps)}`);
    expect(beeps.beeps).toBeGreaterThan(50);
    expect(beeps.found / beeps.beeps).toBeGreaterThanOrEqual(0.9);
    expect(beeps.misplaced / beeps.found).toBeLessThanOrEqual(0.04);
    expect(beeps.falseFires).toBeLessThanOrEqual(1);
  });
});
