import type { DialerEvent } from '../dialer/event.js';
import type { AnswerVerdict } from '../call/answer-verdict.js';
import type { CallId } from '../units/ids.js';
import type { Ms } from '../units/time.js';
import type { ContactKind } from './contact-party.js';

/** What happened in a run, counted from the dialer's events and the world's truth. */
export interface RunCounts {
  readonly attempts: number;
  readonly answered: number;
  readonly connected: number;
  readonly abandoned: number;
  readonly endedByCause: Readonly<Record<string, number>>;
  readonly settledByOutcome: Readonly<Record<string, number>>;
  /** `truth > verdict`, how often. */
  readonly verdictByTruth: Readonly<Record<string, number>>;
  readonly verdictsByStage: Readonly<Record<string, number>>;
  /** Calls taken back from their agents, by the world's truth: persons among them are the analyst's errors. */
  readonly takenBackByTruth: Readonly<Record<string, number>>;
  /** What was heard before answers. */
  readonly earlyMedia: Readonly<Record<string, number>>;
  readonly dispositions: Readonly<Record<string, number>>;
  readonly dispositionsByDefault: number;
  readonly messagesPlayed: Readonly<Record<string, number>>;
  readonly doNotCallAsked: number;
  readonly agentChanges: Readonly<Record<string, number>>;
  readonly alarms: Readonly<Record<string, number>>;
  readonly lateNotes: number;
  readonly recordings: number;
  readonly switchLosses: number;
  readonly adoptedCalls: number;
  readonly lostCalls: number;
  /** How often a campaign fell idle, by hint. */
  readonly idleHints: Readonly<Record<string, number>>;
  readonly talkMs: Ms;
  readonly answerToAgentMs: { readonly p50: Ms; readonly p95: Ms; readonly max: Ms };
}

/** Counts a run. */
export class RunTally {
  readonly #truthOf: (callId: CallId) => ContactKind | undefined;
  readonly #tables = new Map<string, Map<string, number>>();
  readonly #answerToAgentMs: Ms[] = [];
  #adopted = 0;
  #lost = 0;
  #talkMs = 0;

  constructor(truthOf: (callId: CallId) => ContactKind | undefined) {
    this.#truthOf = truthOf;
  }

  event(event: DialerEvent): void {
    this.#add('type', event.type);
    switch (event.type) {
      case 'attempt-ended':
        this.#add('cause', event.cause);
        this.#talkMs += event.talkMs;
        return;
      case 'contact-settled':
        this.#add('outcome', event.outcome);
        return;
      case 'call-analysed':
        this.#add('stage', event.stage);
        if (event.stage !== 'probable') this.#add('verdict', verdictKey(this.#truthOf(event.callId), event.verdict));
        return;
      case 'call-taken-back':
        this.#add('taken-back', this.#truthOf(event.callId) ?? 'unknown');
        return;
      case 'early-media-heard':
        this.#add('early-media', event.heard);
        return;
      case 'call-connected':
        this.#answerToAgentMs.push(event.sinceAnswerMs);
        return;
      case 'disposition-set':
        this.#add('disposition', event.disposition);
        if (!event.isByAgent) this.#add('type', 'disposition-by-default');
        return;
      case 'message-played':
        this.#add('message', `${event.message}${event.isWhole ? '' : ' cut'}`);
        return;
      case 'agent-changed':
        this.#add('agent', `${event.from} > ${event.state}`);
        return;
      case 'alarm-raised':
        this.#add('alarm', event.alarm);
        return;
      case 'switch-changed':
        this.#adopted += event.adoptedCount;
        this.#lost += event.lostCount;
        if (!event.isConnected) this.#add('type', 'switch-loss');
        return;
      case 'campaign-changed':
        if (event.state === 'idle') this.#add('idle', event.hint);
        return;
      default:
    }
  }

  counts(attempts: number): RunCounts {
    const sorted = [...this.#answerToAgentMs].sort((a, b) => a - b);
    const at = (ratio: number): Ms => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * ratio))] ?? 0;
    const of = (type: string): number => this.#tables.get('type')?.get(type) ?? 0;
    return {
      attempts,
      answered: of('call-answered'),
      connected: of('call-connected'),
      abandoned: of('call-abandoned'),
      endedByCause: this.#table('cause'),
      settledByOutcome: this.#table('outcome'),
      verdictByTruth: this.#table('verdict'),
      verdictsByStage: this.#table('stage'),
      takenBackByTruth: this.#table('taken-back'),
      earlyMedia: this.#table('early-media'),
      dispositions: this.#table('disposition'),
      dispositionsByDefault: of('disposition-by-default'),
      messagesPlayed: this.#table('message'),
      doNotCallAsked: of('do-not-call-asked'),
      agentChanges: this.#table('agent'),
      alarms: this.#table('alarm'),
      lateNotes: of('late-noted'),
      recordings: of('recording-finished'),
      switchLosses: of('switch-loss'),
      adoptedCalls: this.#adopted,
      lostCalls: this.#lost,
      idleHints: this.#table('idle'),
      talkMs: this.#talkMs,
      answerToAgentMs: { p50: at(0.5), p95: at(0.95), max: at(1) },
    };
  }

  #add(table: string, key: string): void {
    const counts = this.#tables.get(table) ?? new Map<string, number>();
    this.#tables.set(table, counts);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }

  #table(table: string): Readonly<Record<string, number>> {
    return Object.fromEntries([...(this.#tables.get(table) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

const verdictKey = (truth: ContactKind | undefined, verdict: AnswerVerdict): string => `${truth ?? 'unknown'} > ${verdict}`;
