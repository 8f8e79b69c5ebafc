import type { CommandFailure } from '../switch.js';
import type { EslEvent } from './esl-connection.js';
import { textOf } from './esl-connection.js';

/** How a call ended, in Q.850 with the switch's own words beside it. */
export interface EndedCause {
  readonly q850: number;
  readonly nativeCause: string;
  readonly sipCode?: number;
}

/**
 * Names by which the switch is told a cause; it takes an unknown one for
 * normal clearing without a word. Numbers of ITU-T Q.850.
 */
const NAME_BY_Q850: Readonly<Record<number, string>> = {
  1: 'UNALLOCATED_NUMBER',
  3: 'NO_ROUTE_DESTINATION',
  16: 'NORMAL_CLEARING',
  17: 'USER_BUSY',
  18: 'NO_USER_RESPONSE',
  19: 'NO_ANSWER',
  20: 'SUBSCRIBER_ABSENT',
  21: 'CALL_REJECTED',
  22: 'NUMBER_CHANGED',
  27: 'DESTINATION_OUT_OF_ORDER',
  28: 'INVALID_NUMBER_FORMAT',
  31: 'NORMAL_UNSPECIFIED',
  34: 'NORMAL_CIRCUIT_CONGESTION',
  38: 'NETWORK_OUT_OF_ORDER',
  41: 'NORMAL_TEMPORARY_FAILURE',
  42: 'SWITCH_CONGESTION',
  44: 'REQUESTED_CHAN_UNAVAIL',
};

/** The switch's name of a Q.850 cause; normal clearing for those that have no use here. */
export const causeName = (q850: number): string => NAME_BY_Q850[q850] ?? 'NORMAL_CLEARING';

/**
 * Of causes of its own, beyond 127, the switch tells normal clearing, which
 * some of them are not. A line whose audio stays away is 44, as Asterisk has it.
 */
const Q850_OF_OWN_CAUSE: Readonly<Record<string, number>> = {
  MEDIA_TIMEOUT: 44,
  SYSTEM_SHUTDOWN: 41,
  GATEWAY_DOWN: 38,
};

/** "Network out of order": nobody is there who could have refused. */
const Q850_NETWORK_OUT_OF_ORDER = 38;

/** SIP statuses from here on are refusals. */
const SIP_REFUSAL_MIN = 300;
const SIP_SERVICE_UNAVAILABLE = 503;
const Q850_MAX = 127;

/**
 * What CHANNEL_HANGUP_COMPLETE says. The switch has turned the far end's status
 * into Q.850 already, and a `Reason` of the far end outranks its status.
 */
export function endedCause(event: EslEvent): EndedCause {
  const words = textOf(event, 'Hangup-Cause') ?? 'no words';
  const phrase = textOf(event, 'variable_sip_invite_failure_phrase');
  const nativeCause = phrase === undefined ? words : `${words} ${phrase}`;
  const q850 = Q850_OF_OWN_CAUSE[words] ?? toldCause(event);
  const sipCode = Number(textOf(event, 'variable_sip_term_status') ?? 0);
  // 200 is no refusal: an orderly BYE.
  if (sipCode < SIP_REFUSAL_MIN) return { q850, nativeCause };
  // A port that nobody listens on makes the switch refuse the call itself, with 503 and no address that it came from (flow 06).
  const isOwnRefusal = sipCode === SIP_SERVICE_UNAVAILABLE && textOf(event, 'variable_sip_reply_host') === undefined;
  return isOwnRefusal ? { q850: Q850_NETWORK_OUT_OF_ORDER, nativeCause } : { q850, nativeCause, sipCode };
}

function toldCause(event: EslEvent): number {
  const told = Number(textOf(event, 'variable_hangup_cause_q850') ?? 0);
  return Number.isInteger(told) && told >= 0 && told <= Q850_MAX ? told : 0;
}

/** Why an originate came to nothing before there was a channel; `-ERR` and a cause name. */
export function failureOfOriginate(words: string): CommandFailure {
  switch (causeIn(words)) {
    case 'GATEWAY_DOWN':
    case 'NETWORK_OUT_OF_ORDER':
      return 'trunk-down';
    // "Refused here": sessions a second, sessions at all, or outbound calls paused.
    case 'DESTINATION_OUT_OF_ORDER':
    case 'SWITCH_CONGESTION':
      return 'overloaded';
    default:
      return 'refused';
  }
}

const causeIn = (words: string): string => /^-ERR (\w+)/.exec(words)?.[1] ?? '';

/**
 * What a refused command means. Refusals have no single form: `-ERR …`,
 * `-USAGE: …`, `-ERROR`, `false`, or words like `Invalid Gateway!`.
 */
export function failureOf(words: string): CommandFailure {
  return /no such channel|invalid session|not found|cannot (stop|locate)|non-existant/i.test(words) ? 'gone' : 'refused';
}

/** Whether a reply says that it was done. */
export const isDone = (words: string): boolean => words.startsWith('+OK');
