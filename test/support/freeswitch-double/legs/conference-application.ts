import { Conference } from './conference.js';
import type { ApplicationBody } from './execution.js';

/** `name@profile+flags{mute|deaf}`: in it until the leg is taken elsewhere, kicked or over. */
export const conferenceApplication: ApplicationBody = (leg, data) => {
  const { name, profile, flags } = parseRoom(data);
  const conference = Conference.open(leg.core, name, profile);
  const member = conference.join(leg, flags);
  return () => {
    conference.leave(member);
  };
};

function parseRoom(data: string): { readonly name: string; readonly profile: string; readonly flags: ReadonlySet<string> } {
  const flags = /\+flags\{([^}]*)\}/.exec(data)?.[1] ?? '';
  const [room = ''] = data.split('+');
  const [name = '', profile = 'default'] = room.split('@');
  return { name, profile, flags: new Set(flags.split(/[|,;]/)) };
}
