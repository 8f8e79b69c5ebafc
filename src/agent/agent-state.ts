import { cells, impossible, late, to, type TransitionTable } from '../units/transition-table.js';

/**
 * One agent at his phone, nailed up: the phone stays in the agent's own bridge
 * from log-in to hang-up.
 *
 *   offline ──► logging-in ──► available ──► reserved ──► on-call ──► wrap-up
 *      ▲                        ▲ │  ▲          │                       │ │
 *      │                        │ ▼  └──────────┘ contact lost          │ │
 *      │                      paused ◄───────────────────────────────────┘ │
 *      │                        ▲                 available ◄──────────────┘
 *      └── line-lost, from everywhere
 *
 * 1. Every state has a way out that needs no restart: an order, a limit or the line's end.
 * 2. A contact who is no person after all is taken back, from `reserved` or `on-call`, and leaves no wrap-up.
 * 3. `adopted-…` rebuilds an agent whose line outlived the service.
 */
export type AgentState = (typeof AGENT_STATES)[number];

/** All states, in the order of a shift that goes well; `paused` stands apart, last. */
export const AGENT_STATES = [
  'offline',
  'logging-in',
  'available',
  'reserved',
  'on-call',
  'wrap-up',
  'paused',
] as const;

/** What can happen to an agent. */
export type AgentNews = (typeof AGENT_NEWS)[number];

/** Everything the table has a cell for; ours and the switch's, orders and reports. */
export const AGENT_NEWS = [
  /** His phone called the log-in code. */
  'called-in',
  /** PIN right and the line in his bridge. */
  'seated',
  'pause-ordered',
  'resume-ordered',
  /** A contact is being joined to him. */
  'reserved',
  'joined',
  /** The contact was lost before the two could talk. */
  'contact-lost',
  /** It was no person after all. */
  'contact-taken-back',
  /** The conversation is over. */
  'contact-gone',
  'disposed',
  /** Disposed, and he had asked for a pause meanwhile. */
  'disposed-to-pause',
  'line-lost',
  'adopted-available',
  'adopted-paused',
  'adopted-on-call',
  'adopted-wrap-up',
] as const;

const NO_CONTACT = late('the contact had been taken off already');
const NOT_PAUSABLE = late('the pause is kept until the contact has gone');

/** What each news does to each state. */
export const AGENT_TABLE: TransitionTable<AgentState, AgentNews> = {
  offline: cells(AGENT_NEWS, impossible, {
    'called-in': to('logging-in'),
    'pause-ordered': late('the agent has just left'),
    'resume-ordered': late('the agent has just left'),
    'contact-lost': NO_CONTACT,
    'contact-taken-back': NO_CONTACT,
    'contact-gone': NO_CONTACT,
    'line-lost': late('the agent has just left'),
    'adopted-available': to('available'),
    'adopted-paused': to('paused'),
    'adopted-on-call': to('on-call'),
    'adopted-wrap-up': to('wrap-up'),
  }),
  'logging-in': cells(AGENT_NEWS, impossible, {
    'called-in': late('the phone called again'),
    seated: to('available'),
    'pause-ordered': late('not logged in yet'),
    'resume-ordered': late('not logged in yet'),
    'contact-gone': NO_CONTACT,
    'line-lost': to('offline'),
  }),
  available: cells(AGENT_NEWS, impossible, {
    'called-in': late('the phone called again'),
    seated: late('the switch repeats it'),
    'pause-ordered': to('paused'),
    'resume-ordered': late('not paused'),
    reserved: to('reserved'),
    joined: late('the contact had been taken off already'),
    'contact-lost': NO_CONTACT,
    'contact-taken-back': NO_CONTACT,
    'contact-gone': NO_CONTACT,
    disposed: late('wrap-up ran out in the same moment'),
    'line-lost': to('offline'),
  }),
  reserved: cells(AGENT_NEWS, impossible, {
    'called-in': late('the phone called again'),
    seated: late('the switch repeats it'),
    'pause-ordered': NOT_PAUSABLE,
    'resume-ordered': late('not paused'),
    joined: to('on-call'),
    'contact-lost': to('available'),
    'contact-taken-back': to('available'),
    'contact-gone': to('available'),
    'line-lost': to('offline'),
  }),
  'on-call': cells(AGENT_NEWS, impossible, {
    'called-in': late('the phone called again'),
    seated: late('the switch repeats it'),
    'pause-ordered': NOT_PAUSABLE,
    'resume-ordered': late('not paused'),
    joined: late('the switch repeats it'),
    'contact-taken-back': to('available'),
    'contact-gone': to('wrap-up'),
    'line-lost': to('offline'),
  }),
  'wrap-up': cells(AGENT_NEWS, impossible, {
    'called-in': late('the phone called again'),
    seated: late('the switch repeats it'),
    'pause-ordered': NOT_PAUSABLE,
    'resume-ordered': late('not paused'),
    'contact-lost': NO_CONTACT,
    'contact-taken-back': NO_CONTACT,
    'contact-gone': NO_CONTACT,
    disposed: to('available'),
    'disposed-to-pause': to('paused'),
    'line-lost': to('offline'),
  }),
  paused: cells(AGENT_NEWS, impossible, {
    'called-in': late('the phone called again'),
    seated: late('the switch repeats it'),
    'pause-ordered': late('paused already; the reason is changed'),
    'resume-ordered': to('available'),
    'contact-lost': NO_CONTACT,
    'contact-taken-back': NO_CONTACT,
    'contact-gone': NO_CONTACT,
    disposed: late('wrap-up ran out in the same moment'),
    'line-lost': to('offline'),
  }),
};

/** Agents who are at work and will take another call without being asked. */
export const isAtWork = (state: AgentState): boolean =>
  state === 'available' || state === 'reserved' || state === 'on-call' || state === 'wrap-up';
