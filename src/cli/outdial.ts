#!/usr/bin/env node
import { Command } from 'commander';
import { ConfigError } from '../config/config-fault.js';
import { CONFIG_FILE_VARIABLE, ENVIRONMENT_VARIABLES, processEnvironment } from '../config/environment.js';
import { defineDemo } from './demo-command.js';
import { defineDoctor } from './doctor.js';
import { defineImport } from './import-contacts.js';
import { defineInit } from './init.js';
import { defineServe } from './serve.js';

/** The command line `outdial`. Exit status: 0 done, 1 a fault that the user can cure, 2 a bug. */
export function outdialProgram(): Command {
  const defaultFile = processEnvironment()[CONFIG_FILE_VARIABLE] ?? 'outdial.yaml';
  const program = new Command('outdial')
    .description('Outbound call centre on your own Asterisk.')
    .addHelpText('after', `\nEnvironment: ${ENVIRONMENT_VARIABLES.join(', ')}.`)
    .showHelpAfterError('("outdial --help" shows what there is)');
  defineDemo(program.command('demo'));
  defineServe(program.command('serve'), defaultFile);
  defineInit(program.command('init'), defaultFile);
  defineDoctor(program.command('doctor'), defaultFile);
  defineImport(program.command('import'), defaultFile);
  return program;
}

/** Runs the command line; a fault that the user can cure is one message, anything else shows where it happened. */
export async function runOutdial(argv: readonly string[]): Promise<void> {
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
