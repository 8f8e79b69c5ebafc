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
    ['busy-us', 'busy', 'busy', 2600],
    ['busy-uk', 'busy', 'busy', 2600],
    ['busy-eu', 'busy', 'busy', 2800],
    ['reorder-us', 'busy', 'reorder', 1600],
    ['reorder-eu', 'busy', 'reorder', 1800],
    ['fax-ced', 'fax', 'fax', 1600],
    ['ringback-us', 'ringing', 'ringback', 3500],
    ['ringback-uk', 'ringing', 'ringback', 5500],
    ['ringback-eu', 'ringing', 'ringback', 4300],
    ['dial-us', 'busy', 'dial', 5600],
  ] as const)('%s is %s (%s), known by %d ms', (name, verdict, detail, byMs) => {
    for (const levelDbfs of [-14, -40]) {
      for (const offsetMs of [0, 7, 250]) {
        const decision = decisionOn([silence(offsetMs), tone(name, levelDbfs), silence(3000)]);
        expect(decision).toMatchObject({ verdict, detail });
        expect(decision.decidedAtMs).toBeLessThanOrEqual(byMs + offsetMs);
      }
    }
  });

  it.each(Object.entries(SIT_SEGMENTS))(
    'SIT of class %s is told before its announcement',
    (sitClass, segments) => {
      const decision = decisionOn([silence(130), playSegments(segments), plainVoice(5000)]);
      expect(decision).toMatchObject({ verdict: 'intercept', detail: sitClass });
      expect(decision.decidedAtMs).toBeLessThan(1500);
    },
  );

  // A carrier's SIT at once after its 200: the switch passes audio on some 100 ms later, and the intercept was taken for a machine.
  it.each(Object.entries(SIT_SEGMENTS))('SIT of class %s is told when the answer cuts into it', (_, segments) => {
    const afterCut = playSegments(segments).subarray(samplesIn(120));
    expect(decisionOn([silence(80), afterCut, plainVoice(5000)])).toMatchObject({ verdict: 'intercept' });
  });

  it('knows the international SIT, gaps and all', () => {
    const spaced = SIT_INTERNATIONAL.flatMap((segment) => [
      segment,
      { frequenciesHz: [], durationMs: 30 },
    ]);
    expect(decisionOn([silence(200), playSegments(spaced), plainVoice(5000)]).verdict).toBe('intercept');
  });
});
