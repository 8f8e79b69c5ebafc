import type { ContactId } from '../units/ids.js';
import type { EpochMs } from '../units/time.js';
import type { OfferedContact } from '../campaign/offered-contact.js';

/** An offered contact, with what only `loop` may know of it. */
export interface ContactToDial extends OfferedContact {
  /** E.164 with `+`. */
  readonly number: string;
  /** As in the file; may be empty. */
  readonly name: string;
  /** The file's other columns, by their header. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface FetchedContacts {
  readonly contacts: readonly ContactToDial[];
  /**
   * When the next contact becomes due that is not offered: now, when more wait
   * than were asked for; undefined when none waits.
   */
  readonly nextDueAtMs: EpochMs | undefined;
}

export interface ContactsToFetch {
  readonly campaignId: string;
  /** 0 and more. */
  readonly count: number;
  readonly nowMs: EpochMs;
}

/** Contacts that were offered and will not be dialled now. */
export interface ContactsToReturn {
  readonly contactIds: readonly ContactId[];
}
