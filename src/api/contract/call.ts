import { z } from 'zod';
import { idSchema, instantSchema, opaqueIdSchema, pageQuerySchema } from './common.js';

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
    verdict: z.enum(['person', 'machine', 'no-speech', 'tone']).nullable(),
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
