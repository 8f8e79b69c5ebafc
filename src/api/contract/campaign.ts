import { z } from 'zod';
import { END_CAUSES, type EndCauseName } from '../../call/end-cause.js';
import { e164Schema, idSchema, instantSchema, labelSchema, nameSchema, soundSchema } from './common.js';

/** What a digit keyed in wrap-up stands for. */
const dispositionSchema = z
  .object({
    name: labelSchema,
    effect: z.enum(['complete', 'redial', 'do-not-call']),
    /** Who answered, where choosing this says so; left out: a person. */
    answeredBy: z.enum(['person', 'machine']).optional(),
  })
  .meta({ id: 'Disposition' });

const pacingSchema = z
  .discriminatedUnion('mode', [
    z.object({ mode: z.literal('progressive') }),
    z.object({ mode: z.literal('power'), linesPerAgentRatio: z.number().min(1).max(10) }),
  ])
  .meta({ id: 'Pacing' });

const timeZoneSchema = z.string().refine(isTimeZone, 'must be an IANA time zone, e.g. America/New_York');

const callingHoursSchema = z
  .object({
    timeZone: timeZoneSchema,
    /** 0 Sunday .. 6 Saturday. */
    weekdays: z.array(z.number().int().min(0).max(6)).min(1).max(7),
    /** Minutes after midnight; from inclusive, to exclusive. */
    fromMinute: z.number().int().min(0).max(1439),
    toMinute: z.number().int().min(1).max(1440),
  })
  .refine(
    (hours) => hours.fromMinute < hours.toMinute,
    'must begin before they end: fromMinute must be less than toMinute',
  )
  .meta({ id: 'CallingHours' });

const recycleRuleSchema = z.object({
  redialAfterMs: z.number().int().min(0).max(90 * 86_400_000),
  attemptsMax: z.number().int().min(1).max(100),
});

const causeNames = END_CAUSES.map((cause) => cause.name) as [EndCauseName, ...EndCauseName[]];

const settings = {
  name: nameSchema,
  /** The trunk that carries this campaign, by its name in the configuration. */
  trunk: z.string().min(1).max(80),
  /** Number shown to contacts. */
  callerNumber: e164Schema,
  /** ISO 3166 country in which imported numbers without `+` are read. */
  defaultCountry: z.string().regex(/^[A-Z]{2}$/, 'must be a country code of two capital letters, e.g. US'),
  pacing: pacingSchema,
  /** New calls a second of this campaign. */
  callsPerSecondMax: z.number().positive().max(1000),
  /** Calls at one time of this campaign. */
  linesMax: z.number().int().min(1).max(10_000),
  /** How long to let it ring; 15 s at least by 47 CFR 64.1200(a)(6). */
  ringTimeoutMs: z.number().int().min(15_000).max(120_000),
  callingHours: callingHoursSchema,
  /** Whether who answered is analysed; off, every answer counts as a person. */
  isAnalysed: z.boolean(),
  onMachine: z.enum(['hang-up', 'leave-message']),
  /** Played to a machine after its greeting; needed for `leave-message`. */
  machineMessage: soundSchema.nullable(),
  /**
   * When an agent is given an answered call. `hold`: once it is decided that a person, or perhaps one, is there.
   * `connect-probable`: as soon as that is probable. `connect-at-answer`: at once where an agent is free.
   * The last two take a call back that is no person's, and need a switch that lets a call be heard in a bridge.
   */
  answerHandling: z.enum(['hold', 'connect-probable', 'connect-at-answer']),
  /** A call is not taken back from an agent who has had it for longer, or has acted on it. */
  takeBackLimitMs: z.number().int().min(1_000).max(60_000),
  /** An assistant asks who calls. */
  onScreening: z.enum(['hang-up', 'connect']),
  /** A spoken menu. */
  onMenu: z.enum(['hang-up', 'connect']),
  /** Answered, and nobody speaks. */
  onSilence: z.enum(['hang-up', 'connect']),
  /** What a person called a machine costs, in machines shown to an agent: the higher, the surer a machine must be. */
  lostPersonCost: z.number().min(20).max(1_000),
  /** Listens to the network before the answer, where the switch allows it, and gives up what will not be answered. */
  listensBeforeAnswer: z.boolean(),
  /** Keeps the first seconds of a call whose verdict the agent contradicts. */
  keepsDisputedSnippets: z.boolean(),
  /** Longest wait for an agent from the end of the greeting; 2 s by 47 CFR 64.1200(a)(7). */
  agentWaitMaxMs: z.number().int().min(0).max(2_000),
  /** Who called, a number, and "press 9 not to be called again". */
  safeHarbourMessage: soundSchema,
  /** Whispered to the agent at connect, after the beep. */
  whisper: soundSchema.nullable(),
  isRecorded: z.boolean(),
  /** Longest wrap-up; then the default disposition is taken and the agent is available. */
  wrapUpMaxMs: z.number().int().min(0).max(3_600_000),
  /** Which digit is which disposition in wrap-up. */
  dispositionByDigit: z.record(z.string().regex(/^[0-9]$/, 'must be one digit'), dispositionSchema),
  defaultDisposition: dispositionSchema,
  /** Attempts of any outcome after which a contact is closed. */
  attemptsMax: z.number().int().min(1).max(100),
  /** Rules that replace an end cause's own waiting time. */
  recycle: z.partialRecord(z.enum(causeNames), recycleRuleSchema),
};

/** Everything that can be set about a campaign. */
export const campaignSettingsSchema = z.strictObject(settings).refine(
  (campaign) => campaign.onMachine !== 'leave-message' || campaign.machineMessage !== null,
  { path: ['machineMessage'], message: 'must name a sound when onMachine is leave-message' },
);
/** Settings whose rules hold, each by itself and together. */
export type CampaignSettings = z.output<typeof campaignSettingsSchema>;

/**
 * What a campaign is set to where its maker says nothing. Chosen: the careful
 * end of what the law allows, one line a free agent, office hours on weekdays.
 */
export const CAMPAIGN_DEFAULTS: Omit<CampaignSettings, 'name' | 'trunk' | 'callerNumber' | 'safeHarbourMessage'> = {
  defaultCountry: 'US',
  pacing: { mode: 'progressive' },
  callsPerSecondMax: 5,
  linesMax: 100,
  ringTimeoutMs: 25_000,
  callingHours: { timeZone: 'America/New_York', weekdays: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 20 * 60 },
  isAnalysed: true,
  onMachine: 'hang-up',
  machineMessage: null,
  answerHandling: 'hold',
  takeBackLimitMs: 10_000,
  onScreening: 'hang-up',
  onMenu: 'hang-up',
  onSilence: 'hang-up',
  lostPersonCost: 199,
  listensBeforeAnswer: true,
  keepsDisputedSnippets: false,
  agentWaitMaxMs: 2_000,
  whisper: null,
  isRecorded: true,
  wrapUpMaxMs: 30_000,
  dispositionByDigit: {
    1: { name: 'sale', effect: 'complete' },
    2: { name: 'not interested', effect: 'complete' },
    3: { name: 'call again', effect: 'redial' },
    9: { name: 'do not call', effect: 'do-not-call' },
  },
  defaultDisposition: { name: 'none', effect: 'complete' },
  attemptsMax: 5,
  recycle: {},
};

const optional = z.strictObject(settings).partial();

/** Makes a campaign: `campaignId` is made from the name where it is not given; what else is left out is as in `CAMPAIGN_DEFAULTS`. */
export const newCampaignSchema = optional
  .required({ name: true, trunk: true, callerNumber: true, safeHarbourMessage: true })
  .extend({ campaignId: idSchema.optional() })
  .meta({ id: 'NewCampaign' });

/** Changes what is named and leaves the rest. */
export const campaignChangeSchema = optional.meta({ id: 'CampaignChange' });

/** A campaign with where it stands. */
export const campaignSchema = z
  .object({
    campaignId: idSchema,
    ...settings,
    /** `idle`: running, but nothing may be dialled now; `hint` says why. */
    state: z.enum(['running', 'idle', 'paused', 'stopped']),
    hint: z.string(),
    changedAtMs: instantSchema,
  })
  .meta({ id: 'Campaign' });
/** A campaign as the API gives it. */
export type CampaignResource = z.output<typeof campaignSchema>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
