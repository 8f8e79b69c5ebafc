import type { DialerEvent } from '../dialer/event.js';
import type { LoopObserver } from './loop-ports.js';

/** The part of a logger that is used; pino has this shape. */
export interface EventLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Writes one line for each event of the dialer; no event holds a phone number. */
export function eventLog(logger: EventLogger): LoopObserver {
  return {
    handled: (input, events) => {
      // An event names its own cause where it has one; the Input tells the rest.
      for (const event of events) logger[levelOf(event)]({ ...event, input: input.type }, event.type);
    },
    failed: (what, error) => {
      logger.error({ err: error }, `${what} failed`);
    },
  };
}

function levelOf(event: DialerEvent): 'debug' | 'info' | 'warn' | 'error' {
  switch (event.type) {
    case 'alarm-raised':
      return 'error';
    case 'quality-noted':
      return event.isPoor ? 'warn' : 'debug';
    case 'recording-finished':
      return event.isWhole ? 'debug' : 'warn';
    case 'alarm-cleared':
      return 'warn';
    case 'switch-changed':
    case 'trunk-changed':
    case 'campaign-changed':
    case 'agent-changed':
    case 'attempt-ended':
    case 'call-abandoned':
    case 'call-taken-back':
    case 'do-not-call-asked':
    case 'disposition-set':
      return 'info';
    default:
      return 'debug';
  }
}
