import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';

/** How the service is started. */
export interface ServiceProcessOptions {
  readonly argv: readonly [string, ...string[]];
  readonly url: string;
  readonly logFile: string;
  /** Told when it has died unasked and is started again. */
  readonly onRestart: (exitWord: string) => void;
}

const READY_WITHIN_MS = 30_000;
const POLL_INTERVAL_MS = 100;
const STOP_WITHIN_MS = 10_000;

/**
 * The service as a process of its own, so that it can be killed while calls go
 * on: it is started again at once, as a service manager would.
 */
export class ServiceProcess {
  readonly #options: ServiceProcessOptions;
  #child: ChildProcess | undefined;
  #isStopping = false;

  constructor(options: ServiceProcessOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when it answers. @throws Error naming the log when it does not. */
  async start(): Promise<void> {
    this.#spawn();
    const deadline = performance.now() + READY_WITHIN_MS;
    while (!(await this.#answers())) {
      const hasExited = typeof this.#child?.exitCode === 'number';
      if (performance.now() > deadline || hasExited) {
        throw new Error(`The service did not start; its log ${this.#options.logFile} says why.`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
  }

  /** Asks it to stop, and insists after a while. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const insist = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await exited;
    clearTimeout(insist);
  }

  #spawn(): void {
    const [program, ...args] = this.#options.argv;
    const log = openSync(this.#options.logFile, 'a');
    // A group of its own: Ctrl-C reaches the demo, which stops everything in order.
    const child = spawn(program, args, { stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    this.#child = child;
    child.once('exit', (code, signal) => {
      if (this.#isStopping || child !== this.#child) return;
      if (code === null || code > 1) {
        this.#options.onRestart(signal ?? `exit status ${String(code)}`);
        this.#spawn();
      }
    });
  }

  async #answers(): Promise<boolean> {
    try {
      const answer = await fetch(`${this.#options.url}/healthz`);
      return answer.status < 600;
    } catch (error) {
      // Nothing listens yet; anything else is our own fault.
      if (error instanceof TypeError) return false;
      throw error;
    }
  }
}
