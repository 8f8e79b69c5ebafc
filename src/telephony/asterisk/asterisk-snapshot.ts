import type { CallId } from '../../units/ids.js';
import { epochMs } from '../../units/time.js';
import type { LiveBridge, LiveCall } from '../switch.js';
import type { Application, Bridge, Channel } from './ari-types.js';
import { argumentsOf, EARLY_ARGUMENT, enteredCall, ORIGINATED_ARGUMENT } from './asterisk-events.js';
import type { EnteredCall } from './asterisk-events.js';
import type { AsteriskNaming } from './asterisk-config.js';

/** The switch's own lists, asked for one after the other. */
export interface SwitchLists {
  readonly application: Application;
  readonly channels: readonly Channel[];
  readonly bridges: readonly Bridge[];
}

/** One call of ours found alive. */
export interface FoundCall {
  readonly live: LiveCall;
  readonly channelName: string;
  readonly isOriginated: boolean;
  /** In the application before its answer. */
  readonly isEarly: boolean;
}

/** What of ours is alive. */
export interface FoundOnSwitch {
  readonly calls: readonly FoundCall[];
  readonly bridges: readonly LiveBridge[];
  /** Wait unanswered and were never told of: they are offered after the snapshot. */
  readonly waiting: readonly EnteredCall[];
}

/**
 * Sorts out what is ours: channels that the application is subscribed to
 * (those still ringing included) and bridges that bear its name in their id,
 * without those of helpers.
 * @param isKnown whether this call was told of before.
 */
export function findOurs(lists: SwitchLists, naming: AsteriskNaming, isKnown: (callId: CallId) => boolean): FoundOnSwitch {
  const subscribed = new Set(lists.application.channel_ids);
  const calls: FoundCall[] = [];
  const waiting: EnteredCall[] = [];
  for (const channel of lists.channels) {
    if (!subscribed.has(channel.id) || naming.roleOf(channel.id) !== 'call') continue;
    const args = argumentsOf(channel, naming.app);
    // In older lines the list does not say what a channel is doing; only our own calls are ever dialling.
    const isOriginated = args === undefined ? channel.state !== 'Ring' : args[0] === ORIGINATED_ARGUMENT || args[0] === EARLY_ARGUMENT;
    if (!isOriginated && channel.state !== 'Up' && !isKnown(channel.id as CallId)) {
      waiting.push(enteredCall(channel, args ?? ['inbound', channel.dialplan.exten], naming));
    } else {
      calls.push({ live: liveCall(channel, args !== undefined, naming), channelName: channel.name, isOriginated, isEarly: args?.[0] === EARLY_ARGUMENT });
    }
  }
  return { calls, bridges: ourBridges(lists.bridges, new Set(calls.map(({ live }) => live.callId)), naming), waiting };
}

function liveCall(channel: Channel, isInApplication: boolean, naming: AsteriskNaming): LiveCall {
  const phone = naming.phoneOfChannel(channel.name);
  // Up, but not yet handed to us: the answer will be told when it is.
  const isAnswered = channel.state === 'Up' && (isInApplication || channel.dialplan.app_name === undefined);
  const isRinging = channel.state === 'Ringing' || channel.state === 'Ring' || channel.state === 'Up';
  return {
    callId: channel.id as CallId,
    state: isAnswered ? 'answered' : isRinging ? 'ringing' : 'dialling',
    ...(phone === undefined ? {} : { phone }),
    createdAtMs: epochMs(parseSwitchTime(channel.creationtime)),
  };
}

function ourBridges(bridges: readonly Bridge[], callIds: ReadonlySet<CallId>, naming: AsteriskNaming): readonly LiveBridge[] {
  return bridges.flatMap(({ id, channels }) => {
    const bridgeId = naming.bridgeOfRoom(id);
    if (bridgeId === undefined) return [];
    return [{ bridgeId, callIds: (channels as readonly CallId[]).filter((channel) => callIds.has(channel)) }];
  });
}

/** `2026-11-20T12:28:19.474+0000`: ISO 8601 wants a colon in the offset. */
export function parseSwitchTime(text: string): number {
  return Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
}
