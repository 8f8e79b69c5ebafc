import { constants, accessSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { processEnvironment } from '../../config/environment.js';
import { runCommand } from './run-command.js';

/** A FreeSWITCH that can be started with a configuration folder of our own. */
export interface FreeswitchProgram {
  /** The program's full path. */
  readonly path: string;
  /** As it says itself, e.g. `1.10.12`. */
  readonly version: string;
}

/** What `findFreeswitch` found; where nothing was found, one sentence about how to get one. */
export type FreeswitchFinding =
  { readonly program: FreeswitchProgram; readonly missing?: undefined } | { readonly program?: undefined; readonly missing: string };

/** Names a program that is in none of the usual places. */
const VARIABLE = 'FREESWITCH_BIN';
/** Where packages and its own build put it, when PATH does not name the folder. */
const USUAL_FOLDERS = ['/usr/bin', '/usr/local/freeswitch/bin', '/opt/freeswitch/bin', '/usr/local/bin'] as const;

/**
 * Finds the machine's own FreeSWITCH: the one that FREESWITCH_BIN names, else
 * the first of PATH and the usual folders. Debian has no packages of it and
 * its maker's want an account, so none is fetched. Nothing of the machine's
 * own configuration is touched, and not one that is running.
 */
export async function findFreeswitch(environment: Readonly<Record<string, string | undefined>> = processEnvironment()): Promise<FreeswitchFinding> {
  const named = environment[VARIABLE];
  if (named !== undefined && named !== '') {
    const program = await describe(named);
    return program !== undefined ? { program } : { missing: `${VARIABLE} names ${named}, which is no FreeSWITCH that can be started.` };
  }
  const folders = [...(environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''), ...USUAL_FOLDERS];
  for (const path of folders.map((folder) => join(folder, 'freeswitch'))) {
    const program = await describe(path);
    if (program !== undefined) return { program };
  }
  return {
    missing: `No FreeSWITCH was found on this machine; install the packages of its maker, SignalWire, or build release 1.10 from its sources, and name the program in ${VARIABLE} where it is not in PATH.`,
  };
}

async function describe(path: string): Promise<FreeswitchProgram | undefined> {
  if (!isProgram(path)) return undefined;
  const said = await runCommand([path, '-version']);
  const version = /FreeSWITCH version: (\d+\.\d+\.\d+)/.exec(said.stdout)?.[1];
  return version === undefined ? undefined : { path, version };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}
