/** States of a channel in the switch's core, with the numbers that go over the wire. */
export const CHANNEL_STATE_NUMBERS = {
  CS_NEW: 0,
  CS_INIT: 1,
  CS_ROUTING: 2,
  CS_SOFT_EXECUTE: 3,
  CS_EXECUTE: 4,
  CS_EXCHANGE_MEDIA: 5,
  CS_PARK: 6,
  CS_CONSUME_MEDIA: 7,
  CS_HIBERNATE: 8,
  CS_RESET: 9,
  CS_HANGUP: 10,
  CS_REPORTING: 11,
  CS_DESTROY: 12,
} as const;

/** State of a channel in the switch's core. */
export type ChannelState = keyof typeof CHANNEL_STATE_NUMBERS;

/** State of a call as it is shown. */
export type CallState = 'DOWN' | 'RINGING' | 'EARLY' | 'ACTIVE' | 'HELD' | 'UNHELD' | 'HANGUP';

/** Numbers of `Channel-Call-State-Number`, as recorded. */
export const CALL_STATE_NUMBERS: Readonly<Record<CallState, number>> = {
  DOWN: 0,
  RINGING: 2,
  EARLY: 3,
  ACTIVE: 4,
  HELD: 5,
  HANGUP: 7,
  UNHELD: 8,
};
