import { campaignConfig } from '../api/campaign-input.js';
import { validateCampaign, type CampaignFault } from '../campaign/validate-campaign.js';
import { LAWFUL_LIMITS } from '../compliance/lawful-limits.js';
import { campaignSettingsOf } from './campaign-settings.js';
import type { ConfigFile } from './config-schema.js';
import type { CrossFault } from './cross-fault.js';
import { isLoopback } from './is-loopback.js';
import { cureOf } from './key-cures.js';
import { checkSwitch } from './switch-checks.js';

/** Everything that does not fit together in a file whose keys are right by themselves. */
export function crossCheck(file: ConfigFile): readonly CrossFault[] {
  return [
    ...checkAccess(file),
    ...checkSwitch(file),
    ...checkTrunks(file),
    ...checkDoubles(file.campaigns.map(({ id }) => id), 'campaigns', 'id', 'campaign'),
    ...file.campaigns.flatMap((_, index) => checkCampaign(file, index)),
    ...checkAgents(file),
  ];
}

function checkAccess({ http }: ConfigFile): CrossFault[] {
  const faults: CrossFault[] = [];
  if (!isLoopback(http.host) && http.apiKeys.length === 0) {
    faults.push({
      path: ['http', 'apiKeys'],
      fault: `The service listens on ${http.host}, and without a key everyone in that network could dial with it.`,
      cure: 'List a key, or set OUTDIAL_API_KEYS ("openssl rand -hex 16" makes one), or set http.host to 127.0.0.1.',
    });
  }
  return faults;
}

function checkTrunks({ trunks }: ConfigFile): CrossFault[] {
  const faults = checkDoubles(trunks.map(({ name }) => name), 'trunks', 'name', 'trunk');
  trunks.forEach((trunk, index) => {
    if (trunk.numberPrefix !== '' && trunk.numberForm !== 'prefix') {
      faults.push({
        path: ['trunks', index, 'numberPrefix'],
        fault: `A prefix is given, but numberForm is ${trunk.numberForm}, which uses none.`,
        cure: 'Write numberForm: prefix, or leave numberPrefix out.',
      });
    }
    if (trunk.numberForm === 'prefix' && trunk.numberPrefix === '') {
      faults.push({
        path: ['trunks', index, 'numberForm'],
        fault: 'numberForm is prefix, but there is no numberPrefix.',
        cure: cureOf(['trunks', index, 'numberPrefix']),
      });
    }
  });
  return faults;
}

function checkDoubles(names: readonly string[], list: string, key: string, what: string): CrossFault[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [{ path: [list, index, key], fault: `There is another ${what} "${name}" above.`, cure: 'Give each a name of its own.' }],
  );
}

function checkCampaign(file: ConfigFile, index: number): CrossFault[] {
  const campaign = file.campaigns[index];
  if (campaign === undefined) return [];
  const trunk = file.trunks.find(({ name }) => name === campaign.trunk);
  const settings = campaignSettingsOf(campaign, trunk);
  const found = validateCampaign(campaignConfig(campaign.id, settings), {
    ...LAWFUL_LIMITS,
    isKnownTimeZone,
    trunks: file.trunks.map(({ name }) => name),
  });
  const faults = found.map((fault) => inTheFilesWords(fault, index));
  const add = (key: string, fault: string, cure: string): void => {
    faults.push({ path: ['campaigns', index, key], fault, cure });
  };
  if (settings.callerNumber === '') {
    add('callerNumber', 'Neither the campaign nor its trunk has a number to show to contacts.', cureOf(['campaigns', index, 'callerNumber']));
  }
  if (trunk !== undefined && settings.linesMax > trunk.linesMax) {
    add('linesMax', `The campaign may use ${String(settings.linesMax)} lines, but trunk ${trunk.name} has ${String(trunk.linesMax)}.`, `Write at most ${String(trunk.linesMax)}, or leave it out.`);
  }
  if (trunk !== undefined && settings.callsPerSecondMax > trunk.callsPerSecondMax) {
    add('callsPerSecondMax', `The campaign may place ${String(settings.callsPerSecondMax)} calls a second, but trunk ${trunk.name} takes ${String(trunk.callsPerSecondMax)}.`, `Write at most ${String(trunk.callsPerSecondMax)}, or leave it out.`);
  }
  return faults;
}

/** The campaign room's field names, in the file's keys. */
const KEY_OF_FIELD: Readonly<Record<string, readonly string[]>> = {
  campaignId: ['id'],
  'pacing.linesPerAgentRatio': ['pacing', 'linesPerAgent'],
  ringTimeoutMs: ['ringTimeoutSeconds'],
  agentWaitMaxMs: ['agentWaitSeconds'],
  wrapUpMaxMs: ['wrapUpSeconds'],
  isAnalysed: ['analyseAnswers'],
};

function inTheFilesWords({ field, fault, cure }: CampaignFault, index: number): CrossFault {
  const key = KEY_OF_FIELD[field] ?? field.split('.').map((part) => RENAMED_PARTS[part] ?? part);
  const path = ['campaigns', index, ...key];
  // The file has other names and units than the campaign room, so its own cure is the better one where there is one.
  return { path, fault, cure: KEY_OF_FIELD[field] === undefined ? cure : cureOf(path) };
}

const RENAMED_PARTS: Readonly<Record<string, string>> = {
  dispositionByDigit: 'dispositions',
  redialAfterMs: 'redialAfterMinutes',
};

/** Whether the runtime knows this IANA name. */
function isKnownTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function checkAgents({ agents, campaigns, keypad }: ConfigFile): CrossFault[] {
  const faults = checkDoubles(agents.map(({ id }) => id), 'agents', 'id', 'agent');
  agents.forEach((agent, index) => {
    const sitting = agents.findIndex(({ phone }) => phone === agent.phone);
    if (sitting !== index) {
      faults.push({
        path: ['agents', index, 'phone'],
        fault: `Phone ${agent.phone} is that of agent ${agents[sitting]?.id ?? ''} already.`,
        cure: 'Give each agent a phone of his own.',
      });
    }
    if (!campaigns.some(({ id }) => id === agent.campaign)) {
      const known = campaigns.map(({ id }) => id);
      faults.push({
        path: ['agents', index, 'campaign'],
        fault: `There is no campaign "${agent.campaign}" in this file.`,
        cure: known.length === 0 ? 'Declare the campaign here, or make the agent by REST.' : `Use one of: ${known.join(', ')}.`,
      });
    }
    if (agent.pin.length > keypad.pinDigitsMax) {
      faults.push({
        path: ['agents', index, 'pin'],
        fault: `The PIN has ${String(agent.pin.length)} digits, but the keypad takes ${String(keypad.pinDigitsMax)}.`,
        cure: `Use a shorter PIN, or set keypad.pinDigitsMax to ${String(agent.pin.length)}.`,
      });
    }
  });
  return faults;
}
