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

/** Contacts whose turn it is, in their order; fewer than asked for when no more are due. */
export interface FetchedContacts {
  readonly contacts: readonly ContactToDial[];
  /**
   * When the next contact becomes due that is not offered: now, when more wait
   * than were asked for; undefined when none waits.
   */
  readonly nextDueAtMs: EpochMs | undefined;
}

/** How many contacts of which campaign are wanted; those due at `nowMs` or before. */
export interface ContactsToFetch {
  readonly campaignId: string;
  /** 0 and more. */
  readonly count: number;
  readonly nowMs: EpochMs;
}
