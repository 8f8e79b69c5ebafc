import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { once } from 'node:events';

/** What to start and where its output goes. */
export interface BoundProcessOptions {
  /** Program and arguments. */
  readonly argv: readonly [string, ...string[]];
  readonly workingFolder: string;
  /** File to which stdout and stderr are appended. */
  readonly logFile: string;
}

const SETPRIV_PLACES = ['/usr/bin/setpriv', '/bin/setpriv'];

/**
 * A program whose life is bound to ours: the kernel kills it when this process
 * ends, even by SIGKILL (`setpriv --pdeathsig`, of util-linux), so no switch or
 * phone is ever left behind. The bond is to the thread that starts it.
 */
export class BoundProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #hasExited = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      child.once('exit', () => {
        this.#hasExited = true;
        resolve();
      });
    });
  }

  /** Starts the program. @throws when it cannot be started at all. */
  static async start(options: BoundProcessOptions): Promise<BoundProcess> {
    const setpriv = SETPRIV_PLACES.find((place) => existsSync(place));
    if (setpriv === undefined) {
      throw new Error('setpriv is missing; install the package util-linux.');
    }
    const log = openSync(options.logFile, 'a');
    try {
      const child = spawn(setpriv, ['--pdeathsig', 'KILL', '--', ...options.argv], {
        cwd: options.workingFolder,
        stdio: ['ignore', log, log],
        // A group of its own: Ctrl-C at the terminal reaches us, and we stop it in order.
        detached: true,
      });
      const bound = new BoundProcess(child);
      await once(child, 'spawn');
      return bound;
    } finally {
      closeSync(log);
    }
  }

  /** The program's process id. */
  get pid(): number {
    const pid = this.#child.pid;
    if (pid === undefined) throw new Error('A started process has a pid.');
    return pid;
  }

  get isRunning(): boolean {
    return !this.#hasExited;
  }

  /** Resolves when the program has ended, for whatever reason. */
  get exited(): Promise<void> {
    return this.#exited;
  }

  /** Asks it to end (SIGTERM), waits up to `graceMs`, then kills it. */
  async stop(graceMs: number): Promise<void> {
    if (this.#hasExited) return;
    this.#child.kill('SIGTERM');
    const killer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    await this.#exited;
    clearTimeout(killer);
  }

  /** Kills it at once, as a power cut would, and waits until it is gone. */
  async kill(): Promise<void> {
    if (!this.#hasExited) this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
