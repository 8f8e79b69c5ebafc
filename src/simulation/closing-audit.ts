import type { CallId } from '../units/ids.js';
import type { AuditRule } from './audit-log.js';
import type { AttemptAudit } from './call-audit.js';

/** What the world shows when everything is over. */
export interface ClosingTruth {
  readonly liveCallCount: number;
  readonly openAttemptCount: number;
}

/** Attempts by the dialer's word. */
export interface ClosingCounts {
  readonly begun: number;
  readonly ended: number;
  readonly settled: number;
}

/** One thing left open. */
export interface ClosingFault {
  readonly rule: AuditRule;
  readonly what: string;
  readonly callId: CallId | undefined;
}

/** What was left open when everything should have been over. */
export function* closingFaults(
  attempts: Iterable<AttemptAudit>,
  counts: ClosingCounts,
  truth: ClosingTruth,
): Generator<ClosingFault> {
  for (const { callId, endCount, settleCount } of attempts) {
    if (endCount === 0) yield { rule: 'attempt-ends', what: `The attempt ${callId} never ended.`, callId };
    else if (settleCount === 0) {
      yield { rule: 'contact-settled-once', what: `The contact of ${callId} was never settled.`, callId };
    }
  }
  const { begun, ended, settled } = counts;
  const add = (what: string): ClosingFault => ({ rule: 'counts-add-up', what, callId: undefined });
  if (begun !== ended || ended !== settled) {
    yield add(`Attempts: ${String(begun)} begun, ${String(ended)} ended, ${String(settled)} settled.`);
  }
  if (truth.openAttemptCount > 0) yield add(`The store holds ${String(truth.openAttemptCount)} open attempts.`);
  if (truth.liveCallCount > 0) {
    const what = `${String(truth.liveCallCount)} calls live on the switch that nobody wants.`;
    yield { rule: 'call-left-alive', what, callId: undefined };
  }
}
