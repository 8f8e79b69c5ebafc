import type { AnswerVerdict, VerdictStage } from '../call/answer-verdict.js';
import type { Listening } from '../dialer/command.js';
import type { Input } from '../dialer/input.js';
import type { CallId } from '../units/ids.js';
import type { Random } from '../units/random.js';
import type { Ms } from '../units/time.js';
import { assertNever } from '../units/assert-never.js';
import type { ContactParty } from './contact-party.js';
import type { Appointment, VirtualClock } from './virtual-clock.js';
import type { AnalysisModelConfig } from './world-config.js';

type AnalysisInput = Extract<Input, { readonly type: 'answer-analysed' | 'early-media-analysed' | 'greeting-ended' }>;

/** One verdict to be given, so long after the answer. */
interface Judgement {
  readonly afterMs: Ms;
  readonly stage: VerdictStage;
  readonly verdict: AnswerVerdict;
  readonly detail?: string;
  readonly silentForMs?: Ms;
}

/** A machine shows itself by its long sentence after about so long. */
const MACHINE_SHOWS_MS: Ms = 2_400;
/** The beep after a machine's greeting. */
const BEEP_MS: Ms = 400;
/** Three tones of a third of a second. */
const SIT_MS: Ms = 1_100;
/** An announcement is told from other talk before an answer after so long. */
const ANNOUNCEMENT_SHOWS_MS: Ms = 3_000;
/** Classes of special information tones, as they come. */
const SIT_CLASSES = ['vacant-code', 'intercept', 'no-circuit', 'reorder'] as const;

/**
 * Stands in for the ear: knows what really answered, and tells it late and
 * sometimes wrongly, as the model says.
 */
export class SimulatedAnalyst {
  readonly #config: AnalysisModelConfig;
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #tell: (input: AnalysisInput) => void;
  readonly #running = new Map<CallId, Appointment[]>();

  constructor(config: AnalysisModelConfig, clock: VirtualClock, random: Random, tell: (input: AnalysisInput) => void) {
    this.#config = config;
    this.#clock = clock;
    this.#random = random;
    this.#tell = tell;
  }

  isListeningTo(callId: CallId): boolean {
    return this.#running.has(callId);
  }

  /** Begins to listen, or begins anew; the party is what really is at the other end. */
  start(party: ContactParty, listening: Listening): void {
    this.stop(party.callId);
    const appointments: Appointment[] = [];
    this.#running.set(party.callId, appointments);
    if (this.#random.chance(this.#config.lostRatio)) return;
    if (listening.phase === 'early-media') this.#hearEarly(party, appointments);
    else this.#hearAnswer(party, listening, appointments);
  }

  stop(callId: CallId): void {
    for (const appointment of this.#running.get(callId) ?? []) appointment.cancel();
    this.#running.delete(callId);
  }

  /** The service that listened is no more. */
  stopAll(): void {
    for (const callId of [...this.#running.keys()]) this.stop(callId);
  }

  #hearEarly(party: ContactParty, appointments: Appointment[]): void {
    const { callId, plan } = party;
    const hear = (afterMs: Ms, heard: Extract<AnalysisInput, { type: 'early-media-analysed' }>['heard'], detail?: string): void => {
      appointments.push(
        this.#clock.after(afterMs, () => {
          if (!party.isOver) this.#tell({ type: 'early-media-analysed', callId, heard, detail, reason: `the world plays a ${plan.kind}` });
        }),
      );
    };
    if (plan.kind === 'early-intercept') hear(SIT_MS, 'intercept', this.#random.pick(SIT_CLASSES));
    else if (plan.kind === 'early-announcement') hear(ANNOUNCEMENT_SHOWS_MS, 'announcement');
    else if (party.answeredAtMs === undefined) hear(SIT_MS, 'ringing');
  }

  #hearAnswer(party: ContactParty, listening: Listening, appointments: Appointment[]): void {
    const { callId, plan } = party;
    const heardForMs = this.#clock.monotonicMs - (party.answeredAtMs ?? this.#clock.monotonicMs);
    const judgements = this.#judge(party, listening);
    for (const { afterMs, stage, verdict, detail, silentForMs = 0 } of judgements) {
      appointments.push(
        this.#clock.after(afterMs - heardForMs, () => {
          if (party.isOver) return;
          this.#tell({
            type: 'answer-analysed',
            callId,
            stage,
            verdict,
            probabilityRatio: 0.9,
            machineProbabilityRatio: verdict === 'machine' ? 0.9 : 0.1,
            reason: `the world plays a ${plan.kind}`,
            decidedAfterMs: afterMs,
            silentForMs,
            detail,
            modelName: 'world',
            features: { greetingMs: plan.greetingMs },
          });
        }),
      );
    }
    const last = judgements.at(-1);
    if (last?.verdict !== 'machine') return;
    const greetingEndsMs = Math.max(plan.greetingMs, last.afterMs) + BEEP_MS - heardForMs;
    appointments.push(
      this.#clock.after(greetingEndsMs, () => {
        if (!party.isOver) this.#tell({ type: 'greeting-ended', callId, by: plan.kind === 'machine' ? 'beep' : 'silence' });
      }),
    );
  }

  /** What will be told of this party, in order. */
  #judge(party: ContactParty, listening: Listening): readonly Judgement[] {
    const { kind } = party.plan;
    switch (kind) {
      case 'person':
        return this.#judgePerson(party, listening);
      case 'machine':
        return this.#judgeMachine(party, listening);
      case 'screening':
        return [{ afterMs: 3_000, stage: 'decided', verdict: 'screening' }];
      case 'menu':
        return [{ afterMs: 4_000, stage: 'decided', verdict: 'menu' }];
      case 'sit':
        return [{ afterMs: SIT_MS, stage: 'decided', verdict: 'intercept', detail: 'vacant-code' }];
      case 'fax':
        return [{ afterMs: 1_800, stage: 'decided', verdict: 'fax', detail: 'ced' }];
      case 'rings-on':
        return [{ afterMs: this.#config.verdictMsMax, stage: 'decided', verdict: 'ringing', detail: 'ringback' }];
      case 'silence':
        return [{ afterMs: listening.silenceLimitMs, stage: 'decided', verdict: 'silence', silentForMs: listening.silenceLimitMs }];
      case 'no-answer':
      case 'busy':
      case 'unallocated':
      case 'congestion':
      case 'dead':
      case 'early-intercept':
      case 'early-announcement':
        throw new RangeError(`A call to a ${kind} was never answered and cannot be analysed.`);
      default:
        return assertNever(kind);
    }
  }

  #judgePerson(party: ContactParty, listening: Listening): readonly Judgement[] {
    const { wrongForPersonRatio, wrongRevisionForPersonRatio, revisedAfterMs } = this.#config;
    if (this.#random.chance(wrongForPersonRatio)) return [...this.#perhapsProbable(party, 1), asMachine('decided', MACHINE_SHOWS_MS)];
    const decided = this.#asPerson(party, listening);
    const revised = this.#random.chance(wrongRevisionForPersonRatio) ? [asMachine('revised', decided.afterMs + revisedAfterMs)] : [];
    return [...this.#perhapsProbable(party, 1), decided, ...revised];
  }

  #judgeMachine(party: ContactParty, listening: Listening): readonly Judgement[] {
    const { wrongForMachineRatio, revisedForMachineRatio, revisedAfterMs, probableForMachineRatio } = this.#config;
    const probable = this.#perhapsProbable(party, probableForMachineRatio);
    if (!this.#random.chance(wrongForMachineRatio)) return [...probable, asMachine('decided', MACHINE_SHOWS_MS)];
    const decided = this.#asPerson(party, listening);
    const revised = this.#random.chance(revisedForMachineRatio) ? [asMachine('revised', decided.afterMs + revisedAfterMs)] : [];
    return [...probable, decided, ...revised];
  }

  #asPerson({ plan }: ContactParty, { decisionLimitMs }: Listening): Judgement {
    const { afterGreetingMs, verdictMsMax, unsureRatio } = this.#config;
    const limitMs = Math.min(verdictMsMax, decisionLimitMs);
    const afterMs = Math.min(plan.greetingMs + afterGreetingMs, limitMs);
    const isUnsure = afterMs === limitMs || this.#random.chance(unsureRatio);
    return { afterMs, stage: 'decided', verdict: isUnsure ? 'unsure' : 'person', silentForMs: Math.max(0, afterMs - plan.greetingMs) };
  }

  /** Before any decision, in the middle of the first words. */
  #perhapsProbable({ plan }: ContactParty, shareRatio: number): readonly Judgement[] {
    if (!this.#random.chance(this.#config.probableRatio * shareRatio)) return [];
    return [{ afterMs: Math.min(plan.greetingMs / 2, MACHINE_SHOWS_MS / 2), stage: 'probable', verdict: 'person' }];
  }
}

const asMachine = (stage: VerdictStage, afterMs: Ms): Judgement => ({ afterMs, stage, verdict: 'machine' });
