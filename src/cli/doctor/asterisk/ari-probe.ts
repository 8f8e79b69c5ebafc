import type { AsteriskSite } from '../site.js';

/** How long one answer of the switch is waited for. Chosen: a hundred times what a healthy one takes. */
const ANSWER_WAIT_MS_MAX = 5_000;

/** What came of one request to ARI. */
export type AriAnswer =
  | { readonly kind: 'answer'; readonly body: unknown; readonly tookMs: number; readonly dateMs: number | undefined }
  | { readonly kind: 'refused'; readonly status: number; readonly words: string }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Asks the switch by plain HTTP, once and with a deadline, and keeps nothing open. */
export class AriProbe {
  readonly #base: string;
  readonly #authorization: string;

  constructor({ url, user, password }: AsteriskSite['switch']['ari']) {
    this.#base = `${url.replace(/\/$/, '')}/ari`;
    this.#authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }

  get(path: string): Promise<AriAnswer> {
    return this.ask('GET', path);
  }

  async ask(method: 'GET' | 'POST' | 'DELETE', path: string): Promise<AriAnswer> {
    const startedAt = performance.now();
    try {
      const response = await fetch(`${this.#base}${path}`, {
        method,
        headers: { authorization: this.#authorization },
        signal: AbortSignal.timeout(ANSWER_WAIT_MS_MAX),
      });
      const text = await response.text();
      if (!response.ok) return { kind: 'refused', status: response.status, words: text };
      const date = response.headers.get('date');
      const dateMs = date === null ? undefined : Date.parse(date);
      return { kind: 'answer', body: parsed(text), tookMs: performance.now() - startedAt, dateMs };
    } catch (error) {
      return { kind: 'unreachable', reason: reasonOf(error) };
    }
  }
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // Some other server, which answers in HTML.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${String(ANSWER_WAIT_MS_MAX / 1000)} s`;
  const { cause } = error;
  return cause instanceof Error ? cause.message : error.message;
}
