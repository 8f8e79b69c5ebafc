import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { CliCommand } from '../cli-command.js';
import { explainPicture } from './explain-picture.js';
import { explanationJson, explanationText, type Explanation } from './explanation.js';
import { loadWav } from './load-clip.js';
import { openAnalyst } from './recording-analyst.js';
import { traceRecording } from './recording-trace.js';

/** `outdial amd explain`: why the detector says what it says of one recording. */
export function defineExplain(command: CliCommand): void {
  command
    .description('say why the detector decides as it does on one WAV file, and draw it')
    .argument('<file>', 'a recording, from the answer on')
    .option('--out <file>', 'where the picture goes (default: the file\'s name with .svg, here)')
    .option('--json', 'last line of the output: everything as one line of JSON', false)
    .action(async (file: string, flags: { readonly out?: string; readonly json: boolean }) => {
      const explanation = await explain(file);
      const pictureFile = flags.out ?? `${basename(file).replace(/\.wav$/i, '')}.svg`;
      writeFileSync(pictureFile, explainPicture(explanation));
      process.stdout.write(`${explanationText(explanation)}\nPicture: ${pictureFile}\n`);
      if (flags.json) process.stdout.write(`${JSON.stringify(explanationJson(explanation))}\n`);
    });
}

async function explain(file: string): Promise<Explanation> {
  const loading = loadWav(file);
  if (!loading.ok) throw new Error(`${file} ${loading.fault}.`);
  const { samples } = loading;
  const analyst = await openAnalyst();
  try {
    const [analysis] = await analyst.analyse([samples]);
    if (analysis === undefined) throw new TypeError('One recording gives one analysis.');
    return {
      file, samples, analysis,
      trace: traceRecording(samples, analysis.speechProbabilities),
      options: analyst.options,
      faults: analyst.faults,
    };
  } finally {
    await analyst.close();
  }
}
