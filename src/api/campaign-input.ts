import type { CampaignConfig, DispositionConfig } from '../dialer/config.js';
import { campaignId, soundName, trunkName } from '../units/ids.js';
import type { CampaignSettings } from './contract/campaign.js';

/** The settings as the dialer takes them; what only the store and the loop need is left out. */
export function campaignConfig(id: string, settings: CampaignSettings): CampaignConfig {
  return {
    ...sharedSettings(settings),
    campaignId: campaignId(id),
    trunk: trunkName(settings.trunk),
    machineMessage: settings.machineMessage === null ? undefined : soundName(settings.machineMessage),
    safeHarbourMessage: soundName(settings.safeHarbourMessage),
    whisper: settings.whisper === null ? undefined : soundName(settings.whisper),
  };
}

/** The settings of a campaign that the dialer runs, with what the dialer does not know. */
export function campaignSettings(
  config: CampaignConfig,
  known: Pick<CampaignSettings, 'name' | 'callerNumber' | 'defaultCountry'>,
): CampaignSettings {
  return {
    ...sharedSettings(config),
    ...known,
    trunk: config.trunk,
    callingHours: { ...config.callingHours, weekdays: [...config.callingHours.weekdays] },
    machineMessage: config.machineMessage ?? null,
    safeHarbourMessage: config.safeHarbourMessage,
    whisper: config.whisper ?? null,
  };
}

/** What both sides call the same. */
function sharedSettings<Source extends CampaignConfig | CampaignSettings>(
  source: Source,
): Pick<Source, SharedSetting> & Pick<CampaignSettings, 'recycle' | 'dispositionByDigit'> {
  return {
    pacing: source.pacing,
    callsPerSecondMax: source.callsPerSecondMax,
    linesMax: source.linesMax,
    ringTimeoutMs: source.ringTimeoutMs,
    callingHours: source.callingHours,
    isAnalysed: source.isAnalysed,
    onMachine: source.onMachine,
    answerHandling: source.answerHandling,
    takeBackLimitMs: source.takeBackLimitMs,
    onScreening: source.onScreening,
    onMenu: source.onMenu,
    onSilence: source.onSilence,
    lostPersonCost: source.lostPersonCost,
    listensBeforeAnswer: source.listensBeforeAnswer,
    keepsDisputedSnippets: source.keepsDisputedSnippets,
    agentWaitMaxMs: source.agentWaitMaxMs,
    isRecorded: source.isRecorded,
    wrapUpMaxMs: source.wrapUpMaxMs,
    defaultDisposition: source.defaultDisposition,
    attemptsMax: source.attemptsMax,
    dispositionByDigit: { ...source.dispositionByDigit },
    recycle: Object.fromEntries(Object.entries(source.recycle).filter(([, rule]) => rule !== undefined)),
  };
}

type SharedSetting =
  | 'pacing'
  | 'callsPerSecondMax'
  | 'linesMax'
  | 'ringTimeoutMs'
  | 'callingHours'
  | 'isAnalysed'
  | 'onMachine'
  | 'answerHandling'
  | 'takeBackLimitMs'
  | 'onScreening'
  | 'onMenu'
  | 'onSilence'
  | 'lostPersonCost'
  | 'listensBeforeAnswer'
  | 'keepsDisputedSnippets'
  | 'agentWaitMaxMs'
  | 'isRecorded'
  | 'wrapUpMaxMs'
  | 'defaultDisposition'
  | 'attemptsMax';

/** Every disposition that an agent of this campaign can choose, by name. */
export function dispositionByName(settings: CampaignSettings): ReadonlyMap<string, DispositionConfig> {
  const all = [...Object.values(settings.dispositionByDigit), settings.defaultDisposition];
  return new Map(all.map((disposition) => [disposition.name, disposition]));
}
