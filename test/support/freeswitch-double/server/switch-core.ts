import type { Random } from '../../../../src/units/random.js';
import type { EventHeaders, SwitchEventData } from '../recorded/switch-event-data.js';
import { headerText } from '../recorded/switch-event-data.js';
import type { TemplateQuery } from '../recorded/event-template.js';
import { recordedEvent } from '../recorded/event-template.js';
import type { Conference } from '../legs/conference.js';
import type { Leg } from '../legs/leg.js';
import type { FarEnd } from '../outside/far-end.js';
import type { NumberBehaviour, CarrierScript } from '../outside/carrier-scripts.js';
import type { Ms } from '../../../../src/units/time.js';
import type { PacedClock } from './paced-clock.js';
import { stampEvent } from './event-stamp.js';

/** The options with everything filled in. */
export interface CoreSettings {
  readonly domain: string;
  readonly soundMs: (path: string) => Ms | undefined;
  readonly recordingsRoot: string;
  readonly listLagMsMax: Ms;
  readonly mediaTimeoutMs: Ms | undefined;
  readonly version: string | undefined;
  readonly missingModules: ReadonlySet<string>;
  readonly users: ReadonlySet<string>;
  /** In the order of the options. */
  readonly phoneUsers: readonly string[];
  readonly behaviourOf: (dialled: string) => NumberBehaviour | CarrierScript | undefined;
  readonly phoneBehaviourOf: (user: string) => NumberBehaviour | CarrierScript;
  readonly sessionsPerSecondMax: number;
  readonly sessionsMax: number;
  readonly firstMemberId: number;
}

/** A gateway and how its peer is. */
export interface GatewayState {
  readonly name: string;
  isReachable: boolean;
  callCount: number;
  failedCount: number;
}

/** A registration of a phone. */
export interface RegistrationState {
  readonly user: string;
  /** Seconds since 1970 after which the switch forgets it. */
  readonly expiresAt: number;
  readonly callId: string;
}

/**
 * One life of the switch, from start to stop: its legs, conferences, limits
 * and the numbers that it counts. Registrations and gateways outlive it.
 */
export class SwitchCore {
  readonly clock: PacedClock;
  readonly random: Random;
  readonly settings: CoreSettings;
  readonly gateways: ReadonlyMap<string, GatewayState>;
  readonly registrations: Map<string, RegistrationState>;
  readonly coreUuid: string;
  readonly startedUs: number;
  readonly legs = new Map<string, Leg>();
  readonly conferences = new Map<string, Conference>();
  /** What the far ends of live legs do; by leg. */
  readonly farEnds = new Map<string, FarEnd>();
  /** Legs that are gone but still listed; see `show channels`. */
  readonly leaving = new Set<Leg>();
  sessionCount = 0;
  sessionsPerSecondMax: number;
  sessionsMax: number;
  isOutboundPaused = false;
  isInboundPaused = false;
  isOver = false;
  #sequence = 500;
  #memberId: number;
  /** Sessions begun in the present second of the clock. */
  #second = { number: 0, count: 0, last: 0 };
  readonly #onEvent: (event: SwitchEventData) => void;
  readonly #onCrash: () => void;

  constructor(parts: {
    readonly clock: PacedClock;
    readonly random: Random;
    readonly settings: CoreSettings;
    readonly gateways: ReadonlyMap<string, GatewayState>;
    readonly registrations: Map<string, RegistrationState>;
    readonly onEvent: (event: SwitchEventData) => void;
    readonly onCrash: () => void;
  }) {
    this.clock = parts.clock;
    this.random = parts.random;
    this.settings = parts.settings;
    this.gateways = parts.gateways;
    this.registrations = parts.registrations;
    this.sessionsPerSecondMax = parts.settings.sessionsPerSecondMax;
    this.sessionsMax = parts.settings.sessionsMax;
    this.#memberId = parts.settings.firstMemberId;
    this.coreUuid = this.newUuid();
    this.startedUs = parts.clock.stampUs;
    this.#onEvent = parts.onEvent;
    this.#onCrash = parts.onCrash;
  }

  /** Sends an event to whoever wants it; nothing after the end of this life. */
  emit(headers: EventHeaders, body?: string): void {
    this.#send(headers, this.#sequence++, body);
  }

  /** Tells an event and, a moment later, its twin under the same number, as media bugs do (flow 14). */
  emitTwice(headers: EventHeaders, twin: EventHeaders): void {
    const sequence = this.#sequence++;
    this.#send(headers, sequence);
    this.after(1, () => {
      this.#send(twin, sequence);
    });
  }

  #send(headers: EventHeaders, sequence: number, body?: string): void {
    if (this.isOver) return;
    stampEvent(headers, this.coreUuid, this.clock.stampUs, sequence);
    this.#onEvent(body === undefined ? { headers } : { headers, body });
  }

  /** An event of no leg, from its recording. */
  emitRecorded(query: TemplateQuery, overrides: Readonly<Record<string, string>>, body?: string): void {
    const headers: EventHeaders = new Map(recordedEvent(query).headers);
    for (const [name, value] of Object.entries(overrides)) headers.set(name, value);
    this.emit(headers, body);
  }

  /** The next thing happens so much later, if the switch still lives then. */
  after(spanMs: Ms, run: () => void): () => void {
    return this.clock.after(spanMs, () => {
      if (!this.isOver) run();
    });
  }

  /** One step of the switch, 0 to 20 ms. */
  shortly(run: () => void): void {
    this.after(this.random.between(0, 20), run);
  }

  nextMemberId(): string {
    return String(this.#memberId++);
  }

  newUuid(): string {
    const hex = (digits: number): string =>
      Array.from({ length: digits }, () => Math.floor(this.random.unit() * 16).toString(16)).join('');
    return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  }

  /**
   * Whether another session may begin, and counts it. N a second lets N-1
   * through, and a pause or a full switch none (flow 19b).
   */
  mayBegin(direction: 'inbound' | 'outbound'): boolean {
    const second = Math.floor(this.clock.epochMs / 1000);
    if (second !== this.#second.number) {
      this.#second = { number: second, count: 0, last: second === this.#second.number + 1 ? this.#second.count : 0 };
    }
    const isPaused = direction === 'inbound' ? this.isInboundPaused : this.isOutboundPaused;
    if (isPaused || this.legs.size >= this.sessionsMax) return false;
    if (this.#second.count + 1 >= this.sessionsPerSecondMax) return false;
    this.#second.count++;
    this.sessionCount++;
    return true;
  }

  get sessionsInLastSecond(): number {
    return Math.floor(this.clock.epochMs / 1000) === this.#second.number + 1 ? this.#second.count : this.#second.last;
  }

  /** The whole server aborts, without a word. */
  crash(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#onCrash();
  }
}

/** Name of an event, of a CUSTOM one its subclass. */
export const eventNameOf = ({ headers }: SwitchEventData): string =>
  headerText(headers, 'Event-Name') === 'CUSTOM' ? headerText(headers, 'Event-Subclass') : headerText(headers, 'Event-Name');
