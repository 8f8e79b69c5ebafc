import type { CallId, SoundName } from '../../units/ids.js';
import type { Ms } from '../../units/time.js';
import type { SupervisionMode, SwitchCommand } from '../switch.js';
import type { AriOperationName, AriOperations } from './ari-types.js';
import { EARLY_ARGUMENT, ORIGINATED_ARGUMENT } from './asterisk-events.js';
import type { AsteriskNaming, AsteriskTrunk } from './asterisk-config.js';

/** One request, ready to be sent. */
export interface AriRequest<Name extends AriOperationName> {
  readonly operation: Name;
  readonly parameters: AriOperations[Name]['parameters'];
}

type CommandOf<Type extends SwitchCommand['type']> = Extract<SwitchCommand, { readonly type: Type }>;

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

/**
 * Makes the channel in our application before it is dialled, so that it can be
 * tapped before it is answered. The number shown is the connected line's here:
 * the switch takes it from there for calls that go out.
 */
export function createRequest(
  command: CommandOf<'originate'>,
  trunk: AsteriskTrunk,
  naming: AsteriskNaming,
): AriRequest<'channels.create'> {
  const { callerNumber } = command;
  return {
    operation: 'channels.create',
    parameters: {
      channelId: command.callId,
      endpoint: `PJSIP/${numberForTrunk(command.destination, trunk)}@${trunk.endpoint}`,
      app: naming.app,
      appArgs: EARLY_ARGUMENT,
      // `i`: said before the INVITE, not by an update after it.
      ...(callerNumber === '' ? {} : { variables: { variables: { 'CONNECTEDLINE(num,i)': callerNumber } } }),
    },
  };
}

/** Dials a channel that was made. */
export function dialRequest(command: CommandOf<'originate'>): AriRequest<'channels.dial'> {
  return { operation: 'channels.dial', parameters: { channelId: command.callId, timeout: ringSeconds(command.ringTimeoutMs) } };
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

/** A supervisor's ear and mouth at a call: he always hears both sides; who hears him is the mode. */
export function spyRequest(
  targetCallId: CallId,
  spyId: string,
  mode: SupervisionMode,
  naming: AsteriskNaming,
): AriRequest<'channels.snoopChannelWithId'> {
  const whisper = ({ listen: 'none', whisper: 'out', barge: 'both' } as const)[mode];
  return {
    operation: 'channels.snoopChannelWithId',
    parameters: { channelId: targetCallId, snoopId: spyId, spy: 'both', whisper, app: naming.app },
  };
}

/** A channel that hears what a call says, wherever that is, and is heard by nobody. */
export function earRequest(callId: CallId, earId: string, naming: AsteriskNaming): AriRequest<'channels.snoopChannelWithId'> {
  return {
    operation: 'channels.snoopChannelWithId',
    parameters: { channelId: callId, snoopId: earId, spy: 'in', whisper: 'none', app: naming.app },
  };
}

/** Keys to the far end, 100 ms each and 100 ms apart. Chosen: what every receiver takes, and five keys a second. */
export function digitsRequest(callId: CallId, digits: string): AriRequest<'channels.sendDTMF'> {
  return { operation: 'channels.sendDTMF', parameters: { channelId: callId, dtmf: digits, between: 100, duration: 100 } };
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
