import { CAMPAIGN_DEFAULTS, type CampaignSettings } from '../api/contract/campaign.js';
import type { ConfigFile } from './config-schema.js';

type FileCampaign = ConfigFile['campaigns'][number];
type FileTrunk = ConfigFile['trunks'][number];

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/**
 * A campaign of the file as the rest of the service knows it. What the file
 * leaves to the trunk comes from there; a caller number that neither gives is
 * empty, and a fault elsewhere.
 */
export function campaignSettingsOf(campaign: FileCampaign, trunk: FileTrunk | undefined): CampaignSettings {
  const { pacing, callingHours } = campaign;
  return {
    name: campaign.name ?? campaign.id,
    trunk: campaign.trunk,
    callerNumber: campaign.callerNumber ?? trunk?.callerNumber ?? '',
    defaultCountry: campaign.country,
    pacing: pacing.mode === 'power' ? { mode: 'power', linesPerAgentRatio: pacing.linesPerAgent } : { mode: 'progressive' },
    callsPerSecondMax: campaign.callsPerSecondMax ?? trunk?.callsPerSecondMax ?? CAMPAIGN_DEFAULTS.callsPerSecondMax,
    linesMax: campaign.linesMax ?? trunk?.linesMax ?? CAMPAIGN_DEFAULTS.linesMax,
    ringTimeoutMs: milliseconds(campaign.ringTimeoutSeconds),
    callingHours: {
      timeZone: callingHours.timeZone,
      weekdays: [...new Set(callingHours.weekdays)].map((day) => WEEKDAYS.indexOf(day)).sort((a, b) => a - b),
      fromMinute: minuteOfDay(callingHours.from),
      toMinute: minuteOfDay(callingHours.to),
    },
    isAnalysed: campaign.analyseAnswers,
    onMachine: campaign.onMachine,
    machineMessage: campaign.machineMessage ?? null,
    answerHandling: campaign.answerHandling,
    takeBackLimitMs: milliseconds(campaign.takeBackLimitSeconds),
    onScreening: campaign.onScreening,
    onMenu: campaign.onMenu,
    onSilence: campaign.onSilence,
    lostPersonCost: campaign.lostPersonCost,
    listensBeforeAnswer: campaign.listenBeforeAnswer,
    keepsDisputedSnippets: campaign.keepDisputedSnippets,
    agentWaitMaxMs: milliseconds(campaign.agentWaitSeconds),
    safeHarbourMessage: campaign.safeHarbourMessage,
    whisper: campaign.whisper ?? null,
    isRecorded: campaign.record,
    wrapUpMaxMs: milliseconds(campaign.wrapUpSeconds),
    dispositionByDigit: campaign.dispositions,
    defaultDisposition: campaign.defaultDisposition,
    attemptsMax: campaign.attemptsMax,
    recycle: Object.fromEntries(
      Object.entries(campaign.recycle).map(([cause, rule]) => [
        cause,
        { redialAfterMs: Math.round(rule.redialAfterMinutes * 60_000), attemptsMax: rule.attemptsMax },
      ]),
    ),
  };
}

const milliseconds = (seconds: number): number => Math.round(seconds * 1000);

function minuteOfDay(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}
