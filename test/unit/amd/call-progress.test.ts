import { describe, expect, it } from 'vitest';
import { samplesIn } from '../../../src/audio/frame.js';
import {
  CALL_PROGRESS_TONES,
  SIT_INTERNATIONAL,
  SIT_SEGMENTS,
} from '../../../src/audio/tone-catalogue.js';
import { playCadence, playSegments } from '../../../src/audio/tone-synthesis.js';
import { plainVoice } from '../../fixtures/plain-voice.js';
import { decisionOn, silence } from './hearing.js';

const tone = (name: keyof typeof CALL_PROGRESS_TONES, levelDbfs = -18) =>
  playCadence(CALL_PROGRESS_TONES[name], 9000, { levelDbfs });

describe('tones after the answer', () => {
  it.each([
    ['busy-us', 'busy', 2600],
    ['busy-uk', 'busy', 2600],
    ['busy-eu', 'busy', 2800],
    ['reorder-us', 'reorder', 1600],
    ['reorder-eu', 'reorder', 1800],
    ['fax-ced', 'fax', 1600],
    ['fax-cng', 'fax', 4500],
    ['ringback-us', 'ringback', 5000],
    ['ringback-uk', 'ringback', 7000],
    ['ringback-eu', 'ringback', 5800],
    ['dial-us', 'dial', 7100],
  ] as const)('%s is %s, known by %d ms', (name, kind, byMs) => {
    for (const levelDbfs of [-14, -40]) {
      for (const offsetMs of [0, 7, 250]) {
        const decision = decisionOn([silence(offsetMs), tone(name, levelDbfs), silence(3000)]);
        expect(decision).toMatchObject({ verdict: 'tone', tone: kind });
        expect(decision.decidedAtMs).toBeLessThanOrEqual(byMs + offsetMs);
      }
    }
  });

  it.each(Object.entries(SIT_SEGMENTS))(
    'SIT of class %s is told before its announcement',
    (sitClass, segments) => {
      const decision = decisionOn([silence(130), playSegments(segments), plainVoice(5000)]);
      expect(decision).toMatchObject({ verdict: 'tone', tone: 'sit' });
      expect(decision.reason).toContain(sitClass);
      expect(decision.decidedAtMs).toBeLessThan(1500);
    },
  );

  // A carrier's SIT at once after its 200: the switch passes audio on some 100 ms later, and the intercept was taken for a machine.
  it.each(Object.entries(SIT_SEGMENTS))('SIT of class %s is told when the answer cuts into it', (_, segments) => {
    const afterCut = playSegments(segments).subarray(samplesIn(120));
    expect(decisionOn([silence(80), afterCut, plainVoice(5000)])).toMatchObject({ verdict: 'tone', tone: 'sit' });
  });

  it('knows the international SIT, gaps and all', () => {
    const spaced = SIT_INTERNATIONAL.flatMap((segment) => [
      segment,
      { frequenciesHz: [], durationMs: 30 },
    ]);
    expect(decisionOn([silence(200), playSegments(spaced), plainVoice(5000)])).toMatchObject({
      tone: 'sit',
    });
  });

  it('waits while it rings: a person may still answer', () => {
    const ring = playSegments([{ frequenciesHz: [440, 480], durationMs: 2000 }]);
    const decision = decisionOn([silence(100), ring, silence(900), plainVoice(500), silence(3000)]);
    expect(decision.verdict).toBe('person');
    expect(decision.features.talkMs).toBeLessThan(700);
  });
});
