import websocket from '@fastify/websocket';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ApiServer } from './api-server.js';
import type { EpochMs } from '../units/time.js';
import { FEED_BEAT_INTERVAL_MS } from './contract.js';
import { FEED_HUB_DEFAULTS, FeedHub, type FeedHubOptions } from './feed-hub.js';
import type { LiveState } from './live-state.js';

/** Changes are gathered this long. Chosen: under what an eye notices, and ten messages a second at most. */
const FLUSH_INTERVAL_MS = 100;

/** A screen sends nothing but its handshake; more than this is not a screen. */
const RECEIVED_BYTES_MAX = 4_096;

/** Close code of RFC 6455, 7.4.1. */
const GOING_AWAY = 1001;

/** How long a screen has to answer the good-bye. Chosen: a stop of the service stays under a second. */
const CLOSE_GRACE_MS = 300;

const querySchema = z.object({
  /** Epoch and number where a returning screen stands. */
  epoch: z.string().max(64).optional(),
  after: z.coerce.number().int().min(0).optional(),
  /** API key, for clients that can set no header. */
  key: z.string().max(256).optional(),
});

/** What the feed is given. */
export interface FeedRoutePorts {
  readonly live: LiveState;
  readonly clock: () => EpochMs;
  readonly feed?: Partial<Omit<FeedHubOptions, 'epoch'>> | undefined;
}

/** `GET /api/v1/feed`: the live feed, over WebSocket. The timers here are the feed's only ones and end with the server. */
export async function feedRoute(app: ApiServer, ports: FeedRoutePorts): Promise<void> {
  await app.register(websocket, {
    options: { maxPayload: RECEIVED_BYTES_MAX },
    preClose(done) {
      closeSockets(app, done);
    },
  });
  const hub = new FeedHub(ports.live, { ...FEED_HUB_DEFAULTS, ...ports.feed, epoch: randomUUID() });

  const flushTimer = setInterval(() => {
    hub.flush(ports.clock());
  }, FLUSH_INTERVAL_MS);
  const beatTimer = setInterval(() => {
    hub.beat(ports.clock());
    dropSilentSockets(app);
  }, FEED_BEAT_INTERVAL_MS);
  app.addHook('onClose', () => {
    clearInterval(flushTimer);
    clearInterval(beatTimer);
  });

  app.get(
    '/api/v1/feed',
    {
      websocket: true,
      schema: {
        tags: ['feed'],
        summary: 'Live feed over WebSocket: hello, a snapshot of the wallboard, then numbered changes',
        description:
          'Reconnect with `epoch` and `after` to be sent only what was missed. Messages are described in src/api/contract.ts.',
        querystring: querySchema,
      },
    },
    (socket, request) => {
      const { epoch, after } = request.query;
      const position = epoch !== undefined && after !== undefined ? { epoch, n: after } : undefined;
      socket.on('error', (error) => {
        request.log.info({ err: error }, 'feed socket failed');
      });
      const member = hub.join(socket, position, ports.clock());
      answered.add(socket);
      socket.on('pong', () => answered.add(socket));
      socket.on('close', () => {
        hub.leave(member);
      });
    },
  );
}

/**
 * Ends the connection of a request that asked for an upgrade and got an
 * ordinary answer. Node's server has let go of such a socket: nobody else would
 * close it, and strangers could pile them up. Must be called before any hook
 * that may refuse a request.
 */
export function endRefusedUpgrades(app: ApiServer): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    if (request.headers.upgrade !== undefined) {
      reply.raw.once('finish', () => {
        socket.destroySoon();
      });
    }
    done();
  });
}

/** Says good-bye to every screen; one that does not answer is not waited for. */
function closeSockets(app: ApiServer, done: () => void): void {
  const { clients } = app.websocketServer;
  for (const socket of clients) socket.close(GOING_AWAY, 'The service stops.');
  const graceTimer = setTimeout(() => {
    for (const socket of clients) socket.terminate();
  }, CLOSE_GRACE_MS);
  app.websocketServer.close(() => {
    clearTimeout(graceTimer);
    done();
  });
}

/** Sockets that have answered since they were last asked. */
const answered = new WeakSet<object>();

/** Ends sockets whose other side has vanished without a word: they did not answer the ping of one beat ago. */
function dropSilentSockets(app: ApiServer): void {
  for (const socket of app.websocketServer.clients) {
    if (!answered.delete(socket)) socket.terminate();
    else socket.ping();
  }
}
