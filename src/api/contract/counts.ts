import { z } from 'zod';
import { instantSchema } from './common.js';

const count = z.number().int().min(0);

/** As `DayFigures` of the wallboard; what has no base is null. */
export const figuresSchema = z
  .object({
    counts: z.object({
      dialledCount: count,
      answeredCount: count,
      personCount: count,
      machineCount: count,
      screeningCount: count,
      menuCount: count,
      faxCount: count,
      interceptCount: count,
      busyToneCount: count,
      ringingCount: count,
      silenceCount: count,
      unsureCount: count,
      busyCount: count,
      noAnswerCount: count,
      rejectedCount: count,
      badNumberCount: count,
      failedCount: count,
      cancelledCount: count,
      connectedCount: count,
      takenBackCount: count,
      falseAnswerCount: count,
      abandonedCount: count,
    }),
    abandonRatio: z.number().nullable(),
    answerRatio: z.number().nullable(),
    answerToAgentMsP50: z.number().nullable(),
    answerToAgentMsP95: z.number().nullable(),
  })
  .meta({ id: 'Figures' });

/** Attempts written from `fromMs` (inclusive) to `toMs` (exclusive). */
export const countsSchema = z
  .object({
    fromMs: instantSchema,
    toMs: instantSchema,
    floor: figuresSchema,
    campaigns: z.array(z.object({ campaignId: z.string(), figures: figuresSchema })),
    /** Trunks with an answer in the span. */
    trunks: z.array(
      z.object({
        trunk: z.string(),
        answeredCount: count,
        /** The carrier had said "answered", and nobody was there. */
        falseAnswerCount: count,
        falseAnswerRatio: z.number(),
      }),
    ),
  })
  .meta({ id: 'Counts' });

/** Without bounds: since the day began. */
export const countsQuerySchema = z.object({
  fromMs: z.coerce.number().int().min(0).optional(),
  toMs: z.coerce.number().int().min(0).optional(),
});

/** Whether the service can do its work. */
export const healthSchema = z
  .object({
    /** `degraded`: it runs, and someone must look. `failing`: it cannot work. */
    status: z.enum(['ok', 'degraded', 'failing']),
    version: z.string(),
    isSwitchConnected: z.boolean(),
    isStoreReadable: z.boolean(),
    alarms: z.array(z.object({ alarm: z.string(), sinceMs: instantSchema })),
  })
  .meta({ id: 'Health' });
