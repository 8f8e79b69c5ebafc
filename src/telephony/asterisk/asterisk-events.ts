import type { CallId, PhoneName } from '../../units/ids.js';
import { Q850_NORMAL_CLEARING } from '../../call/end-cause.js';
import { assertNever } from '../../units/assert-never.js';
import type { OfferedRequest } from '../switch.js';
import type { AriEvent, Channel, StasisStart } from './ari-types.js';
import type { AsteriskNaming, HelperRole } from './asterisk-config.js';

/** An event of the switch in our words; `helper` channels are of our own making. */
export type AsteriskFact =
  | { readonly type: 'call-entered'; readonly call: EnteredCall }
  | { readonly type: 'call-ringing'; readonly callId: CallId }
  /** The far end sends audio before it answers. */
  | { readonly type: 'call-early-media'; readonly callId: CallId }
  | { readonly type: 'call-up'; readonly callId: CallId }
  /** Somebody asked for the end; the call is still there. */
  | { readonly type: 'call-ending'; readonly callId: CallId; readonly farCause?: number; readonly farSipCode?: number }
  /** Out of our application; it has ended or somebody took it. */
  | { readonly type: 'call-left'; readonly callId: CallId }
  | { readonly type: 'call-destroyed'; readonly callId: CallId; readonly cause: number; readonly causeText: string }
  | { readonly type: 'digit'; readonly callId: CallId; readonly digit: string }
  /** By the bridge's id on the switch. */
  | { readonly type: 'entered-bridge'; readonly roomId: string; readonly callId: CallId }
  | { readonly type: 'left-bridge'; readonly roomId: string; readonly callId: CallId }
  | { readonly type: 'helper-ready'; readonly role: HelperRole; readonly channelId: string }
  | { readonly type: 'helper-gone'; readonly role: HelperRole; readonly channelId: string }
  | { readonly type: 'playback-finished'; readonly playbackId: string; readonly isFailed: boolean }
  | { readonly type: 'application-taken' };

/** A channel that came into our application. */
export interface EnteredCall {
  readonly callId: CallId;
  readonly channelName: string;
  readonly isOriginated: boolean;
  readonly isUp: boolean;
  readonly phone: PhoneName | undefined;
  readonly callerNumber: string;
  /** What the dialplan says it wants; only of calls that came to us. */
  readonly request: OfferedRequest;
}

/** First argument of the application on calls that we placed ourselves. */
export const ORIGINATED_ARGUMENT = 'originated';
/** The same on those that are in the application before they are answered, so that they can be heard. */
export const EARLY_ARGUMENT = 'originated-early';

/** Translates one event; undefined where it says nothing to us. */
export function translateEvent(event: AriEvent, naming: AsteriskNaming): AsteriskFact | undefined {
  switch (event.type) {
    case 'StasisStart':
      return translateStart(event, naming);
    case 'StasisEnd':
      return ofChannel(event.channel, naming, (callId) => ({ type: 'call-left', callId }));
    case 'ChannelDestroyed':
      return ofChannel(event.channel, naming, (callId) => ({
        type: 'call-destroyed',
        callId,
        cause: event.cause,
        causeText: event.cause_txt,
      }));
    case 'ChannelStateChange':
      return translateState(event.channel, naming);
    case 'Dial':
      if (event.dialstatus !== 'PROGRESS' || naming.roleOf(event.peer.id) !== 'call') return undefined;
      return { type: 'call-early-media', callId: event.peer.id as CallId };
    case 'ChannelHangupRequest': {
      if (naming.roleOf(event.channel.id) !== 'call') return undefined;
      const callId = event.channel.id as CallId;
      // `soft` is our own side's wish: its cause is a flag of the switch and its tech_cause is what we send.
      if (event.soft === true) return { type: 'call-ending', callId };
      return {
        type: 'call-ending',
        callId,
        farCause: farCause(event.cause, event.tech_cause),
        ...(event.tech_cause === undefined ? {} : { farSipCode: event.tech_cause }),
      };
    }
    case 'ChannelDtmfReceived':
      if (naming.roleOf(event.channel.id) !== 'call') return undefined;
      return { type: 'digit', callId: event.channel.id as CallId, digit: event.digit };
    case 'ChannelEnteredBridge':
      return event.channel === undefined ? undefined : bridgeFact('entered-bridge', event.bridge.id, event.channel, naming);
    case 'ChannelLeftBridge':
      return bridgeFact('left-bridge', event.bridge.id, event.channel, naming);
    case 'PlaybackFinished':
      return { type: 'playback-finished', playbackId: event.playback.id, isFailed: event.playback.state === 'failed' };
    case 'ApplicationReplaced':
      return { type: 'application-taken' };
    default:
      return assertNever(event);
  }
}

/** Phones and many networks give no reason with their BYE or CANCEL; that is normal clearing. */
function farCause(cause: number | undefined, sipCode: number | undefined): number {
  if (cause !== undefined && cause > 0) return cause;
  return sipCode === undefined || sipCode < 300 ? Q850_NORMAL_CLEARING : 0;
}

function translateStart(event: StasisStart, naming: AsteriskNaming): AsteriskFact {
  const role = naming.roleOf(event.channel.id);
  if (role !== 'call') return { type: 'helper-ready', role, channelId: event.channel.id };
  return { type: 'call-entered', call: enteredCall(event.channel, event.args, naming) };
}

/** A channel of our application with the arguments it came with. */
export function enteredCall(channel: Channel, args: readonly string[], naming: AsteriskNaming): EnteredCall {
  return {
    callId: channel.id as CallId,
    channelName: channel.name,
    isOriginated: args[0] === ORIGINATED_ARGUMENT || args[0] === EARLY_ARGUMENT,
    // The others of ours are handed over by their answer.
    isUp: channel.state === 'Up' || args[0] === ORIGINATED_ARGUMENT,
    phone: naming.phoneOfChannel(channel.name),
    callerNumber: channel.caller.number,
    request: offeredRequest(args),
  };
}

/**
 * `inbound,<number>` and `feature,<name>[,<argument>]` as the dialplan gives
 * them; anything else, such as `dialled,<number>`, is a feature under its
 * first word, which nobody needs to know.
 */
function offeredRequest(args: readonly string[]): OfferedRequest {
  const [kind = '', first = '', second] = args;
  if (kind === 'inbound') return { kind: 'inbound', dialledNumber: first };
  const [feature, argument] = kind === 'feature' ? [first, second] : [kind, first];
  if (argument === undefined || argument === '') return { kind: 'feature', feature };
  return { kind: 'feature', feature, argument };
}

/** Arguments of the application from a channel's place in the dialplan, for a channel whose start was missed. */
export function argumentsOf(channel: Channel, app: string): readonly string[] | undefined {
  if (channel.dialplan.app_name !== 'Stasis') return undefined;
  const [name, ...args] = (channel.dialplan.app_data ?? '').split(',');
  return name === app ? args : undefined;
}

function translateState(channel: Channel, naming: AsteriskNaming): AsteriskFact | undefined {
  if (naming.roleOf(channel.id) !== 'call') return undefined;
  const callId = channel.id as CallId;
  if (channel.state === 'Ringing') return { type: 'call-ringing', callId };
  return channel.state === 'Up' ? { type: 'call-up', callId } : undefined;
}

function bridgeFact(
  type: 'entered-bridge' | 'left-bridge',
  roomId: string,
  channel: Channel,
  naming: AsteriskNaming,
): AsteriskFact | undefined {
  if (naming.roleOf(channel.id) !== 'call') return undefined;
  return { type, roomId, callId: channel.id as CallId };
}

function ofChannel(channel: Channel, naming: AsteriskNaming, ofCall: (callId: CallId) => AsteriskFact): AsteriskFact {
  const role = naming.roleOf(channel.id);
  if (role !== 'call') return { type: 'helper-gone', role, channelId: channel.id };
  return ofCall(channel.id as CallId);
}
