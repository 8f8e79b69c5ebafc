import type { SoundName } from '../units/ids.js';
import type { SwitchCommand } from './switch.js';

type CommandOf<Type extends SwitchCommand['type']> = Extract<SwitchCommand, { readonly type: Type }>;

/** What a telephone number may hold on its way into a dial string. */
const DIALLABLE = /^\+?[0-9*#]{1,40}$/;
/** Ids that every switch takes as they are. Asterisk's own limit is 149. */
const PLAIN_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,119}$/;
/** Sound names and their folders: nothing that chooses another kind of media, adds a sound, or leaves the folder. */
const PLAIN_SOUND = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;
/** A file below the recordings folder; nothing that could leave it or end an option of the switch. */
const PLAIN_RECORDING = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*\.wav$/;
/** Keys of a telephone; so many at most, since a switch may do nothing else with the call meanwhile. */
const DIGITS = /^[0-9*#A-D]{1,40}$/;

/**
 * Why a command cannot be put to any switch; undefined when it can. What passes
 * holds no sign that means something in a dial string, an address, or a line of
 * a command: a switch may be given it as it is.
 */
export function commandFault(command: SwitchCommand): string | undefined {
  for (const [what, id] of idsOf(command)) if (!PLAIN_ID.test(id)) return `The ${what} id ${JSON.stringify(id)} is not plain.`;
  switch (command.type) {
    case 'originate':
      return originateFault(command);
    case 'play':
      return soundsFault(command.sounds);
    case 'supervise':
      return command.callId === command.targetCallId ? 'A call cannot supervise itself.' : undefined;
    case 'send-digits':
      return DIGITS.test(command.digits) ? undefined : 'There must be 1 to 40 keys of 0-9, *, #, A-D.';
    case 'start-recording':
      return PLAIN_RECORDING.test(command.path) ? undefined : 'A recording needs a plain path below the recordings folder that ends in .wav.';
    default:
      return undefined;
  }
}

function idsOf(command: SwitchCommand): readonly (readonly [string, string])[] {
  return [
    ...('callId' in command ? [['call', command.callId] as const] : []),
    ...('targetCallId' in command ? [['call', command.targetCallId] as const] : []),
    ...('bridgeId' in command ? [['bridge', command.bridgeId] as const] : []),
    ...('playbackId' in command ? [['playback', command.playbackId] as const] : []),
  ];
}

function originateFault({ destination, callerNumber, ringTimeoutMs }: CommandOf<'originate'>): string | undefined {
  if (!DIALLABLE.test(destination)) return 'The destination is no telephone number.';
  if (callerNumber !== '' && !DIALLABLE.test(callerNumber)) return 'The caller number is no telephone number.';
  return ringTimeoutMs >= 1 ? undefined : 'The ring time is not positive.';
}

function soundsFault(sounds: readonly SoundName[]): string | undefined {
  if (sounds.length === 0) return 'There is no sound to play.';
  return sounds.every((sound) => PLAIN_SOUND.test(sound)) ? undefined : 'A sound has no plain name.';
}
