import { z } from 'zod';
import { idSchema, instantSchema, labelSchema, nameSchema } from './common.js';

const phoneSchema = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, "must be the phone's endpoint name on the switch, e.g. 1001");
const pinSchema = z.string().regex(/^\d{4,12}$/, 'must be 4 to 12 digits');

/** A person who talks to contacts, with where he stands. */
export const agentSchema = z
  .object({
    agentId: idSchema,
    name: z.string(),
    phone: z.string(),
    campaignId: z.string(),
    state: z.enum(['offline', 'logging-in', 'available', 'reserved', 'on-call', 'wrap-up', 'paused']),
    sinceMs: instantSchema.nullable(),
    /** Pause reason, or why the agent went offline. */
    reason: z.string().nullable(),
    callId: z.string().nullable(),
    /** Null when the switch does not report phones. */
    isPhoneRegistered: z.boolean().nullable(),
  })
  .meta({ id: 'Agent' });
/** An agent as the API gives him. */
export type AgentResource = z.output<typeof agentSchema>;

const settings = { name: nameSchema, phone: phoneSchema, campaignId: idSchema };

/** Makes an agent; the PIN is what he keys to log in. */
export const newAgentSchema = z
  .strictObject({ ...settings, agentId: idSchema.optional(), pin: pinSchema })
  .meta({ id: 'NewAgent' });

/** Changes what is named and leaves the rest. */
export const agentChangeSchema = z.strictObject({ ...settings, pin: pinSchema }).partial().meta({ id: 'AgentChange' });

/** The same orders as the phone's keys. */
export const agentOrderSchema = z
  .discriminatedUnion('order', [
    z.strictObject({ order: z.literal('pause'), reason: labelSchema }),
    z.strictObject({ order: z.literal('resume') }),
    z.strictObject({ order: z.literal('hang-up-contact') }),
    /** By its name in the campaign's `dispositionByDigit`. */
    z.strictObject({ order: z.literal('dispose'), disposition: labelSchema }),
    z.strictObject({ order: z.literal('log-out') }),
  ])
  .meta({ id: 'AgentOrder' });
