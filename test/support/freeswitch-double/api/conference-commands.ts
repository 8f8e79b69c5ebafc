import type { Conference, Member } from '../legs/conference.js';
import { EVENTS } from '../recorded/event-catalogue.js';
import { hangUpLeg } from '../legs/leg-life.js';
import { recordedAnswer } from '../recorded/recorded-answer.js';
import type { SwitchCore } from '../server/switch-core.js';
import type { ApiCommand } from './api-command.js';
import { roomAsJson } from './conference-json.js';

/** Usage and all, as recorded. */
const usage = (): string => recordedAnswer('18-errors', 'conference');

/** `conference …`. */
export const conferenceCommand: ApiCommand = (core, args) => {
  const [name = '', verb = '', ...rest] = args.split(' ').filter((word) => word !== '');
  if (name === '') return usage();
  if (verb === '' && ['list', 'json_list'].includes(name)) return listAll(core, name);
  const conference = core.conferences.get(name);
  if (conference === undefined) return `-ERR Conference ${name} not found\n`;
  return inConference(conference, verb, rest);
};

function listAll(core: SwitchCore, form: string): string {
  const rooms = [...core.conferences.values()];
  if (form === 'json_list') return roomsAsJson(rooms);
  if (rooms.length === 0) return '+OK No active conferences.\n';
  return rooms
    .map((room) => {
      const count = `${String(room.members.length)} member${room.members.length === 1 ? '' : 's'}`;
      return `+OK Conference ${room.name} (${count} rate: 8000 flags: ${ROOM_FLAGS})\n${listOf(room)}`;
    })
    .join('');
}

/** What an ordinary conference is marked as in a list. */
const ROOM_FLAGS = 'running|answered|enforce_min|dynamic|exit_sound|enter_sound';

const roomsAsJson = (rooms: readonly Conference[]): string => (rooms.length === 0 ? '[]' : `[${rooms.map(roomAsJson).join(', ')}]`);

/** `2;sofia/internal/6001;<uuid>;Outbound Call;6001;hear|speak|talking;0;0;100`, who came last first. */
function listOf(conference: Conference): string {
  return conference.members
    .map((member) => {
      const headers = member.leg.headersOf(EVENTS.park);
      const text = (name: string): string => String(headers.get(name) ?? '');
      const flags = [member.canHear && 'hear', member.canSpeak && 'speak', member.isTalking && 'talking', conference.floor === member && 'floor'];
      const shown = flags.filter((flag) => flag !== false).join('|');
      return `${member.id};${text('Channel-Name')};${member.leg.uuid};${text('Caller-Caller-ID-Name')};${text('Caller-Caller-ID-Number')};${shown};0;0;100\n`;
    })
    .join('');
}

function inConference(conference: Conference, verb: string, rest: readonly string[]): string {
  switch (verb) {
    case 'list':
      return listOf(conference);
    case 'json_list':
      return roomsAsJson([conference]);
    case 'count':
    case 'get':
      return String(conference.members.length);
    case 'play':
      return play(conference, rest);
    case 'stop':
      return stop(conference, rest);
    case 'mute':
    case 'unmute':
    case 'deaf':
    case 'undeaf':
    case 'hold':
    case 'unhold':
      return onMembers(conference, rest[0], (member) => {
        conference.change(member, verb);
        return `+OK ${verb} ${member.id}\n`;
      });
    case 'kick':
    case 'hup':
      return onMembers(conference, rest[0], (member) => kick(conference, member, verb));
    case 'relate':
      return relate(rest);
    default:
      return `-ERR Conference command '${verb}' not found.\n`;
  }
}

/** Refusals of `play` and `stop` are in no recording; these were seen on 1.10.12. */
function play(conference: Conference, [path = '', id]: readonly string[]): string {
  const isForAll = id === undefined || id === 'all' || id === 'async';
  if (isForAll) {
    return conference.play(path, undefined) ? `+OK (play) Playing file ${path}\n` : `-ERR (play) File: ${path} not found.\n`;
  }
  const member = conference.member(id);
  // The real one prints whatever number its stack holds here, and its usage behind it.
  if (member === undefined) return '-ERR Member: 4160898311 not found.\nplay <file_path> [async|<member_id> [nomux]]';
  return conference.play(path, member)
    ? `+OK (play) Playing file ${path} to member ${member.id}\n`
    : `-ERR (play) File: ${path} not found.\n`;
}

function stop(conference: Conference, [which = 'all', id]: readonly string[]): string {
  const asked = which === 'current' || which === 'last' ? which : 'all';
  if (id === undefined) return `+OK Stopped ${String(conference.stop(asked, undefined))} files.\n`;
  const member = conference.member(id);
  if (member === undefined) return `-ERR Member: ${id} not found.\n`;
  return `+OK Stopped ${String(conference.stop(asked, member))} files.\n`;
}

function onMembers(conference: Conference, id: string | undefined, run: (member: Member) => string): string {
  if (id === 'all') return [...conference.members].map(run).join('');
  const member = id === undefined ? undefined : conference.member(id);
  return member === undefined ? `-ERR Non-Existant ID ${id ?? ''}\n` : run(member);
}

/** From a kick until its member is out (flow 15). */
const KICK_MS = 20;

function kick(conference: Conference, member: Member, verb: 'kick' | 'hup'): string {
  const { leg } = member;
  if (verb === 'kick') conference.tellOf(EVENTS.kickMember, member);
  conference.core.after(KICK_MS, () => {
    if (leg.hangupCause !== undefined || leg.runner.current?.name !== 'conference') return;
    leg.runner.stopAll('transfer');
    hangUpLeg(leg, 'NORMAL_CLEARING', 'we');
  });
  return verb === 'kick' ? `+OK kicked ${member.id}\n` : `+OK hup ${member.id}\n`;
}

function relate([from = '', to = '', what = '']: readonly string[]): string {
  return what === 'clear' ? `+OK relationship ${from}->${to} cleared.\n` : `+OK ${from}->${to} ${what} set\n`;
}
