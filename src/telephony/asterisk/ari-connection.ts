import { ARI_OPERATIONS } from './ari-types.js';
import type { AriEvent, AriOperationName, AriOperations } from './ari-types.js';

/** What came of a request. */
export type AriReply<Name extends AriOperationName> =
  | { readonly kind: 'done'; readonly response: AriOperations[Name]['response'] }
  /** HTTP status 400 and above, with the switch's own words. */
  | { readonly kind: 'refused'; readonly status: number; readonly words: string }
  /** Too many requests wait already. */
  | { readonly kind: 'overflow' }
  /** The connection went before a reply came. */
  | { readonly kind: 'lost' };

/** One open connection for requests; exactly one reply comes for each. */
export interface AriConnection {
  /** Requests, replies and events share one ordered stream. */
  readonly isOrderedStream: boolean;
  send<Name extends AriOperationName>(
    operation: Name,
    parameters: AriOperations[Name]['parameters'],
    onReply: (reply: AriReply<Name>) => void,
  ): void;
  /** Requests without a reply get `lost`; the listener hears nothing more. */
  close(): void;
  /** As if the switch had cut it: requests without a reply get `lost`, then the listener hears why. */
  drop(reason: string): void;
}

/** Whoever owns the connection. */
export interface AriConnectionListener {
  onEvent(event: AriEvent): void;
  /** Once, after the requests without a reply got `lost`. */
  onLost(reason: string): void;
}

/** What one request looks like on the wire. */
export interface AriWireRequest {
  readonly method: string;
  /** Path and query, without `/` in front. */
  readonly uri: string;
  /** JSON text; empty for none. */
  readonly body: string;
}

/** Writes an operation as method, address and body; every value is encoded, so none can reach beyond its place. */
export function wireRequest<Name extends AriOperationName>(
  operation: Name,
  parameters: AriOperations[Name]['parameters'],
): AriWireRequest {
  const route = ARI_OPERATIONS[operation];
  const values = new Map<string, unknown>(Object.entries(parameters));
  const path = route.path.slice(1).replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values.get(name))));
  const query = route.query
    .filter((name) => values.get(name) !== undefined)
    .map((name) => `${name}=${encodeURIComponent(String(values.get(name)))}`);
  const body = route.body === undefined ? undefined : values.get(route.body);
  return {
    method: route.method,
    uri: query.length === 0 ? path : `${path}?${query.join('&')}`,
    body: body === undefined ? '' : JSON.stringify(body),
  };
}

/** The content of an answer, by the switch's own description of what it answers; most have none. */
export function responseOf(body: string): AriOperations[AriOperationName]['response'] {
  return body === '' ? undefined : (JSON.parse(body) as AriOperations[AriOperationName]['response']);
}

/** The words of a refusal: ARI answers `{"message": ...}` or `{"error": ...}`. */
export function refusalWords(body: string): string {
  try {
    const said: unknown = JSON.parse(body);
    if (typeof said === 'object' && said !== null) {
      if ('message' in said && typeof said.message === 'string') return said.message;
      if ('error' in said && typeof said.error === 'string') return said.error;
    }
    return body;
  } catch {
    // Not JSON: the words themselves.
    return body;
  }
}
