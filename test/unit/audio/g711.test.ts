import { describe, expect, it } from 'vitest';
import { decodeG711, encodeG711, type G711Law } from '../../../src/audio/g711.js';

const ALL_CODES = Uint8Array.from({ length: 256 }, (_, code) => code);
const ALL_SAMPLES = Int16Array.from({ length: 65536 }, (_, i) => i - 32768);

describe.each<G711Law>(['mu-law', 'a-law'])('%s', (law) => {
  it('gives every code its level back, the second zero of µ-law aside', () => {
    const decoded = decodeG711(law, ALL_CODES);
    const again = encodeG711(law, decoded);
    const changed = [...ALL_CODES].filter((code) => again[code] !== code);
    expect(changed).toEqual(law === 'mu-law' ? [0x7f] : []);
  });

  it('keeps each sample within half a step of its segment, and keeps order', () => {
    const round = decodeG711(law, encodeG711(law, ALL_SAMPLES));
    // Steps are 1/16 of the segment's foot, which is at most the biased magnitude.
    const halfStep = (sample: number): number => Math.max(8, (Math.abs(sample) + 132) / 32);
    const wrong = ALL_SAMPLES.filter(
      (sample, i) => Math.abs(round[i]! - sample) > halfStep(sample),
    );
    expect([...wrong]).toEqual([]);
    expect(round).toEqual(round.slice().sort());
  });

  it('writes into a target that is given', () => {
    const target = new Int16Array(256);
    expect(decodeG711(law, ALL_CODES, target)).toBe(target);
  });
});

it('agrees with the published values of G.711', () => {
  const muLaw = decodeG711('mu-law', Uint8Array.of(0xff, 0x7f, 0x80, 0x00, 0xf0, 0x8f));
  expect([...muLaw]).toEqual([0, 0, 32124, -32124, 120, 16764]);
  const aLaw = decodeG711('a-law', Uint8Array.of(0xd5, 0x55, 0xaa, 0x2a));
  expect([...aLaw]).toEqual([8, -8, 32256, -32256]);
});
