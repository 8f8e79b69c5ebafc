import { z } from 'zod';
import { ANSWER_VERDICTS } from '../../call/answer-verdict.js';
import { idSchema, instantSchema, opaqueIdSchema, pageQuerySchema } from './common.js';

const verdictSchema = z.enum(ANSWER_VERDICTS);

/** One attempt at a contact, from the store. Instants are null until they came. */
export const callSchema = z
  .object({
    callId: opaqueIdSchema,
    campaignId: z.string(),
    contactId: z.string(),
    number: z.string(),
    trunk: z.string(),
    agentId: z.string().nullable(),
    state: z.string(),
    writtenAtMs: instantSchema,
    originatedAtMs: instantSchema.nullable(),
    ringingAtMs: instantSchema.nullable(),
    answeredAtMs: instantSchema.nullable(),
    connectedAtMs: instantSchema.nullable(),
    endedAtMs: instantSchema.nullable(),
    /** Who or what answered, as decided or revised since. */
    verdict: verdictSchema.nullable(),
    verdictStage: z.enum(['decided', 'revised', 'probable']).nullable(),
    verdictProbabilityRatio: z.number().nullable(),
    verdictReason: z.string().nullable(),
    /** Which tone or class of special information tones. */
    verdictDetail: z.string().nullable(),
    /** Audio time from the first frame to the decision. */
    decidedAfterMs: z.number().nullable(),
    /** Every verdict in its order. */
    verdicts: z.array(
      z.object({
        atMs: instantSchema,
        stage: z.enum(['probable', 'decided', 'revised']),
        verdict: verdictSchema,
        probabilityRatio: z.number(),
        reason: z.string(),
        decidedAfterMs: z.number(),
      }),
    ),
    /** What was heard before the answer. */
    earlyMedia: z.enum(['ringing', 'busy', 'intercept', 'announcement', 'music', 'silence']).nullable(),
    earlyMediaDetail: z.string().nullable(),
    earlyMediaReason: z.string().nullable(),
    /** When the agent lost it to a verdict; null when none did. */
    takenBackAtMs: instantSchema.nullable(),
    takenBackAgentId: z.string().nullable(),
    takenBackWhy: z.string().nullable(),
    /** Who answered, by the agent's word. */
    answeredBy: z.enum(['person', 'machine']).nullable(),
    /** Audio of a disputed verdict is kept. */
    hasSnippet: z.boolean(),
    /** How the attempt ended; one of the closed list of end causes. */
    cause: z.string().nullable(),
    q850: z.number().int().nullable(),
    sipCode: z.number().int().nullable(),
    talkMs: z.number(),
    isAbandoned: z.boolean(),
    disposition: z.string().nullable(),
    hasRecording: z.boolean(),
  })
  .meta({ id: 'Call' });
/** A call as the API gives it. */
export type CallResource = z.output<typeof callSchema>;

/** Newest first. */
export const callQuerySchema = pageQuerySchema.extend({
  campaignId: idSchema.optional(),
  agentId: idSchema.optional(),
  contactId: opaqueIdSchema.optional(),
  cause: z.string().max(60).optional(),
  verdict: verdictSchema.optional(),
});

/** A talk's recording: contact left, agent right. */
export const recordingSchema = z
  .object({
    callId: opaqueIdSchema,
    campaignId: z.string(),
    agentId: z.string().nullable(),
    startedAtMs: instantSchema,
    audioMs: z.number().nullable(),
    /** False when the recording was cut, e.g. by a lost switch. */
    isWhole: z.boolean().nullable(),
    audioUrl: z.string(),
  })
  .meta({ id: 'Recording' });
/** A recording as the API gives it. */
export type RecordingResource = z.output<typeof recordingSchema>;

/** Newest first. */
export const recordingQuerySchema = pageQuerySchema.extend({
  campaignId: idSchema.optional(),
  agentId: idSchema.optional(),
});
