import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { ApiServer } from './api-server.js';
import { ApiProblem } from './problems.js';

/** Who may come in. */
export interface AccessConfig {
  /** Keys that open the API; with none, everyone who can reach the address is let in. */
  readonly apiKeys: readonly string[];
  /** The service listens on 127.0.0.1 or ::1 only: keys are not asked for, and only requests addressed to this machine are heard. */
  readonly isLoopbackOnly: boolean;
}

const COOKIE = 'outdial_key';

/** Names by which a browser on this machine reaches it; another name is a page that had its name point here (DNS rebinding). */
const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Addresses that answer without a key: a probe, and the page itself, which holds no data. */
const isOpen = (path: string): boolean => path === '/healthz' || !path.startsWith('/api/');

/**
 * Lets in who holds a key: as `Authorization: Bearer …`, or in the cookie that
 * opening the page once as `/?key=…` sets, or for WebSocket clients as
 * `?key=…`. A request that a browser makes for another site is refused whether
 * it holds a key or not.
 */
export function guardAccess(app: ApiServer, config: AccessConfig): void {
  const digests = config.apiKeys.map(digest);
  const isKey = (key: string): boolean => {
    const offered = digest(key);
    return digests.map((known) => timingSafeEqual(known, offered)).includes(true);
  };

  app.addHook('onRequest', async (request, reply) => {
    refuseForeign(request, config.isLoopbackOnly);
    const path = request.url.split('?', 1)[0] ?? '/';
    if (config.isLoopbackOnly || digests.length === 0) return;
    if (path === '/') {
      const key = keyInQuery(request);
      if (key === undefined || !isKey(key)) return;
      // The key leaves the address bar at once, and scripts cannot read the cookie.
      await reply
        .header('set-cookie', `${COOKIE}=${encodeURIComponent(key)}; HttpOnly; SameSite=Strict; Path=/; Max-Age=31536000`)
        .redirect('/', 303);
      return;
    }
    if (isOpen(path)) return;
    const key = keyInHeader(request) ?? keyInCookie(request) ?? (path === '/api/v1/feed' ? keyInQuery(request) : undefined);
    if (key === undefined || !isKey(key)) {
      reply.header('www-authenticate', 'Bearer');
      throw new ApiProblem('unauthorised', 'Send an API key of the configuration as "Authorization: Bearer <key>"; open the wallboard once as /?key=<key>.');
    }
  });
}

function refuseForeign(request: FastifyRequest, isLoopbackOnly: boolean): void {
  const host = request.headers.host ?? '';
  if (isLoopbackOnly && !LOOPBACK_HOSTS.includes(host.replace(/:\d+$/, ''))) {
    throw new ApiProblem('foreign-origin', 'This service answers on localhost only; use http://localhost.');
  }
  const { origin } = request.headers;
  const isCrossSite = origin !== undefined && originHost(origin) !== host;
  if (isCrossSite || request.headers['sec-fetch-site'] === 'cross-site') {
    if (isOpen(request.url) && request.method === 'GET') return;
    throw new ApiProblem('foreign-origin', 'The request comes from a page of another site.');
  }
}

const originHost = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined);

function keyInHeader(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

function keyInCookie(request: FastifyRequest): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === COOKIE && value !== undefined) return decodeText(value);
  }
  return undefined;
}

function keyInQuery(request: FastifyRequest): string | undefined {
  return new URL(request.url, 'http://localhost').searchParams.get('key') ?? undefined;
}

/** A cookie that is not well encoded is no key. */
function decodeText(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** Equal lengths, so that comparing takes equal time. */
const digest = (key: string): Buffer => createHash('sha256').update(key).digest();
