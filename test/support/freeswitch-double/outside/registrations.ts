import { EVENTS } from '../recorded/event-catalogue.js';
import type { SwitchCore } from '../server/switch-core.js';

/** How long a desk phone registers for, and what the switch adds before it forgets it (flow 17). */
const EXPIRES_SECONDS = 60;
const GRACE_SECONDS = 60;

/** SIP port of the first phone; each other one has the next (flow 17). */
const FIRST_PHONE_PORT = 5_081;

/** Where a phone is, as `user@host:port`. */
export const phoneAddress = (core: SwitchCore, user: string): string =>
  `${user}@127.0.0.1:${String(FIRST_PHONE_PORT + Math.max(0, core.settings.phoneUsers.indexOf(user)))}`;

const contactOf = (core: SwitchCore, user: string): string => `"" <sip:${phoneAddress(core, user)}>`;

/** What a registration's events say of its user. */
const userHeaders = (core: SwitchCore, user: string): Readonly<Record<string, string>> => ({
  'from-user': user,
  'from-host': core.settings.domain,
  username: user,
  contact: contactOf(core, user),
  'call-id': `phone-${user}`,
  realm: core.settings.domain,
  sip_number_alias: user,
  sip_auth_username: user,
  sip_auth_realm: core.settings.domain,
  number_alias: user,
  user_name: user,
  domain_name: core.settings.domain,
  accountcode: user,
  effective_caller_id_name: `Extension ${user}`,
  effective_caller_id_number: user,
});

const attemptHeaders = (core: SwitchCore, user: string): Readonly<Record<string, string>> => ({
  'from-user': user,
  'to-user': user,
  contact: contactOf(core, user),
  'call-id': `phone-${user}`,
  'from-host': core.settings.domain,
  'to-host': core.settings.domain,
});

/** Enters a phone without a word, as it stands when the switch has been up for long. */
export function enterRegistration(core: SwitchCore, user: string): void {
  core.registrations.set(user, {
    user,
    expiresAt: Math.floor(core.clock.epochMs / 1000) + EXPIRES_SECONDS + GRACE_SECONDS,
    callId: `phone-${user}`,
  });
}

/** A phone registers; a refresh is told as well. */
export function registerPhone(core: SwitchCore, user: string): void {
  const isNew = !core.registrations.has(user);
  core.emitRecorded(EVENTS.preRegister, attemptHeaders(core, user));
  core.emitRecorded(EVENTS.registerAttempt, attemptHeaders(core, user));
  enterRegistration(core, user);
  core.emitRecorded(EVENTS.register, { ...userHeaders(core, user), 'to-user': user, 'to-host': core.settings.domain });
  if (isNew) core.emitRecorded(EVENTS.messageQuery, {});
}

/** A phone takes its registration back. */
export function unregisterPhone(core: SwitchCore, user: string): void {
  core.emitRecorded(EVENTS.preRegister, attemptHeaders(core, user));
  core.emitRecorded(EVENTS.registerAttempt, attemptHeaders(core, user));
  core.registrations.delete(user);
  core.emitRecorded(EVENTS.unregister, userHeaders(core, user));
}

/** A registration that nobody refreshed: told first, and gone from the lists a second later (flow 17). */
export function expireRegistration(core: SwitchCore, user: string): void {
  const registration = core.registrations.get(user);
  if (registration === undefined) return;
  core.emitRecorded(EVENTS.expire, {
    user,
    username: user,
    host: core.settings.domain,
    contact: contactOf(core, user),
    'call-id': registration.callId,
    realm: core.settings.domain,
    expires: String(registration.expiresAt),
  });
  core.after(1_500, () => {
    if (core.registrations.get(user) === registration) core.registrations.delete(user);
  });
}
