import type { BridgeId, CallId } from '../../units/ids.js';
import { epochMs } from '../../units/time.js';
import type { LiveBridge, LiveCall } from '../switch.js';
import type { EslEvent } from './esl-connection.js';
import type { FreeswitchNaming } from './freeswitch-config.js';
import { foundLeg } from './freeswitch-events.js';
import type { FoundLeg } from './freeswitch-events.js';

/** A leg of ours that is alive. */
export interface LiveLeg {
  readonly callId: CallId;
  readonly leg: FoundLeg;
}

/** A leg of ours in a conference of ours. */
export interface LiveMember {
  readonly callId: CallId;
  readonly bridgeId: BridgeId;
  readonly memberId: string;
}

/** What of ours is alive. */
export interface FoundOnSwitch {
  /** Told of in the snapshot. */
  readonly legs: readonly LiveLeg[];
  /** Wait unanswered and were never told of: they are offered after the snapshot. */
  readonly waiting: readonly LiveLeg[];
  readonly members: readonly LiveMember[];
}

/** Ids of `show channels as json`, of whoever they are; an empty list has no rows at all. */
export function listedCallIds(words: string): readonly CallId[] | undefined {
  const list = jsonOf(words) as { readonly row_count?: number; readonly rows?: readonly { readonly uuid?: string }[] } | undefined;
  if (list?.row_count === undefined) return undefined;
  return (list.rows ?? []).flatMap(({ uuid }) => (uuid === undefined ? [] : [uuid as CallId]));
}

/** A `uuid_dump … json`; undefined when the leg is gone. */
export function dumpedLeg(words: string): FoundLeg | undefined {
  const dump = jsonOf(words);
  return dump === undefined ? undefined : foundLeg(dump as EslEvent);
}

interface ListedConference {
  readonly conference_name?: string;
  readonly members?: readonly { readonly id?: number; readonly uuid?: string }[];
}

/** Members of our conferences, of `conference json_list`; a switch without any says so in words. */
export function roomMembers(words: string, naming: FreeswitchNaming): readonly LiveMember[] {
  const conferences = jsonOf(words);
  if (!Array.isArray(conferences)) return [];
  return (conferences as readonly ListedConference[]).flatMap(({ conference_name: room, members }) => {
    const bridgeId = naming.bridgeOfRoom(room ?? '');
    if (bridgeId === undefined) return [];
    return (members ?? []).flatMap(({ uuid, id }) =>
      uuid === undefined ? [] : [{ callId: uuid as CallId, bridgeId, memberId: String(id) }],
    );
  });
}

/** @param isKnown whether this leg was told of before. */
export function findOurs(
  dumps: ReadonlyMap<CallId, FoundLeg>,
  members: readonly LiveMember[],
  naming: FreeswitchNaming,
  isKnown: (callId: CallId) => boolean,
): FoundOnSwitch {
  const ours = [...dumps].filter(([, leg]) => leg.app === naming.app).map(([callId, leg]) => ({ callId, leg }));
  const isWaiting = ({ callId, leg }: LiveLeg): boolean => !leg.isOriginated && !leg.isAnswered && !isKnown(callId);
  const legs = ours.filter((live) => !isWaiting(live));
  const told = new Set(legs.map(({ callId }) => callId));
  return { legs, waiting: ours.filter(isWaiting), members: members.filter(({ callId }) => told.has(callId)) };
}

/** As the port tells it. */
export function liveCall({ callId, leg }: LiveLeg): LiveCall {
  return {
    callId,
    state: leg.isAnswered ? 'answered' : leg.isRinging || !leg.isOriginated ? 'ringing' : 'dialling',
    ...(leg.phone === undefined ? {} : { phone: leg.phone }),
    createdAtMs: epochMs(Math.floor(leg.createdAtUs / 1000)),
  };
}

/** @param opened bridges that were opened and may be empty: the switch knows no empty conference. */
export function liveBridges(members: readonly LiveMember[], opened: ReadonlySet<BridgeId>): readonly LiveBridge[] {
  const callIdsOf = new Map<BridgeId, CallId[]>([...opened].map((bridgeId) => [bridgeId, []]));
  for (const { bridgeId, callId } of members) {
    const callIds = callIdsOf.get(bridgeId) ?? [];
    callIds.push(callId);
    callIdsOf.set(bridgeId, callIds);
  }
  return [...callIdsOf].map(([bridgeId, callIds]) => ({ bridgeId, callIds }));
}

function jsonOf(words: string): object | undefined {
  try {
    const value: unknown = JSON.parse(words);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch (error) {
    // Words instead: `-ERR No such channel!`, `No active conferences.`
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
