import type { Command } from '../dialer/command.js';
import type { DialerConfig } from '../dialer/config.js';
import { Dialer } from '../dialer/dialer.js';
import type { Input } from '../dialer/input.js';
import type { DialerMachine, WakeAt } from '../dialer/output.js';
import type { Switch } from '../telephony/switch.js';
import { assertNever } from '../units/assert-never.js';
import { contactId } from '../units/ids.js';
import type { MonotonicMs, Ms } from '../units/time.js';
import { monotonicAfter, monotonicMs } from '../units/time.js';
import type { AuditRule, Violation } from './audit-log.js';
import { Auditor } from './auditor.js';
import { RunHash } from './run-hash.js';
import type { RunCounts } from './run-tally.js';
import { RunTally } from './run-tally.js';
import { SimulatedAnalyst } from './simulated-analyst.js';
import type { SimulatedPbx } from './simulated-pbx.js';
import { SimulatedStore } from './simulated-store.js';
import type { Appointment, VirtualClock } from './virtual-clock.js';
import type { ConnectionConfig, Fault, WorldConfig } from './world-config.js';
import { pinOf, World } from './world.js';

/** Makes the service's connection to the simulated exchange. */
export type ConnectSwitch = (
  pbx: SimulatedPbx,
  clock: VirtualClock,
  connection: ConnectionConfig,
  seed: number,
  onFault: (what: string) => void,
) => Switch;

/** What a run needs beside its world, and what else is to happen in it. */
export interface RunOptions {
  readonly connect: ConnectSwitch;
  /** The machine under test; default the Dialer. */
  readonly createMachine?: (config: DialerConfig, seed: number) => DialerMachine;
  /** Given to the machine at an instant after the start, beside what the world does. */
  readonly inputs?: readonly { readonly atMs: Ms; readonly input: Input }[];
  /** Put on the do-not-call list from outside at an instant, by contact index. */
  readonly doNotCall?: readonly { readonly atMs: Ms; readonly contactIndex: number }[];
  /** Told of each line of the log, in order. */
  readonly onLine?: (line: string) => void;
  /** Off: no log and no hash, for speed alone. Default on. */
  readonly isHashed?: boolean;
}

/** What a run was, to be read or written as JSON. */
export interface RunReport {
  readonly seed: number;
  /** Over every Input, Command and Event with its time. */
  readonly hash: string;
  readonly inputCount: number;
  readonly commandCount: number;
  readonly eventCount: number;
  /** Virtual time from the start to the last call's end. */
  readonly lastedMs: Ms;
  readonly counts: RunCounts;
  readonly contactsByState: Readonly<Record<string, number>>;
  /** With their stories; at most a few of each rule. */
  readonly violations: readonly Violation[];
  /** How often each rule was broken. */
  readonly violationsByRule: Readonly<Partial<Record<AuditRule, number>>>;
  /** What the guard around the switch had to correct. */
  readonly switchFaults: readonly string[];
  /** Most calls on the exchange at one time. */
  readonly callsAtOnceMax: number;
}

/** How often the auditor looks for what lasts too long. */
const SWEEP_MS: Ms = 500;
/** Longest that calls in progress are let finish after the run. Chosen: the longest drawn talk fits. */
const FINISH_MS_MAX: Ms = 4 * 3_600_000;
/** From the end of the campaign to the agents' going home. */
const GO_HOME_MS: Ms = 3_000;
/** The store's check of a PIN: slow by design. */
const PIN_CHECK_MS: Ms = 60;

/**
 * Runs a whole call centre in virtual time: the world, a switch, a store and
 * a dialer, under the auditor. The same arguments give the same report, to the
 * byte of its log.
 */
export function runCampaign(world: WorldConfig, dialer: DialerConfig, seed: number, options: RunOptions): RunReport {
  return new CampaignRun(world, dialer, seed, options).run();
}

class CampaignRun {
  readonly #config: WorldConfig;
  readonly #dialerConfig: DialerConfig;
  readonly #seed: number;
  readonly #options: RunOptions;
  readonly #world: World;
  readonly #clock: VirtualClock;
  readonly #store: SimulatedStore;
  readonly #analyst: SimulatedAnalyst;
  readonly #auditor: Auditor;
  readonly #hash = new RunHash();
  readonly #tally: RunTally;
  readonly #switchFaults: string[] = [];
  readonly #counts = { input: 0, command: 0, event: 0 };
  #callsAtOnceMax = 0;
  #serviceCount = 0;
  #service: { readonly machine: DialerMachine; readonly switch: Switch; readonly abort: AbortController } | undefined;
  #wake: { readonly atMs: MonotonicMs; readonly appointment: Appointment } | undefined;

  constructor(world: WorldConfig, dialer: DialerConfig, seed: number, options: RunOptions) {
    this.#config = world;
    this.#dialerConfig = dialer;
    this.#seed = seed;
    this.#options = options;
    this.#world = new World(world, dialer, seed, (party, rival) => {
      this.#auditor.doubled(party.contactId, party.callId, rival.callId);
    });
    this.#clock = this.#world.clock;
    const { random } = this.#world;
    const tell = (input: Input): void => {
      this.#handle(input);
    };
    this.#store = new SimulatedStore(this.#clock, random.fork(), world.store, tell);
    this.#analyst = new SimulatedAnalyst(world.analysis, this.#clock, random.fork(), tell);
    this.#tally = new RunTally((callId) => this.#world.partyOf(callId)?.plan.kind);
    this.#auditor = new Auditor(dialer, {
      unownedMs: 1_500,
      stuckMs: 1_500,
    });
  }

  run(): RunReport {
    this.#fillStore();
    this.#startService();
    for (const { campaignId } of this.#dialerConfig.campaigns) {
      this.#store.setRunning(campaignId, true);
      this.#handle({ type: 'campaign-ordered', campaignId, order: 'start' });
    }
    for (const agent of this.#world.agents) {
      agent.arriveIn(this.#world.random.between(0, this.#config.agents.arrivalSpreadMs));
    }
    for (const fault of this.#config.faults) this.#planFault(fault);
    for (const { atMs, input } of this.#options.inputs ?? []) this.#clock.after(atMs, () => { this.#handle(input); });
    for (const { atMs, contactIndex } of this.#options.doNotCall ?? []) {
      this.#clock.after(atMs, () => {
        for (const { campaignId } of this.#dialerConfig.campaigns) {
          this.#store.addDoNotCall(contactId(`${campaignId}-${String(contactIndex)}`));
        }
      });
    }
    this.#sweepLater();
    this.#clock.runUntil(monotonicMs(this.#config.runMs));
    this.#finish();
    return this.#report();
  }

  #fillStore(): void {
    for (const { campaignId } of this.#dialerConfig.campaigns) {
      for (let index = 0; index < this.#config.contactCount; index++) {
        this.#store.addContact(contactId(`${campaignId}-${String(index)}`), campaignId);
      }
    }
  }

  /** No new calls; the last ones are let finish and everybody goes home. */
  #finish(): void {
    for (const { campaignId } of this.#dialerConfig.campaigns) {
      this.#store.setRunning(campaignId, false);
      this.#handle({ type: 'campaign-ordered', campaignId, order: 'pause' });
    }
    this.#clock.after(GO_HOME_MS, () => {
      for (const agent of this.#world.agents) agent.goHome();
    });
    const deadlineMs = monotonicAfter(this.#clock.monotonicMs, FINISH_MS_MAX);
    // A moment longer at least, so that what is on its way arrives.
    this.#clock.runUntil(monotonicAfter(this.#clock.monotonicMs, 2 * GO_HOME_MS));
    while (this.#clock.monotonicMs < deadlineMs && !this.#isQuiet()) {
      this.#clock.runUntil(monotonicAfter(this.#clock.monotonicMs, SWEEP_MS));
    }
    this.#auditor.finish(this.#clock.now(), {
      liveCallCount: this.#world.pbx.liveCallCount,
      openAttemptCount: this.#store.openAttemptCount,
    });
  }

  #isQuiet(): boolean {
    return (
      this.#service !== undefined &&
      this.#store.openAttemptCount === 0 &&
      this.#world.pbx.liveCallCount === 0 &&
      this.#world.agents.every((agent) => !agent.isOnTheLine)
    );
  }

  #startService(): void {
    this.#serviceCount++;
    const seed = this.#seed * 1_000 + this.#serviceCount;
    const create = this.#options.createMachine ?? ((config, machineSeed): DialerMachine => new Dialer(config, machineSeed));
    const abort = new AbortController();
    const { pbx, clock } = this.#world;
    const connection = this.#options.connect(pbx, clock, this.#config.connection, seed, (what) => {
      this.#switchFaults.push(what);
    });
    const service = { machine: create(this.#dialerConfig, seed), switch: connection, abort };
    this.#service = service;
    this.#handle({ type: 'restored', state: this.#store.restoredState() });
    // Failing to start is a bug of the simulation; it would show as a run without a snapshot.
    void connection.start((event) => {
      if (this.#service !== service) return;
      if (event.type === 'switch-snapshot') {
        const { hasEarlyMedia, hasTapWhileBridged } = connection.capabilities;
        this.#handle({ type: 'switch-abilities', abilities: { hasEarlyMedia, hasTapWhileBridged } });
      }
      this.#handle({ type: 'switch', event });
    }, abort.signal);
  }

  #killService(): void {
    const service = this.#service;
    if (service === undefined) return;
    this.#service = undefined;
    this.#wake?.appointment.cancel();
    this.#wake = undefined;
    service.abort.abort();
    void service.switch.close();
    this.#analyst.stopAll();
    this.#store.forgetService();
    this.#auditor.serviceDied(this.#store.restoredState().openAttempts, this.#clock.now());
  }

  #planFault(fault: Fault): void {
    const { pbx } = this.#world;
    const later = (spanMs: Ms, run: () => void): void => {
      this.#clock.after(spanMs, run);
    };
    switch (fault.type) {
      case 'trunk-outage': {
        const trunk = this.#dialerConfig.trunks[fault.trunkIndex]?.name;
        if (trunk === undefined) throw new RangeError(`There is no trunk ${String(fault.trunkIndex)}.`);
        later(fault.atMs, () => { pbx.setTrunkReachable(trunk, false); });
        later(fault.atMs + fault.lastsMs, () => { pbx.setTrunkReachable(trunk, true); });
        return;
      }
      case 'cut':
        later(fault.atMs, () => { pbx.cutConnections('The connection was cut.'); });
        later(fault.atMs + fault.lastsMs, () => { pbx.allowConnections(); });
        return;
      case 'switch-restart':
        later(fault.atMs, () => { pbx.restart(); });
        return;
      case 'store-failure':
        later(fault.atMs, () => { this.#store.fail(); });
        later(fault.atMs + fault.lastsMs, () => { this.#store.recover(); });
        return;
      case 'service-crash':
        later(fault.atMs, () => { this.#killService(); });
        later(fault.atMs + fault.lastsMs, () => { if (this.#service === undefined) this.#startService(); });
        return;
      case 'drain':
        later(fault.atMs, () => { this.#handle({ type: 'drain-ordered' }); });
        return;
      default:
        assertNever(fault);
    }
  }

  #handle(input: Input): void {
    const service = this.#service;
    if (service === undefined) return;
    const now = this.#clock.now();
    this.#log('I', input);
    this.#auditor.input(input, now);
    const output = service.machine.handle(input, now);
    for (const event of output.events) {
      this.#log('E', event);
      this.#tally.event(event);
      this.#store.note(event);
    }
    for (const command of output.commands) this.#log('C', command);
    this.#auditor.output(output.commands, output.events, now);
    this.#counts.input++;
    this.#counts.command += output.commands.length;
    this.#counts.event += output.events.length;
    for (const command of output.commands) this.#perform(service.switch, command);
    this.#wakeAt(output.wakeAt);
  }

  #wakeAt(wakeAt: WakeAt | undefined): void {
    if (this.#wake !== undefined && this.#wake.atMs === wakeAt?.monotonicMs) return;
    this.#wake?.appointment.cancel();
    this.#wake = undefined;
    if (wakeAt === undefined) return;
    const appointment = this.#clock.at(wakeAt.monotonicMs, () => {
      this.#wake = undefined;
      this.#handle({ type: 'woke' });
    });
    this.#wake = { atMs: wakeAt.monotonicMs, appointment };
  }

  #perform(connection: Switch, command: Command): void {
    switch (command.type) {
      case 'write-attempt':
      case 'fetch-contacts':
      case 'return-contacts':
      case 'add-do-not-call':
        this.#store.perform(command);
        return;
      case 'check-pin': {
        const isRight = command.digits === pinOf(command.agentId, this.#dialerConfig.keypad.pinDigitsMax);
        const service = this.#service;
        this.#clock.after(PIN_CHECK_MS, () => {
          if (service === this.#service) this.#handle({ type: 'pin-checked', callId: command.callId, isRight });
        });
        return;
      }
      case 'analyse-answer': {
        const party = this.#world.partyOf(command.callId);
        if (party !== undefined && !party.isOver) this.#analyst.start(party, command.listening);
        return;
      }
      case 'keep-snippet':
        this.#handle({ type: 'snippet-kept', callId: command.callId, path: `snippets/${command.callId}.wav` });
        return;
      case 'stop-analysis':
        this.#analyst.stop(command.callId);
        return;
      case 'originate': {
        const { commandId, callId, trunk, ringTimeoutMs, wantsEarlyMedia } = command;
        const destination = command.contactId;
        connection.perform({ type: 'originate', commandId, callId, trunk, destination, callerNumber: '', ringTimeoutMs, wantsEarlyMedia });
        this.#callsAtOnceMax = Math.max(this.#callsAtOnceMax, this.#world.pbx.liveCallCount);
        return;
      }
      case 'start-recording': {
        const { commandId, callId, campaignId } = command;
        connection.perform({ type: 'start-recording', commandId, callId, path: `${campaignId}/${callId}.wav` });
        return;
      }
      case 'switch':
        connection.perform(command.command);
        return;
      default:
        assertNever(command);
    }
  }

  #sweepLater(): void {
    this.#clock.after(SWEEP_MS, () => {
      if (this.#service !== undefined) this.#auditor.sweep(this.#clock.now());
      this.#sweepLater();
    });
  }

  #log(kind: 'I' | 'C' | 'E', message: Input | Command | object): void {
    if (this.#options.isHashed === false) return;
    const line = `${this.#clock.monotonicMs.toFixed(3)} ${kind} ${JSON.stringify(message)}`;
    this.#hash.add(line);
    this.#options.onLine?.(line);
  }

  #report(): RunReport {
    const contactsByState: Record<string, number> = {};
    for (const { state } of this.#store.contacts) contactsByState[state] = (contactsByState[state] ?? 0) + 1;
    return {
      seed: this.#seed,
      hash: this.#hash.hex,
      inputCount: this.#counts.input,
      commandCount: this.#counts.command,
      eventCount: this.#counts.event,
      lastedMs: this.#clock.monotonicMs,
      counts: this.#tally.counts(this.#store.attemptCount),
      contactsByState,
      violations: this.#auditor.violations,
      violationsByRule: Object.fromEntries(this.#auditor.countByRule),
      switchFaults: this.#switchFaults,
      callsAtOnceMax: this.#callsAtOnceMax,
    };
  }
}
