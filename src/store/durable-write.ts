import type { ContactId } from '../units/ids.js';
import type { EpochMs } from '../units/time.js';
import type { DialerEvent } from '../dialer/event.js';

/** Something that must reach the file however long that takes, in its order. */
export type DurableWrite =
  | { readonly type: 'event'; readonly event: DialerEvent }
  | { readonly type: 'do-not-call'; readonly request: DoNotCallRequest };

/** Who is to be called no more: a contact by its id, or any number. */
export interface DoNotCallRequest {
  readonly who: { readonly contactId: ContactId } | { readonly number: string };
  /** Who asked, e.g. `contact-keyed-9`, `agent`, `api`. */
  readonly source: string;
  readonly atMs: EpochMs;
}
