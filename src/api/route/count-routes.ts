import type { z } from 'zod';
import type { ApiPorts } from '../api-ports.js';
import type { ApiServer } from '../api-server.js';
import { problemSchema } from '../contract/common.js';
import { countsQuerySchema, countsSchema, type figuresSchema } from '../contract/counts.js';
import type { DayFigures } from '../contract.js';
import { DayTally, joinedDays } from '../day-tally.js';
import { ApiProblem } from '../problems.js';

/** `/api/v1/counts`. */
export function countRoutes(app: ApiServer, ports: ApiPorts): void {
  app.get(
    '/counts',
    {
      schema: {
        tags: ['counts'],
        summary: 'What became of the attempts of a span of time; without bounds, since the day began',
        querystring: countsQuerySchema,
        response: { 200: countsSchema, 400: problemSchema },
      },
    },
    async (request) => {
      const { fromMs = ports.live.floor().dayStartedAtMs, toMs = ports.clock() + 1 } = request.query;
      if (fromMs >= toMs) throw new ApiProblem('invalid-input', 'fromMs must be less than toMs.');
      const campaigns = await ports.store.countAttempts(fromMs, toMs);
      const trunks = await ports.store.countTrunks(fromMs, toMs);
      return {
        fromMs,
        toMs,
        floor: figures(new DayTally(joinedDays(campaigns)).figures()),
        campaigns: campaigns.map((counts) => ({
          campaignId: counts.campaignId,
          figures: figures(new DayTally(counts).figures()),
        })),
        trunks: trunks.map((counts) => ({ ...counts, falseAnswerRatio: counts.falseAnswerCount / counts.answeredCount })),
      };
    },
  );
}

function figures(of: DayFigures): z.output<typeof figuresSchema> {
  return {
    counts: { ...of.counts },
    abandonRatio: of.abandonRatio ?? null,
    answerRatio: of.answerRatio ?? null,
    answerToAgentMsP50: of.answerToAgentMsP50 ?? null,
    answerToAgentMsP95: of.answerToAgentMsP95 ?? null,
  };
}
