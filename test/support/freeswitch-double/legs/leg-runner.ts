import { EVENTS } from '../recorded/event-catalogue.js';
import { applicationNamed } from './applications.js';
import type { StopReason } from './execution.js';
import { Execution } from './execution.js';
import type { Leg } from './leg.js';
import { hangUpLeg } from './leg-life.js';
import { endUnicast } from './unicast-audio.js';
import type { PlannedApplication } from './inline-dialplan.js';

/** How fast a leg's own loop goes round. */
const ROUND_MS = 20;

/** Something that a client asked of a leg while it is in an application. */
interface PrivateMessage {
  readonly application: PlannedApplication;
  readonly uuid: string | undefined;
  /** So long after it has its turn. */
  readonly delayMs: number;
  readonly manner: MessageManner;
}

/** `on-top`: it begins over what plays, which stands still meanwhile, as `sendmsg` does (seen on 1.10.12). `alone`: nothing begins over it, as with `uuid_broadcast` (flow 10). */
type MessageManner = 'on-top' | 'alone';

interface Nested {
  readonly execution: Execution;
  readonly manner: MessageManner;
}

/**
 * Runs a leg's applications: one after the other as its plan says, and between
 * them, while one of those waits, what clients send to the leg.
 */
export class LegRunner {
  readonly #leg: Leg;
  #plan: PlannedApplication[] = [];
  #main: Execution | undefined;
  /** Parked by the end of a bridge: without CHANNEL_EXECUTE, and without its end. */
  #isBareParked = false;
  #messages: PrivateMessage[] = [];
  /** The last one is on top. */
  readonly #nested: Nested[] = [];
  #isNestedDue = false;

  constructor(leg: Leg) {
    this.#leg = leg;
  }

  /** Whether the leg has a loop that takes messages. */
  get isRunning(): boolean {
    return this.#main !== undefined || this.#isBareParked || this.#leg.bridgedTo !== undefined;
  }

  /** The application on top. */
  get current(): Execution | undefined {
    return this.#nested.at(-1)?.execution ?? this.#main;
  }

  /** Begins a plan on a leg that runs nothing. */
  begin(plan: readonly PlannedApplication[]): void {
    this.#plan = [...plan];
    this.#leg.channelState = 'CS_EXECUTE';
    this.#next();
  }

  /** Leaves whatever runs and begins another plan; the leg's profile is a new one then. */
  transfer(plan: readonly PlannedApplication[]): void {
    const leg = this.#leg;
    this.stopAll('transfer');
    leg.times.profileCreated = leg.core.clock.stampUs;
    if (leg.kind === 'inbound' && leg.isAnswered) {
      // A leg that called us goes through its dialplan's states again, and rings for a moment (seen on 1.10.12).
      leg.channelState = 'CS_ROUTING';
      leg.enterCallState('RINGING');
      leg.channelState = 'CS_EXECUTE';
      leg.enterCallState('ACTIVE');
    }
    this.begin(plan);
  }

  /** Ends what runs; messages that wait stay for later, unless the leg is over. */
  stopAll(why: StopReason): void {
    this.#plan = [];
    this.#stopNested(why);
    if (why === 'hangup' || why === 'far-end-hangup') {
      for (const _ of this.#messages) this.#leg.emit(EVENTS.privateCommand);
      this.#messages = [];
    }
    const main = this.#main;
    this.#main = undefined;
    main?.stop(why);
    if (this.#isBareParked) {
      this.#isBareParked = false;
      endUnicast(this.#leg);
      this.#leg.isParked = false;
      this.#leg.emit(EVENTS.unpark);
    }
  }

  /** Waits after a bridge, as `park_after_bridge` asks. */
  parkBare(): void {
    const leg = this.#leg;
    leg.channelState = 'CS_PARK';
    this.#isBareParked = true;
    leg.isParked = true;
    leg.emit(EVENTS.park);
    this.#runMessages();
  }

  /** Queues an application behind those that were sent before. */
  send(application: PlannedApplication, uuid: string | undefined, delayMs: number, manner: MessageManner = 'on-top'): void {
    this.#messages.push({ application, uuid, delayMs, manner });
    this.#runMessages();
  }

  /** Stops the sound that plays, and those that it plays over, one after the other (seen on 1.10.12); with `all`, what waits to play as well. */
  breakOff(isAll: boolean): void {
    if (isAll) this.#messages = [];
    const playing = this.current;
    if (playing === undefined || !['playback', 'play_and_get_digits'].includes(playing.name)) return;
    playing.stop('break');
    if (this.#nested.length === 0) {
      this.#mainOver();
      return;
    }
    this.#nestedOver();
    const below = this.current;
    this.#leg.core.after(ROUND_MS, () => {
      if (below !== undefined && this.current === below) this.breakOff(false);
    });
  }

  #next(): void {
    const leg = this.#leg;
    const application = this.#plan.shift();
    if (leg.hangupCause !== undefined) return;
    if (application === undefined) {
      hangUpLeg(leg, 'NORMAL_CLEARING', 'we');
      return;
    }
    const body = applicationNamed(application.name);
    if (body === undefined) {
      hangUpLeg(leg, 'DESTINATION_OUT_OF_ORDER', 'we');
      return;
    }
    const execution = new Execution(leg, application, body, () => {
      if (this.#main === execution) this.#mainOver();
    });
    this.#main = execution;
    execution.begin();
    this.#runMessages();
  }

  #mainOver(): void {
    this.#stopNested('transfer');
    this.#main = undefined;
    this.#next();
  }

  #runMessages(): void {
    const leg = this.#leg;
    const message = this.#messages[0];
    if (message === undefined || this.#nested.at(-1)?.manner === 'alone' || this.#isNestedDue || !this.isRunning) return;
    this.#isNestedDue = true;
    leg.core.after(message.delayMs, () => {
      this.#isNestedDue = false;
      const isHeldUp = this.#nested.at(-1)?.manner === 'alone';
      if (this.#messages[0] !== message || !this.isRunning || isHeldUp || leg.hangupCause !== undefined) {
        this.#runMessages();
        return;
      }
      this.#messages.shift();
      this.#beginNested(message);
    });
  }

  #beginNested({ application, uuid, manner }: PrivateMessage): void {
    const leg = this.#leg;
    if (application.name === '') {
      leg.emit(EVENTS.privateCommand);
      this.#runMessages();
      return;
    }
    const body = applicationNamed(application.name);
    if (body === undefined) {
      hangUpLeg(leg, 'DESTINATION_OUT_OF_ORDER', 'we');
      leg.emit(EVENTS.privateCommand);
      return;
    }
    const execution = new Execution(leg, { ...application, uuid }, body, () => {
      if (this.#nested.at(-1)?.execution === execution) this.#nestedOver();
    });
    this.current?.suspend();
    if (manner === 'alone') {
      leg.variables.set('current_loop', '1');
      leg.variables.set('total_loops', '1');
    }
    this.#nested.push({ execution, manner });
    execution.begin();
    this.#runMessages();
  }

  #stopNested(why: StopReason): void {
    for (let top = this.#nested.pop(); top !== undefined; top = this.#nested.pop()) {
      top.execution.stop(why);
      this.#leg.emit(EVENTS.privateCommand);
    }
  }

  #nestedOver(): void {
    this.#nested.pop();
    this.current?.resume();
    this.#leg.emit(EVENTS.privateCommand);
    this.#runMessages();
  }
}
