import { z } from 'zod';
import type { ApiPorts } from '../api-ports.js';
import type { ApiServer } from '../api-server.js';
import { callQuerySchema, callSchema } from '../contract/call.js';
import { opaqueIdSchema, pageSchema, problemSchema } from '../contract/common.js';
import { pageBody, pageRequest } from '../cursor.js';
import { ApiProblem } from '../problems.js';

/** `/api/v1/calls`. */
export function callRoutes(app: ApiServer, ports: ApiPorts): void {
  const tags = ['calls'];

  app.get(
    '/calls',
    {
      schema: {
        tags,
        summary: 'Calls, newest first',
        querystring: callQuerySchema,
        response: { 200: pageSchema(callSchema), 400: problemSchema },
      },
    },
    async (request) => {
      const { campaignId, agentId, contactId, cause, verdict } = request.query;
      const page = await ports.store.listCalls({ campaignId, agentId, contactId, cause, verdict }, pageRequest(request.query));
      return pageBody(page, (call) => call);
    },
  );

  app.get(
    '/calls/:callId',
    {
      schema: {
        tags,
        summary: 'One call',
        params: z.object({ callId: opaqueIdSchema }),
        response: { 200: callSchema, 404: problemSchema },
      },
    },
    async (request) => {
      const call = await ports.store.findCall(request.params.callId);
      if (call === undefined) throw new ApiProblem('not-found', `There is no call ${request.params.callId}.`);
      return call;
    },
  );
}
