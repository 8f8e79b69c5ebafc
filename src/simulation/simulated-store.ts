import type { Command } from '../dialer/command.js';
import type { DialerEvent } from '../dialer/event.js';
import type { AgentLine, Input, OpenAttempt, PeopleReached, RestoredState } from '../dialer/input.js';
import type { AgentId, CallId, CampaignId, ContactId } from '../units/ids.js';
import type { Random } from '../units/random.js';
import type { EpochMs, Ms } from '../units/time.js';
import type { VirtualClock } from './virtual-clock.js';
import type { StoreBehaviour } from './world-config.js';

type StoreCommand = Extract<
  Command,
  { readonly type: 'write-attempt' | 'fetch-contacts' | 'return-contacts' | 'add-do-not-call' }
>;

/** A contact as the simulated store keeps it. */
export interface StoredContact {
  readonly contactId: ContactId;
  readonly campaignId: CampaignId;
  state: 'waiting' | 'offered' | 'in-attempt' | 'closed' | 'do-not-call';
  dueAtMs: EpochMs;
  attemptCount: number;
  readonly countByCause: Record<string, number>;
}

/** Events that change what the store knows. */
const KEPT: ReadonlySet<DialerEvent['type']> = new Set([
  'call-answered',
  'call-connected',
  'call-taken-back',
  'call-abandoned',
  'attempt-ended',
  'contact-settled',
  'agent-changed',
]);

/** The store in virtual time: contacts with their due times, attempts, the do-not-call list. */
export class SimulatedStore {
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #answerMsMax: Ms;
  readonly #groupMs: Ms;
  /** Events that wait to be written together. */
  #group: DialerEvent[] = [];
  readonly #tell: (input: Input) => void;
  readonly #contacts = new Map<ContactId, StoredContact>();
  /** Contacts that may be offered, by campaign, in order; those not due are passed over. */
  readonly #waiting = new Map<CampaignId, Set<StoredContact>>();
  readonly #openAttempts = new Map<CallId, OpenAttempt>();
  readonly #agentLines = new Map<AgentId, AgentLine>();
  readonly #peopleReached: { readonly callId: CallId; readonly reached: PeopleReached }[] = [];
  readonly #doNotCall = new Set<ContactId>();
  readonly #isRunning = new Map<CampaignId, boolean>();
  /** Raised when the service dies: answers on the way to it are lost. */
  #generation = 0;
  #isFailing = false;
  #attemptCount = 0;

  constructor(clock: VirtualClock, random: Random, behaviour: StoreBehaviour, tell: (input: Input) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#answerMsMax = behaviour.answerMsMax;
    this.#groupMs = behaviour.groupMs;
    this.#tell = tell;
  }

  get contacts(): Iterable<StoredContact> {
    return this.#contacts.values();
  }

  get attemptCount(): number {
    return this.#attemptCount;
  }

  get openAttemptCount(): number {
    return this.#openAttempts.size;
  }

  addContact(contactId: ContactId, campaignId: CampaignId): void {
    const contact: StoredContact = {
      contactId,
      campaignId,
      state: 'waiting',
      dueAtMs: this.#clock.epochMs,
      attemptCount: 0,
      countByCause: {},
    };
    this.#contacts.set(contactId, contact);
    this.#waitingOf(campaignId).add(contact);
  }

  setRunning(campaignId: CampaignId, isRunning: boolean): void {
    this.#isRunning.set(campaignId, isRunning);
  }

  /** Whether this contact's number may be dialled at all. */
  isDoNotCall(contactId: ContactId): boolean {
    return this.#doNotCall.has(contactId);
  }

  /** Someone outside puts a number on the list. */
  addDoNotCall(contactId: ContactId): void {
    this.#doNotCall.add(contactId);
  }

  /** The disk fills up. */
  fail(): void {
    this.#isFailing = true;
    this.#answer({ type: 'store-failed', detail: 'The disk is full.' });
  }

  recover(): void {
    this.#isFailing = false;
    this.#writeGroup();
    this.#answer({ type: 'store-recovered' });
  }

  perform(command: StoreCommand): void {
    // One transaction after the other: what was said before stands before it.
    this.#writeGroup();
    switch (command.type) {
      case 'write-attempt':
        this.#writeAttempt(command);
        return;
      case 'fetch-contacts':
        this.#offer(command.campaignId, command.count);
        return;
      case 'return-contacts':
        for (const contactId of command.contactIds) this.#putBack(this.#contacts.get(contactId));
        return;
      case 'add-do-not-call':
        this.#doNotCall.add(command.contactId);
    }
  }

  /** Takes an event to be written with the next group. */
  note(event: DialerEvent): void {
    if (!KEPT.has(event.type)) return;
    this.#group.push(event);
    if (this.#group.length > 1) return;
    this.#clock.after(this.#groupMs, () => {
      this.#writeGroup();
    });
  }

  /** A full disk keeps them waiting. */
  #writeGroup(): void {
    if (this.#isFailing) return;
    const group = this.#group;
    this.#group = [];
    for (const event of group) this.#write(event);
  }

  #write(event: DialerEvent): void {
    switch (event.type) {
      case 'call-answered':
        this.#change(event.callId, { answeredAtMs: event.atMs });
        return;
      case 'call-connected':
        this.#change(event.callId, { connectedAtMs: event.atMs, agentId: event.agentId });
        this.#notePerson(event, { connectedCount: 1, abandonedCount: 0 });
        return;
      case 'call-taken-back':
        // What an agent had for no moment was never connected.
        if (this.#openAttempts.get(event.callId)?.connectedAtMs === undefined) return;
        this.#change(event.callId, { connectedAtMs: undefined, agentId: undefined });
        this.#forgetPerson(event.callId);
        return;
      case 'call-abandoned':
        this.#notePerson(event, { connectedCount: 0, abandonedCount: 1 });
        return;
      case 'attempt-ended': {
        this.#change(event.callId, { isInWrapUp: true });
        const contact = this.#contacts.get(event.contactId);
        if (contact !== undefined) contact.countByCause[event.cause] = (contact.countByCause[event.cause] ?? 0) + 1;
        return;
      }
      case 'contact-settled':
        this.#settle(event);
        return;
      case 'agent-changed':
        this.#noteAgent(event);
        return;
      default:
    }
  }

  #notePerson(
    { callId, atMs }: Pick<DialerEvent & { callId: CallId }, 'callId' | 'atMs'>,
    counts: Pick<PeopleReached, 'connectedCount' | 'abandonedCount'>,
  ): void {
    const campaignId = this.#openAttempts.get(callId)?.campaignId;
    if (campaignId !== undefined) this.#peopleReached.push({ callId, reached: { campaignId, atMs, ...counts } });
  }

  #forgetPerson(callId: CallId): void {
    const index = this.#peopleReached.findIndex((each) => each.callId === callId);
    if (index >= 0) this.#peopleReached.splice(index, 1);
  }

  /** The service is dead: nothing on the way reaches it, and what was offered to it may be offered again. */
  forgetService(): void {
    this.#generation++;
    this.#group = [];
    for (const contact of this.#contacts.values()) if (contact.state === 'offered') this.#putBack(contact);
  }

  restoredState(): RestoredState {
    return {
      campaigns: [...this.#isRunning].map(([campaignId, isRunning]) => ({ campaignId, isRunning })),
      openAttempts: [...this.#openAttempts.values()].map((open) => ({
        ...open,
        contact: { ...open.contact, countByCause: { ...open.contact.countByCause } },
      })),
      agentLines: [...this.#agentLines.values()],
      peopleReached: this.#peopleReached.map(({ reached }) => reached),
    };
  }

  #writeAttempt(command: Extract<StoreCommand, { readonly type: 'write-attempt' }>): void {
    const contact = this.#contacts.get(command.contactId);
    const { callId } = command;
    if (this.#isFailing || contact === undefined) {
      this.#answer({ type: 'attempt-refused', callId, reason: 'store-failed' });
      return;
    }
    if (this.#doNotCall.has(command.contactId)) {
      this.#answer({ type: 'attempt-refused', callId, reason: 'do-not-call' });
      return;
    }
    contact.state = 'in-attempt';
    this.#waitingOf(contact.campaignId).delete(contact);
    this.#attemptCount++;
    this.#openAttempts.set(callId, {
      callId,
      campaignId: command.campaignId,
      contact: {
        contactId: contact.contactId,
        attemptCount: contact.attemptCount,
        countByCause: { ...contact.countByCause },
      },
      answeredAtMs: undefined,
      connectedAtMs: undefined,
      agentId: undefined,
      isInWrapUp: false,
    });
    this.#answer({ type: 'attempt-written', callId });
  }

  #offer(campaignId: CampaignId, count: number): void {
    const nowMs = this.#clock.epochMs;
    const offered: StoredContact[] = [];
    let nextDueAtMs: EpochMs | undefined;
    for (const contact of this.#waitingOf(campaignId)) {
      if (this.#doNotCall.has(contact.contactId)) continue;
      if (contact.dueAtMs > nowMs) {
        if (nextDueAtMs === undefined || contact.dueAtMs < nextDueAtMs) nextDueAtMs = contact.dueAtMs;
      } else if (offered.length < count) offered.push(contact);
    }
    for (const contact of offered) {
      contact.state = 'offered';
      this.#waitingOf(campaignId).delete(contact);
    }
    this.#answer({
      type: 'contacts-offered',
      campaignId,
      contacts: offered.map(({ contactId, attemptCount, countByCause }) => ({
        contactId,
        attemptCount,
        countByCause: { ...countByCause },
      })),
      nextDueAtMs,
    });
  }

  #settle(event: Extract<DialerEvent, { readonly type: 'contact-settled' }>): void {
    this.#openAttempts.delete(event.callId);
    const contact = this.#contacts.get(event.contactId);
    if (contact === undefined) return;
    if (event.isCounted) contact.attemptCount++;
    if (event.outcome === 'redial') {
      contact.dueAtMs = event.redialAtMs ?? this.#clock.epochMs;
      this.#putBack(contact);
    } else contact.state = event.outcome;
    if (event.outcome !== 'redial') this.#waitingOf(contact.campaignId).delete(contact);
  }

  #noteAgent(event: Extract<DialerEvent, { readonly type: 'agent-changed' }>): void {
    if (event.lineCallId === undefined || event.state === 'offline' || event.state === 'logging-in') {
      this.#agentLines.delete(event.agentId);
      return;
    }
    this.#agentLines.set(event.agentId, {
      agentId: event.agentId,
      phone: event.phone,
      lineCallId: event.lineCallId,
      pauseReason: event.state === 'paused' ? (event.reason ?? 'pause') : undefined,
    });
  }

  #change(callId: CallId, change: Partial<OpenAttempt>): void {
    const attempt = this.#openAttempts.get(callId);
    if (attempt === undefined) return;
    this.#openAttempts.set(callId, { ...attempt, ...change });
  }

  #putBack(contact: StoredContact | undefined): void {
    if (contact === undefined || contact.state === 'closed' || contact.state === 'do-not-call') return;
    contact.state = 'waiting';
    this.#waitingOf(contact.campaignId).add(contact);
  }

  #waitingOf(campaignId: CampaignId): Set<StoredContact> {
    const found = this.#waiting.get(campaignId);
    if (found !== undefined) return found;
    const made = new Set<StoredContact>();
    this.#waiting.set(campaignId, made);
    return made;
  }

  #answer(input: Input): void {
    const generation = this.#generation;
    this.#clock.after(this.#random.between(0, this.#answerMsMax), () => {
      if (generation === this.#generation) this.#tell(input);
    });
  }
}
