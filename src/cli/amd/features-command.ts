import type { CliCommand } from '../cli-command.js';
import { writeFeatures } from './write-features.js';

/** `outdial amd features`: what the training in models/ learns from. */
export function defineFeatures(command: CliCommand): void {
  command
    .description('write what the model sees of labelled calls, every 100 ms, for the training in models/')
    .argument('<calls>', 'CSV with the columns file, label, split and mode; the WAV files beside it')
    .argument('<features>', 'CSV to write')
    .action(async (callsFile: string, featuresFile: string) => {
      const rowCount = await writeFeatures(callsFile, featuresFile);
      process.stdout.write(`${rowCount} rows in ${featuresFile}.\n`);
    });
}
