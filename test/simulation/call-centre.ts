import type { CampaignConfig, DialerConfig } from '../../src/dialer/config.js';
import type { RunOptions, RunReport } from '../../src/simulation/campaign-run.js';
import { runCampaign } from '../../src/simulation/campaign-run.js';
import type { WorldConfig } from '../../src/simulation/world-config.js';
import { ORDINARY_WORLD } from '../../src/simulation/world-config.js';
import { connectSimulated } from '../../src/telephony/simulated/connect-simulated.js';
import { agentId, campaignId, phoneName, soundName, tenantId, trunkName } from '../../src/units/ids.js';

export const CAMPAIGN = campaignId('spring');
export const TRUNK = trunkName('carrier');

/** A campaign open around the clock, to be narrowed by a scenario. */
export const ORDINARY_CAMPAIGN: CampaignConfig = {
  campaignId: CAMPAIGN,
  trunk: TRUNK,
  pacing: { mode: 'power', linesPerAgentRatio: 1.8 },
  callsPerSecondMax: 10,
  linesMax: 100,
  ringTimeoutMs: 25_000,
  callingHours: { timeZone: 'America/New_York', weekdays: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, toMinute: 1_440 },
  isAnalysed: true,
  onMachine: 'hang-up',
  machineMessage: soundName('machine-message'),
  answerHandling: 'hold',
  takeBackLimitMs: 10_000,
  onScreening: 'hang-up',
  onMenu: 'hang-up',
  onSilence: 'hang-up',
  lostPersonCost: 199,
  listensBeforeAnswer: true,
  keepsDisputedSnippets: false,
  agentWaitMaxMs: 2_000,
  safeHarbourMessage: soundName('safe-harbour'),
  whisper: undefined,
  isRecorded: true,
  wrapUpMaxMs: 30_000,
  dispositionByDigit: {
    '1': { name: 'sale', effect: 'complete' },
    '2': { name: 'call-back', effect: 'redial' },
    '3': { name: 'never-again', effect: 'do-not-call' },
  },
  defaultDisposition: { name: 'none', effect: 'redial' },
  attemptsMax: 4,
  recycle: {
    busy: { redialAfterMs: 120_000, attemptsMax: 3 },
    'no-answer': { redialAfterMs: 600_000, attemptsMax: 3 },
  },
};

/** A call centre of one campaign. */
export function callCentre(agentCount: number, campaign: Partial<CampaignConfig> = {}, trunkCps = 10, trunkLinesMax = 100): DialerConfig {
  return {
    tenantId: tenantId('acme'),
    trunks: [{ name: TRUNK, callsPerSecondMax: trunkCps, linesMax: trunkLinesMax }],
    agents: Array.from({ length: agentCount }, (_, index) => ({
      agentId: agentId(`agent-${String(index + 1)}`),
      phone: phoneName(String(1001 + index)),
      campaignId: CAMPAIGN,
    })),
    campaigns: [{ ...ORDINARY_CAMPAIGN, ...campaign }],
    keypad: {
      pinDigitsMax: 6,
      pinAttemptsMax: 3,
      pauseReasonByDigit: { '1': 'break', '2': 'lunch' },
      sounds: {
        enterPin: soundName('enter-pin'),
        wrongPin: soundName('wrong-pin'),
        loggedIn: soundName('logged-in'),
        loggedOut: soundName('logged-out'),
        paused: soundName('paused'),
        resumed: soundName('resumed'),
        connectBeep: soundName('connect-beep'),
        wrapUpTone: soundName('wrap-up-tone'),
        notPossible: soundName('not-possible'),
      },
    },
  };
}

/** An ordinary world with some of it changed. */
export const world = (change: Partial<WorldConfig>): WorldConfig => ({ ...ORDINARY_WORLD, ...change });

/** Runs a call centre on the simulated switch. */
export const run = (
  worldConfig: WorldConfig,
  dialer: DialerConfig,
  seed: number,
  options: Omit<RunOptions, 'connect'> = {},
): RunReport => runCampaign(worldConfig, dialer, seed, { connect: connectSimulated, ...options });
