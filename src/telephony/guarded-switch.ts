import { assertNever } from '../units/assert-never.js';
import type { CallId } from '../units/ids.js';
import { CallLedger } from './call-ledger.js';
import type {
  CommandFailure,
  CommandId,
  Switch,
  SwitchCapabilities,
  SwitchCommand,
  SwitchEvent,
} from './switch.js';

/** A backend broke the port's contract; the guard has put it right and says so. */
export interface SwitchFault {
  readonly kind:
    /** A reply to a command that waits for none: doubled, or never asked. */
    | 'unasked-reply'
    /** Two commands under one id: our own fault. */
    | 'doubled-command'
    /** `perform` threw. */
    | 'perform-threw'
    /** A second `call-ended`, or news of a call after its end. */
    | 'event-after-end'
    /** The end of a call that nobody ever saw. */
    | 'end-of-unknown-call'
    /** An event between `switch-lost` and `switch-snapshot`, or before the first snapshot. */
    | 'event-while-lost'
    /** A snapshot without `switch-lost` before it. */
    | 'silent-reconnect'
    /** More events than the queue holds. */
    | 'queue-overflow'
    /** After an overflow the backend could not be started again. */
    | 'restart-failed'
    /** `start` or `close` asked twice: our own fault. */
    | 'used-twice';
  readonly detail: string;
}

/** One message through the guard, for the log. */
export type SwitchTraffic =
  | { readonly direction: 'to-switch'; readonly command: SwitchCommand }
  | { readonly direction: 'from-switch'; readonly event: SwitchEvent };

/** What the guard reports to, and its limits. */
export interface GuardedSwitchOptions {
  /** Told of each broken promise of the backend; the guard has repaired it. */
  readonly onFault: (fault: SwitchFault) => void;
  /** Told of each message, in order; must not throw. */
  readonly onTraffic?: (traffic: SwitchTraffic) => void;
  /** Runs a function soon, after the present call stack; default `queueMicrotask`. Virtual time gives its own. */
  readonly defer?: (run: () => void) => void;
  /**
   * Events waiting for the consumer at most; one more is a named overflow: the
   * connection counts as lost and is made anew. Default 20,000.
   */
  readonly queueEventsMax?: number;
}

/**
 * Chosen: 300 calls a second make about 3,000 events a second; 20,000 is a
 * consumer that has stood still for six seconds.
 */
const QUEUE_EVENTS_MAX_DEFAULT = 20_000;

type Standing = 'new' | 'connecting' | 'up' | 'lost' | 'closed';

/**
 * Holds a backend to the port's promises so that backends stay thin and the
 * dialer sees one clean stream:
 *
 * - `start` and `close` take effect once;
 * - each command gets exactly one reply: those without one when the switch is
 *   lost, and those given while it is lost, fail with `switch-lost`;
 * - each call ends at most once and nothing is heard of it afterwards but the
 *   ends of its playbacks, recordings and bridging;
 * - the consumer is never entered from inside `perform`, nor from inside itself;
 * - nothing is heard between `switch-lost` and the next `switch-snapshot`;
 * - a full queue is a lost switch, never a silent gap: the backend is closed
 *   and a new one of the same kind is started, whose snapshot tells what lives.
 */
export class GuardedSwitch implements Switch {
  readonly name: string;
  readonly capabilities: SwitchCapabilities;
  readonly #createBackend: () => Switch;
  readonly #options: GuardedSwitchOptions;
  readonly #defer: (run: () => void) => void;
  readonly #queueEventsMax: number;
  readonly #pending = new Map<CommandId, SwitchCommand>();
  readonly #calls = new CallLedger();
  #backend: Switch;
  /** Raised with each new backend, so that words of a closed one are not heard. */
  #generation = 0;
  #standing: Standing = 'new';
  #queue: SwitchEvent[] = [];
  /** Index of the first event that the consumer has not had. */
  #head = 0;
  #isDrainDue = false;
  #isDraining = false;
  #onEvent: ((event: SwitchEvent) => void) | undefined;
  #signal: AbortSignal | undefined;
  #closing: Promise<void> | undefined;

  /** @param createBackend makes a backend that was never started; called again after an overflow. */
  constructor(createBackend: () => Switch, options: GuardedSwitchOptions) {
    this.#createBackend = createBackend;
    this.#options = options;
    this.#defer = options.defer ?? queueMicrotask;
    this.#queueEventsMax = options.queueEventsMax ?? QUEUE_EVENTS_MAX_DEFAULT;
    this.#backend = createBackend();
    this.name = this.#backend.name;
    this.capabilities = this.#backend.capabilities;
  }

  async start(onEvent: (event: SwitchEvent) => void, signal: AbortSignal): Promise<void> {
    if (this.#standing !== 'new') {
      this.#fault('used-twice', 'start was asked again; the first start stands.');
      return;
    }
    this.#standing = 'connecting';
    this.#onEvent = onEvent;
    this.#signal = signal;
    await this.#startBackend(signal);
  }

  perform(command: SwitchCommand): void {
    this.#options.onTraffic?.({ direction: 'to-switch', command });
    if (this.#standing !== 'up') {
      this.#fail(command, 'switch-lost', 'There is no connection to the switch.');
      return;
    }
    if (this.#pending.has(command.commandId)) {
      this.#fault('doubled-command', `Command ${String(command.commandId)} still waits for its reply.`);
      this.#fail(command, 'refused', 'Another command of this id waits for its reply.');
      return;
    }
    if (command.type === 'originate') {
      if (this.#calls.standing(command.callId) !== 'unknown') {
        this.#fail(command, 'refused', 'A call of this id has been there already.');
        return;
      }
      this.#calls.open(command.callId);
    }
    this.#pending.set(command.commandId, command);
    try {
      this.#backend.perform(command);
    } catch (error) {
      this.#fault('perform-threw', `${command.type}: ${String(error)}`);
      if (this.#pending.delete(command.commandId)) {
        this.#refuseCall(command);
        this.#fail(command, 'refused', String(error));
      }
    }
  }

  close(): Promise<void> {
    if (this.#closing !== undefined) {
      this.#fault('used-twice', 'close was asked again; the first close stands.');
      return this.#closing;
    }
    this.#standing = 'closed';
    this.#generation++;
    this.#failPending('The connection to the switch is being closed.');
    this.#closing = this.#backend.close();
    return this.#closing;
  }

  async #startBackend(signal: AbortSignal): Promise<void> {
    const generation = this.#generation;
    await this.#backend.start((event) => {
      if (generation === this.#generation) this.#receive(event);
    }, signal);
  }

  #receive(event: SwitchEvent): void {
    switch (event.type) {
      case 'switch-lost':
        if (this.#standing === 'up' || this.#standing === 'connecting') this.#lose(event);
        return;
      case 'switch-snapshot':
        this.#arrive(event);
        return;
      case 'command-done':
      case 'command-failed':
        this.#takeReply(event);
        return;
      default:
        if (this.#standing === 'up') {
          if (this.#admit(event)) this.#enqueue(event);
        } else {
          this.#fault('event-while-lost', `${event.type} came with no snapshot before it.`);
        }
    }
  }

  #lose(event: SwitchEvent): void {
    this.#standing = 'lost';
    // The loss first: whoever hears the failures knows why and asks for nothing more.
    this.#enqueue(event);
    this.#failPending('The connection went before a reply came.');
  }

  #arrive(event: Extract<SwitchEvent, { type: 'switch-snapshot' }>): void {
    if (this.#standing === 'closed') return;
    if (this.#standing === 'up') {
      this.#fault('silent-reconnect', 'A snapshot came without switch-lost before it.');
      this.#lose({ type: 'switch-lost', reason: 'The backend connected anew without a word.' });
    }
    this.#standing = 'up';
    this.#calls.replace(event.snapshot.calls.map((call) => call.callId));
    this.#enqueue(event);
  }

  #takeReply(event: Extract<SwitchEvent, { type: 'command-done' | 'command-failed' }>): void {
    const command = this.#pending.get(event.command.commandId);
    if (command === undefined) {
      this.#fault(
        'unasked-reply',
        `${event.type} for ${event.command.type} ${String(event.command.commandId)}, which waits for none.`,
      );
      return;
    }
    this.#pending.delete(command.commandId);
    if (event.type === 'command-failed') this.#refuseCall(command);
    this.#enqueue(event);
  }

  /** Whether the event fits what is known of its call. */
  #admit(event: SwitchEvent): boolean {
    switch (event.type) {
      case 'call-offered':
        return this.#admitOffered(event.callId);
      case 'call-ended':
        return this.#admitEnd(event.callId);
      case 'call-ringing':
      case 'call-early-media':
      case 'call-answered':
      case 'digit-received':
      case 'call-bridged':
      case 'tap-lost':
      case 'quality-reported':
        return this.#admitNews(event.callId, event.type);
      case 'call-unbridged':
      case 'supervision-ended':
      case 'playback-finished':
      case 'recording-finished':
      case 'phone-changed':
      case 'trunk-changed':
      case 'command-done':
      case 'command-failed':
      case 'switch-lost':
      case 'switch-snapshot':
        return true;
      default:
        return assertNever(event);
    }
  }

  #admitOffered(callId: CallId): boolean {
    if (this.#calls.standing(callId) !== 'unknown') {
      this.#fault('event-after-end', `call-offered for ${callId}, which has been there already.`);
      return false;
    }
    this.#calls.open(callId);
    return true;
  }

  #admitEnd(callId: CallId): boolean {
    const standing = this.#calls.standing(callId);
    if (standing === 'live') {
      this.#calls.end(callId);
      return true;
    }
    this.#fault(
      standing === 'ended' ? 'event-after-end' : 'end-of-unknown-call',
      `call-ended for ${callId}, which is ${standing}.`,
    );
    return false;
  }

  #admitNews(callId: CallId, type: SwitchEvent['type']): boolean {
    if (this.#calls.standing(callId) !== 'ended') return true;
    this.#fault('event-after-end', `${type} for ${callId}, which has ended.`);
    return false;
  }

  #refuseCall(command: SwitchCommand): void {
    if (command.type === 'originate') this.#calls.forget(command.callId);
  }

  #fail(command: SwitchCommand, failure: CommandFailure, detail: string): void {
    this.#enqueue({ type: 'command-failed', command, failure, detail });
  }

  #failPending(detail: string): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const command of pending) this.#fail(command, 'switch-lost', detail);
  }

  #enqueue(event: SwitchEvent): void {
    // Replies are bounded by the commands given, so they alone never overflow the queue.
    const isReply = event.type === 'command-done' || event.type === 'command-failed';
    if (this.#waitingCount() >= this.#queueEventsMax && !isReply && this.#standing === 'up') {
      this.#overflow();
      return;
    }
    this.#queue.push(event);
    this.#schedule();
  }

  #overflow(): void {
    this.#fault('queue-overflow', `${String(this.#waitingCount())} events wait for the consumer.`);
    const abandoned = this.#queue.slice(this.#head);
    this.#queue = [];
    this.#head = 0;
    this.#standing = 'lost';
    this.#generation++;
    this.#enqueue({ type: 'switch-lost', reason: 'More events came than could be handled.' });
    for (const event of abandoned) {
      if (event.type === 'command-failed') this.#enqueue(event);
      if (event.type === 'command-done') {
        this.#fail(event.command, 'switch-lost', 'Its reply was in the queue that overflowed.');
      }
    }
    this.#failPending('The queue overflowed before a reply came.');
    this.#replaceBackend().catch((error: unknown) => {
      this.#fault('restart-failed', String(error));
    });
  }

  async #replaceBackend(): Promise<void> {
    const signal = this.#signal;
    const generation = this.#generation;
    await this.#backend.close();
    // Closed or lost again meanwhile: that closing or replacing goes on from here.
    if (signal === undefined || signal.aborted || generation !== this.#generation) return;
    this.#backend = this.#createBackend();
    await this.#startBackend(signal);
  }

  #schedule(): void {
    if (this.#isDrainDue || this.#isDraining) return;
    this.#isDrainDue = true;
    this.#defer(() => {
      this.#isDrainDue = false;
      this.#drain();
    });
  }

  #drain(): void {
    this.#isDraining = true;
    try {
      // What the consumer's own commands bring joins the same queue and the same run.
      for (let event = this.#next(); event !== undefined; event = this.#next()) {
        this.#options.onTraffic?.({ direction: 'from-switch', event });
        this.#onEvent?.(event);
      }
    } finally {
      // A consumer that throws loses the event it threw at, and none after it.
      this.#isDraining = false;
      if (this.#waitingCount() > 0) this.#schedule();
    }
  }

  #next(): SwitchEvent | undefined {
    const event = this.#queue[this.#head];
    if (event === undefined) {
      this.#queue = [];
      this.#head = 0;
      return undefined;
    }
    this.#head++;
    return event;
  }

  #waitingCount(): number {
    return this.#queue.length - this.#head;
  }

  #fault(kind: SwitchFault['kind'], detail: string): void {
    this.#options.onFault({ kind, detail });
  }
}
