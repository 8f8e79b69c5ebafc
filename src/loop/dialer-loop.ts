import type { Command } from '../dialer/command.js';
import type { DialerEvent } from '../dialer/event.js';
import type { Input } from '../dialer/input.js';
import type { DialerMachine } from '../dialer/output.js';
import type { Switch, SwitchEvent } from '../telephony/switch.js';
import { assertNever } from '../units/assert-never.js';
import type { CallId, ContactId } from '../units/ids.js';
import { epochAfter, type MonotonicMs, type Ms } from '../units/time.js';
import type { Clock } from './clock.js';
import type { AttemptOnPaper, CallAnalysis, CampaignPapers, LoopObserver, LoopStore, SnippetKeeper } from './loop-ports.js';
import { ReactionTimes } from './reaction-times.js';

/** A fetching that failed is tried again after this. Chosen: long enough for a busy disk, short for an agent who waits. */
const FETCH_AGAIN_AFTER_MS: Ms = 2_000;

/** Everything the loop joins. */
export interface DialerLoopParts {
  readonly dialer: DialerMachine;
  readonly switch: Pick<Switch, 'perform' | 'capabilities'>;
  readonly store: LoopStore;
  readonly analysis: CallAnalysis;
  readonly snippets: SnippetKeeper;
  readonly papers: CampaignPapers;
  readonly clock: Clock;
  /** Told of every Input and its events, in order. */
  readonly observers: readonly LoopObserver[];
}

interface Waiting {
  readonly input: Input;
  /** When the news reached the process. */
  readonly arrivedAt: MonotonicMs;
}

/**
 * Feeds one dialer one Input at a time and performs its commands. It alone
 * joins deciding to doing: it owns the clock and the only timer, and it alone
 * knows both a contact's id and his number.
 */
export class DialerLoop {
  /** From an event of the switch to the last command that answers it. */
  readonly reactionTimes = new ReactionTimes();

  readonly #parts: DialerLoopParts;
  readonly #numbers = new Map<ContactId, string>();
  readonly #queue: Waiting[] = [];
  #isHandling = false;
  #isClosed = false;

  constructor(parts: DialerLoopParts) {
    this.#parts = parts;
  }

  /** Takes up where the last run ended; before the switch is started. @throws Error when the store cannot be read. */
  async restore(): Promise<void> {
    const state = await this.#parts.store.restore();
    this.submit({ type: 'restored', state });
  }

  /** The switch's events, in their order. */
  readonly switchSaid = (event: SwitchEvent): void => {
    if (event.type === 'switch-snapshot') this.#tellAbilities();
    this.submit({ type: 'switch', event });
  };

  #tellAbilities(): void {
    const { hasEarlyMedia, hasTapWhileBridged } = this.#parts.switch.capabilities;
    this.submit({ type: 'switch-abilities', abilities: { hasEarlyMedia, hasTapWhileBridged } });
  }

  /** Hands one Input to the dialer, after those that came before. */
  submit(input: Input): void {
    if (this.#isClosed) return;
    this.#queue.push({ input, arrivedAt: this.#parts.clock.now().monotonicMs });
    if (!this.#isHandling) this.#drain();
  }

  /** Stops handling; what comes later is dropped. Calls on the switch live on. */
  close(): void {
    this.#isClosed = true;
    this.#parts.clock.cancel();
  }

  #drain(): void {
    this.#isHandling = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      try {
        this.#handle(next);
      } catch (error) {
        this.#report(`handling ${next.input.type}`, error);
      }
    }
    this.#isHandling = false;
  }

  #handle({ input, arrivedAt }: Waiting): void {
    const { clock, dialer, store, observers } = this.#parts;
    const output = dialer.handle(input, clock.now());
    // Before the commands: a `fetch-contacts` among them must see what was settled in the same breath.
    if (output.events.length > 0) store.apply(output.events);
    this.#perform(output.commands);
    if (input.type === 'switch' && output.commands.length > 0) {
      this.reactionTimes.record(clock.now().monotonicMs - arrivedAt);
    }
    if (output.wakeAt === undefined) clock.cancel();
    else clock.wakeAt(output.wakeAt.monotonicMs, () => this.submit({ type: 'woke' }));
    for (const observer of observers) observer.handled?.(input, output.events);
    this.#forgetNumbers(output.events);
  }

  /** In order; the attempts of one Output are written together. */
  #perform(commands: readonly Command[]): void {
    const attempts: AttemptOnPaper[] = [];
    for (const command of commands) {
      if (command.type === 'write-attempt') {
        const { callId, campaignId, contactId, trunk } = command;
        attempts.push({ callId, campaignId, contactId, trunk, writtenAtMs: this.#parts.clock.now().epochMs });
      } else this.#performOne(command);
    }
    if (attempts.length > 0) this.#writeAttempts(attempts);
  }

  #performOne(command: Exclude<Command, { type: 'write-attempt' }>): void {
    const { store, analysis, papers, clock } = this.#parts;
    switch (command.type) {
      case 'switch':
        this.#parts.switch.perform(command.command);
        return;
      case 'originate':
        this.#originate(command);
        return;
      case 'start-recording':
        this.#parts.switch.perform({
          type: 'start-recording',
          commandId: command.commandId,
          callId: command.callId,
          path: papers.recordingPath(command.campaignId, command.callId, clock.now().epochMs),
        });
        return;
      case 'analyse-answer':
        analysis.analyse(command.callId, command.listening);
        return;
      case 'stop-analysis':
        analysis.stop(command.callId);
        return;
      case 'keep-snippet':
        this.#keepSnippet(command.callId);
        return;
      case 'fetch-contacts':
        this.#fetchContacts(command);
        return;
      case 'return-contacts':
        for (const contactId of command.contactIds) this.#numbers.delete(contactId);
        store.returnContacts(command.contactIds);
        return;
      case 'add-do-not-call':
        store.addDoNotCall(command.contactId, command.source);
        return;
      case 'check-pin':
        this.#checkPin(command);
        return;
      default:
        assertNever(command);
    }
  }

  #originate(command: Extract<Command, { type: 'originate' }>): void {
    const { callId, commandId, trunk, ringTimeoutMs, wantsEarlyMedia, campaignId, contactId } = command;
    const destination = this.#numbers.get(contactId);
    const callerNumber = this.#parts.papers.callerNumber(campaignId);
    const order = { type: 'originate', commandId, callId, trunk, callerNumber, ringTimeoutMs, ...(wantsEarlyMedia && { wantsEarlyMedia }) } as const;
    if (destination === undefined) {
      this.#report('originate', new Error(`The number of contact ${contactId} is not at hand.`));
      const failed = { ...order, destination: '' };
      this.switchSaid({ type: 'command-failed', command: failed, failure: 'refused', detail: 'no number' });
      return;
    }
    this.#parts.switch.perform({ ...order, destination });
  }

  #writeAttempts(attempts: readonly AttemptOnPaper[]): void {
    this.#parts.store.writeAttempts(attempts).then(
      (writings) => {
        attempts.forEach((attempt, index) => this.#attemptWritten(attempt, writings[index] ?? 'store-failed'));
      },
      (error: unknown) => {
        this.#report('writing attempts', error);
        for (const attempt of attempts) this.#attemptWritten(attempt, 'store-failed');
      },
    );
  }

  #attemptWritten({ callId }: AttemptOnPaper, writing: Awaited<ReturnType<LoopStore['writeAttempts']>>[number]): void {
    if (writing === 'written') this.submit({ type: 'attempt-written', callId });
    else this.submit({ type: 'attempt-refused', callId, reason: writing });
  }

  #fetchContacts({ campaignId, count }: Extract<Command, { type: 'fetch-contacts' }>): void {
    const nowMs = this.#parts.clock.now().epochMs;
    this.#parts.store.fetchContacts({ campaignId, count, nowMs }).then(
      ({ contacts, nextDueAtMs }) => {
        for (const { contactId, number } of contacts) this.#numbers.set(contactId, number);
        const offered = contacts.map(({ contactId, attemptCount, countByCause }) => ({
          contactId,
          attemptCount,
          countByCause,
        }));
        this.submit({ type: 'contacts-offered', campaignId, contacts: offered, nextDueAtMs });
      },
      (error: unknown) => {
        this.#report('fetching contacts', error);
        const nextDueAtMs = epochAfter(nowMs, FETCH_AGAIN_AFTER_MS);
        this.submit({ type: 'contacts-offered', campaignId, contacts: [], nextDueAtMs });
      },
    );
  }

  #checkPin({ callId, agentId, digits }: Extract<Command, { type: 'check-pin' }>): void {
    this.#parts.store.checkPin(agentId, digits).then(
      (isRight) => this.submit({ type: 'pin-checked', callId, isRight }),
      (error: unknown) => {
        this.#report('checking a PIN', error);
        this.submit({ type: 'pin-checked', callId, isRight: false });
      },
    );
  }

  #keepSnippet(callId: CallId): void {
    this.#parts.snippets.keep(callId).then(
      (path) => {
        if (path !== undefined) this.submit({ type: 'snippet-kept', callId, path });
      },
      (error: unknown) => this.#report('keeping a snippet', error),
    );
  }

  /** A settled contact's number is not kept. */
  #forgetNumbers(events: readonly DialerEvent[]): void {
    for (const event of events) if (event.type === 'contact-settled') this.#numbers.delete(event.contactId);
  }

  #report(what: string, error: unknown): void {
    for (const observer of this.#parts.observers) observer.failed?.(what, error);
  }
}
