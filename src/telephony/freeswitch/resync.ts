import type { BridgeId, CallId, TrunkName } from '../../units/ids.js';
import type { SwitchSnapshot } from '../switch.js';
import type { EslConnection, EslReply } from './esl-connection.js';
import type { FreeswitchNaming } from './freeswitch-config.js';
import type { FoundLeg } from './freeswitch-events.js';
import type { FoundOnSwitch } from './freeswitch-snapshot.js';
import { dumpedLeg, findOurs, listedCallIds, liveBridges, liveCall, roomMembers } from './freeswitch-snapshot.js';
import type { LegTracker } from './leg-tracker.js';
import { isGatewayUp, registeredPhones } from './reachability.js';
import type { Reachability } from './reachability.js';

/** Everything found on a switch that was connected to. */
export interface Resynced {
  readonly snapshot: SwitchSnapshot;
  readonly found: FoundOnSwitch;
}

/** What is brought in step. */
export interface ResyncParts {
  readonly naming: FreeswitchNaming;
  readonly legs: LegTracker;
  readonly reachability: Reachability;
  readonly openedBridges: ReadonlySet<BridgeId>;
}

/**
 * Reads the switch's lists and brings what we know in step with them. Its list
 * of channels lags behind the channels, so each leg is asked for by itself, and
 * so are those that we knew before and those in our conferences, whose lists
 * do not lag.
 * @returns undefined when the connection went meanwhile.
 */
export async function resync(connection: EslConnection, parts: ResyncParts): Promise<Resynced | undefined> {
  const { naming, legs, reachability } = parts;
  const [channels, rooms, registrations, trunks] = await Promise.all([
    said(connection, 'show channels as json'),
    said(connection, 'conference json_list'),
    said(connection, 'show registrations as json'),
    Promise.all(naming.gateways.map((trunk) => trunkState(connection, trunk))),
  ]);
  const listed = channels === undefined ? undefined : listedCallIds(channels);
  if (listed === undefined || rooms === undefined || registrations === undefined) return undefined;
  const members = roomMembers(rooms, naming);
  const dumps = await dumpAll(connection, new Set([...listed, ...[...legs.all(), ...members].map(({ callId }) => callId)]));
  if (dumps === undefined) return undefined;
  const found = findOurs(dumps, members, naming, (callId) => legs.get(callId) !== undefined);
  legs.replace(found);
  reachability.replace(registeredPhones(registrations), trunks);
  const snapshot = {
    calls: found.legs.map(liveCall),
    bridges: liveBridges(found.members, parts.openedBridges),
    phones: reachability.phones,
    trunks: reachability.trunks,
  };
  return { snapshot, found };
}

/** Legs that were so young at the connect that the list did not have them yet; of ours and unknown. */
export async function findLateLegs(connection: EslConnection, naming: FreeswitchNaming, legs: LegTracker): Promise<FoundOnSwitch['legs']> {
  const channels = await said(connection, 'show channels as json');
  const unknown = (channels === undefined ? [] : (listedCallIds(channels) ?? [])).filter((callId) => legs.get(callId) === undefined);
  const dumps = (await dumpAll(connection, new Set(unknown))) ?? new Map<CallId, FoundLeg>();
  return [...dumps].filter(([, leg]) => leg.app === naming.app).map(([callId, leg]) => ({ callId, leg }));
}

async function dumpAll(connection: EslConnection, callIds: ReadonlySet<CallId>): Promise<ReadonlyMap<CallId, FoundLeg> | undefined> {
  const dumps = await Promise.all([...callIds].map(async (callId) => ({ callId, words: await said(connection, `uuid_dump ${callId} json`) })));
  if (dumps.some(({ words }) => words === undefined)) return undefined;
  const legs = dumps.map(({ callId, words }) => [callId, dumpedLeg(words ?? '')] as const);
  return new Map(legs.filter((entry): entry is readonly [CallId, FoundLeg] => entry[1] !== undefined));
}

async function trunkState(connection: EslConnection, trunk: { readonly name: TrunkName; readonly gateway: string }): Promise<SwitchSnapshot['trunks'][number]> {
  const words = await said(connection, `sofia xmlstatus gateway ${trunk.gateway}`);
  return { trunk: trunk.name, isReachable: isGatewayUp(words ?? '') };
}

function said(connection: EslConnection, command: string): Promise<string | undefined> {
  return new Promise((resolve) => connection.api(command, (reply: EslReply) => resolve(reply.kind === 'said' ? reply.words : undefined)));
}
