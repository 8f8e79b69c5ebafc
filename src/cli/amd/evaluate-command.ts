import { accessSync, constants, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CliCommand } from '../cli-command.js';
import { ProgressLine } from '../demo/progress-line.js';
import type { BeepInstant } from './beep-score.js';
import { evaluate } from './evaluate-clips.js';
import { evaluationPicture } from './evaluation-picture.js';
import type { EvaluationReport } from './evaluation-report.js';
import { evaluationText } from './evaluation-text.js';
import { labelledFolder } from './labelled-folder.js';
import { openAnalyst } from './recording-analyst.js';
import { runCalls, type CallRuns } from './run-calls.js';

/** Chosen: with six legs a recording, what two cores carry beside everything else. */
const RECORDINGS_AT_ONCE = 8;
const RECORDINGS_AT_ONCE_MAX = 50;
const PICTURE_NAME = 'evaluation.svg';

interface EvaluateFlags {
  readonly json: boolean;
  readonly calls?: boolean;
  readonly callsAtOnce?: number;
  readonly beepTime?: BeepInstant;
  readonly picture?: string;
  readonly out?: string;
}

/** `outdial amd evaluate`: judges the detector on any labelled recordings. */
export function defineEvaluate(command: CliCommand): void {
  command
    .description('judge the detector on a folder of WAV files with a MANIFEST.csv (file,label,beep_time_s)')
    .argument('<folder>', 'recordings from the answer on, and their MANIFEST.csv')
    .option('--calls', 'also drive each file as real calls through two Asterisks, beside Asterisk\'s own AMD()')
    .option('--no-calls', 'judge the files only (default)')
    .readOption('--calls-at-once <count>', `recordings called at a time, 1 to ${RECORDINGS_AT_ONCE_MAX} (default: ${RECORDINGS_AT_ONCE})`, atOnce)
    .readOption('--beep-time <instant>', 'what beep_time_s names: start or end of the beep (default: what fits better)', beepInstant)
    .option('--picture <file>', `where the picture goes (default: ${PICTURE_NAME} in the folder, or here where that may not be written)`)
    .option('--out <file>', 'also write everything, recording by recording, as JSON')
    .option('--json', 'last line of the output: everything as one line of JSON', false)
    .action(async (folder: string, flags: EvaluateFlags) => {
      const report = await evaluateFolder(folder, {
        hasCalls: flags.calls ?? false,
        recordingsAtOnce: flags.callsAtOnce ?? RECORDINGS_AT_ONCE,
        beepInstant: flags.beepTime,
        pictureFile: flags.picture ?? defaultPicture(folder),
      });
      if (flags.out !== undefined) writeFileSync(flags.out, `${JSON.stringify(report, undefined, 2)}\n`);
      if (flags.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    });
}

/** How a folder is to be evaluated. */
export interface EvaluateOptions {
  readonly hasCalls: boolean;
  readonly recordingsAtOnce: number;
  readonly beepInstant: BeepInstant | undefined;
  readonly pictureFile: string;
}

/**
 * Evaluates a folder, prints what was found, and writes the picture.
 * @throws Error naming every fault of the manifest and of the recordings; nothing was done then.
 */
async function evaluateFolder(folder: string, options: EvaluateOptions): Promise<EvaluationReport> {
  const { clips, notes } = labelledFolder(folder);
  const line = new ProgressLine(process.stderr, () => performance.now());
  const analyst = await openAnalyst();
  try {
    line.say(`Listening to ${clips.length} recordings.`);
    const analyses = await analyst.analyse(clips.map(({ samples }) => samples));
    const calls: CallRuns = options.hasCalls
      ? await runCalls({
          recordings: clips.map(({ samples }) => samples),
          recordingsAtOnce: options.recordingsAtOnce,
          say: (sentence) => line.say(sentence),
          progress: (text) => line.show(text),
        }, analyst)
      : { runs: [], notes: [] };
    const { report, scored } = evaluate({
      folder, clips, analyses, analyst,
      others: calls.runs,
      notes: [...notes, ...calls.notes],
      beepInstant: options.beepInstant,
    });
    writeFileSync(options.pictureFile, evaluationPicture(report, scored));
    process.stdout.write(`${evaluationText(report)}\nPicture: ${options.pictureFile}\n`);
    if (!options.hasCalls) process.stdout.write('The same recordings as real calls, beside Asterisk\'s own AMD(): add --calls.\n');
    return report;
  } finally {
    await analyst.close();
  }
}

function defaultPicture(folder: string): string {
  try {
    accessSync(folder, constants.W_OK);
    return join(folder, PICTURE_NAME);
  } catch {
    return PICTURE_NAME;
  }
}

function atOnce(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > RECORDINGS_AT_ONCE_MAX) throw new Error(`--calls-at-once takes a whole number from 1 to ${RECORDINGS_AT_ONCE_MAX}, not "${text}".`);
  return value;
}

function beepInstant(text: string): BeepInstant {
  if (text !== 'start' && text !== 'end') throw new Error(`--beep-time takes start or end, not "${text}".`);
  return text;
}
