import { z } from 'zod';
import { ANSWER_VERDICTS } from '../../call/answer-verdict.js';
import { idSchema, instantSchema } from './common.js';

const count = z.number().int().min(0);

/** A share as far as a sample tells: 95 % bounds by Clopper and Pearson; null where nothing is known. */
const shareSchema = z
  .object({ foundCount: count, ofCount: count, shareRatio: z.number().nullable(), lowRatio: z.number(), highRatio: z.number() })
  .meta({ id: 'Share' });
/** A share with its bounds. */
export type Share = z.output<typeof shareSchema>;

/** Attempts written from `fromMs` (inclusive) to `toMs` (exclusive); without bounds, since the day began. */
export const answerReportQuerySchema = z.object({
  campaignId: idSchema.optional(),
  trunk: z.string().min(1).max(80).optional(),
  fromMs: z.coerce.number().int().min(0).optional(),
  toMs: z.coerce.number().int().min(0).optional(),
  by: z.enum(['campaign', 'trunk', 'hour']).default('campaign'),
});

/** What the analysis made of the answers of a span, in groups. */
export const answerReportSchema = z
  .object({
    fromMs: instantSchema,
    toMs: instantSchema,
    by: z.enum(['campaign', 'trunk', 'hour']),
    groups: z.array(
      z.object({
        /** Campaign, trunk, or the start of the hour as an ISO 8601 instant. */
        key: z.string(),
        answeredCount: count,
        /** Those with a verdict. */
        analysedCount: count,
        countByVerdict: z.object(Object.fromEntries(ANSWER_VERDICTS.map((verdict) => [verdict, count])) as Record<(typeof ANSWER_VERDICTS)[number], typeof count>),
        revisedCount: count,
        takenBackCount: count,
        /** The carrier had said "answered", and nobody was there; of all answers. */
        falseAnswers: shareSchema,
        /** Of the analysed answers of which an agent said who it was: those that were machines. */
        machinesShown: shareSchema,
        /** Persons by an agent's word whose verdict was another; a lower bound, as most of those have no agent who could tell. */
        lostPersonKnownCount: count,
        /** What the count of lost persons can say. */
        lostPersonNote: z.string(),
        decidedAfterMsP50: z.number().nullable(),
        decidedAfterMsP90: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: 'AnswerReport' });
