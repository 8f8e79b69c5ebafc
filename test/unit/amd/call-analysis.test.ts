import { describe, expect, it } from 'vitest';
import { framesOf } from '../../../src/audio/frame.js';
import { withGain } from '../../../src/audio/level.js';
import {
  beepSegments,
  CALL_PROGRESS_TONES,
  dtmfSegments,
} from '../../../src/audio/tone-catalogue.js';
import { playCadence, playSegments } from '../../../src/audio/tone-synthesis.js';
import type { AnalysisDecision } from '../../../src/amd/analysis-event.js';
import { createCallAnalyser } from '../../../src/amd/call-analysis.js';
import { DEFAULT_ANALYSIS_OPTIONS, HOLDING_OPTIONS, verdictLimitMs } from '../../../src/amd/analysis-options.js';
import { Random } from '../../../src/units/random.js';
import { plainVoice } from '../../fixtures/plain-voice.js';
import { decisionOn, hear, silence } from './hearing.js';

const beep = (hz: number, durationMs: number) => playSegments(beepSegments(durationMs, hz));

describe('a person', () => {
  it.each([300, 500, 800])('who says hello for %d ms is known 0.6 s later', (spanMs) => {
    const decision = decisionOn([silence(400), plainVoice(spanMs), silence(3000)]);
    expect(decision.verdict).toBe('person');
    expect(decision.decidedAtMs).toBeGreaterThanOrEqual(400 + spanMs + 560);
    expect(decision.decidedAtMs).toBeLessThanOrEqual(400 + spanMs + 660);
    expect(Math.abs(decision.greetingEndedAtMs! - (400 + spanMs))).toBeLessThanOrEqual(60);
    expect(decision.probabilityRatio).toBeGreaterThan(0.8);
  });

  it('who answers with a sentence of 3 s is waited for and not hung up on', () => {
    const decision = decisionOn([silence(200), plainVoice(3000), silence(3000)], HOLDING_OPTIONS);
    expect(decision.verdict).toBe('unsure');
    expect(decision.reason).toContain('taken for a person');
    expect(decision.decidedAtMs).toBeLessThanOrEqual(200 + 3000 + 1300);
  });

  it('who still talks at the limit is not kept waiting where the campaign connects early', () => {
    const decision = decisionOn([silence(200), plainVoice(3500), silence(3000)]);
    expect(decision).toMatchObject({ verdict: 'unsure', decidedAtMs: 3000 });
  });

  it('is told as probable as soon as the pause begins', () => {
    const { verdicts } = hear([silence(400), plainVoice(500), silence(3000)]);
    expect(verdicts.map(({ stage, verdict }) => `${stage} ${verdict}`)).toEqual(['probable person', 'decided person']);
    expect(verdicts[0]!.decidedAtMs).toBeLessThanOrEqual(900 + 300);
  });

  it('who is slow to lift takes the silence back', () => {
    const { verdicts } = hear([silence(4000), plainVoice(500), silence(3000)]);
    expect(verdicts.map(({ stage, verdict }) => `${stage} ${verdict}`)).toEqual(['decided silence', 'revised unsure']);
  });

  it('who lifts while it rings on after the answer takes the ringing back', () => {
    const ring = playSegments([{ frequenciesHz: [440, 480], durationMs: 2000 }]);
    const { verdicts } = hear([silence(100), ring, silence(4000), ring, silence(4000), ring, silence(900), plainVoice(500), silence(3000)]);
    expect(verdicts.map(({ stage, verdict }) => `${stage} ${verdict}`)).toEqual(['decided ringing', 'revised unsure']);
  });

  it.each([-30, -20, 0])('is heard at %d dB of the usual level', (gainDb) => {
    expect(
      decisionOn([silence(300), withGain(plainVoice(500), gainDb), silence(5000)]).verdict,
    ).toBe('person');
  });

  it('is heard through lost packets, which are stepped as silence', () => {
    const voice = plainVoice(700);
    for (const at of [100, 300, 420]) voice.fill(0, at * 8, at * 8 + 160);
    const decision = decisionOn([silence(300), voice, silence(2000)]);
    expect(decision.verdict).toBe('person');
    expect(decision.features.burstCount).toBe(1);
  });

  it('who keys a digit has not beeped', () => {
    const decision = decisionOn([
      silence(300),
      plainVoice(500),
      silence(200),
      playSegments(dtmfSegments('5', 300)),
      silence(3000),
    ]);
    expect(decision.verdict).toBe('person');
  });
});

describe('a machine', () => {
  it('is known while it talks', () => {
    const decision = decisionOn([silence(300), plainVoice(9000), silence(500)], HOLDING_OPTIONS);
    expect(decision.verdict).toBe('machine');
    expect(decision.decidedAtMs).toBeLessThan(300 + 5200);
    expect(decision.greetingEndedAtMs).toBeUndefined();
  });

  it('takes a call back that was connected at the limit', () => {
    const { verdicts } = hear([silence(300), plainVoice(9000), silence(500)]);
    expect(verdicts.map(({ stage, verdict }) => `${stage} ${verdict}`)).toEqual(['decided unsure', 'revised machine']);
    expect(verdicts[1]!.decidedAtMs).toBeLessThan(300 + 5200);
  });

  it('with a short greeting is known by its beep, and the message may start at once', () => {
    const { verdicts, greetingEnds } = hear([
      silence(300),
      plainVoice(900),
      silence(300),
      beep(1000, 400),
      silence(3000),
    ]);
    expect(verdicts.map(({ stage, verdict }) => `${stage} ${verdict}`)).toEqual(['probable person', 'decided machine']);
    expect(greetingEnds).toHaveLength(1);
    expect(greetingEnds[0]!.by).toBe('beep');
    expect(Math.abs(greetingEnds[0]!.atMs - 1900)).toBeLessThanOrEqual(40);
    expect(verdicts[1]!.decidedAtMs - 1900).toBeLessThanOrEqual(100);
  });

  it('that only beeps is a machine without a greeting', () => {
    const { verdicts, greetingEnds } = hear([silence(1000), beep(850, 300), silence(5000)]);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['machine']);
    expect(greetingEnds[0]!.by).toBe('beep');
  });
});

describe('the end of a greeting', () => {
  const greeting = [silence(300), plainVoice(6000)];

  it.each([
    [400, 0.5],
    [640, 1],
    [850, 0.22],
    [1400, 0.13],
    [2150, 0.3],
    [1000, 2.4],
  ])('is a beep of %d Hz and %d s, told at its end', (hz, seconds) => {
    const { greetingEnds } = hear([
      ...greeting,
      silence(600),
      beep(hz, seconds * 1000),
      silence(3000),
    ]);
    expect(greetingEnds.map(({ by }) => by)).toEqual(['beep']);
    expect(Math.abs(greetingEnds[0]!.atMs - (6900 + seconds * 1000))).toBeLessThanOrEqual(40);
  });

  it('is a beep of two tones', () => {
    const tones = playSegments([{ frequenciesHz: [850, 1130], durationMs: 500 }]);
    const { greetingEnds } = hear([...greeting, silence(600), tones, silence(3000)]);
    expect(greetingEnds.map(({ by }) => by)).toEqual(['beep']);
  });

  it('is silence when no beep comes, and a late beep corrects it once', () => {
    const { greetingEnds } = hear([
      ...greeting,
      silence(5000),
      beep(900, 400),
      silence(500),
      beep(900, 400),
      silence(9000),
    ]);
    expect(greetingEnds.map(({ by }) => by)).toEqual(['silence', 'beep']);
    expect(greetingEnds[0]!.atMs).toBeGreaterThanOrEqual(8200);
    expect(greetingEnds[0]!.atMs).toBeLessThanOrEqual(8400);
  });

  it('comes again when a menu talks on after its beep', () => {
    const { greetingEnds } = hear([
      ...greeting,
      silence(500),
      beep(900, 400),
      silence(400),
      plainVoice(2500),
      silence(400),
      beep(900, 400),
      silence(3000),
    ]);
    expect(greetingEnds.map(({ by }) => by)).toEqual(['beep', 'beep']);
  });

  it('is given up at the limit when the machine never stops', () => {
    const { greetingEnds, analyser } = hear([plainVoice(50_000)]);
    expect(greetingEnds.map(({ by }) => by)).toEqual(['limit']);
    expect(analyser.isDone).toBe(true);
  });

  it.each([
    ['a key', playSegments(dtmfSegments('1', 400))],
    ['US busy', playCadence(CALL_PROGRESS_TONES['busy-us'], 3000)],
    ['European busy', playCadence(CALL_PROGRESS_TONES['busy-eu'], 2900)],
    ['a tone of 3.2 s', beep(1000, 3200)],
    [
      'a tune',
      playSegments([523, 659, 784, 1047].map((hz) => ({ frequenciesHz: [hz], durationMs: 300 }))),
    ],
  ])('is not %s', (_, sound) => {
    const { greetingEnds } = hear([...greeting, silence(400), sound, silence(4000)]);
    expect(greetingEnds.map(({ by }) => by)).not.toContain('beep');
  });
});

describe('nobody', () => {
  it('is silence at the limit', () => {
    const decision = decisionOn([silence(9000)], { silenceLimitMs: 2000 });
    expect(decision).toMatchObject({ verdict: 'silence', decidedAtMs: 2000 });
  });

  it('is silence on a noisy line', () => {
    const random = new Random(4);
    const noise = Int16Array.from({ length: 72_000 }, () => 800 * random.normal());
    expect(decisionOn([noise]).verdict).toBe('silence');
  });

  it('is not found in comfort noise that starts after suppressed silence', () => {
    const random = new Random(5);
    const comfort = Int16Array.from({ length: 40_000 }, () => 40 * random.normal());
    expect(decisionOn([silence(1000), comfort]).verdict).toBe('silence');
  });
});

describe('any audio', () => {
  const wildFrame = (random: Random): Int16Array => {
    const amplitude = 10 ** random.between(0, 4.5);
    const hz = random.between(50, 3900);
    const kind = random.pick(['zero', 'noise', 'tone', 'extreme', 'voice'] as const);
    if (kind === 'voice') return plainVoice(20, random.between(0.01, 1));
    return Int16Array.from({ length: 160 }, (_, i) => {
      if (kind === 'zero') return 0;
      if (kind === 'extreme') return random.chance(0.5) ? 32767 : -32768;
      return kind === 'tone'
        ? amplitude * Math.sin((2 * Math.PI * hz * i) / 8000)
        : amplitude * random.normal();
    });
  };

  it('brings exactly one verdict, by the limit, and never throws', () => {
    const limitMs = verdictLimitMs(DEFAULT_ANALYSIS_OPTIONS);
    for (let seed = 1; seed <= 60; seed++) {
      const random = new Random(seed);
      const analyser = createCallAnalyser();
      const decidedAt: number[] = [];
      let probables = 0;
      let greetingEnds = 0;
      while (analyser.audioMs < 60_000) {
        const frame = wildFrame(random);
        for (let times = random.between(0, 40); times > 0; times--) {
          for (const event of analyser.step(frame)) {
            if (event.type === 'greeting-ended') greetingEnds++;
            if (event.type !== 'verdict') continue;
            const { stage, decidedAtMs } = event.decision;
            if (stage === 'decided') decidedAt.push(decidedAtMs);
            if (stage === 'probable') probables++;
            expect(stage === 'revised', `seed ${seed}`).toBe(decidedAt.length > 0 && stage !== 'decided');
          }
        }
      }
      expect(decidedAt, `seed ${seed}`).toHaveLength(1);
      expect(decidedAt[0], `seed ${seed}`).toBeLessThanOrEqual(limitMs);
      expect(probables, `seed ${seed}`).toBeLessThanOrEqual(1);
      expect(greetingEnds, `seed ${seed}`).toBeLessThanOrEqual(2);
    }
  });

  it('gives the same events each time', () => {
    const pieces = [silence(300), plainVoice(6000), silence(700), beep(900, 400), silence(2000)];
    expect(hear(pieces).events).toEqual(hear(pieces).events);
  });

  it('refuses a frame of another size, which is a fault of the caller', () => {
    expect(() => createCallAnalyser().step(new Int16Array(80))).toThrow(/160 samples, not 80/);
  });

  it('does not keep or change the frame', () => {
    const frame = plainVoice(20);
    const copy = frame.slice();
    createCallAnalyser().step(frame);
    expect(frame).toEqual(copy);
  });

  it('refuses options out of range, naming each', () => {
    expect(() => createCallAnalyser({ personSilenceMs: 50, silenceLimitMs: NaN })).toThrow(
      /personSilenceMs is 50.*silenceLimitMs is NaN/,
    );
  });

  it('is judged by the model where the net listens, and by the rules where it does not', () => {
    const model = { name: 'always-machine', machineProbabilityMin: 0.5, machineProbability: () => 1 };
    const judged = (isNetHeard: boolean): AnalysisDecision | undefined => {
      const analyser = createCallAnalyser({ model });
      for (const frame of framesOf(Int16Array.from([...silence(600), ...plainVoice(500), ...silence(2000)]))) {
        const isTalk = analyser.audioMs >= 600 && analyser.audioMs < 1100;
        const events = analyser.step(frame, isNetHeard ? Number(isTalk) : undefined);
        const verdict = events.find((event) => event.type === 'verdict' && event.decision.stage === 'decided');
        if (verdict?.type === 'verdict') return verdict.decision;
      }
      return undefined;
    };
    expect(judged(true)).toMatchObject({ verdict: 'machine', modelName: 'always-machine' });
    expect(judged(false)).toMatchObject({ verdict: 'person', modelName: 'greeting-length-1' });
  });
});
