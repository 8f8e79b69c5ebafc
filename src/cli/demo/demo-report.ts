import { isPersonVerdict, type AnswerVerdict } from '../../call/answer-verdict.js';
import type { CallResource, RecordingResource } from '../../api/contract/call.js';
import type { NumberTruth } from '../lab/number-plan.js';

/** What a demo run has shown; the file of `--report`. */
export interface DemoReport {
  readonly seed: number;
  readonly contactCount: number;
  readonly agentCount: number;
  readonly ranForSeconds: number;
  readonly attemptCount: number;
  /** How attempts ended, by cause; `open` are still under way. */
  readonly attemptsByCause: Readonly<Record<string, number>>;
  /** For each kind that the network played and was answered, how often each verdict fell. */
  readonly verdictsByTruth: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Of people who spoke, the share called something else; undefined without people. */
  readonly personMistakenRatio: number | undefined;
  readonly machineFoundRatio: number | undefined;
  readonly connectedCount: number;
  readonly abandonedCount: number;
  readonly abandonRatio: number | undefined;
  /** From the switch's answer to the joined bridge. */
  readonly answerToAgentSeconds: { readonly p50: number; readonly p95: number; readonly max: number } | undefined;
  readonly dispositions: Readonly<Record<string, number>>;
  readonly recordings: { readonly count: number; readonly wholeCount: number; readonly audioSeconds: number };
  /** Calls that our own side ended for a fault, and everything a demo run complained of. */
  readonly errors: readonly string[];
}

/** What a report is made from. */
export interface DemoRun {
  readonly seed: number;
  readonly contactCount: number;
  readonly agentCount: number;
  readonly ranForSeconds: number;
  readonly calls: readonly CallResource[];
  readonly recordings: readonly RecordingResource[];
  readonly truth: ReadonlyMap<string, NumberTruth>;
  readonly faults: readonly string[];
}

/** End causes that are laid to us. */
const OUR_FAULTS: readonly string[] = ['impossible-event', 'switch-refused', 'store-refused', 'switch-lost'];

/** Holds what the service recorded against what the network really played. */
export function demoReport(run: DemoRun): DemoReport {
  const { calls, recordings, truth } = run;
  const connected = calls.filter((call) => call.connectedAtMs !== null);
  const abandonedCount = calls.filter((call) => call.isAbandoned).length;
  const liveCount = connected.length + abandonedCount;
  const verdictsByTruth = crossTable(calls, truth);
  return {
    seed: run.seed,
    contactCount: run.contactCount,
    agentCount: run.agentCount,
    ranForSeconds: run.ranForSeconds,
    attemptCount: calls.length,
    attemptsByCause: countBy(calls, (call) => call.cause ?? 'open'),
    verdictsByTruth,
    personMistakenRatio: shareOf(verdictsByTruth['person'], (verdict) => !isPersonVerdict(verdict as AnswerVerdict)),
    machineFoundRatio: shareOf(verdictsByTruth['voicemail'], (verdict) => verdict === 'machine'),
    connectedCount: connected.length,
    abandonedCount,
    abandonRatio: liveCount === 0 ? undefined : abandonedCount / liveCount,
    answerToAgentSeconds: spread(connected.flatMap((call) => spanSeconds(call.answeredAtMs, call.connectedAtMs))),
    dispositions: countBy(
      calls.filter((call) => call.disposition !== null),
      (call) => call.disposition ?? '',
    ),
    recordings: {
      count: recordings.length,
      wholeCount: recordings.filter((recording) => recording.isWhole === true).length,
      audioSeconds: Math.round(recordings.reduce((sum, each) => sum + (each.audioMs ?? 0), 0) / 1000),
    },
    errors: [
      ...run.faults,
      ...calls.filter((call) => OUR_FAULTS.includes(call.cause ?? '')).map((call) => `${call.callId}: ${call.cause ?? ''}`),
    ],
  };
}

/** Verdicts beside the truth, of calls that have a verdict. */
function crossTable(
  calls: readonly CallResource[],
  truth: ReadonlyMap<string, NumberTruth>,
): Record<string, Record<string, number>> {
  const table: Record<string, Record<string, number>> = {};
  for (const call of calls) {
    if (call.verdict === null) continue;
    const row = (table[truth.get(call.number)?.kind ?? 'unknown'] ??= {});
    row[call.verdict] = (row[call.verdict] ?? 0) + 1;
  }
  return table;
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}

function shareOf(row: Record<string, number> | undefined, counts: (verdict: string) => boolean): number | undefined {
  if (row === undefined) return undefined;
  const entries = Object.entries(row);
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  return entries.reduce((sum, [verdict, count]) => sum + (counts(verdict) ? count : 0), 0) / total;
}

function spanSeconds(fromMs: number | null, toMs: number | null): number[] {
  return fromMs === null || toMs === null ? [] : [(toMs - fromMs) / 1000];
}

function spread(values: readonly number[]): DemoReport['answerToAgentSeconds'] {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (ratio: number): number => sorted[Math.min(sorted.length - 1, Math.floor(ratio * sorted.length))] ?? 0;
  return sorted.length === 0 ? undefined : { p50: at(0.5), p95: at(0.95), max: at(1) };
}
