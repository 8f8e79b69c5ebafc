import type { Wallboard } from '../../api/contract.js';
import { Random } from '../../units/random.js';
import type { DeskPhone } from '../lab/desk-phone.js';

/** One person at a desk phone. */
export interface DemoAgent {
  readonly agentId: string;
  readonly pin: string;
  readonly phone: DeskPhone;
}

/** Digits an agent keys in wrap-up, and how often: most calls are no sale. */
const DISPOSITION_DIGITS = ['1', '2', '2', '2', '3', '3', '9'] as const;
/** Before the digit of a disposition. */
const THINK_MS = { from: 1_000, to: 4_000 };
/** After a refused or lost log-in. */
const LOG_IN_AGAIN_AFTER_MS = 3_000;
/** The code by which an agent comes to his seat. */
const LOG_IN_CODE = '*50';
/** The service answers and asks for the PIN within this. */
const BEFORE_PIN_MS = 700;

/**
 * Agents who work from their phones alone: they call the log-in code, key
 * their PIN, talk, and key what came of it. The wallboard tells them, in the
 * place of their own ears, when a contact has gone.
 */
export class DemoAgents {
  readonly #agents: readonly DemoAgent[];
  readonly #random: Random;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #onFault: (sentence: string) => void;
  #isStopped = false;

  /** @param seed decides what they key and how long they think. */
  constructor(agents: readonly DemoAgent[], seed: number, onFault: (sentence: string) => void) {
    this.#agents = agents;
    this.#random = new Random(seed);
    this.#onFault = onFault;
  }

  /** Looks at the board and does what each agent would do now. */
  see(board: Wallboard): void {
    for (const agent of this.#agents) {
      const state = board.agents[agent.agentId]?.state;
      if (state === 'offline') this.#later(agent, 'log-in', 0, () => this.#logIn(agent));
      else if (state === 'wrap-up') {
        const thinkMs = this.#random.between(THINK_MS.from, THINK_MS.to);
        this.#later(agent, 'dispose', thinkMs, () => agent.phone.keys(this.#random.pick(DISPOSITION_DIGITS)));
      } else this.#forget(agent, 'dispose');
    }
  }

  /** They all hang up. */
  async goHome(): Promise<void> {
    this.#isStopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#agents.map((agent) => agent.phone.hangUp()));
  }

  async #logIn(agent: DemoAgent): Promise<void> {
    if (agent.phone.state !== 'registered') return;
    await agent.phone.call(LOG_IN_CODE);
    await new Promise((resolve) => setTimeout(resolve, BEFORE_PIN_MS));
    await agent.phone.keys(`${agent.pin}#`);
  }

  /** Once for each occasion: what is planned or under way is not planned again. */
  #later(agent: DemoAgent, what: string, waitMs: number, act: () => Promise<void>): void {
    const key = `${what} ${agent.agentId}`;
    if (this.#isStopped || this.#timers.has(key)) return;
    const timer = setTimeout(() => {
      act().then(
        () => this.#forgetLater(key),
        (error: unknown) => {
          if (!this.#isStopped) this.#onFault(`Phone ${agent.phone.name}: ${String(error)}`);
          this.#forgetLater(key);
        },
      );
    }, waitMs);
    this.#timers.set(key, timer);
  }

  /** The board needs a moment to show what was done; until then the occasion still seems open. */
  #forgetLater(key: string): void {
    this.#timers.set(
      key,
      setTimeout(() => this.#timers.delete(key), LOG_IN_AGAIN_AFTER_MS),
    );
  }

  #forget(agent: DemoAgent, what: string): void {
    const key = `${what} ${agent.agentId}`;
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }
}
