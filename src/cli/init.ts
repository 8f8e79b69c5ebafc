import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sampleConfig } from '../config/sample-config.js';
import type { SwitchKind } from '../config/switch-schema.js';
import type { CliCommand } from './cli-command.js';

/** Where the switch's packages let it record. */
const RECORDINGS_FOLDERS: Readonly<Record<SwitchKind, string>> = {
  asterisk: '/var/spool/asterisk/recording',
  freeswitch: '/var/lib/freeswitch/recordings',
};

/** What is left to do, after the name of the file. */
const NEXT_STEPS: Readonly<Record<SwitchKind, string>> = {
  asterisk:
    'is written, with new passwords for ARI and AMI in it.\n' +
    'Next: put the same passwords into ari.conf and manager.conf (dialplan/site/ has samples), name your trunk and\n' +
    'phones, then run',
  freeswitch:
    'is written, with a new password for the event socket in it.\n' +
    'Next: put the same password into vars-site.xml, and your trunk and phones into gateways-site.xml and\n' +
    'phones-site.xml (freeswitch-conf/site/ has samples; freeswitch-conf/ says where they go), then run',
};

/** `outdial init`: writes a commented configuration to start from. */
export function defineInit(command: CliCommand, defaultFile: string): void {
  command
    .description('write a commented configuration file')
    .option('-f, --file <file>', 'where to', defaultFile)
    .option('--switch <kind>', 'asterisk or freeswitch', 'asterisk')
    .option('--force', 'write over a file that is there', false)
    .action(({ file, switch: kind, force }: { file: string; switch: string; force: boolean }) => {
      if (kind !== 'asterisk' && kind !== 'freeswitch') throw new Error(`There is no switch "${kind}"; write --switch asterisk or --switch freeswitch.`);
      writeSample(file, kind, force);
      process.stdout.write(`${file} ${NEXT_STEPS[kind]} "outdial doctor --config ${file}".\n`);
    });
}

/**
 * Writes the sample, readable by its owner alone because of the passwords in it.
 * @throws Error when the file is there and may not be written over.
 */
function writeSample(file: string, kind: SwitchKind, isOverwriting: boolean): void {
  if (existsSync(file) && !isOverwriting) {
    throw new Error(`${file} is there already; use --force to write over it, or --file for another.`);
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, sampleConfig(sampleValues(kind)), { mode: 0o600 });
}

function sampleValues(kind: SwitchKind): Parameters<typeof sampleConfig>[0] {
  const password = (): string => randomBytes(16).toString('hex');
  const recordingsFolder = RECORDINGS_FOLDERS[kind];
  return kind === 'asterisk'
    ? { kind, ariPassword: password(), amiPassword: password(), recordingsFolder }
    : { kind, eslPassword: password(), recordingsFolder };
}
