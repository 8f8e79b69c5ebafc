import type { ContactId } from '../units/ids.js';
import type { EpochMs } from '../units/time.js';
import type { OfferedContact } from './offered-contact.js';

/** How many contacts a pool keeps ready. */
export interface ContactPoolSize {
  /** At this many and fewer it is time to ask the store for more, 0 and more. */
  readonly lowWaterCount: number;
  /** How full an asking makes it, above `lowWaterCount`. */
  readonly fullCount: number;
}

/** What the pool knows of more contacts in the store. */
type Supply =
  | { readonly state: 'perhaps-more'; readonly soonestDueAtMs?: EpochMs | undefined }
  | {
      readonly state: 'asked';
      readonly askedCount: number;
      readonly hasChanged: boolean;
      /** Soonest redial settled since: the store may have answered before it knew of it. */
      readonly soonestDueAtMs?: EpochMs | undefined;
    }
  /** The store had no more; the next becomes due then, if any. */
  | { readonly state: 'dry'; readonly untilMs: EpochMs | undefined };

/**
 * The hopper of one campaign: contacts that are due and were offered by the
 * store, in the store's order. A contact is here, in hand (taken and not yet
 * forgotten), or unknown; so it is never given out twice at one time, however
 * often the store offers it.
 */
export class ContactPool {
  readonly #size: ContactPoolSize;
  #waiting: OfferedContact[] = [];
  readonly #waitingIds = new Set<ContactId>();
  readonly #inHand = new Map<ContactId, OfferedContact>();
  #supply: Supply = { state: 'perhaps-more' };

  /** @throws RangeError unless 0 <= lowWaterCount < fullCount. */
  constructor(size: ContactPoolSize) {
    if (!(size.lowWaterCount >= 0 && size.fullCount > size.lowWaterCount)) {
      throw new RangeError('A contact pool needs 0 <= lowWaterCount < fullCount.');
    }
    this.#size = size;
  }

  /** Contacts ready to be taken. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Contacts taken and neither put back nor forgotten. */
  get inHandCount(): number {
    return this.#inHand.size;
  }

  /** When a dry store has its next contact due; undefined when it is not dry or nothing waits. */
  get nextDueAtMs(): EpochMs | undefined {
    return this.#supply.state === 'dry' ? this.#supply.untilMs : undefined;
  }

  /** Whether the store is known to have nothing due. */
  isDry(nowMs: EpochMs): boolean {
    return this.#supply.state === 'dry' && !(this.#supply.untilMs !== undefined && this.#supply.untilMs <= nowMs);
  }

  /**
   * How many contacts to ask the store for now; 0 when there are enough, when
   * it was asked already, or when it has none due. Whoever asks says `asked`.
   */
  wantedCount(nowMs: EpochMs): number {
    if (this.#supply.state === 'asked' || this.isDry(nowMs)) return 0;
    return this.size <= this.#size.lowWaterCount ? this.#size.fullCount - this.size : 0;
  }

  /** The store was asked for so many; it is not asked again before it answers. */
  asked(askedCount: number): void {
    const soonestDueAtMs = this.#supply.state === 'perhaps-more' ? this.#supply.soonestDueAtMs : undefined;
    this.#supply = { state: 'asked', askedCount, hasChanged: false, soonestDueAtMs };
  }

  /**
   * The store's answer. Contacts already here or in hand are passed over.
   * Fewer than were asked for means the store is dry until `nextDueAtMs`.
   */
  offer(contacts: readonly OfferedContact[], nextDueAtMs?: EpochMs): void {
    for (const contact of contacts) {
      if (this.#waitingIds.has(contact.contactId) || this.#inHand.has(contact.contactId)) continue;
      this.#waitingIds.add(contact.contactId);
      this.#waiting.push(contact);
    }
    const asked = this.#supply.state === 'asked' ? this.#supply : undefined;
    const isShort = asked !== undefined && contacts.length < asked.askedCount && !asked.hasChanged;
    this.#supply = isShort
      ? { state: 'dry', untilMs: soonest(nextDueAtMs, asked.soonestDueAtMs) }
      : { state: 'perhaps-more', soonestDueAtMs: asked?.soonestDueAtMs };
  }

  /** The next contact, now in hand; undefined when the pool is empty. */
  take(): OfferedContact | undefined {
    const contact = this.#waiting.shift();
    if (contact === undefined) return undefined;
    this.#waitingIds.delete(contact.contactId);
    this.#inHand.set(contact.contactId, contact);
    return contact;
  }

  /** A contact in hand was not dialled after all: it is the next to be taken. Others are ignored. */
  putBack(contactId: ContactId): void {
    const contact = this.#inHand.get(contactId);
    if (contact === undefined) return;
    this.#inHand.delete(contactId);
    this.#waitingIds.add(contactId);
    this.#waiting.unshift(contact);
  }

  /** A contact is settled, or must not be called: it may be offered anew one day. */
  forget(contactId: ContactId): void {
    this.#inHand.delete(contactId);
    if (this.#waitingIds.delete(contactId)) {
      this.#waiting = this.#waiting.filter((contact) => contact.contactId !== contactId);
    }
  }

  /** A contact adopted from a run before: in hand without having been taken. */
  adopt(contact: OfferedContact): void {
    this.forget(contact.contactId);
    this.#inHand.set(contact.contactId, contact);
  }

  /** A contact becomes due then (a redial was settled). */
  becomesDueAt(atMs: EpochMs): void {
    const supply = this.#supply;
    this.#supply =
      supply.state === 'dry'
        ? { state: 'dry', untilMs: soonest(supply.untilMs, atMs) }
        : { ...supply, soonestDueAtMs: soonest(supply.soonestDueAtMs, atMs) };
  }

  /** The store's contacts have changed: worth asking again, also when an answer is on its way. */
  storeChanged(): void {
    this.#supply = this.#supply.state === 'asked' ? { ...this.#supply, hasChanged: true } : { state: 'perhaps-more' };
  }

  /** Empties the pool; the ids are to be given back to the store. What is in hand stays so. */
  clear(): ContactId[] {
    const contactIds = [...this.#waitingIds];
    this.#waiting = [];
    this.#waitingIds.clear();
    this.#supply = { state: 'perhaps-more' };
    return contactIds;
  }
}

function soonest(one: EpochMs | undefined, other: EpochMs | undefined): EpochMs | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? one : other;
}
