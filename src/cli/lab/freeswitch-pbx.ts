import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { newPassword } from './asterisk-instance.js';
import { BoundProcess } from './bound-process.js';
import { findFreeswitch, type FreeswitchProgram } from './find-freeswitch.js';
import type { PortRange } from './free-ports.js';
import { folderOptions, writeFreeswitchFolder, type FreeswitchFolder } from './freeswitch-folder.js';
import { pickFreeswitchPorts, type FreeswitchPorts } from './freeswitch-ports.js';
import { GATEWAY, writeFreeswitchSite } from './freeswitch-site.js';
import { FreeswitchSocket, type FreeswitchLogin } from './freeswitch-socket.js';
import type { PhoneAccount } from './pbx.js';
import { projectFolder } from './project-folder.js';

/** What `startFreeswitchPbx` is told. */
export interface FreeswitchPbxOptions {
  /** Everything of the PBX lies in it; it is the caller's to remove. */
  readonly folder: string;
  /** Where calls to the public network go. */
  readonly trunk: { readonly host: string; readonly port: number };
  readonly phones: readonly PhoneAccount[];
  /** Default: what `findFreeswitch` finds. */
  readonly program?: FreeswitchProgram;
  /** Default: free ones. */
  readonly ports?: FreeswitchPorts;
  /** Seconds between two OPTIONS to the trunk. Default 5, the least that FreeSWITCH takes, so that a lab knows its trunk soon. */
  readonly trunkQualifySeconds?: number;
}

/** A running FreeSWITCH. */
export interface FreeswitchPbx {
  readonly program: FreeswitchProgram;
  readonly host: string;
  /** SIP for desk phones. */
  readonly sipPort: number;
  /** SIP for calls that come in from the network. */
  readonly trunkSipPort: number;
  readonly eslPort: number;
  readonly eslPassword: string;
  /** The gateway of the trunk. */
  readonly gatewayName: string;
  /** Where the switch may write recordings. */
  readonly recordingsFolder: string;
  /** The product's own sounds, as the switch names them. */
  readonly soundsFolder: string;
  /** UDP ports kept free for call audio. */
  readonly audioPorts: PortRange;
  readonly configFolder: string;
  /** Warnings and errors of the switch. */
  readonly messagesFile: string;
  readonly pid: number | undefined;
  /** Ends every call and the switch; resolves when the process is gone. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Stops it, if it runs, and starts it with the same ports and passwords. */
  restart(): Promise<void>;
}

const TRUNK_QUALIFY_SECONDS = 5;
/** Chosen: a loaded two-core machine starts it in a fifth of it. */
const READY_WAIT_MS_MAX = 30_000;
/** Chosen: FreeSWITCH ends its calls, tells phones and exits within three seconds. */
const STOP_GRACE_MS = 10_000;
const ASK_AGAIN_AFTER_MS = 20;
const PROFILES = ['outdial-phones', 'outdial-trunk'] as const;

/**
 * Starts the FreeSWITCH that a customer would have: exactly the files of
 * freeswitch-conf/, placed the way its README tells an admin to, and the site
 * samples with this lab's addresses and passwords.
 * @throws Error with one sentence about how to get a FreeSWITCH where there is none.
 */
export async function startFreeswitchPbx(options: FreeswitchPbxOptions): Promise<FreeswitchPbx> {
  const program = options.program ?? (await foundProgram());
  const ports = options.ports ?? (await pickFreeswitchPorts());
  const eslPassword = newPassword();
  const folder = writeFreeswitchFolder(options.folder);
  writeFreeswitchSite(join(folder.configFolder, 'outdial-site'), {
    ports, eslPassword,
    holdFolder: folder.holdFolder,
    trunk: options.trunk,
    trunkQualifySeconds: options.trunkQualifySeconds ?? TRUNK_QUALIFY_SECONDS,
    phones: options.phones,
  });
  const instance = new Instance(program, folder, { host: '127.0.0.1', port: ports.esl, password: eslPassword });
  await instance.start();
  return {
    program,
    host: '127.0.0.1',
    sipPort: ports.sip, trunkSipPort: ports.trunkSip,
    eslPort: ports.esl, eslPassword,
    gatewayName: GATEWAY,
    recordingsFolder: folder.recordingsFolder,
    soundsFolder: join(projectFolder(), 'sounds'),
    audioPorts: ports.audio,
    configFolder: folder.configFolder,
    messagesFile: folder.messagesFile,
    get pid() {
      return instance.pid;
    },
    stop: () => instance.stop(),
    kill: () => instance.kill(),
    async restart() {
      await instance.stop();
      await instance.start();
    },
  };
}

async function foundProgram(): Promise<FreeswitchProgram> {
  const { program, missing } = await findFreeswitch();
  if (program === undefined) throw new Error(missing);
  return program;
}

/** The process, started again and again on one folder. */
class Instance {
  readonly #program: FreeswitchProgram;
  readonly #folder: FreeswitchFolder;
  readonly #login: FreeswitchLogin;
  #process: BoundProcess | undefined;

  constructor(program: FreeswitchProgram, folder: FreeswitchFolder, login: FreeswitchLogin) {
    this.#program = program;
    this.#folder = folder;
    this.#login = login;
  }

  get pid(): number | undefined {
    return this.#process?.isRunning === true ? this.#process.pid : undefined;
  }

  async start(): Promise<void> {
    if (this.pid !== undefined) return;
    const bound = await BoundProcess.start({
      // In the foreground without a console, at ordinary priority, opening no holes in any router.
      argv: [this.#program.path, '-nf', '-nc', '-np', '-nonat', ...folderOptions(this.#folder.root)],
      workingFolder: this.#folder.root,
      logFile: this.#folder.outputFile,
    });
    this.#process = bound;
    try {
      await this.#untilReady(bound);
    } catch (error) {
      await bound.kill();
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`FreeSWITCH did not start: ${reason}\n${this.#lastLogLines(15)}`);
    }
  }

  async stop(): Promise<void> {
    await this.#process?.stop(STOP_GRACE_MS);
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  async #untilReady(bound: BoundProcess): Promise<void> {
    const giveUpAtMs = performance.now() + READY_WAIT_MS_MAX;
    while (performance.now() < giveUpAtMs) {
      if (!bound.isRunning) throw new Error('the process ended.');
      if (await areProfilesRunning(this.#login)) return;
      await wait(ASK_AGAIN_AFTER_MS);
    }
    throw new Error(`its SIP profiles were not running after ${READY_WAIT_MS_MAX / 1000} s.`);
  }

  #lastLogLines(count: number): string {
    return [this.#folder.outputFile, this.#folder.messagesFile]
      .filter((file) => existsSync(file))
      .flatMap((file) => readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count))
      .join('\n');
  }
}

/** Asks the switch itself; false also while nobody listens yet. */
async function areProfilesRunning(login: FreeswitchLogin): Promise<boolean> {
  let socket: FreeswitchSocket;
  try {
    socket = await FreeswitchSocket.open(login);
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
  try {
    const status = await socket.api('sofia status');
    return PROFILES.every((name) => new RegExp(`^\\s*${name}\\s+profile\\s.*RUNNING`, 'm').test(status));
  } catch (error) {
    // It closed the connection while it was starting.
    if (error instanceof Error) return false;
    throw error;
  } finally {
    socket.close();
  }
}
