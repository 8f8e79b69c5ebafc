import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeG711 } from '../../../src/audio/g711.js';
import { wavHeader, writeWav } from '../../../src/audio/wav.js';
import { clipLabelOf } from '../../../src/cli/amd/clip-label.js';
import { loadClips, loadWav } from '../../../src/cli/amd/load-clip.js';
import { readManifest } from '../../../src/cli/amd/manifest-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outdial-manifest-'));
  for (const name of ['a.wav', 'b.wav', 'c.wav']) writeFileSync(join(folder, name), second());
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const second = (sampleRateHz = 8000): Uint8Array =>
  writeWav({ samples: Int16Array.from({ length: sampleRateHz }, (_, at) => 9000 * Math.sin(at / 3)), channelCount: 1, sampleRateHz });
const manifest = (text: string | Uint8Array, name = 'MANIFEST.csv'): void => writeFileSync(join(folder, name), text);
const read = (text: string | Uint8Array) => {
  manifest(text);
  return readManifest(folder);
};
const faultsOf = (text: string | Uint8Array): readonly string[] => {
  const reading = read(text);
  return [...reading.faults, ...loadClips('MANIFEST.csv', reading.clips).faults];
};

describe('readManifest', () => {
  it('reads the three columns, and mode, source, split and the end of speech where they are', () => {
    const { clips, faults, unlistedCount } = read(
      'file,label,beep_time_s,mode,source,split,speech_end_s,remark\na.wav,person,,single word,lab,test,0.4,x\nb.wav,machine,0.75,,,,,\n',
    );
    expect(faults).toEqual([]);
    expect(unlistedCount).toBe(1);
    expect(clips).toEqual([
      { file: 'a.wav', path: join(folder, 'a.wav'), line: 2, label: 'person', beepMs: undefined, speechEndMs: 400, groups: { mode: 'single word', source: 'lab', split: 'test' } },
      { file: 'b.wav', path: join(folder, 'b.wav'), line: 3, label: 'machine', beepMs: 750, speechEndMs: undefined, groups: {} },
    ]);
  });

  it.each([
    ['a byte-order mark and CRLF', '\uFEFFfile,label,beep_time_s\r\na.wav,person,\r\n'],
    ['quotes, spaces and capitals', '"File" , "LABEL","Beep_Time_s"\n"a.wav","HUMAN",""\n'],
    ['semicolons', 'file;label;beep_time_s\na.wav;person;\n'],
    ['tabs and other names of columns', 'filename\ttruth\na.wav\tperson\n'],
    ['an order of its own and blank lines', 'label,beep_time_s,file\n\nperson,none,a.wav\n\n'],
    ['UTF-16', Buffer.from('\uFEFFfile,label,beep_time_s\na.wav,person,\n', 'utf16le')],
  ])('reads %s', (_, text) => {
    expect(read(text)).toMatchObject({ faults: [], clips: [{ file: 'a.wav', label: 'person', beepMs: undefined }] });
  });

  it('finds the manifest in any case, and recordings in folders', () => {
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'sub/d.wav'), second());
    manifest('file,label\nsub/d.wav,machine\n', 'manifest.csv');
    expect(readManifest(folder)).toMatchObject({ faults: [], clips: [{ path: join(folder, 'sub/d.wav') }] });
  });

  it('takes a comma for the point of a time', () => {
    expect(read('file;label;beep_time_s\na.wav;machine;0,5\n').clips[0]?.beepMs).toBe(500);
  });

  it.each([
    ['an empty manifest', '', ['MANIFEST.csv is empty']],
    ['no rows', 'file,label,beep_time_s\n', ['MANIFEST.csv names no recording; add a row']],
    ['no such columns', 'name,kind\na.wav,person\n', ['line 1: there is no column file and no column label; the first line names the columns']],
    ['no label column', 'file,beep_time_s\na.wav,\n', ['line 1: there is no column label']],
    ['a file that is not there', 'file,label\nx.wav,person\n', ['MANIFEST.csv line 2: there is no file x.wav']],
    ['a row without a file', 'file,label\n,person\n', ['line 2: no file is named']],
    ['an unknown label', 'file,label\na.wav,robot\n', ['line 2: the label "robot" of a.wav is not known; take one of person, machine, screening']],
    ['a beep that is no time', 'file,label,beep_time_s\na.wav,machine,soon\n', ['line 2: the beep_time_s "soon" of a.wav is no time; write seconds such as 4.25']],
    ['a beep before the answer', 'file,label,beep_time_s\na.wav,machine,-1\n', ['line 2: the beep_time_s "-1"']],
    ['an end of speech that is no time', 'file,label,speech_end_s\na.wav,person,x\n', ['line 2: the end of speech "x"']],
    ['a beep after the end', 'file,label,beep_time_s\na.wav,machine,1.5\n', ['line 2: beep_time_s of a.wav is 1.5 s, and the recording ends at 1 s']],
    ['a file named twice', 'file,label\na.wav,person\nb.wav,person\n./a.wav,machine\n', ['line 4: ./a.wav is named on line 2 too']],
    ['a quote that is not closed', 'file,label\n"a.wav,person\n', ['it is no CSV']],
    ['a workbook', Buffer.from('PK\u0003\u0004 and more'), ['MANIFEST.csv: The file is a workbook']],
  ])('says what is wrong with %s', (_, text, expected) => {
    const faults = faultsOf(text);
    expect(faults).toHaveLength(expected.length);
    expected.forEach((words, index) => expect(faults[index]).toContain(words));
  });

  it('says all faults at once, each with its line', () => {
    writeFileSync(join(folder, 'b.wav'), 'once upon a time');
    const faults = faultsOf('file,label,beep_time_s\na.wav,robot,\nx.wav,person,\nb.wav,person,\nc.wav,machine,7\n');
    expect(faults.map((fault) => /line (\d)/.exec(fault)?.[1])).toEqual(['2', '3', '4', '5']);
    expect(faults[2]).toContain('b.wav is no WAV file that can be read (not a RIFF/WAVE file)');
  });

  it('says how to begin where there is no folder or no manifest', () => {
    expect(readManifest(join(folder, 'nowhere')).faults).toEqual([expect.stringContaining('There is no folder')]);
    expect(readManifest(folder).faults).toEqual([expect.stringContaining('holds no MANIFEST.csv; write one with the columns file,label,beep_time_s')]);
  });
});

describe('clipLabelOf', () => {
  it.each([
    ['Person', 'person'], ['HUMAN', 'person'], ['live person', 'person'], ['voicemail', 'machine'], ['Answering-Machine', 'machine'],
    ['IVR', 'menu'], ['call_screening', 'screening'], ['SIT', 'intercept'], ['tone', 'tone'], ['no-speech', 'silence'], ['ringback', 'ringing'], ['music', 'other'],
  ])('knows %s', (word, label) => {
    expect(clipLabelOf(word)).toBe(label);
  });

  it('knows no others', () => {
    expect(['robot', '', 'constructor', 'toString', '?'].map(clipLabelOf)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });
});

describe('loadWav', () => {
  const load = (bytes: Uint8Array) => {
    writeFileSync(join(folder, 'x.wav'), bytes);
    return loadWav(join(folder, 'x.wav'));
  };
  const lengthOf = (loading: ReturnType<typeof loadWav>): number => (loading.ok ? loading.samples.length : NaN);

  it('brings any rate to the telephone\'s', () => {
    for (const rateHz of [8000, 11_025, 16_000, 22_050, 44_100, 48_000]) expect(lengthOf(load(second(rateHz)))).toBe(8000);
  });

  it('averages two channels, and reads µ-law', () => {
    const stereo = writeWav({ samples: Int16Array.from({ length: 2000 }, (_, at) => (at % 2 === 0 ? 3000 : 1000)), channelCount: 2, sampleRateHz: 8000 });
    const loading = load(stereo);
    expect(loading.ok && [...new Set(loading.samples)]).toEqual([2000]);
    const data = encodeG711('mu-law', new Int16Array(800).fill(1000));
    const muLaw = new Uint8Array([...wavHeader(data.length), ...data]);
    new DataView(muLaw.buffer).setUint16(20, 7, true);
    new DataView(muLaw.buffer).setUint16(34, 8, true);
    expect(lengthOf(load(muLaw))).toBe(800);
  });

  it('says what cannot be read and what to do', () => {
    expect(load(new Uint8Array())).toEqual({ ok: false, fault: expect.stringContaining('convert it to PCM') as string });
    expect(load(wavHeader(0))).toEqual({ ok: false, fault: expect.stringContaining('holds no sound') as string });
    expect(loadWav(join(folder, 'nowhere.wav'))).toEqual({ ok: false, fault: expect.stringContaining('cannot be opened') as string });
  });
});
