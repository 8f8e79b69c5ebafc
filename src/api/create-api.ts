import fastifyStatic from '@fastify/static';
import fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { guardAccess } from './access.js';
import type { ApiPorts } from './api-ports.js';
import type { ApiServer } from './api-server.js';
import { endRefusedUpgrades, feedRoute } from './feed-route.js';
import { describeApi } from './openapi.js';
import { setProblemHandler } from './problem-handler.js';
import { agentRoutes } from './route/agent-routes.js';
import { callRoutes } from './route/call-routes.js';
import { campaignRoutes } from './route/campaign-routes.js';
import { contactRoutes } from './route/contact-routes.js';
import { countRoutes } from './route/count-routes.js';
import { doNotCallRoutes } from './route/do-not-call-routes.js';
import { healthRoute } from './route/health-route.js';
import { recordingRoutes } from './route/recording-routes.js';
import { reportRoutes } from './route/report-routes.js';

/** Largest JSON body. Chosen: a campaign with every rule set takes a few kilobytes. */
const JSON_BYTES_MAX = 256 * 1024;

/** Longest parameter in an address: `%2B` and 15 digits, a call id, a cursor. */
const PARAMETER_LENGTH_MAX = 256;

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; media-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
} as const;

/**
 * The service's HTTP side: REST under /api/v1, the live feed, /healthz and the
 * web application. It is ready to `listen` or `inject`; `close` ends the feed
 * and its timers. It neither owns nor closes what it is given.
 */
export async function createApi(ports: ApiPorts): Promise<ApiServer> {
  const app: ApiServer = fastify({
    loggerInstance: ports.logger,
    bodyLimit: JSON_BYTES_MAX,
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    // Screens keep their sockets for days; a stop must not wait for them.
    forceCloseConnections: true,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  setProblemHandler(app);
  endRefusedUpgrades(app);
  guardAccess(app, ports.access);
  app.addHook('onSend', async (_request, reply) => {
    reply.headers(HEADERS);
  });

  await describeApi(app, ports.version);
  await app.register(fastifyStatic, webOptions(ports));
  await feedRoute(app, ports);
  healthRoute(app, ports);
  await app.register(
    async (routes: ApiServer) => {
      campaignRoutes(routes, ports);
      contactRoutes(routes, ports);
      agentRoutes(routes, ports);
      callRoutes(routes, ports);
      recordingRoutes(routes, ports);
      doNotCallRoutes(routes, ports);
      countRoutes(routes, ports);
      reportRoutes(routes, ports);
      routes.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
    },
    { prefix: '/api/v1' },
  );
  await app.ready();
  return app;
}

/** The built page; its hashed assets never change under their name, the page itself is asked for each time. */
function webOptions({ webFolder, recordingsFolder }: ApiPorts): Parameters<typeof fastifyStatic>[1] {
  if (webFolder === undefined) return { root: recordingsFolder, serve: false };
  return {
    root: webFolder,
    setHeaders: (reply, path) => {
      const isHashed = /[\\/]assets[\\/]/.test(path);
      reply.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  };
}
