import type { z } from 'zod';
import type { AnswerReportGroup } from '../../store/answer-report.js';
import { clopperPearson } from '../../units/binomial-bounds.js';
import type { ApiPorts } from '../api-ports.js';
import type { ApiServer } from '../api-server.js';
import { problemSchema } from '../contract/common.js';
import { answerReportQuerySchema, answerReportSchema, type Share } from '../contract/report.js';
import { ApiProblem } from '../problems.js';

/** Of each bound by itself, so that 95 % hold on both sides at once. */
const BOUND_CONFIDENCE = 0.975;

const LOST_PERSON_NOTE =
  'Counts only calls that an agent kept and called a person against the verdict. A person who was hung up on is told by nobody: ' +
  'how many there are is to be had from recordings that are labelled by hand, not from this count.';

/** `/api/v1/reports`. */
export function reportRoutes(app: ApiServer, ports: ApiPorts): void {
  app.get(
    '/reports/answer-analysis',
    {
      schema: {
        tags: ['reports'],
        summary: 'Who or what answered, what is known of wrong verdicts, and how soon they came; without bounds, since the day began',
        querystring: answerReportQuerySchema,
        response: { 200: answerReportSchema, 400: problemSchema },
      },
    },
    async (request) => {
      const { fromMs = ports.live.floor().dayStartedAtMs, toMs = ports.clock() + 1, campaignId, trunk, by } = request.query;
      if (fromMs >= toMs) throw new ApiProblem('invalid-input', 'fromMs must be less than toMs.');
      const groups = await ports.store.reportAnswers({ fromMs, toMs, campaignId, trunk, by });
      return { fromMs, toMs, by, groups: groups.map((group) => groupBody(group, by === 'hour')) };
    },
  );
}

function groupBody(group: AnswerReportGroup, isHour: boolean): z.output<typeof answerReportSchema>['groups'][number] {
  return {
    key: isHour ? new Date(Number(group.key)).toISOString() : group.key,
    answeredCount: group.answeredCount,
    analysedCount: group.analysedCount,
    countByVerdict: { ...group.countByVerdict },
    revisedCount: group.revisedCount,
    takenBackCount: group.takenBackCount,
    falseAnswers: share(group.falseAnswerCount, group.answeredCount),
    machinesShown: share(group.machineShownCount, group.agentJudgedCount),
    lostPersonKnownCount: group.lostPersonKnownCount,
    lostPersonNote: LOST_PERSON_NOTE,
    decidedAfterMsP50: group.decidedAfterMsP50 ?? null,
    decidedAfterMsP90: group.decidedAfterMsP90 ?? null,
  };
}

function share(foundCount: number, ofCount: number): Share {
  const { low, high } = clopperPearson(foundCount, ofCount, BOUND_CONFIDENCE);
  return { foundCount, ofCount, shareRatio: ofCount === 0 ? null : foundCount / ofCount, lowRatio: low, highRatio: high };
}
