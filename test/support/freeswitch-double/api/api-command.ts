import type { SwitchCore } from '../server/switch-core.js';

/** One command of the switch's API: its answer, or undefined where that comes later by `answer`. */
export type ApiCommand = (core: SwitchCore, args: string, answer: (text: string) => void) => string | undefined;

/** The switch's words for an empty answer. */
export const NO_REPLY = '-ERR no reply\n';
/** A leg that is not there, in the words of most commands. */
export const NO_CHANNEL = '-ERR No such channel!\n';
/** The same in the words of some others. */
export const NO_SESSION = '-ERR Cannot locate session!\n';
/** Done, where there is nothing else to say. */
export const OK = '+OK\n';

/** The first word, and what comes behind it. */
export function firstWord(text: string): { readonly word: string; readonly rest: string } {
  const space = text.indexOf(' ');
  return space < 0 ? { word: text, rest: '' } : { word: text.slice(0, space), rest: text.slice(space + 1).trim() };
}
