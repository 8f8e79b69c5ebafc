import { describe, expect, it } from 'vitest';
import { dbfsToPower } from '../../../src/audio/level.js';
import { blankFeatures, type AnalysisFeatures } from '../../../src/amd/analysis-features.js';
import { SpeechCadence } from '../../../src/amd/speech-cadence.js';

/** Steps talk and silence in turns, talk first; lengths in milliseconds. */
const heard = (...spans: readonly number[]): AnalysisFeatures =>
  heardAt(...spans.map((spanMs, i) => [spanMs, i % 2 === 0 ? -20 : undefined] as const));

/** Steps spans of talk at levels in dBFS, and of silence. */
function heardAt(...spans: readonly (readonly [number, number | undefined])[]): AnalysisFeatures {
  const cadence = new SpeechCadence();
  for (const [spanMs, levelDbfs] of spans) {
    const isTalk = levelDbfs !== undefined;
    const bandPower = isTalk ? dbfsToPower(levelDbfs) : 0;
    for (let ms = 0; ms < spanMs; ms += 20) {
      cadence.step({ isActive: isTalk, isPlain: isTalk, isVoiced: isTalk, pitchHz: 120, bandPower, speechProbability: Number(isTalk) });
    }
  }
  const features = blankFeatures();
  cadence.writeFeatures(features);
  return features;
}

describe('cadence', () => {
  it('closes gaps inside words and counts bursts', () => {
    expect(heard(0, 300, 400, 200, 300, 500, 600)).toMatchObject({
      initialSilenceMs: 300,
      firstBurstMs: 900,
      longestBurstMs: 900,
      burstCount: 2,
      talkMs: 1500,
      longestGapMs: 500,
      trailingSilenceMs: 0,
    });
  });

  it('keeps phrases with short pauses in one turn', () => {
    expect(heard(700, 700, 1500, 400, 2000, 300)).toMatchObject({
      turnCount: 1,
      turnBurstCount: 3,
      turnTalkMs: 4200,
      firstTurnMs: 5300,
      trailingSilenceMs: 300,
    });
  });

  it('begins another turn after a pause in which an answer was waited for', () => {
    expect(heard(600, 1400, 900)).toMatchObject({ turnCount: 2, turnBurstCount: 1, turnTalkMs: 900, firstTurnMs: 600 });
    expect(heard(600, 1400, 900, 400, 500, 2000)).toMatchObject({ turnCount: 2, turnBurstCount: 2, turnTalkMs: 1400, firstTurnMs: 600 });
    expect(heard(600, 1400, 900, 1200, 300)).toMatchObject({ turnCount: 3, turnTalkMs: 300, firstTurnMs: 600, talkMs: 1800 });
  });

  it('hears a television behind a person as silence', () => {
    expect(heardAt([600, -20], [300, undefined], [4000, -36])).toMatchObject({ talkMs: 600, burstCount: 1, trailingSilenceMs: 4300 });
  });

  it('forgets the television when the person speaks up', () => {
    expect(heardAt([2000, -38], [300, undefined], [700, -20])).toMatchObject({
      initialSilenceMs: 2300, talkMs: 700, firstTurnMs: 700, burstCount: 1, turnCount: 1, longestGapMs: 0,
    });
  });

  it('keeps a speaker whose phrases differ by less', () => {
    expect(heardAt([900, -20], [300, undefined], [900, -29])).toMatchObject({ talkMs: 1800, burstCount: 2 });
  });

  it('lets a click pass without trace', () => {
    expect(heard(0, 500, 60, 900)).toMatchObject({ burstCount: 0, talkMs: 0, initialSilenceMs: 1460, turnCount: 0 });
  });
});
