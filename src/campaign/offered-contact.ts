import type { ContactId } from '../units/ids.js';

/** A contact as the store offers it: no name and no number. */
export interface OfferedContact {
  readonly contactId: ContactId;
  /** Attempts so far that counted. */
  readonly attemptCount: number;
  /** How often each end cause has ended an attempt at this contact so far. */
  readonly countByCause: Readonly<Record<string, number>>;
}
