import type { Command } from '../dialer/command.js';
import type { DialerEvent } from '../dialer/event.js';
import type { Input } from '../dialer/input.js';
import type { MonotonicMs, Ms } from '../units/time.js';

/** A broken rule, with what led to it. */
export interface Violation {
  readonly atMs: MonotonicMs;
  readonly rule: AuditRule;
  readonly what: string;
  /** The last that was said about the call, agent or contact, oldest first. */
  readonly story: readonly string[];
}

/** The rules of audit, by name. */
export type AuditRule =
  | 'one-live-attempt-a-contact'
  | 'written-before-dialled'
  | 'dialled-once'
  | 'do-not-call-kept'
  | 'calling-hours-kept'
  | 'ring-time-lawful'
  | 'agent-logged-in'
  | 'progressive-lines'
  | 'line-cap-kept'
  | 'rate-cap-kept'
  | 'agent-on-one-call'
  | 'attempt-ends-once'
  | 'contact-settled-once'
  | 'attempt-ends'
  | 'answered-call-owned'
  | 'taken-back-frees-agent'
  | 'taken-back-before-acting'
  | 'taken-back-in-time'
  | 'taken-back-by-verdict'
  | 'intercepted-never-connected'
  | 'agent-not-stuck'
  | 'counts-add-up'
  | 'nothing-impossible'
  | 'call-left-alive';

/** How much later than its limit something may be. */
export interface AuditTolerances {
  /** An answered call that nobody has, beyond the campaign's wait for an agent. */
  readonly unownedMs: Ms;
  /** A state of an agent beyond its own limit. */
  readonly stuckMs: Ms;
}

type Subject = string;

/** Chosen: enough to read how a call came to where it is. */
const STORY_LINES_MAX = 24;
/** Stories kept of one rule. Chosen: more are the same fault again. */
const STORIES_PER_RULE_MAX = 5;

/** Remembers the last that was said about each call, agent and contact, for the story of a violation. */
export class AuditLog {
  readonly violations: Violation[] = [];
  readonly countByRule = new Map<AuditRule, number>();
  readonly #lines = new Map<Subject, (readonly [MonotonicMs, string, object])[]>();

  note(subject: Subject | undefined, atMs: MonotonicMs, kind: 'in' | 'command' | 'event', message: Input | Command | DialerEvent): void {
    if (subject === undefined) return;
    const lines = this.#lines.get(subject);
    if (lines === undefined) this.#lines.set(subject, [[atMs, kind, message]]);
    else {
      lines.push([atMs, kind, message]);
      if (lines.length > STORY_LINES_MAX * 2) lines.splice(0, STORY_LINES_MAX);
    }
  }

  /** The subject is over and done with. */
  forget(subject: Subject): void {
    this.#lines.delete(subject);
  }

  violate(atMs: MonotonicMs, rule: AuditRule, what: string, subject: Subject | undefined): void {
    const count = (this.countByRule.get(rule) ?? 0) + 1;
    this.countByRule.set(rule, count);
    if (count > STORIES_PER_RULE_MAX) return;
    const lines = subject === undefined ? [] : (this.#lines.get(subject) ?? []);
    const story = lines.slice(-STORY_LINES_MAX).map(([lineAtMs, kind, message]) => `${lineAtMs.toFixed(1)} ${kind} ${JSON.stringify(message)}`);
    this.violations.push({ atMs, rule, what, story });
  }
}

/** The call that an Input, Command or Event is about. */
export function callOf(message: Input | Command | DialerEvent): string | undefined {
  if (message.type === 'switch' && 'event' in message) return callOfSwitch(message.event);
  if (message.type === 'switch' && 'command' in message) return callOfSwitch(message.command);
  return callOfSwitch(message);
}

function callOfSwitch(message: object): string | undefined {
  if ('callId' in message && typeof message.callId === 'string') return message.callId;
  if ('command' in message && typeof message.command === 'object' && message.command !== null) {
    return callOfSwitch(message.command);
  }
  return undefined;
}
