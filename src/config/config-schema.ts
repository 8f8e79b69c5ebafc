import { z } from 'zod';
import { CAMPAIGN_DEFAULTS } from '../api/contract/campaign.js';
import { END_CAUSES, type EndCauseName } from '../call/end-cause.js';
import { host, sound, text } from './schema-parts.js';
import { switchSection } from './switch-schema.js';

/**
 * The configuration file's shape, in the words and units of the person who
 * writes it. A number's range is checked here; what must fit together is
 * checked in `cross-checks.ts`; what to do about a fault is in `key-cures.ts`.
 */

const portOrAny = z.int().min(0).max(65_535);
const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is not a short name of lower-case letters, digits and hyphens');
const endpoint = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'is not the name of an endpoint on the switch');
const phoneNumber = z.string().regex(/^\+[1-9]\d{6,14}$/, 'is not a phone number in international form');
const label = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} _.-]{0,39}$/u, 'is not a short label of letters, digits, spaces and _ . -');
const digit = z.string().regex(/^\d$/, 'is not one digit');

const httpSection = z.strictObject({
  host: host.default('127.0.0.1'),
  port: portOrAny.default(8080),
  apiKeys: z.array(z.string().min(16, 'is shorter than 16 signs').regex(/^\S+$/, 'holds a space')).default([]),
});

const trunk = z.strictObject({
  name: endpoint,
  endpoint: endpoint.optional(),
  numberForm: z.enum(['e164-plus', 'e164', 'prefix']).default('e164-plus'),
  numberPrefix: z.string().regex(/^[0-9*#]{0,8}$/, 'is not made of digits, * and #').default(''),
  callsPerSecondMax: z.number().positive().max(1000).default(1),
  linesMax: z.int().min(1).max(10_000),
  callerNumber: phoneNumber.optional(),
});

const weekday = z.enum(['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']);
const clock = z.string().regex(/^(?:(?:[01]?\d|2[0-3]):[0-5]\d|24:00)$/, 'is not a time of day');
const disposition = z.strictObject({
  name: label,
  effect: z.enum(['complete', 'redial', 'do-not-call']),
  answeredBy: z.enum(['person', 'machine']).optional(),
});
const hangUpOrConnect = z.enum(['hang-up', 'connect']);
const causeNames = END_CAUSES.map((cause) => cause.name) as [EndCauseName, ...EndCauseName[]];
const defaults = CAMPAIGN_DEFAULTS;

const callingHours = z.strictObject({
  timeZone: text.default(defaults.callingHours.timeZone),
  weekdays: z.array(weekday).min(1).default(['mon', 'tue', 'wed', 'thu', 'fri']),
  from: clock.default('09:00'),
  to: clock.default('20:00'),
});

const campaign = z.strictObject({
  id,
  name: text.max(120).optional(),
  trunk: text,
  callerNumber: phoneNumber.optional(),
  country: z.string().regex(/^[A-Z]{2}$/, 'is not a country code of two capital letters').default(defaults.defaultCountry),
  pacing: z
    .discriminatedUnion('mode', [
      z.strictObject({ mode: z.literal('progressive') }),
      z.strictObject({ mode: z.literal('power'), linesPerAgent: z.number() }),
    ])
    .default({ mode: 'progressive' }),
  callsPerSecondMax: z.number().optional(),
  linesMax: z.int().optional(),
  ringTimeoutSeconds: z.number().default(defaults.ringTimeoutMs / 1000),
  callingHours: callingHours.default(callingHours.parse({})),
  analyseAnswers: z.boolean().default(defaults.isAnalysed),
  onMachine: z.enum(['hang-up', 'leave-message']).default(defaults.onMachine),
  machineMessage: sound.optional(),
  answerHandling: z.enum(['hold', 'connect-probable', 'connect-at-answer']).default(defaults.answerHandling),
  takeBackLimitSeconds: z.number().min(1).max(60).default(defaults.takeBackLimitMs / 1000),
  onScreening: hangUpOrConnect.default(defaults.onScreening),
  onMenu: hangUpOrConnect.default(defaults.onMenu),
  onSilence: hangUpOrConnect.default(defaults.onSilence),
  lostPersonCost: z.number().min(20).max(1000).default(defaults.lostPersonCost),
  listenBeforeAnswer: z.boolean().default(defaults.listensBeforeAnswer),
  keepDisputedSnippets: z.boolean().default(defaults.keepsDisputedSnippets),
  agentWaitSeconds: z.number().default(defaults.agentWaitMaxMs / 1000),
  safeHarbourMessage: sound.default('safe-harbour'),
  whisper: sound.optional(),
  record: z.boolean().default(defaults.isRecorded),
  wrapUpSeconds: z.number().default(defaults.wrapUpMaxMs / 1000),
  dispositions: z.record(digit, disposition).default(defaults.dispositionByDigit),
  defaultDisposition: disposition.default(defaults.defaultDisposition),
  attemptsMax: z.int().max(100).default(defaults.attemptsMax),
  recycle: z
    .partialRecord(z.enum(causeNames), z.strictObject({ redialAfterMinutes: z.number(), attemptsMax: z.int() }))
    .default({}),
});

const agent = z.strictObject({
  id,
  name: text.max(120).optional(),
  phone: endpoint,
  campaign: text,
  pin: z.string().regex(/^\d{4,12}$/, 'is not 4 to 12 digits'),
});

const keypadSounds = z.strictObject({
  enterPin: sound.default('enter-pin'),
  wrongPin: sound.default('wrong-pin'),
  loggedIn: sound.default('logged-in'),
  loggedOut: sound.default('logged-out'),
  paused: sound.default('paused'),
  resumed: sound.default('resumed'),
  connectBeep: sound.default('connect-beep'),
  wrapUpTone: sound.default('wrap-up-tone'),
  notPossible: sound.default('not-possible'),
});

const keypad = z.strictObject({
  pinDigitsMax: z.int().min(4).max(12).default(6),
  pinAttemptsMax: z.int().min(1).max(10).default(3),
  pauseReasons: z.record(digit, label).default({ 1: 'break', 2: 'lunch', 3: 'training', 4: 'meeting', 5: 'paperwork' }),
  sounds: keypadSounds.default(keypadSounds.parse({})),
});

/** The file as a whole. */
export const configFileSchema = z.strictObject({
  tenant: id.default('main'),
  http: httpSection.default(httpSection.parse({})),
  store: z
    .strictObject({ file: text.default('outdial-data/outdial.sqlite'), snippetDays: z.int().min(1).max(3650).default(30) })
    .default({ file: 'outdial-data/outdial.sqlite', snippetDays: 30 }),
  switch: switchSection,
  media: z
    .strictObject({ host: host.default('127.0.0.1'), port: portOrAny.default(0) })
    .default({ host: '127.0.0.1', port: 0 }),
  trunks: z.array(trunk).min(1),
  campaigns: z.array(campaign).default([]),
  agents: z.array(agent).default([]),
  keypad: keypad.default(keypad.parse({})),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') }).default({ level: 'info' }),
});

/** The file's content, with defaults in place of what it leaves out. */
export type ConfigFile = z.output<typeof configFileSchema>;
