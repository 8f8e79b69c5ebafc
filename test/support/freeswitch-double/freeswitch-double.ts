import { Random } from '../../../src/units/random.js';
import type { EpochMs, Ms } from '../../../src/units/time.js';
import { epochMs } from '../../../src/units/time.js';
import type { DoubleGateway, FreeswitchDoubleOptions } from './double-options.js';
import type { Leg } from './legs/leg.js';
import { hangUpLeg } from './legs/leg-life.js';
import { OutsideWorld } from './outside/outside-world.js';
import { enterRegistration } from './outside/registrations.js';
import { EVENTS } from './recorded/event-catalogue.js';
import type { SwitchEventData } from './recorded/switch-event-data.js';
import { coreSettings } from './server/core-settings.js';
import { PacedClock } from './server/paced-clock.js';
import type { GatewayState, RegistrationState } from './server/switch-core.js';
import { eventNameOf, SwitchCore } from './server/switch-core.js';
import { EslServer } from './wire/esl-server.js';

/** A leg as a test sees it. */
export interface DoubleLeg {
  readonly uuid: string;
  readonly state: 'dialling' | 'ringing' | 'early' | 'answered' | 'ended';
  /** The application on top, empty before the first. */
  readonly application: string;
  /** Conference that it is in. */
  readonly room: string | undefined;
  /** Audio that came to it over `unicast`. */
  readonly heardBytes: number;
}

const RESTART_MS_DEFAULT: Ms = 300;
const AUTH_TIMEOUT_MS_DEFAULT: Ms = 25_000;
const PIECE_BYTES_MAX_DEFAULT = 2_048;
const HEARTBEAT_MS: Ms = 20_000;
/** From SHUTDOWN until the connections are closed (flow 23). */
const SHUTDOWN_MS: Ms = 2_000;
const GATEWAYS_DEFAULT: readonly DoubleGateway[] = [{ name: 'carrier' }];

/**
 * A FreeSWITCH 1.10.12 as its event socket shows it, with a small carrier and
 * desk phones behind it. What it says is made from recordings of a real one:
 * each event from a recorded event, each answer in the recorded words.
 */
export class FreeswitchDouble {
  /** Phones and people behind it. */
  readonly outside: OutsideWorld;
  readonly #options: FreeswitchDoubleOptions;
  readonly #clock: PacedClock;
  readonly #random: Random;
  readonly #gateways = new Map<string, GatewayState>();
  readonly #registrations = new Map<string, RegistrationState>();
  readonly #drops = new Map<string, number>();
  readonly #server: EslServer;
  #core: SwitchCore;
  #crashCount = 0;

  private constructor(options: FreeswitchDoubleOptions) {
    this.#options = options;
    this.#clock = new PacedClock(options.timeScale ?? 1, options.startedAtMs ?? epochMs(Date.now()));
    this.#random = new Random(options.seed ?? 1);
    this.#server = new EslServer(() => this.#core, () => ({
      password: options.password ?? 'ClueCon',
      pieceBytesMax: options.pieceBytesMax ?? PIECE_BYTES_MAX_DEFAULT,
      authTimeoutMs: options.authTimeoutMs ?? AUTH_TIMEOUT_MS_DEFAULT,
      random: this.#random.fork(),
    }));
    this.outside = new OutsideWorld(() => this.#core, options.featureVariables);
    this.#core = this.#bringUp();
    this.#settle();
  }

  /** Listens on 127.0.0.1 and is ready for clients. */
  static async start(options: FreeswitchDoubleOptions = {}): Promise<FreeswitchDouble> {
    const double = new FreeswitchDouble(options);
    await double.#server.listen(options.port ?? 0);
    return double;
  }

  /** TCP port of the event socket on 127.0.0.1. */
  get port(): number {
    return this.#server.port;
  }

  /** Legs that are up, in order of their making. */
  get legs(): readonly DoubleLeg[] {
    return [...this.#core.legs.values()].map((leg) => ({
      uuid: leg.uuid,
      state: stateOf(leg),
      application: leg.application,
      room: [...this.#core.conferences.values()].find(({ members }) => members.some((member) => member.leg === leg))?.name,
      heardBytes: leg.heardBytes,
    }));
  }

  /** Conferences with the uuids of their members. */
  get rooms(): ReadonlyMap<string, readonly string[]> {
    return new Map([...this.#core.conferences].map(([name, { members }]) => [name, members.map(({ leg }) => leg.uuid)]));
  }

  /** How often the switch died of `unicast` on a leg without audio. */
  get crashCount(): number {
    return this.#crashCount;
  }

  /** Live connections to the event socket. */
  get connectionCount(): number {
    return this.#server.connectionCount;
  }

  /** The double's own clock. */
  get epochMs(): EpochMs {
    return this.#clock.epochMs;
  }

  /** Time of the double since its start. */
  get nowMs(): Ms {
    return this.#clock.nowMs;
  }

  /** Moves its time on to this instant since the start; only with `timeScale: 'manual'`. */
  advanceTo(nowMs: Ms): void {
    this.#clock.advanceTo(nowMs);
  }

  /** The gateway's peer stops answering its ping, or answers again; told at once. @throws Error without such a gateway. */
  setGatewayReachable(name: string, isReachable: boolean): void {
    this.#clock.catchUp();
    const gateway = this.#gateways.get(name);
    if (gateway === undefined) throw new Error(`There is no gateway ${name}.`);
    if (gateway.isReachable === isReachable) return;
    gateway.isReachable = isReachable;
    this.#core.emitRecorded(isReachable ? EVENTS.gatewayStateUp : EVENTS.gatewayState, { Gateway: name });
  }

  /** The next so many events of this name, or CUSTOM subclass, are never sent. */
  dropNext(eventName: string, count: number): void {
    this.#drops.set(eventName, (this.#drops.get(eventName) ?? 0) + count);
  }

  /** Closes every connection and accepts none until `allow`; the legs live on. */
  cut(): void {
    this.#server.isCut = true;
    this.#server.cutAll();
  }

  allow(): void {
    this.#server.isCut = false;
  }

  /** From now on every connection is turned away in the words of an access list (flow 01), or no longer. */
  refuseConnections(isRefusing: boolean): void {
    this.#server.isRefusing = isRefusing;
  }

  /**
   * The switch stops, in good order or without a word, and comes up again with
   * nothing alive and another Core-UUID. Registrations stay in its database.
   */
  async restart(how: 'orderly' | 'crash' = 'crash'): Promise<void> {
    this.#clock.catchUp();
    if (how === 'orderly' && !this.#core.isOver) await this.#shutDown();
    this.#core.isOver = true;
    this.#server.cutAll();
    await this.#server.stopListening();
    await this.#pass(this.#options.restartMs ?? RESTART_MS_DEFAULT);
    this.outside.forget();
    this.#core = this.#bringUp();
    await this.#server.listen(0);
  }

  /** Between two tests: every leg ends, registrations and gateways are as the options say, nothing is cut, refused or dropped. */
  async reset(): Promise<void> {
    this.#clock.catchUp();
    if (this.#core.isOver) await this.restart();
    this.#server.isCut = false;
    this.#server.isRefusing = false;
    this.#drops.clear();
    this.outside.forget();
    for (const leg of this.#core.legs.values()) hangUpLeg(leg, 'MANAGER_REQUEST', 'we');
    await this.#pass(100);
    this.#core.leaving.clear();
    this.#settle();
  }

  /** Gone for good, with every connection. */
  async close(): Promise<void> {
    this.#core.isOver = true;
    this.#clock.close();
    this.#server.cutAll();
    await this.#server.stopListening();
  }

  #bringUp(): SwitchCore {
    const core = new SwitchCore({
      clock: this.#clock,
      random: this.#random,
      settings: coreSettings(this.#options),
      gateways: this.#gateways,
      registrations: this.#registrations,
      onEvent: (event) => {
        this.#spread(event);
      },
      onCrash: () => {
        this.#crashCount++;
        this.#server.cutAll();
        void this.#server.stopListening();
      },
    });
    const beat = (): void => {
      core.emitRecorded(EVENTS.heartbeat, { 'Session-Count': String(core.legs.size), 'Session-Since-Startup': String(core.sessionCount) });
      core.after(HEARTBEAT_MS, beat);
    };
    core.after(HEARTBEAT_MS, beat);
    return core;
  }

  /** Gateways and registrations as the options have them. */
  #settle(): void {
    this.#gateways.clear();
    for (const { name, isReachable } of this.#options.gateways ?? GATEWAYS_DEFAULT) {
      this.#gateways.set(name, { name, isReachable: isReachable ?? true, callCount: 0, failedCount: 0 });
    }
    this.#registrations.clear();
    for (const { user, isRegistered } of this.#options.phones ?? [{ user: '1001' }]) {
      if (isRegistered ?? true) enterRegistration(this.#core, user);
    }
  }

  #spread(event: SwitchEventData): void {
    const name = eventNameOf(event);
    const drops = this.#drops.get(name) ?? 0;
    if (drops > 0) {
      this.#drops.set(name, drops - 1);
      return;
    }
    this.#server.offer(event);
  }

  /** SHUTDOWN, the legs end, and after a while the connections do. */
  async #shutDown(): Promise<void> {
    const core = this.#core;
    core.emitRecorded(EVENTS.shutdown, {});
    for (const leg of core.legs.values()) hangUpLeg(leg, 'SYSTEM_SHUTDOWN', 'we');
    await this.#pass(SHUTDOWN_MS);
    this.#server.goodbye('The system is being shut down.\n');
    await this.#pass(50);
  }

  #pass(spanMs: Ms): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(spanMs, resolve);
    });
  }
}

function stateOf(leg: Leg): DoubleLeg['state'] {
  if (leg.hangupCause !== undefined) return 'ended';
  if (leg.isAnswered) return 'answered';
  if (leg.hasMedia) return 'early';
  return leg.callState === 'RINGING' ? 'ringing' : 'dialling';
}
