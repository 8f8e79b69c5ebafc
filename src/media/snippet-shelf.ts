import type { CallId } from '../units/ids.js';
import type { MonotonicMs, Ms } from '../units/time.js';
import type { Snippet } from './snippet.js';

/** How long a snippet can be asked for after its analysis. Chosen: an agent disputes a verdict within the talk or the wrap-up. */
const KEPT_MS: Ms = 30 * 60_000;
/** Snippets kept of analyses that have ended; the oldest is dropped. 16 MB at most. */
const KEPT_COUNT_MAX = 50;

/** The snippets of analyses that have ended, for a while. */
export class SnippetShelf {
  /** The oldest first. */
  readonly #kept = new Map<CallId, { readonly snippet: Snippet; readonly endedAtMs: MonotonicMs }>();

  /** The call's snippet from before gives way. */
  put(callId: CallId, snippet: Snippet, now: MonotonicMs): void {
    this.#kept.delete(callId);
    this.#kept.set(callId, { snippet, endedAtMs: now });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT_COUNT_MAX) return;
      this.#kept.delete(oldest);
    }
  }

  /** Undefined when it was never kept, or not any more. */
  get(callId: CallId): Snippet | undefined {
    return this.#kept.get(callId)?.snippet;
  }

  /** To be called every now and then: drops what is too old. */
  tick(now: MonotonicMs): void {
    for (const [callId, { endedAtMs }] of this.#kept) {
      if (now - endedAtMs < KEPT_MS) return;
      this.#kept.delete(callId);
    }
  }
}
