import { cells, impossible, late, to, type TransitionTable } from '../units/transition-table.js';

/**
 * The life of one attempt's call.
 *
 *   writing ──► dialling ──► ringing ──► analysing ──► waiting ──► connecting ──► talking
 *      │            │           │          │    │          │ ▲          │            │
 *      │            │           │          │    │          │ └──────────┘            │
 *      │            │           │          │    │          ▼   agent lost            │
 *      │            │           │          │    │   playing-safe-harbour             │
 *      │            │           │          │    ▼          │                         │
 *      │            │           │          │  greeting ──► playing-message           │
 *      ▼            ▼           ▼          ▼    ▼          ▼                         ▼
 *    ended ◄──────────────────────────── ending ◄────────────────────────────────────┘
 *
 * 1. Nothing is dialled before the attempt stands in the store (`writing`).
 * 2. `ending` means that our hang-up is on its way; only the switch's word makes it `ended`.
 * 3. `gone` is the switch's word that the call is no more, in whatever state.
 * 4. An agent may be given a call before it is known who answered, or in doubt: then `analysing` leads to
 *    `connecting` too, and what is no person after all is taken back from `connecting` and `talking`.
 * 5. Switches double and delay their news, so most of it is `late` rather than `impossible`.
 */
export type CallState = (typeof CALL_STATES)[number];

/** All states, in the order of a call that goes well. */
export const CALL_STATES = [
  'writing',
  'dialling',
  'ringing',
  'analysing',
  'waiting',
  'connecting',
  'talking',
  'greeting',
  'playing-message',
  'playing-safe-harbour',
  'ending',
  'ended',
] as const;

/** What can happen to a call. */
export type CallNews = (typeof CALL_NEWS)[number];

/** Everything the table has a cell for, in the order in which a call meets it. */
export const CALL_NEWS = [
  /** The attempt is in the store. */
  'written',
  /** The store did not take it, or it was withdrawn before it was dialled. */
  'withdrawn',
  /** The switch did not take our originate. */
  'originate-failed',
  'rang',
  'answered',
  /** A person, or something that must be treated as one, is on the line. */
  'person-found',
  /** A machine is, and the campaign leaves it a message. */
  'message-due',
  'agent-reserved',
  /** The call is in the agent's bridge. */
  'joined',
  'join-failed',
  /** The agent is lost before it is known who answered. */
  'undecided-again',
  /** The reserved or talking agent's line is gone. */
  'agent-gone',
  'wait-expired',
  'greeting-ended',
  /** Our recorded message is over. */
  'message-ended',
  /** We want the call ended. */
  'end-ordered',
  /** The switch says the call is no more. */
  'gone',
] as const;

const DOUBLED = late('the switch repeats it');
const CROSSED = late('it crossed our hang-up on the wire');
const AFTER_END = late('it was under way when the call ended');

/** What each news does to each state. */
export const CALL_TABLE: TransitionTable<CallState, CallNews> = {
  writing: cells(CALL_NEWS, impossible, {
    written: to('dialling'),
    withdrawn: to('ended'),
    gone: to('ended'),
  }),
  dialling: cells(CALL_NEWS, impossible, {
    'originate-failed': to('ended'),
    rang: to('ringing'),
    answered: to('analysing'),
    'end-ordered': to('ending'),
    gone: to('ended'),
  }),
  ringing: cells(CALL_NEWS, impossible, {
    'originate-failed': to('ended'),
    rang: DOUBLED,
    answered: to('analysing'),
    'end-ordered': to('ending'),
    gone: to('ended'),
  }),
  analysing: cells(CALL_NEWS, impossible, {
    'originate-failed': late('the reply was overtaken by the answer'),
    rang: late('progress was overtaken by the answer'),
    answered: DOUBLED,
    'person-found': to('waiting'),
    'message-due': to('greeting'),
    'agent-reserved': to('connecting'),
    joined: late('the join we had given up came true; the next one moves the call'),
    'join-failed': late('the join was given up already'),
    'agent-gone': late('the agent had been taken off already'),
    'greeting-ended': late('the end of the greeting was reported before the verdict'),
    'end-ordered': to('ending'),
    gone: to('ended'),
  }),
  waiting: cells(CALL_NEWS, impossible, {
    rang: late('progress was overtaken by the answer'),
    answered: DOUBLED,
    'person-found': late('a second verdict'),
    'message-due': to('greeting'),
    'greeting-ended': late('analysis went on after the verdict'),
    'agent-reserved': to('connecting'),
    joined: late('the join we had given up came true; the next one moves the call'),
    'join-failed': late('the join was given up already'),
    'agent-gone': late('the agent had been taken off already'),
    'wait-expired': to('playing-safe-harbour'),
    'end-ordered': to('ending'),
    gone: to('ended'),
  }),
  connecting: cells(CALL_NEWS, impossible, {
    answered: DOUBLED,
    'person-found': late('a second verdict'),
    'message-due': to('greeting'),
    'greeting-ended': late('analysis went on after the verdict'),
    joined: to('talking'),
    'join-failed': to('waiting'),
    'undecided-again': to('analysing'),
    'agent-gone': to('waiting'),
    'wait-expired': late('an agent was found in the last moment'),
    'end-ordered': to('ending'),
    gone: to('ended'),
  }),
  talking: cells(CALL_NEWS, impossible, {
    answered: DOUBLED,
    'person-found': late('a second verdict'),
    'message-due': to('greeting'),
    'greeting-ended': late('analysis went on after the verdict'),
    joined: DOUBLED,
    'join-failed': late('the reply was overtaken by the event'),
    'agent-gone': to('ending'),
    'end-ordered': to('ending'),
    gone: to('ended'),
  }),
  greeting: cells(CALL_NEWS, impossible, {
    answered: DOUBLED,
    'person-found': to('waiting'),
    'message-due': late('a second verdict'),
    joined: late('the join that was taken back came true'),
    'join-failed': late('the agent had been taken off already'),
    'agent-gone': late('the agent had been taken off already'),
    'greeting-ended': to('playing-message'),
    'end-ordered': to('ending'),
    gone: to('ended'),
  }),
  'playing-message': cells(CALL_NEWS, impossible, {
    answered: DOUBLED,
    'person-found': late('a second verdict'),
    'message-due': late('a second verdict'),
    joined: late('the join that was taken back came true'),
    'join-failed': late('the agent had been taken off already'),
    'agent-gone': late('the agent had been taken off already'),
    'greeting-ended': DOUBLED,
    'message-ended': to('ending'),
    'end-ordered': to('ending'),
    gone: to('ended'),
  }),
  'playing-safe-harbour': cells(CALL_NEWS, impossible, {
    answered: DOUBLED,
    'person-found': late('a second verdict'),
    'message-due': late('a later verdict than the one acted on'),
    'greeting-ended': late('analysis went on after the verdict'),
    joined: late('the join we had given up came true'),
    'join-failed': late('the join was given up already'),
    'agent-gone': late('the agent had been taken off already'),
    'message-ended': to('ending'),
    'end-ordered': to('ending'),
    gone: to('ended'),
  }),
  ending: cells(CALL_NEWS, CROSSED, {
    written: impossible,
    withdrawn: impossible,
    gone: to('ended'),
  }),
  ended: cells(CALL_NEWS, AFTER_END, {}),
};

/** States in which the call holds a line of its trunk. */
export const holdsLine = (state: CallState): boolean => state !== 'ended';

/** States before anybody picked up. */
export const isUnanswered = (state: CallState): boolean =>
  state === 'writing' || state === 'dialling' || state === 'ringing';
