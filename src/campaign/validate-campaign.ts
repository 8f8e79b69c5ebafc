import type { Ms } from '../units/time.js';
import type { RecycleRules } from './recycle.js';

/** The parts of a campaign's configuration that can be wrong. */
export interface CheckableCampaign extends RecycleRules {
  readonly campaignId: string;
  readonly trunk: string;
  readonly pacing: { readonly mode: 'progressive' } | { readonly mode: 'power'; readonly linesPerAgentRatio: number };
  readonly callsPerSecondMax: number;
  readonly linesMax: number;
  readonly ringTimeoutMs: Ms;
  readonly callingHours: {
    readonly timeZone: string;
    readonly weekdays: readonly number[];
    readonly fromMinute: number;
    readonly toMinute: number;
  };
  readonly isAnalysed: boolean;
  readonly onMachine: 'hang-up' | 'leave-message';
  readonly machineMessage: string | undefined;
  readonly agentWaitMaxMs: Ms;
  readonly safeHarbourMessage: string;
  readonly wrapUpMaxMs: Ms;
  readonly dispositionByDigit: Readonly<Record<string, CheckableDisposition>>;
  readonly defaultDisposition: CheckableDisposition;
}

/** A disposition as a campaign names it. */
export interface CheckableDisposition {
  readonly name: string;
  readonly effect: string;
}

/** What the campaign is held against: the law's numbers and what exists here. */
export interface CampaignBounds {
  /** 15 s in the United States and the United Kingdom. */
  readonly ringTimeoutMsMin: Ms;
  /** 2 s by law; larger only where the law is another one. */
  readonly agentWaitMsMax: Ms;
  /** Whether the runtime knows a time zone. */
  readonly isKnownTimeZone: (timeZone: string) => boolean;
  /** Names of the configured trunks. */
  readonly trunks: readonly string[];
}

/** One thing wrong, and what to do about it. */
export interface CampaignFault {
  /** Which field, e.g. `callingHours.timeZone`. */
  readonly field: string;
  readonly fault: string;
  readonly cure: string;
}

const RING_TIMEOUT_MS_MAX: Ms = 120_000;
const WRAP_UP_MS_MAX: Ms = 3_600_000;
const DAY_MINUTES = 1440;
const EFFECTS = ['complete', 'redial', 'do-not-call'];

type Check = (campaign: CheckableCampaign, bounds: CampaignBounds) => readonly (CampaignFault | undefined)[];

const CHECKS: readonly Check[] = [
  checkNames,
  checkPacing,
  checkTimes,
  checkHours,
  checkMessages,
  checkDispositions,
  checkRecycling,
];

/** Every fault of a campaign, not only the first; empty when it may be started. */
export function validateCampaign(campaign: CheckableCampaign, bounds: CampaignBounds): readonly CampaignFault[] {
  return CHECKS.flatMap((check) => check(campaign, bounds)).filter((fault) => fault !== undefined);
}

function faultUnless(isRight: boolean, field: string, fault: string, cure: string): CampaignFault | undefined {
  return isRight ? undefined : { field, fault, cure };
}

/** False for NaN too. */
const isWithin = (value: number, least: number, most: number): boolean => value >= least && value <= most;
const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;

function checkNames(campaign: CheckableCampaign, { trunks }: CampaignBounds): (CampaignFault | undefined)[] {
  return [
    faultUnless(campaign.campaignId !== '', 'campaignId', 'The campaign has no id.', 'Give it a short name of its own, such as "spring".'),
    faultUnless(
      trunks.includes(campaign.trunk),
      'trunk',
      `There is no trunk "${campaign.trunk}".`,
      trunks.length > 0 ? `Use one of: ${trunks.join(', ')}.` : 'Configure a trunk first.',
    ),
  ];
}

function checkPacing(campaign: CheckableCampaign): (CampaignFault | undefined)[] {
  const { pacing } = campaign;
  return [
    pacing.mode === 'power'
      ? faultUnless(
          isWithin(pacing.linesPerAgentRatio, 1, 10),
          'pacing.linesPerAgentRatio',
          `${pacing.linesPerAgentRatio} lines for each free agent is outside 1 to 10.`,
          'Start with 1.5 and watch the abandon ratio.',
        )
      : undefined,
    faultUnless(
      campaign.callsPerSecondMax > 0 && Number.isFinite(campaign.callsPerSecondMax),
      'callsPerSecondMax',
      `${campaign.callsPerSecondMax} new calls a second is not above 0.`,
      'Ask your carrier; 1 is safe with most.',
    ),
    faultUnless(isCount(campaign.linesMax), 'linesMax', `${campaign.linesMax} lines is not a whole number from 1.`, 'Set how many calls the campaign may have at one time.'),
  ];
}

function checkTimes(campaign: CheckableCampaign, bounds: CampaignBounds): (CampaignFault | undefined)[] {
  const leastRingSeconds = bounds.ringTimeoutMsMin / 1000;
  return [
    faultUnless(
      isWithin(campaign.ringTimeoutMs, bounds.ringTimeoutMsMin, RING_TIMEOUT_MS_MAX),
      'ringTimeoutMs',
      `A call rings for ${campaign.ringTimeoutMs / 1000} s; ${leastRingSeconds} s to 120 s is allowed (47 CFR 64.1200(a)(6)).`,
      'Set it to 25 s, about five rings.',
    ),
    faultUnless(
      isWithin(campaign.agentWaitMaxMs, 0, bounds.agentWaitMsMax),
      'agentWaitMaxMs',
      `A person waits ${campaign.agentWaitMaxMs} ms for an agent; at most ${bounds.agentWaitMsMax} ms is allowed (47 CFR 64.1200(a)(7)).`,
      `Set it to ${bounds.agentWaitMsMax} ms or less.`,
    ),
    faultUnless(
      isWithin(campaign.wrapUpMaxMs, 0, WRAP_UP_MS_MAX),
      'wrapUpMaxMs',
      `Wrap-up lasts ${campaign.wrapUpMaxMs / 1000} s; 0 to ${WRAP_UP_MS_MAX / 1000} s is sensible.`,
      'Set it to 30 s, or 0 for none.',
    ),
  ];
}

function checkHours({ callingHours }: CheckableCampaign, { isKnownTimeZone }: CampaignBounds): (CampaignFault | undefined)[] {
  const { timeZone, weekdays, fromMinute, toMinute } = callingHours;
  return [
    faultUnless(
      isKnownTimeZone(timeZone),
      'callingHours.timeZone',
      `"${timeZone}" is no known time zone, so nothing would be dialled.`,
      'Use an IANA name such as "America/New_York" or "Europe/London".',
    ),
    faultUnless(
      weekdays.length > 0 && weekdays.every((weekday) => Number.isInteger(weekday) && isWithin(weekday, 0, 6)),
      'callingHours.weekdays',
      'The weekdays must be at least one of 0 (Sunday) to 6 (Saturday).',
      'Use [1, 2, 3, 4, 5] for Monday to Friday.',
    ),
    faultUnless(
      isWithin(fromMinute, 0, DAY_MINUTES) && isWithin(toMinute, 0, DAY_MINUTES) && fromMinute < toMinute,
      'callingHours',
      `Calling starts at minute ${fromMinute} and ends at minute ${toMinute} of the day: it never opens.`,
      'Set a start before the end, both 0 to 1440; hours over midnight are not possible.',
    ),
  ];
}

function checkMessages(campaign: CheckableCampaign): (CampaignFault | undefined)[] {
  const leavesMessage = campaign.onMachine === 'leave-message';
  return [
    faultUnless(
      campaign.safeHarbourMessage !== '',
      'safeHarbourMessage',
      'There is no message for people who find no agent in time; the law asks for one.',
      'Name a sound that says who called, a number, and "press 9 not to be called again".',
    ),
    faultUnless(
      !leavesMessage || (campaign.machineMessage !== undefined && campaign.machineMessage !== ''),
      'machineMessage',
      'Machines are to be left a message, but none is named.',
      'Name a sound, or set onMachine to "hang-up".',
    ),
    faultUnless(
      !leavesMessage || campaign.isAnalysed,
      'isAnalysed',
      'Machines are to be left a message, but who answers is not analysed, so none would be found.',
      'Switch the analysis on, or set onMachine to "hang-up".',
    ),
  ];
}

function checkDispositions(campaign: CheckableCampaign): (CampaignFault | undefined)[] {
  const named = Object.entries(campaign.dispositionByDigit).flatMap(([digit, disposition]) => [
    faultUnless(
      /^[0-9]$/.test(digit),
      `dispositionByDigit.${digit}`,
      `"${digit}" is no digit an agent can key in wrap-up.`,
      'Use one digit, 0 to 9; * and # begin feature codes.',
    ),
    checkDisposition(`dispositionByDigit.${digit}`, disposition),
  ]);
  return [...named, checkDisposition('defaultDisposition', campaign.defaultDisposition)];
}

function checkDisposition(field: string, { name, effect }: CheckableDisposition): CampaignFault | undefined {
  return (
    faultUnless(name !== '', field, 'The disposition has no name.', 'Give it a short one, such as "sale".') ??
    faultUnless(EFFECTS.includes(effect), field, `"${effect}" is no effect of a disposition.`, `Use one of: ${EFFECTS.join(', ')}.`)
  );
}

function checkRecycling(campaign: CheckableCampaign): (CampaignFault | undefined)[] {
  const rules = Object.entries(campaign.recycle).flatMap(([cause, rule]) => [
    faultUnless(
      rule.redialAfterMs >= 0 && Number.isFinite(rule.redialAfterMs),
      `recycle.${cause}.redialAfterMs`,
      `Waiting ${rule.redialAfterMs} ms before the next attempt is not possible.`,
      'Set 0 or more.',
    ),
    faultUnless(
      isCount(rule.attemptsMax),
      `recycle.${cause}.attemptsMax`,
      `${rule.attemptsMax} attempts is not a whole number from 1.`,
      'Set how many attempts may end so before the contact is closed.',
    ),
  ]);
  return [
    faultUnless(isCount(campaign.attemptsMax), 'attemptsMax', `${campaign.attemptsMax} attempts is not a whole number from 1.`, 'Set 5, for example.'),
    ...rules,
  ];
}
