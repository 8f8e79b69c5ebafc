import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import type { ApiPorts } from '../api-ports.js';
import type { ApiServer } from '../api-server.js';
import { recordingQuerySchema, recordingSchema } from '../contract/call.js';
import { opaqueIdSchema, pageSchema, problemSchema } from '../contract/common.js';
import { pageBody, pageRequest } from '../cursor.js';
import { ApiProblem } from '../problems.js';

/** `/api/v1/recordings`. */
export function recordingRoutes(app: ApiServer, ports: ApiPorts): void {
  const tags = ['recordings'];

  app.get(
    '/recordings',
    {
      schema: {
        tags,
        summary: 'Recorded talks, newest first',
        querystring: recordingQuerySchema,
        response: { 200: pageSchema(recordingSchema), 400: problemSchema },
      },
    },
    async (request) => {
      const { campaignId, agentId } = request.query;
      const page = await ports.store.listRecordings({ campaignId, agentId }, pageRequest(request.query));
      return pageBody(page, (recording) => ({ ...recording, audioUrl: `/api/v1/recordings/${recording.callId}/audio` }));
    },
  );

  app.get(
    '/recordings/:callId/audio',
    {
      schema: {
        tags,
        summary: 'The recording itself (WAV, contact left, agent right); takes range requests',
        params: z.object({ callId: opaqueIdSchema }),
      },
    },
    async (request, reply) => {
      const { callId } = request.params;
      const found = await ports.store.findRecording(callId);
      const path = found === undefined ? undefined : await pathInside(ports.recordingsFolder, found.path);
      if (path === undefined) throw new ApiProblem('not-found', `There is no recording of call ${callId}.`);
      reply.header('content-disposition', `inline; filename="${callId.replace(/[^A-Za-z0-9_.-]/g, '_')}.wav"`);
      // A recording may hold what must not lie about on shared machines.
      return reply.sendFile(path, await realpath(ports.recordingsFolder), { cacheControl: false });
    },
  );
}

/** The file's path relative to the folder; undefined when it is not there, or when it lies outside by name or by link. */
async function pathInside(folder: string, path: string): Promise<string | undefined> {
  try {
    const inside = relative(await realpath(folder), await realpath(resolve(folder, path)));
    const isOutside = inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
    return isOutside ? undefined : inside;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
    throw error;
  }
}
