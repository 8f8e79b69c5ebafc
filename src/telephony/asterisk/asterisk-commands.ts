import type { CallId, SoundName } from '../../units/ids.js';
import type { Ms } from '../../units/time.js';
import type { SwitchCommand } from '../switch.js';
import type { AriOperationName, AriOperations } from './ari-types.js';
import { ORIGINATED_ARGUMENT } from './asterisk-events.js';
import type { AsteriskNaming, AsteriskTrunk } from './asterisk-config.js';

/** One request, ready to be sent. */
export interface AriRequest<Name extends AriOperationName> {
  readonly operation: Name;
  readonly parameters: AriOperations[Name]['parameters'];
}

type CommandOf<Type extends SwitchCommand['type']> = Extract<SwitchCommand, { readonly type: Type }>;

/** What a telephone number may hold on its way into a dial string. */
const DIALLABLE = /^\+?[0-9*#]{1,40}$/;
/** Ids that the switch takes as they are. Asterisk's own limit is 149. */
const PLAIN_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,119}$/;
/** Sound names and their folders; `:` would choose another kind of media, `&` and `,` another sound. */
const PLAIN_SOUND = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;
/** A file below the recordings folder; nothing that could leave it or end an option of the switch. */
const PLAIN_RECORDING = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*\.wav$/;

/** Why a command cannot be put to the switch at all; undefined when it can. */
export function commandFault(command: SwitchCommand): string | undefined {
  if ('callId' in command && !PLAIN_ID.test(command.callId)) return `The call id ${JSON.stringify(command.callId)} is not plain.`;
  if ('bridgeId' in command && !PLAIN_ID.test(command.bridgeId)) return `The bridge id ${JSON.stringify(command.bridgeId)} is not plain.`;
  if ('playbackId' in command && !PLAIN_ID.test(command.playbackId)) return `The playback id ${JSON.stringify(command.playbackId)} is not plain.`;
  if (command.type === 'originate') return originateFault(command);
  if (command.type === 'play') return soundsFault(command.sounds);
  if (command.type === 'start-recording' && !PLAIN_RECORDING.test(command.path)) {
    return 'A recording needs a plain path below the recordings folder that ends in .wav.';
  }
  return undefined;
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

/** The number as this trunk wants it. */
export function numberForTrunk(destination: string, trunk: AsteriskTrunk): string {
  if (!destination.startsWith('+')) return destination;
  switch (trunk.numberForm) {
    case 'e164-plus':
      return destination;
    case 'e164':
      return destination.slice(1);
    case 'prefix':
      return `${trunk.numberPrefix}${destination.slice(1)}`;
  }
}

/** ARI counts whole seconds; rounded up, so that a phone never rings shorter than asked. */
export const ringSeconds = (ringTimeoutMs: Ms): number => Math.max(1, Math.ceil(ringTimeoutMs / 1000));

/** Dials straight into our application, so that no dialplan stands between. */
export function originateRequest(
  command: CommandOf<'originate'>,
  trunk: AsteriskTrunk,
  naming: AsteriskNaming,
): AriRequest<'channels.originateWithId'> {
  return {
    operation: 'channels.originateWithId',
    parameters: {
      channelId: command.callId,
      endpoint: `PJSIP/${numberForTrunk(command.destination, trunk)}@${trunk.endpoint}`,
      app: naming.app,
      appArgs: ORIGINATED_ARGUMENT,
      timeout: ringSeconds(command.ringTimeoutMs),
      ...(command.callerNumber === '' ? {} : { callerId: `"" <${command.callerNumber}>` }),
    },
  };
}

/** @param roomId the bridge's id on the switch; its name is for people who look there. */
export function openBridgeRequest(roomId: string, naming: AsteriskNaming): AriRequest<'bridges.createWithId'> {
  return { operation: 'bridges.createWithId', parameters: { bridgeId: roomId, type: 'mixing', name: naming.app } };
}

/** @param q850 what the far end is told. */
export function hangUpRequest(callId: CallId, q850: number): AriRequest<'channels.hangup'> {
  return { operation: 'channels.hangup', parameters: { channelId: callId, reason_code: String(q850) } };
}

/** Into this bridge, out of any other. @param roomId the bridge's id on the switch. */
export function moveRequest(roomId: string, callId: CallId): AriRequest<'bridges.addChannel'> {
  return { operation: 'bridges.addChannel', parameters: { bridgeId: roomId, channel: callId } };
}

/** Plays on a channel, which may be a call or the whispering channel on one. */
export function playRequest(
  channelId: string,
  playbackId: string,
  sounds: readonly SoundName[],
  soundsPrefix: string,
): AriRequest<'channels.playWithId'> {
  const media = sounds.map((sound) => `sound:${soundsPrefix}${sound}`).join(',');
  return { operation: 'channels.playWithId', parameters: { channelId, playbackId, media } };
}

/**
 * A channel whose voice is mixed into what the call hears. Playing on a
 * bridged call itself would take it out of the conversation meanwhile.
 */
export function whisperRequest(
  callId: CallId,
  whisperId: string,
  naming: AsteriskNaming,
): AriRequest<'channels.snoopChannelWithId'> {
  return {
    operation: 'channels.snoopChannelWithId',
    parameters: { channelId: callId, snoopId: whisperId, spy: 'none', whisper: 'out', app: naming.app },
  };
}

/**
 * The far side of a tap. µ-law passes from a µ-law trunk untouched; linear
 * audio would cost a decoding in the switch and twice the bytes.
 */
export function tapRequest(tapId: string, address: string, naming: AsteriskNaming): AriRequest<'channels.externalMedia'> {
  return {
    operation: 'channels.externalMedia',
    parameters: { channelId: tapId, app: naming.app, external_host: address, format: 'ulaw' },
  };
}
