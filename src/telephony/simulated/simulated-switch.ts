import type { PbxEvent } from '../../simulation/pbx-config.js';
import type { SimulatedPbx } from '../../simulation/simulated-pbx.js';
import type { VirtualClock } from '../../simulation/virtual-clock.js';
import { Random } from '../../units/random.js';
import type { MonotonicMs, Ms } from '../../units/time.js';
import { monotonicAfter, monotonicMs } from '../../units/time.js';
import type { Switch, SwitchCapabilities, SwitchCommand, SwitchEvent } from '../switch.js';
import { performOn, refusalOf } from './simulated-commands.js';
import type { SimulatedSwitchConfig } from './simulated-config.js';
import { SIMULATED_SWITCH_CAPABILITIES } from './simulated-config.js';

/**
 * The driver of a simulated exchange: a real backend of the port in virtual
 * time. Commands and events take time on the way, in order; a cut loses what
 * is on the way in either direction.
 */
export class SimulatedSwitch implements Switch {
  readonly name = 'simulated';
  readonly capabilities: SwitchCapabilities;
  readonly #pbx: SimulatedPbx;
  readonly #clock: VirtualClock;
  readonly #config: SimulatedSwitchConfig;
  readonly #random: Random;
  #onEvent: ((event: SwitchEvent) => void) | undefined;
  #disconnect: (() => void) | undefined;
  /** Raised with each connection: what was on the way in an older one is lost. */
  #connectionCount = 0;
  #isClosed = false;
  #lastCommandAtMs: MonotonicMs = monotonicMs(0);
  #lastEventAtMs: MonotonicMs = monotonicMs(0);
  /** News made by the command that is being carried out, held back until its reply is on the way. */
  #heldNews: PbxEvent[] | undefined;

  constructor(pbx: SimulatedPbx, clock: VirtualClock, config: SimulatedSwitchConfig) {
    this.#pbx = pbx;
    this.#clock = clock;
    this.#config = config;
    const off = (config.lacks ?? []).map((name) => [name, false] as const);
    this.capabilities = { ...SIMULATED_SWITCH_CAPABILITIES, ...Object.fromEntries(off) };
    this.#random = new Random(config.seed);
  }

  start(onEvent: (event: SwitchEvent) => void, signal: AbortSignal): Promise<void> {
    this.#onEvent = onEvent;
    this.#connect(signal);
    return Promise.resolve();
  }

  perform(command: SwitchCommand): void {
    const connection = this.#connectionCount;
    this.#lastCommandAtMs = this.#later(this.#lastCommandAtMs, this.#config.commandMs);
    this.#clock.at(this.#lastCommandAtMs, () => {
      if (this.#disconnect !== undefined && connection === this.#connectionCount) this.#carryOut(command);
    });
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#disconnect?.();
    this.#disconnect = undefined;
    return Promise.resolve();
  }

  #carryOut(command: SwitchCommand): void {
    if (this.#config.replyOrder === 'before-news') this.#heldNews = [];
    const refusal = refusalOf(command, this.capabilities) ?? performOn(this.#pbx, command);
    this.#say(
      refusal === undefined ? { type: 'command-done', command } : { type: 'command-failed', command, ...refusal },
    );
    const news = this.#heldNews ?? [];
    this.#heldNews = undefined;
    for (const event of news) this.#say(event);
  }

  #connect(signal: AbortSignal): void {
    if (this.#isClosed || signal.aborted) return;
    this.#disconnect = this.#pbx.connect({
      onEvent: (event) => {
        if (this.#heldNews === undefined) this.#say(event);
        else this.#heldNews.push(event);
      },
      onCut: (reason) => {
        this.#lose(reason, signal);
      },
    });
    if (this.#disconnect === undefined) {
      this.#retry(signal);
      return;
    }
    this.#connectionCount++;
    this.#say({ type: 'switch-snapshot', snapshot: this.#pbx.snapshot() });
  }

  #lose(reason: string, signal: AbortSignal): void {
    this.#disconnect = undefined;
    // What was on the way is lost; the loss itself is noticed on our own side, at once.
    this.#connectionCount++;
    this.#onEvent?.({ type: 'switch-lost', reason });
    this.#retry(signal);
  }

  #retry(signal: AbortSignal): void {
    this.#clock.after(this.#config.reconnectMs, () => {
      this.#connect(signal);
    });
  }

  #say(event: SwitchEvent): void {
    const connection = this.#connectionCount;
    this.#lastEventAtMs = this.#later(this.#lastEventAtMs, this.#config.eventMs);
    this.#clock.at(this.#lastEventAtMs, () => {
      if (!this.#isClosed && connection === this.#connectionCount) this.#onEvent?.(event);
    });
  }

  /** An instant this way's delay from now, and never before the one before it. */
  #later(lastAtMs: MonotonicMs, delayMs: Ms): MonotonicMs {
    const jitterMs = this.#config.jitterMsMax === 0 ? 0 : this.#random.between(0, this.#config.jitterMsMax);
    const atMs = monotonicAfter(this.#clock.monotonicMs, delayMs + jitterMs);
    return atMs < lastAtMs ? lastAtMs : atMs;
  }
}
