import type { ApiPorts } from '../api-ports.js';
import type { ApiServer } from '../api-server.js';
import { healthSchema } from '../contract/counts.js';

/** `/healthz`: 200 while the service can work, 503 when its store cannot be read. A lost switch is waited for, so it degrades only. */
export function healthRoute(app: ApiServer, ports: ApiPorts): void {
  app.get(
    '/healthz',
    {
      schema: {
        tags: ['health'],
        summary: 'Whether the service can do its work; needs no key',
        response: { 200: healthSchema, 503: healthSchema },
      },
    },
    async (request, reply) => {
      const isStoreReadable = await ports.store.ping().then(
        () => true,
        (error: unknown) => {
          request.log.warn({ err: error }, 'store cannot be read');
          return false;
        },
      );
      const { isSwitchConnected } = ports.live.floor();
      const alarms = ports.live.alarms().map(({ alarm, sinceMs }) => ({ alarm, sinceMs }));
      const isWell = isSwitchConnected && alarms.length === 0;
      const status = !isStoreReadable ? ('failing' as const) : isWell ? ('ok' as const) : ('degraded' as const);
      const body = { status, version: ports.version, isSwitchConnected, isStoreReadable, alarms };
      return reply.code(isStoreReadable ? 200 : 503).send(body);
    },
  );
}
