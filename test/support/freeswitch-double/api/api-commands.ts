import type { SwitchCore } from '../server/switch-core.js';
import type { ApiCommand } from './api-command.js';
import { firstWord, NO_REPLY } from './api-command.js';
import { CHANNEL_COMMANDS } from './channel-commands.js';
import { conferenceCommand } from './conference-commands.js';
import { originate } from './originate-command.js';
import { SERVER_COMMANDS } from './server-commands.js';
import { showCommand } from './show-commands.js';
import { sofiaCommand, sofiaContact } from './sofia-commands.js';

const COMMANDS: Readonly<Record<string, ApiCommand>> = {
  ...CHANNEL_COMMANDS,
  ...SERVER_COMMANDS,
  conference: conferenceCommand,
  show: showCommand,
  sofia: sofiaCommand,
  sofia_contact: sofiaContact,
  originate: (core, args, answer) => {
    originate(core, args, answer);
    return undefined;
  },
};

/** Runs a command; its answer comes now or later, once. */
export function runApiCommand(core: SwitchCore, text: string, answer: (text: string) => void): void {
  const { word, rest } = firstWord(text);
  const command = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (command === undefined) {
    answer(`-ERR ${word} Command not found!\n`);
    return;
  }
  let isAnswered = false;
  const once = (said: string): void => {
    if (isAnswered) return;
    isAnswered = true;
    answer(said === '' ? NO_REPLY : said);
  };
  const said = command(core, rest, once);
  if (said !== undefined) once(said);
}
