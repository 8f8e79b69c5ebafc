import type { AnswerVerdict, Input } from '../dialer/input.js';
import type { CallId } from '../units/ids.js';
import type { Random } from '../units/random.js';
import type { Ms } from '../units/time.js';
import { assertNever } from '../units/assert-never.js';
import type { ContactParty } from './contact-party.js';
import type { Appointment, VirtualClock } from './virtual-clock.js';
import type { AnalysisModelConfig } from './world-config.js';

type AnalysisInput = Extract<Input, { readonly type: 'answer-analysed' | 'greeting-ended' }>;

/** One verdict to be given. */
interface Judgement {
  readonly afterMs: Ms;
  readonly verdict: AnswerVerdict;
  readonly tone: string | undefined;
  readonly silentForMs: Ms;
}

/** A machine shows itself by its long sentence after about so long. */
const MACHINE_SHOWS_MS: Ms = 2_400;
/** The beep after a machine's greeting. */
const BEEP_MS: Ms = 400;

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

  /** Begins to listen; the party is what really answered. */
  start(party: ContactParty): void {
    this.stop(party.callId);
    const { callId } = party;
    const judgement = this.#judge(party);
    const appointments: Appointment[] = [];
    this.#running.set(callId, appointments);
    if (this.#random.chance(this.#config.lostRatio)) return;
    const heardForMs = this.#clock.monotonicMs - (party.answeredAtMs ?? this.#clock.monotonicMs);
    appointments.push(
      this.#clock.after(judgement.afterMs - heardForMs, () => {
        if (party.isOver) return;
        this.#tell({
          type: 'answer-analysed',
          callId,
          verdict: judgement.verdict,
          probabilityRatio: 0.9,
          reason: `the world plays a ${party.plan.kind}`,
          decidedAfterMs: judgement.afterMs,
          silentForMs: judgement.silentForMs,
          tone: judgement.tone,
        });
      }),
    );
    const greetingEndsMs = Math.max(party.plan.greetingMs + BEEP_MS, judgement.afterMs + BEEP_MS) - heardForMs;
    appointments.push(
      this.#clock.after(greetingEndsMs, () => {
        if (party.isOver || judgement.verdict !== 'machine') return;
        this.#tell({ type: 'greeting-ended', callId, by: party.plan.kind === 'machine' ? 'beep' : 'silence' });
      }),
    );
  }

  stop(callId: CallId): void {
    for (const appointment of this.#running.get(callId) ?? []) appointment.cancel();
    this.#running.delete(callId);
  }

  /** The service that listened is no more. */
  stopAll(): void {
    for (const callId of [...this.#running.keys()]) this.stop(callId);
  }

  #judge(party: ContactParty): Judgement {
    const { kind, greetingMs } = party.plan;
    const { afterGreetingMs, verdictMsMax } = this.#config;
    const asPerson: Judgement = {
      afterMs: Math.min(greetingMs + afterGreetingMs, verdictMsMax),
      verdict: 'person',
      tone: undefined,
      silentForMs: Math.max(0, Math.min(afterGreetingMs, verdictMsMax - greetingMs)),
    };
    const asMachine: Judgement = {
      afterMs: Math.min(MACHINE_SHOWS_MS, verdictMsMax),
      verdict: 'machine',
      tone: undefined,
      silentForMs: 0,
    };
    switch (kind) {
      case 'person':
        return this.#random.chance(this.#config.wrongForPersonRatio) ? asMachine : asPerson;
      case 'machine':
        return this.#random.chance(this.#config.wrongForMachineRatio) ? asPerson : asMachine;
      case 'sit':
        return { afterMs: 1_100, verdict: 'tone', tone: 'sit', silentForMs: 0 };
      case 'fax':
        return { afterMs: 1_800, verdict: 'tone', tone: 'fax-cng', silentForMs: 0 };
      case 'silence':
        return { afterMs: verdictMsMax, verdict: 'no-speech', tone: undefined, silentForMs: verdictMsMax };
      case 'no-answer':
      case 'busy':
      case 'unallocated':
      case 'congestion':
      case 'dead':
        throw new RangeError(`A call to a ${kind} was never answered and cannot be analysed.`);
      default:
        return assertNever(kind);
    }
  }
}
