import { describe, expect, it } from 'vitest';
import { framesOf } from '../../../src/audio/frame.js';
import { CALL_PROGRESS_TONES, SIT_SEGMENTS } from '../../../src/audio/tone-catalogue.js';
import { playCadence, playSegments } from '../../../src/audio/tone-synthesis.js';
import { createEarlyMediaListener, type EarlyMediaFinding } from '../../../src/amd/early-media-listener.js';
import { Random } from '../../../src/units/random.js';
import { plainVoice } from '../../fixtures/plain-voice.js';
import { silence } from './hearing.js';

function heardOf(...pieces: readonly Int16Array[]): readonly EarlyMediaFinding[] {
  const listener = createEarlyMediaListener();
  const all = Int16Array.from(pieces.flatMap((piece) => [...piece]));
  return [...framesOf(all)].flatMap((frame) => [...listener.step(frame)]);
}
const names = (findings: readonly EarlyMediaFinding[]): readonly string[] => findings.map(({ heard }) => heard);

describe('before the answer', () => {
  it.each(['ringback-us', 'ringback-uk', 'ringback-eu'] as const)('%s is ringing, told once', (tone) => {
    expect(names(heardOf(silence(200), playCadence(CALL_PROGRESS_TONES[tone], 14_000)))).toEqual(['ringing']);
  });

  it.each(Object.entries(SIT_SEGMENTS))('SIT of class %s is an intercept, told before its announcement', (sitClass, segments) => {
    const [found, ...more] = heardOf(silence(500), playSegments(segments), plainVoice(4000));
    expect(found).toMatchObject({ heard: 'intercept', detail: sitClass });
    expect(found!.atMs).toBeLessThan(2000);
    expect(more).toEqual([]);
  });

  it('an intercept may follow ringing', () => {
    const ringing = playCadence(CALL_PROGRESS_TONES['ringback-us'], 3000);
    expect(names(heardOf(ringing, playSegments(SIT_SEGMENTS['vacant-code']), plainVoice(2000)))).toEqual(['ringing', 'intercept']);
  });

  it('busy is the last word', () => {
    expect(names(heardOf(playCadence(CALL_PROGRESS_TONES['busy-us'], 9000)))).toEqual(['busy']);
  });

  it('speech that goes on is an announcement', () => {
    expect(names(heardOf(silence(300), plainVoice(3500), silence(2000)))).toEqual(['announcement']);
  });

  it('sound that is neither tone nor speech is music', () => {
    const random = new Random(3);
    const sound = Int16Array.from({ length: 8 * 5000 }, () => 3000 * random.normal());
    expect(names(heardOf(sound))).toEqual(['music']);
  });

  it('silence and a faint line are nothing', () => {
    const random = new Random(4);
    expect(heardOf(silence(4000), Int16Array.from({ length: 8 * 4000 }, () => 40 * random.normal()))).toEqual([]);
  });
});
