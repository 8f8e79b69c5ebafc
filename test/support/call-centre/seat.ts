import type { AgentState } from '../../../src/agent/agent-state.js';
import type { DeskPhone } from '../../../src/cli/lab/desk-phone.js';
import type { DialerEvent } from '../../../src/dialer/event.js';
import type { Journal } from './journal.js';
import type { Rest } from './rest.js';

type AgentChanged = Extract<DialerEvent, { readonly type: 'agent-changed' }>;

/** An agent with his phone. */
export class Seat {
  readonly agentId: string;
  readonly phone: DeskPhone;
  readonly #journal: Journal;
  readonly #rest: Rest;

  constructor(agentId: string, phone: DeskPhone, journal: Journal, rest: Rest) {
    this.agentId = agentId;
    this.phone = phone;
    this.#journal = journal;
    this.#rest = rest;
  }

  /** Every change of the agent so far, oldest first. */
  changes(): readonly AgentChanged[] {
    return this.#journal.all('agent-changed', ({ agentId }) => agentId === this.agentId);
  }

  get state(): AgentState {
    return this.changes().at(-1)?.state ?? 'offline';
  }

  /** Resolves with the change that made him so, when he is. */
  async is(state: AgentState, waitMsMax?: number): Promise<AgentChanged> {
    return this.#journal.until(`${this.agentId} is ${state}`, () => {
      const last = this.changes().at(-1);
      return last?.state === state ? last : undefined;
    }, waitMsMax);
  }

  /** Calls the log-in code and keys a PIN, as it is printed on no phone. */
  async #keyIn(pin: string): Promise<void> {
    await this.phone.call('*50');
    await this.is('logging-in');
    await this.phone.keys(`${pin}#`);
  }

  /** Resolves when he has become available; a waiting contact may have been given to him since. */
  async logIn(pin: string): Promise<void> {
    const before = this.changes().length;
    await this.#keyIn(pin);
    await this.#journal.until(`${this.agentId} is logged in`, () => this.changes().slice(before).find(({ state }) => state === 'available'));
  }

  /** An order as an agent's screen gives it. */
  async order(order: Readonly<Record<string, string>>): Promise<void> {
    await this.#rest('POST', `/agents/${this.agentId}/orders`, order);
  }
}
