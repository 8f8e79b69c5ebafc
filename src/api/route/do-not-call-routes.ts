import { z } from 'zod';
import type { ApiPorts } from '../api-ports.js';
import type { ApiServer } from '../api-server.js';
import { e164Schema, pageQuerySchema, pageSchema, problemSchema } from '../contract/common.js';
import { doNotCallSchema } from '../contract/contact.js';
import { pageBody, pageRequest } from '../cursor.js';
import { ApiProblem } from '../problems.js';

const numberParams = z.object({ number: e164Schema });

/** `/api/v1/do-not-call`. */
export function doNotCallRoutes(app: ApiServer, ports: ApiPorts): void {
  const tags = ['do not call'];

  app.get(
    '/do-not-call',
    {
      schema: {
        tags,
        summary: 'Numbers that are never dialled',
        querystring: pageQuerySchema,
        response: { 200: pageSchema(doNotCallSchema), 400: problemSchema },
      },
    },
    async (request) => {
      const page = await ports.store.listDoNotCall(pageRequest(request.query));
      return pageBody(page, (entry) => entry);
    },
  );

  app.put(
    '/do-not-call/:number',
    { schema: { tags, summary: 'Never dial this number', params: numberParams, response: { 204: z.null(), 400: problemSchema } } },
    async (request, reply) => {
      await ports.store.addDoNotCall(request.params.number, 'api');
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/do-not-call/:number',
    {
      schema: {
        tags,
        summary: 'Allow this number again',
        params: numberParams,
        response: { 204: z.null(), 400: problemSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const wasThere = await ports.store.removeDoNotCall(request.params.number);
      if (!wasThere) throw new ApiProblem('not-found', 'The number is not on the do-not-call list.');
      return reply.code(204).send(null);
    },
  );
}
