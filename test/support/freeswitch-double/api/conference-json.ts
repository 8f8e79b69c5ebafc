import type { Conference, Member } from '../legs/conference.js';
import { EVENTS } from '../recorded/event-catalogue.js';
import { recordedAnswer } from '../recorded/recorded-answer.js';

interface RecordedMember {
  readonly flags: Readonly<Record<string, boolean>>;
  readonly [field: string]: unknown;
}
interface RecordedRoom {
  readonly members: readonly RecordedMember[];
  readonly [field: string]: unknown;
}

/** A conference as `json_list` tells it: the recorded one with these members. */
export function roomAsJson(conference: Conference): string {
  const [room] = JSON.parse(recordedAnswer('09-agent-conference', 'conference agent-1000 json_list')) as readonly RecordedRoom[];
  if (room === undefined) throw new Error('The recorded list of conferences is empty.');
  const seconds = (sinceMs: number): number => Math.floor((conference.core.clock.nowMs - sinceMs) / 1000);
  const filled = {
    ...room,
    conference_name: conference.name,
    member_count: conference.members.length,
    run_time: seconds(conference.startedMs),
    conference_uuid: conference.uuid,
    members: conference.members.map((member) => memberOf(conference, member, room.members[0], seconds(member.joinedMs))),
  };
  return asCjson(filled, 1);
}

function memberOf(conference: Conference, member: Member, recorded: RecordedMember | undefined, joinSeconds: number): unknown {
  const headers = member.leg.headersOf(EVENTS.park);
  return {
    ...recorded,
    id: Number(member.id),
    flags: {
      ...recorded?.flags,
      can_hear: member.canHear,
      can_speak: member.canSpeak,
      hold: member.isHeld,
      talking: member.isTalking,
      has_floor: conference.floor === member,
    },
    uuid: member.leg.uuid,
    caller_id_name: headers.get('Caller-Caller-ID-Name') ?? '',
    caller_id_number: headers.get('Caller-Caller-ID-Number') ?? '',
    join_time: joinSeconds,
    last_talking: 0,
  };
}

/** As the switch's cJSON prints: tabs, and arrays of objects on one line each. */
function asCjson(value: unknown, depth: number): string {
  const indent = '\t'.repeat(depth + 1);
  if (Array.isArray(value)) return `[${value.map((one) => asCjson(one, depth + 2)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, field]) => `${indent}${JSON.stringify(name)}:\t${asCjson(field, depth + 1)}`);
  return fields.length === 0 ? `{\n${'\t'.repeat(depth)}}` : `{\n${fields.join(',\n')}\n${'\t'.repeat(depth)}}`;
}
