/**
 * `outdial amd evaluate` and `outdial amd explain` as anybody runs them: on a
 * folder of recordings, as files and as real calls between two Asterisks.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnswerVerdict } from '../../src/call/answer-verdict.js';
import { keepsThePerson } from '../../src/cli/amd/detector-finding.js';
import type { EvaluationReport } from '../../src/cli/amd/evaluation-report.js';
import { Random } from '../../src/units/random.js';
import { writeSet } from '../fixtures/analysis-score.js';
import { drawMachine, drawPerson, drawTone, type AnsweredCall } from '../fixtures/answer-set.js';
import { outdialArguments } from '../fixtures/served-process.js';
import { until } from '../fixtures/until.js';

let folder: string;
let set: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outdial-judge-'));
  set = mkdtempSync(join(folder, 'set-'));
  await writeSet(set, clips());
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Few, and on good lines: what is proved here is that calls come through. */
async function* clips(): AsyncGenerator<AnsweredCall> {
  const isGood = ({ line }: AnsweredCall): boolean => line.lossRatio === 0 && (line.noise === 'none' || line.snrDb > 25) && line.speechLevelDbfs > -30;
  const firstGood = async (draw: (random: Random) => Promise<AnsweredCall>): Promise<AnsweredCall> => {
    for (let seed = 1; ; seed++) {
      const call = await draw(new Random(seed));
      if (isGood(call)) return call;
    }
  };
  yield await firstGood((random) => drawPerson('single word', 'judging', random));
  yield await firstGood((random) => drawPerson('short phrase', 'judging', random));
  yield await firstGood((random) => drawMachine('home greeting', 'judging', random));
  yield await firstGood((random) => drawMachine('business machine', 'judging', random));
  yield await firstGood((random) => drawTone('busy', 'judging', random));
}

interface Ran {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
}

function start(...args: readonly string[]): { readonly child: ChildProcess; readonly ran: Promise<Ran>; readonly said: () => string } {
  const child = spawn(process.execPath, outdialArguments(['amd', ...args]), { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk));
  const ran = once(child, 'close').then(([exitCode]): Ran => ({ exitCode: exitCode as number | null, out, err }));
  return { child, ran, said: () => err };
}

const run = (...args: readonly string[]): Promise<Ran> => start(...args).ran;

/** Folders of runs with calls. */
const callFolders = (): readonly string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('outdial-amd-'));

/** Command lines of processes that work in a folder. */
const processesIn = (name: string): readonly string[] =>
  readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return line.includes(name) ? [line] : [];
    } catch (error) {
      // It ended while we looked.
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return [];
      throw error;
    }
  });

describe('outdial amd evaluate', () => {
  test('judges files and real calls, beside AMD() on the same recordings, and leaves nothing behind', async () => {
    const before = callFolders();
    const { exitCode, out, err } = await run('evaluate', set, '--calls', '--json', '--picture', 'judged.svg', '--out', 'judged.json');
    expect(exitCode, err).toBe(0);
    const lines = out.trimEnd().split('\n');
    const report = JSON.parse(lines.at(-1)!) as EvaluationReport;
    expect(JSON.parse(readFileSync(join(folder, 'judged.json'), 'utf8'))).toEqual(report);
    expect(report.detectors.map(({ name }) => name)).toEqual(['files', 'files-holding', 'calls', 'amd-defaults', 'amd-four-words']);
    for (const { name, score } of report.detectors) {
      expect(score.failedFiles, name).toEqual([]);
      expect([score.people.count, score.machines.count], name).toEqual([2, 2]);
    }
    // What is heard on a call is judged as the file is, and at nearly the same moment.
    for (const { file, verdicts } of report.clips) {
      const [onFile, onCall] = [verdicts['files']?.find(({ stage }) => stage === 'decided'), verdicts['calls']?.find(({ stage }) => stage === 'decided')];
      // Doubt and a plain person are both a person: on which side of the line a call falls may differ by a frame.
      expect(keepsThePerson(onCall!.verdict as AnswerVerdict), file).toBe(keepsThePerson(onFile!.verdict as AnswerVerdict));
      expect(Math.abs(onCall!.atMs - onFile!.atMs), file).toBeLessThan(800);
      for (const name of ['amd-defaults', 'amd-four-words']) {
        const [word] = verdicts[name]!;
        expect(word!.reason, file).toMatch(/^[A-Z]+-\d+/);
        expect(word!.atMs, file).toBeGreaterThan(300);
        expect(word!.atMs, file).toBeLessThan(9000);
      }
    }
    expect(report.detectors[1]?.score.people.lostCount).toBe(0);
    const text = lines.slice(0, -1).join('\n');
    expect(text).toContain('Asterisk AMD(), its defaults');
    expect(text).toContain('Truth (rows) and final verdict (columns)');
    const picture = readFileSync(join(folder, 'judged.svg'), 'utf8');
    expect(XMLValidator.validate(picture)).toBe(true);
    expect(picture).toContain('Outdial, as calls');
    expect(callFolders()).toEqual(before);
  });

  test('ends its calls and its Asterisks on Ctrl-C', async () => {
    const before = callFolders();
    const { child, ran, said } = start('evaluate', set, '--calls');
    let name: string | undefined;
    await until('the near Asterisk runs', () => {
      name = callFolders().find((each) => !before.includes(each));
      return name !== undefined && processesIn(`${name}/pbx`).length > 0;
    }, 40_000);
    child.kill('SIGINT');
    const { exitCode, out } = await ran;
    expect(exitCode).toBe(1);
    expect(said()).toContain('Interrupted; all calls are ended and nothing is written.');
    expect(out).not.toContain('People lost');
    expect(processesIn(name!)).toEqual([]);
    expect(callFolders()).toEqual(before);
    expect(existsSync(join(set, 'evaluation.svg'))).toBe(false);
  });

  test('does nothing on a faulty folder but say every fault', async () => {
    const bad = mkdtempSync(join(folder, 'bad-'));
    writeFileSync(join(bad, 'MANIFEST.csv'), 'file,label\nx.wav,person\ny.wav,robot\n');
    const { exitCode, out, err } = await run('evaluate', bad);
    expect(exitCode).toBe(1);
    expect(out).toBe('');
    expect(err.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^MANIFEST\.csv line 2: there is no file x\.wav /),
      expect.stringMatching(/^MANIFEST\.csv line 3: there is no file y\.wav /),
      expect.stringMatching(/^MANIFEST\.csv line 3: the label "robot" of y\.wav is not known; /),
    ]);
    expect(readdirSync(bad)).toEqual(['MANIFEST.csv']);
  });
});

describe('outdial amd explain', () => {
  test('says why, draws it, and gives it to programs', async () => {
    const { exitCode, out, err } = await run('explain', join(set, '0003.wav'), '--json');
    expect(exitCode, err).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(out).toMatch(/^Decided \w+ at \d+\.\d\d s: .+\.$/m);
    expect(out).toContain('Picture: 0003.svg');
    const told = JSON.parse(lines.at(-1)!) as { readonly decisions: readonly { readonly verdict: string }[]; readonly speechProbabilities?: readonly number[] };
    expect(told.decisions.map(({ verdict }) => out.includes(` ${verdict} at `))).not.toContain(false);
    expect(told.speechProbabilities?.some((ratio) => ratio > 0.9)).toBe(true);
    expect(XMLValidator.validate(readFileSync(join(folder, '0003.svg'), 'utf8'))).toBe(true);
  });

  test('says in a sentence that a file is none', async () => {
    const { exitCode, err } = await run('explain', 'nowhere.wav');
    expect([exitCode, err]).toEqual([1, expect.stringMatching(/^nowhere\.wav cannot be opened \(.*\); give a file that may be read\.\n$/)]);
  });
});
