import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { removeRunFolder, writeAsteriskFolder, type AsteriskFolder, type ConfigFiles } from './asterisk-folder.js';
import { BoundProcess } from './bound-process.js';
import type { AsteriskProgram } from './find-asterisk.js';
import { findFreePorts, pickRtpRange, type PortRange } from './free-ports.js';

/** Ports of one instance, all on the loopback address. */
export interface AsteriskPorts {
  readonly sip: number;
  readonly http: number;
  readonly ami: number;
  readonly rtp: PortRange;
}

/** A name and a password, for ARI or AMI. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** How one instance is to be set up. */
export interface AsteriskSetup {
  readonly program: AsteriskProgram;
  /** Everything of the instance lies in it; it is the caller's to remove. */
  readonly folder: string;
  readonly ports: AsteriskPorts;
  readonly ami: Credentials;
  readonly files: ConfigFiles;
  /** Folders of sounds by the name they get below sounds/. */
  readonly sounds: Readonly<Record<string, string>>;
  /** The project's dialplan/, included as `outdial/...`. */
  readonly dialplanFolder: string;
}

/** Chosen: a loaded two-core machine starts Asterisk in a fifth of it. */
const READY_WAIT_MS_MAX = 30_000;
/** Chosen: Asterisk ends its calls and exits within one second. */
const STOP_GRACE_MS = 5_000;
const CONNECT_AGAIN_AFTER_MS = 20;
const BOOTED_WAIT_MS_MAX = 10_000;

/** One running Asterisk with a configuration folder and ports of its own. */
export class AsteriskInstance {
  readonly setup: AsteriskSetup;
  readonly folder: AsteriskFolder;
  #process: BoundProcess | undefined;

  private constructor(setup: AsteriskSetup, folder: AsteriskFolder) {
    this.setup = setup;
    this.folder = folder;
  }

  /** Writes the folder, starts the switch and resolves when it is fully booted. */
  static async start(setup: AsteriskSetup): Promise<AsteriskInstance> {
    const folder = writeAsteriskFolder(setup.folder, setup.program, setup.files, setup.sounds, setup.dialplanFolder);
    const instance = new AsteriskInstance(setup, folder);
    await instance.start();
    return instance;
  }

  /** The process id; undefined while it is not running. */
  get pid(): number | undefined {
    return this.#process?.isRunning === true ? this.#process.pid : undefined;
  }

  /** Starts it again on the same ports and folder after `stop` or `kill`. */
  async start(): Promise<void> {
    if (this.pid !== undefined) return;
    mkdirSync(this.folder.runFolder, { recursive: true });
    const argv = this.setup.program.argv(['-f', '-C', this.folder.configFile]);
    const bound = await BoundProcess.start({ argv, workingFolder: this.folder.root, logFile: this.folder.logFile });
    this.#process = bound;
    try {
      await untilBooted(this.setup.ports.ami, this.setup.ami, bound);
    } catch (error) {
      await bound.kill();
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`Asterisk did not start: ${reason}\n${this.lastLogLines(15)}`);
    }
  }

  /** Ends every call and the switch; resolves when the process is gone. */
  async stop(): Promise<void> {
    await this.#process?.stop(STOP_GRACE_MS);
    removeRunFolder(this.folder);
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  /** The last lines the switch wrote, for an error message. */
  lastLogLines(count: number): string {
    return readFileSync(this.folder.logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  }
}

/** Free ports for one instance. */
export async function pickAsteriskPorts(): Promise<AsteriskPorts> {
  const [sip, http, ami] = await findFreePorts(3);
  if (sip === undefined || http === undefined || ami === undefined) throw new Error('Three ports were asked for.');
  return { sip, http, ami, rtp: pickRtpRange() };
}

/** A password nobody guesses, for a switch that lives as long as one run. */
export function newPassword(): string {
  return randomBytes(12).toString('hex');
}

/** Asterisk says `FullyBooted` to whoever logs in on AMI, as soon as it is. */
async function untilBooted(amiPort: number, ami: Credentials, bound: BoundProcess): Promise<void> {
  const giveUpAtMs = performance.now() + READY_WAIT_MS_MAX;
  while (performance.now() < giveUpAtMs) {
    if (!bound.isRunning) throw new Error('the process ended.');
    if (await hearsFullyBooted(amiPort, ami)) return;
    await wait(CONNECT_AGAIN_AFTER_MS);
  }
  throw new Error(`it was not fully booted after ${READY_WAIT_MS_MAX / 1000} s.`);
}

function hearsFullyBooted(amiPort: number, ami: Credentials): Promise<boolean> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect({ host: '127.0.0.1', port: amiPort });
    const finish = (isBooted: boolean): void => {
      socket.destroy();
      resolve(isBooted);
    };
    socket.setEncoding('utf8').setTimeout(BOOTED_WAIT_MS_MAX, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
    socket.once('connect', () => {
      socket.write(`Action: Login\r\nUsername: ${ami.user}\r\nSecret: ${ami.password}\r\n\r\n`);
    });
    socket.on('data', (chunk: string) => {
      heard += chunk;
      if (heard.includes('Event: FullyBooted')) finish(true);
    });
  });
}
