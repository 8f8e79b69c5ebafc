import type { Ms } from '../units/time.js';

/** Who a failed or finished call is laid to; `us` raises an alarm. */
export type Blame = 'contact' | 'carrier' | 'agent' | 'us' | 'unknown';

/** May the contact be called again after an attempt that ended so? */
export type Redial =
  /** Never on this number: it does not exist or was asked not to be called. */
  | 'never'
  /** By the campaign's recycle rule for this cause. */
  | 'by-rule'
  /** The attempt did not reach the contact through no fault of his: it does not count against his attempts. */
  | 'uncounted';

/** The closed list of how an attempt ends. */
export type EndCauseName =
  | 'unallocated-number'
  | 'no-route'
  | 'number-changed'
  | 'invalid-number'
  | 'busy'
  | 'no-answer'
  | 'no-user-response'
  | 'subscriber-absent'
  | 'rejected'
  | 'destination-out-of-order'
  | 'facility-rejected'
  | 'congestion'
  | 'network-out-of-order'
  | 'temporary-failure'
  | 'not-permitted'
  | 'incompatible'
  | 'recovery-on-timer'
  | 'interworking'
  | 'unspecified'
  | 'announcement'
  | 'trunk-down'
  | 'cancelled'
  | 'contact-hung-up'
  | 'contact-hung-up-early'
  | 'contact-hung-up-waiting'
  | 'agent-hung-up'
  | 'agent-line-lost'
  | 'abandoned'
  | 'machine-hung-up'
  | 'message-left'
  | 'message-cut-off'
  | 'screening-hung-up'
  | 'menu-hung-up'
  | 'fax'
  | 'busy-tone'
  | 'false-answer'
  | 'intercept'
  | 'switch-refused'
  | 'switch-lost'
  | 'store-refused'
  | 'ended-by-operator'
  | 'impossible-event';

/** One way an attempt can end, with what follows from it. */
export interface EndCause {
  readonly name: EndCauseName;
  readonly blame: Blame;
  readonly redial: Redial;
  /** Whether a person or machine picked up. */
  readonly wasAnswered: boolean;
  /** In words, for reports and the log. */
  readonly meaning: string;
  /** How long to wait before the next attempt where the campaign has no rule of its own. */
  readonly redialAfterMs: Ms;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const cause = (
  blame: Blame,
  redial: Redial,
  wasAnswered: boolean,
  redialAfterMs: Ms,
  meaning: string,
): Omit<EndCause, 'name'> => ({ blame, redial, wasAnswered, redialAfterMs, meaning });

/**
 * Every way an attempt can end. Waiting times are defaults.
 * Chosen: busy and congestion pass in minutes; a telephone that was not
 * answered is tried at another hour; VICIdial's recycle default is 30 min.
 */
const CAUSES = {
  'unallocated-number': cause('contact', 'never', false, 0, 'The number does not exist.'),
  'no-route': cause('carrier', 'by-rule', false, 4 * HOUR_MS, 'The carrier knows no way to this number.'),
  'number-changed': cause('contact', 'never', false, 0, 'The number has been changed.'),
  'invalid-number': cause('contact', 'never', false, 0, 'The carrier says the number is malformed or incomplete.'),
  busy: cause('contact', 'by-rule', false, 10 * MINUTE_MS, 'The line is busy.'),
  'no-answer': cause('contact', 'by-rule', false, 2 * HOUR_MS, 'It rang and nobody answered.'),
  'no-user-response': cause('contact', 'by-rule', false, 2 * HOUR_MS, 'The telephone did not react.'),
  'subscriber-absent': cause('contact', 'by-rule', false, 2 * HOUR_MS, 'The telephone is switched off or out of reach.'),
  rejected: cause('contact', 'by-rule', false, 4 * HOUR_MS, 'The call was declined.'),
  'destination-out-of-order': cause('carrier', 'by-rule', false, HOUR_MS, 'The line is out of order.'),
  'facility-rejected': cause('carrier', 'by-rule', false, HOUR_MS, 'The carrier refused a facility the call asked for.'),
  congestion: cause('carrier', 'uncounted', false, 5 * MINUTE_MS, 'The carrier had no free line.'),
  'network-out-of-order': cause('carrier', 'uncounted', false, 15 * MINUTE_MS, 'The network is out of order.'),
  'temporary-failure': cause('carrier', 'uncounted', false, 5 * MINUTE_MS, 'The network failed for a moment.'),
  'not-permitted': cause('carrier', 'by-rule', false, 4 * HOUR_MS, 'The carrier does not permit this call.'),
  incompatible: cause('carrier', 'by-rule', false, 4 * HOUR_MS, 'No common codec or bearer.'),
  'recovery-on-timer': cause('carrier', 'uncounted', false, 5 * MINUTE_MS, 'The carrier gave no sign in time.'),
  interworking: cause('carrier', 'by-rule', false, HOUR_MS, 'The carrier gave no usable cause.'),
  unspecified: cause('unknown', 'by-rule', false, HOUR_MS, 'The switch gave no cause.'),
  announcement: cause('carrier', 'by-rule', false, 4 * HOUR_MS, 'The network played an announcement and nobody answered.'),
  'trunk-down': cause('carrier', 'uncounted', false, 5 * MINUTE_MS, 'The trunk has no reachable peer.'),
  cancelled: cause('us', 'uncounted', false, MINUTE_MS, 'We cancelled before an answer.'),
  'contact-hung-up': cause('contact', 'by-rule', true, 24 * HOUR_MS, 'The contact ended the conversation.'),
  'contact-hung-up-early': cause('contact', 'by-rule', true, 4 * HOUR_MS, 'The contact hung up before it was known who answered.'),
  'contact-hung-up-waiting': cause('contact', 'by-rule', true, 24 * HOUR_MS, 'The contact hung up before an agent was free.'),
  'agent-hung-up': cause('agent', 'by-rule', true, 24 * HOUR_MS, 'The agent ended the conversation.'),
  'agent-line-lost': cause('agent', 'by-rule', true, 24 * HOUR_MS, "The agent's telephone went away during the conversation."),
  abandoned: cause('us', 'by-rule', true, 72 * HOUR_MS, 'No agent was free in time; the safe-harbour message was due.'),
  'machine-hung-up': cause('contact', 'by-rule', true, 4 * HOUR_MS, 'A machine answered and we hung up.'),
  'message-left': cause('contact', 'by-rule', true, 24 * HOUR_MS, 'A machine answered and took our message.'),
  'message-cut-off': cause('contact', 'by-rule', true, 4 * HOUR_MS, 'The machine hung up before our message ended.'),
  'screening-hung-up': cause('contact', 'by-rule', true, 4 * HOUR_MS, 'A screening assistant answered and we hung up.'),
  'menu-hung-up': cause('contact', 'by-rule', true, 24 * HOUR_MS, 'A spoken menu answered and we hung up.'),
  fax: cause('contact', 'by-rule', true, 24 * HOUR_MS, 'A fax or modem answered.'),
  'busy-tone': cause('carrier', 'by-rule', true, HOUR_MS, 'The carrier said "answered", and there was busy, reorder or dial tone.'),
  'false-answer': cause('carrier', 'by-rule', true, 4 * HOUR_MS, 'The carrier said "answered", and it rang on or nobody ever spoke.'),
  intercept: cause('contact', 'never', true, 0, 'Special information tones: the carrier says the number is not in service.'),
  'switch-refused': cause('us', 'uncounted', false, 5 * MINUTE_MS, 'Our own switch refused to dial.'),
  'switch-lost': cause('us', 'by-rule', false, HOUR_MS, 'The switch or the connection to it was lost; what became of the call is unknown.'),
  'store-refused': cause('us', 'uncounted', false, MINUTE_MS, 'The attempt could not be written, so it was not dialled.'),
  'ended-by-operator': cause('us', 'by-rule', true, 4 * HOUR_MS, 'A supervisor or the shutting down of the service ended the call.'),
  'impossible-event': cause('us', 'by-rule', true, HOUR_MS, 'The switch reported something that cannot happen in this state.'),
} satisfies Record<EndCauseName, Omit<EndCause, 'name'>>;

/** The cause with all its properties. */
export function endCause(name: EndCauseName): EndCause {
  return { name, ...CAUSES[name] };
}

/** All causes, in the table's order; docs/end-causes.md is made from it. */
export const END_CAUSES: readonly EndCause[] = (Object.keys(CAUSES) as EndCauseName[]).map(endCause);

/**
 * ITU-T Q.850 cause values to the cause of a call that was *not answered*.
 * A backend maps its native codes to Q.850 only; the rest happens here, once.
 */
const BY_Q850: Readonly<Record<number, EndCauseName>> = {
  1: 'unallocated-number',
  2: 'no-route',
  3: 'no-route',
  4: 'intercept',
  5: 'invalid-number',
  16: 'cancelled',
  17: 'busy',
  18: 'no-user-response',
  19: 'no-answer',
  20: 'subscriber-absent',
  21: 'rejected',
  22: 'number-changed',
  26: 'cancelled',
  27: 'destination-out-of-order',
  28: 'invalid-number',
  29: 'facility-rejected',
  31: 'unspecified',
  34: 'congestion',
  38: 'network-out-of-order',
  41: 'temporary-failure',
  42: 'congestion',
  43: 'temporary-failure',
  44: 'congestion',
  47: 'congestion',
  50: 'not-permitted',
  52: 'not-permitted',
  54: 'not-permitted',
  55: 'not-permitted',
  57: 'not-permitted',
  58: 'congestion',
  63: 'temporary-failure',
  65: 'incompatible',
  66: 'incompatible',
  69: 'incompatible',
  79: 'incompatible',
  88: 'incompatible',
  102: 'recovery-on-timer',
  111: 'interworking',
  127: 'interworking',
};

/** The cause of a call that ended unanswered with this Q.850 value; unknown values are `unspecified`. */
export function endCauseByQ850(q850: number): EndCause {
  return endCause(BY_Q850[q850] ?? 'unspecified');
}

/** Ends after which the carrier had said "answered" and nobody was there: false answer supervision. */
export const FALSE_ANSWER_CAUSES = ['false-answer', 'busy-tone'] as const satisfies readonly EndCauseName[];

/** Q.850 16: the cause we send when we end a call in good order. */
export const Q850_NORMAL_CLEARING = 16;

/** Q.850 19: the cause we send when it rang for the campaign's time. */
export const Q850_NO_ANSWER = 19;
/** Q.850 17, sent to a phone that calls the log-in code while it holds a line already. */
export const Q850_USER_BUSY = 17;
/** Q.850 21, sent to callers we do not want: strangers, and feature codes that mean nothing now. */
export const Q850_CALL_REJECTED = 21;
