#!/usr/bin/env node
import { Command, Option } from 'commander';
import { ConfigError } from '../config/config-fault.js';
import { CONFIG_FILE_VARIABLE, ENVIRONMENT_VARIABLES, processEnvironment } from '../config/environment.js';
import { defineEvaluate } from './amd/evaluate-command.js';
import { defineExplain } from './amd/explain-command.js';
import { defineFeatures } from './amd/features-command.js';
import type { CliCommand } from './cli-command.js';
import { defineDemo } from './demo-command.js';
import { defineDoctor } from './doctor.js';
import { defineImport } from './import-contacts.js';
import { defineInit } from './init.js';
import { defineServe } from './serve.js';

/** The command line `outdial`. Exit status: 0 done, 1 a fault that the user can cure, 2 a bug. */
function outdialProgram(): Command {
  const defaultFile = processEnvironment()[CONFIG_FILE_VARIABLE] ?? 'outdial.yaml';
  const program = new Command('outdial')
    .description('Outbound call centre on your own Asterisk or FreeSWITCH.')
    .addHelpText('after', `\nEnvironment: ${ENVIRONMENT_VARIABLES.join(', ')}.`)
    .showHelpAfterError('("outdial --help" shows what there is)');
  defineDemo(described(program.command('demo')));
  defineServe(described(program.command('serve')), defaultFile);
  defineInit(described(program.command('init')), defaultFile);
  defineDoctor(described(program.command('doctor')), defaultFile);
  defineImport(described(program.command('import')), defaultFile);
  const amd = program.command('amd').description('judge the detector of answering machines on recordings, and see why it decides as it does');
  defineEvaluate(described(amd.command('evaluate')));
  defineExplain(described(amd.command('explain')));
  defineFeatures(described(amd.command('features')));
  return program;
}

function described(command: Command): CliCommand {
  const self: CliCommand = {
    description: (text) => chained(command.description(text)),
    argument: (name, description) => chained(command.argument(name, description)),
    requiredOption: (flags, description) => chained(command.requiredOption(flags, description)),
    option: (flags, description, fallback) => chained(command.addOption(new Option(flags, description).default(fallback))),
    readOption: (flags, description, read) => chained(command.addOption(new Option(flags, description).argParser(read))),
    repeatedOption: (flags, description, read) => {
      const gather = (text: string, before: readonly unknown[]): readonly unknown[] => [...before, read(text)];
      return chained(command.addOption(new Option(flags, description).argParser(gather).default([], 'none')));
    },
    action: (run) => chained(command.action((...given) => run(...(given as never[])))),
  };
  const chained = (_: Command): CliCommand => self;
  return self;
}

/** Runs the command line; a fault that the user can cure is one message, anything else shows where it happened. */
async function runOutdial(argv: readonly string[]): Promise<void> {
  try {
    await outdialProgram().parseAsync([...argv]);
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigError ? error.message : messageOf(error)}\n`);
    process.exitCode = 1;
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A bug is a TypeError, RangeError and the like; what a user can cure is said in plain Errors and our own.
  const isBug = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  return isBug ? (error.stack ?? error.message) : error.message;
}

await runOutdial(process.argv);
