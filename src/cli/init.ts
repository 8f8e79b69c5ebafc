import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sampleConfig } from '../config/sample-config.js';
import type { CliCommand } from './cli-command.js';

const RECORDINGS_FOLDER = '/var/spool/asterisk/recording';

/** `outdial init`: writes a commented configuration to start from. */
export function defineInit(command: CliCommand, defaultFile: string): void {
  command
    .description('write a commented configuration file')
    .option('-f, --file <file>', 'where to', defaultFile)
    .option('--force', 'write over a file that is there', false)
    .action(({ file, force }: { file: string; force: boolean }) => {
      writeSample(file, force);
      process.stdout.write(
        `${file} is written, with new passwords for ARI and AMI in it.\n` +
          'Next: put the same passwords into ari.conf and manager.conf (dialplan/site/ has samples), name your trunk and\n' +
          `phones, then run "outdial doctor --config ${file}".\n`,
      );
    });
}

/**
 * Writes the sample, readable by its owner alone because of the passwords in it.
 * @throws Error when the file is there and may not be written over.
 */
function writeSample(file: string, isOverwriting: boolean): void {
  if (existsSync(file) && !isOverwriting) {
    throw new Error(`${file} is there already; use --force to write over it, or --file for another.`);
  }
  mkdirSync(dirname(file), { recursive: true });
  const password = (): string => randomBytes(16).toString('hex');
  const text = sampleConfig({ ariPassword: password(), amiPassword: password(), recordingsFolder: RECORDINGS_FOLDER });
  writeFileSync(file, text, { mode: 0o600 });
}
