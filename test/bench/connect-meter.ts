import { setTimeout as wait } from 'node:timers/promises';
import type { DialerEvent } from '../../src/dialer/event.js';
import type { Input } from '../../src/dialer/input.js';
import { agentId, type CallId } from '../../src/units/ids.js';
import { Random } from '../../src/units/random.js';
import type { HeardHop, LiveEnd } from '../support/live-end.js';
import type { JoinStamps } from './watched-switch.js';

/** From a start until each side hears the other. */
export interface HearingSpans {
  readonly agentHearsMs: number;
  readonly contactHearsMs: number;
  /** The later of the two. */
  readonly bothHearMs: number;
}

/** One call, all spans from the verdict on. */
export interface MeasuredCall extends HearingSpans {
  readonly agentId: string;
  /** NaN when it was not heard. */
  readonly beepMs: number;
  readonly bridgeDoneMs: number;
  readonly sinceVerdictMs: number;
  /** Share of the 10 ms hops in which both tones were heard, in the time after they were first heard. */
  readonly heldRatio: number;
  /** The same two tones switched on again later in the same call: what the way between the ears takes by itself. */
  readonly connectedBefore: HearingSpans;
}

/** What the meter works on. */
export interface ConnectMeterParts {
  readonly seed: number;
  /** Phones' ends by agent id. */
  readonly agents: ReadonlyMap<string, LiveEnd>;
  readonly farSideOf: (callId: CallId) => LiveEnd;
  readonly stampsOf: (callId: CallId) => JoinStamps;
  readonly submit: (input: Input) => void;
}

const DONE = { type: 'dispose', disposition: { name: 'done', effect: 'complete' } } as const;
const HEAR_WAIT_MS_MAX = 3_000;
const HELD_FOR_MS = 400;
const HOP_MS = 10;
/** Both tones have left every buffer on the way. */
const QUIET_MS = 200;
const FRAME_MS = 20;

/** Measures every call that the dialer's events tell of, then has its agent end it and dispose of it. */
export class ConnectMeter {
  /** Of sounds/connect-beep.wav. */
  static readonly beepHz = 850;
  readonly measured: MeasuredCall[] = [];
  /** Why calls could not be measured. */
  readonly notMeasured: string[] = [];
  readonly #parts: ConnectMeterParts;
  readonly #random: Random;
  readonly #available = new Set<string>();
  readonly #connected = new Map<CallId, { readonly agentId: string; readonly sinceVerdictMs: number }>();
  #settledCount = 0;

  constructor(parts: ConnectMeterParts) {
    this.#parts = parts;
    this.#random = new Random(parts.seed);
  }

  get availableCount(): number {
    return this.#available.size;
  }

  /** Calls that are over and settled. */
  get doneCount(): number {
    return this.#settledCount;
  }

  /** The dialer's events, as they are said. */
  take(events: readonly DialerEvent[]): void {
    const nowMs = performance.now();
    for (const event of events) {
      switch (event.type) {
        case 'agent-changed':
          if (event.state === 'available') this.#available.add(event.agentId);
          else this.#available.delete(event.agentId);
          if (event.state === 'wrap-up') this.#parts.submit({ type: 'agent-ordered', agentId: event.agentId, order: DONE });
          break;
        case 'call-analysed':
          if (event.verdict === 'person') this.#begin(event.callId, nowMs);
          else this.notMeasured.push(`verdict ${event.verdict}: ${event.reason}`);
          break;
        case 'call-connected':
          this.#connected.set(event.callId, event);
          break;
        case 'contact-settled':
          this.#settledCount += 1;
          break;
        case 'attempt-ended':
          if (event.verdict === undefined) this.notMeasured.push(`ended before a verdict: ${event.cause}`);
          break;
        default:
          break;
      }
    }
  }

  #begin(callId: CallId, toldAtMs: number): void {
    this.#measure(callId, toldAtMs)
      .catch((error: unknown) => this.notMeasured.push(String(error)))
      .finally(() => {
        const connected = this.#connected.get(callId);
        if (connected === undefined) return;
        this.#parts.submit({ type: 'agent-ordered', agentId: agentId(connected.agentId), order: { type: 'hang-up-contact' } });
      });
  }

  async #measure(callId: CallId, toldAtMs: number): Promise<void> {
    const stamps = this.#parts.stampsOf(callId);
    // Events are told after the commands of the same turn were performed; the turn itself began before the first of them.
    const verdictAtMs = Math.min(toldAtMs, stamps.bridgeAskedAtMs ?? toldAtMs);
    const contact = this.#parts.farSideOf(callId);
    contact.isSounding = true;
    const ears = [...this.#parts.agents];
    const beeps = new Map(ears.map(([id, end]) => [id, end.nextHop([ConnectMeter.beepHz], HEAR_WAIT_MS_MAX)]));
    // Who is connected is told by the ears alone; that the dialer says the same is checked.
    const contactHears = contact.nextHop(ears.map(([, end]) => end.toneHz), HEAR_WAIT_MS_MAX);
    const agentHears = firstOf(ears.map(([, end]) => end.nextHop([contact.toneHz], HEAR_WAIT_MS_MAX)));
    const [atContact, atAgent] = await Promise.all([contactHears, agentHears]);
    const heard = ears.find(([, end]) => end.toneHz === atContact?.frequencyHz);
    if (atContact === undefined || atAgent === undefined || heard === undefined) {
      throw new Error(`${callId}: the ${atContact === undefined ? 'contact' : 'agent'} heard nothing.`);
    }
    const [id, agent] = heard;
    const heldRatio = await this.#heldRatio(agent, contact);
    const connected = this.#connected.get(callId);
    if (connected?.agentId !== id) throw new Error(`${callId}: heard with ${id}, but the dialer said ${connected?.agentId ?? 'nothing'}.`);
    const connectedBefore = await this.#switchOnAgain(agent, contact);
    const beep = await beeps.get(id);
    this.measured.push({
      agentId: id,
      ...spansSince(verdictAtMs, atAgent, atContact),
      beepMs: (beep?.atMs ?? NaN) - verdictAtMs,
      bridgeDoneMs: (stamps.bridgeDoneAtMs ?? NaN) - verdictAtMs,
      sinceVerdictMs: connected.sinceVerdictMs,
      heldRatio,
      connectedBefore,
    });
  }

  /** Whether the tones, once heard, stay: neither beep nor recording may cut them. */
  async #heldRatio(agent: LiveEnd, contact: LiveEnd): Promise<number> {
    let hopCount = 0;
    const count = (toneHz: number) => ({ frequencyHz }: HeardHop): void => {
      if (frequencyHz === toneHz) hopCount += 1;
    };
    const stops = [agent.onHeard(count(contact.toneHz)), contact.onHeard(count(agent.toneHz))];
    await wait(HELD_FOR_MS);
    for (const stop of stops) stop();
    return Math.min(1, hopCount / ((2 * HELD_FOR_MS) / HOP_MS));
  }

  async #switchOnAgain(agent: LiveEnd, contact: LiveEnd): Promise<HearingSpans> {
    agent.isSounding = false;
    contact.isSounding = false;
    // At any point of the 20 ms between two packets, as verdicts come.
    await wait(QUIET_MS + this.#random.between(0, FRAME_MS));
    const startedAtMs = performance.now();
    agent.isSounding = true;
    contact.isSounding = true;
    const [atAgent, atContact] = await Promise.all([
      agent.nextHop([contact.toneHz], HEAR_WAIT_MS_MAX),
      contact.nextHop([agent.toneHz], HEAR_WAIT_MS_MAX),
    ]);
    if (atAgent === undefined || atContact === undefined) throw new Error('A connected call fell silent.');
    return spansSince(startedAtMs, atAgent, atContact);
  }
}

function spansSince(startedAtMs: number, atAgent: HeardHop, atContact: HeardHop): HearingSpans {
  const agentHearsMs = atAgent.atMs - startedAtMs;
  const contactHearsMs = atContact.atMs - startedAtMs;
  return { agentHearsMs, contactHearsMs, bothHearMs: Math.max(agentHearsMs, contactHearsMs) };
}

/** The first that is heard; undefined when none is. */
async function firstOf(hops: readonly Promise<HeardHop | undefined>[]): Promise<HeardHop | undefined> {
  return Promise.race([
    ...hops.map((hop) => hop.then((heard) => heard ?? new Promise<undefined>(() => undefined))),
    Promise.all(hops).then((all) => all.find((hop) => hop !== undefined)),
  ]);
}
