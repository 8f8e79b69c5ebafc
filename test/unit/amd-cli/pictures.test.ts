import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { DEFAULT_ANALYSIS_OPTIONS } from '../../../src/amd/analysis-options.js';
import { playSegments } from '../../../src/audio/tone-synthesis.js';
import { evaluate } from '../../../src/cli/amd/evaluate-clips.js';
import { evaluationPicture } from '../../../src/cli/amd/evaluation-picture.js';
import { evaluationText } from '../../../src/cli/amd/evaluation-text.js';
import { explainPicture } from '../../../src/cli/amd/explain-picture.js';
import { explanationJson, explanationText, type Explanation } from '../../../src/cli/amd/explanation.js';
import type { ClipLabel } from '../../../src/cli/amd/clip-label.js';
import type { LoadedClip } from '../../../src/cli/amd/labelled-clip.js';
import { analyseRecording } from '../../../src/cli/amd/recording-analysis.js';
import { traceRecording } from '../../../src/cli/amd/recording-trace.js';
import { escapedForXml, roundTicks, svgPicture, svgScale, svgText } from '../../../src/cli/amd/svg.js';
import { voiceLike } from '../../support/voice-like.js';

const silence = (spanMs: number): Int16Array => new Int16Array(8 * spanMs);
const joined = (...parts: readonly Int16Array[]): Int16Array => Int16Array.from(parts.flatMap((part) => [...part]));
const PERSON = joined(silence(300), voiceLike(500, 1), silence(2500));
const MACHINE = joined(silence(300), voiceLike(2500, 2), silence(250), voiceLike(2600, 3), silence(500), playSegments([{ frequenciesHz: [1000], durationMs: 400 }]), silence(800));

const loaded = (file: string, label: ClipLabel, samples: Int16Array, beepMs?: number): LoadedClip =>
  ({ file, path: file, line: 1, label, samples, beepMs, speechEndMs: undefined, groups: { mode: label } });

/** Checked as XML, and told apart from a picture that refers to another file. */
function expectSound(picture: string): void {
  expect(XMLValidator.validate(picture)).toBe(true);
  const parsed = new XMLParser({ ignoreAttributes: false }).parse(picture) as { svg: Record<string, unknown> };
  expect(parsed.svg['@_viewBox']).toMatch(/^0 0 \d+ \d+$/);
  expect(parsed.svg['@_xmlns']).toBe('http://www.w3.org/2000/svg');
  expect(picture).not.toMatch(/href|<image|<script|url\(|NaN|Infinity|undefined/);
}

const explanationOf = (samples: Int16Array, hasSpeechModel = false): Explanation => ({
  file: 'odd <name> & "more".wav', samples,
  analysis: analyseRecording(samples, hasSpeechModel ? new Float32Array(samples.length / 160).fill(0.9) : undefined),
  trace: traceRecording(samples, undefined),
  options: DEFAULT_ANALYSIS_OPTIONS,
  faults: hasSpeechModel ? [] : ['There is no speech model.'],
});

describe('the picture of an evaluation', () => {
  const evaluated = (clips: readonly LoadedClip[]) =>
    evaluate({
      folder: 'set', clips, notes: [],
      analyst: { options: DEFAULT_ANALYSIS_OPTIONS, hasSpeechModel: false, faults: ['There is no speech model.'] }, beepInstant: undefined,
      analyses: clips.map(({ samples }) => analyseRecording(samples, undefined)),
      others: [{ name: 'amd-defaults', title: 'AMD & <co>', findings: clips.map(() => undefined) }],
    });

  it('is well formed, and the text tells the same', () => {
    const { report, scored } = evaluated([loaded('a.wav', 'person', PERSON), loaded('b.wav', 'machine', MACHINE, 6150)]);
    const picture = evaluationPicture(report, scored);
    expectSound(picture);
    expect(picture).toContain('AMD &amp; &lt;co&gt;');
    expect(report.detectors[0].score.beeps).toMatchObject({ hitCount: 1, falseCount: 0, instant: 'start' });
    const text = evaluationText(report);
    expect(text).toContain('2 recordings of set');
    expect(text).toContain('Note: There is no speech model.');
    expect(text).toContain('People lost          0 of 1, with 95 % confidence at most 95.00 %');
    expect(text).toMatch(/AMD & <co> +0 of 0 +– +0 of 0/);
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({ clipCount: 2, hasSpeechModel: false, detectors: [{ name: 'files' }, { name: 'files-holding' }, { name: 'amd-defaults' }] });
  });

  it.each([
    ['people alone', [loaded('a.wav', 'person', PERSON)]],
    ['machines alone', [loaded('b.wav', 'machine', MACHINE)]],
    ['neither', [loaded('c.wav', 'silence', silence(4000))]],
  ])('stands %s', (_, clips) => {
    const { report, scored } = evaluated(clips);
    expectSound(evaluationPicture(report, scored));
    expect(evaluationText(report)).not.toMatch(/NaN|undefined/);
  });
});

describe('the picture of a recording', () => {
  it.each([
    ['a person', PERSON], ['a machine', MACHINE], ['nothing', silence(4000)], ['a moment', voiceLike(40, 4)],
  ])('is well formed for %s', (_, samples) => {
    for (const hasSpeechModel of [true, false]) expectSound(explainPicture(explanationOf(samples, hasSpeechModel)));
  });

  it('comes with the reasons in words and as JSON', () => {
    const explanation = explanationOf(MACHINE);
    const text = explanationText(explanation);
    expect(text).toMatch(/machine at \d\.\d\d s: /);
    expect(text).toMatch(/Beep: 6\.1\d s to 6\.5\d s, (99\d|100\d) Hz\./);
    expect(text).toMatch(/A message may begin at 6\.5\d s, by beep\./);
    expect(explanationJson(explanation)).toMatchObject({ hasSpeechModel: false, talk: [{}, {}], beeps: [{}], greetingEnds: [{ by: 'beep' }] });
  });
});

describe('svg', () => {
  it('writes out what XML keeps for itself, and leaves out what it forbids', () => {
    expect(escapedForXml('a<b & "c">\u0000\u001b\uffff😀')).toBe('a&lt;b &amp; &quot;c&quot;&gt;😀');
    expectSound(svgPicture(10, 10, '<&>', [svgText([1, 2], '\u0007]]>')]));
  });

  it('puts figures in their place, and what lies outside on the edge', () => {
    const scale = svgScale(0, 10, 100, 200);
    expect([scale(0), scale(5), scale(10), scale(-3), scale(99)]).toEqual([100, 150, 200, 100, 200]);
  });

  it('finds round figures for an axis', () => {
    expect(roundTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(roundTicks(0, 13, 6)).toEqual([0, 5, 10]);
    expect(roundTicks(3, 3, 4)).toEqual([3]);
  });
});
