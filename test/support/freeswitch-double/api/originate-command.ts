import { EVENTS } from '../recorded/event-catalogue.js';
import { Leg } from '../legs/leg.js';
import { LegRunner } from '../legs/leg-runner.js';
import { answerLeg, giveEarlyMedia, hangUpLeg, ringLeg } from '../legs/leg-life.js';
import { causeOfRefusal } from '../legs/hangup-causes.js';
import { CarrierLine } from '../outside/carrier-line.js';
import type { CarrierScript } from '../outside/carrier-scripts.js';
import { scriptOf } from '../outside/carrier-scripts.js';
import { phoneAddress } from '../outside/registrations.js';
import type { SwitchCore } from '../server/switch-core.js';
import type { OriginateOrder } from './originate-arguments.js';
import { parseOriginate } from './originate-arguments.js';

const USAGE =
  '-USAGE: <call url> <exten>|&<application_name>(<app_args>) [<dialplan>] [<context>] [<cid_name>] [<cid_num>] [<timeout_sec>]\n';

/** From the INVITE until an unheard one is given up: timer B of RFC 3261. */
const TIMER_B_MS = 32_000;

/** Answers an `originate` once it has come to something. */
export function originate(core: SwitchCore, args: string, answer: (text: string) => void): void {
  const order = parseOriginate(args);
  if (order === undefined) {
    answer(USAGE);
    return;
  }
  const refusal = refusalOf(core, order);
  if (refusal !== undefined) {
    if (refusal.hasStrayDestroy) tellStrayDestroy(core, order);
    core.after(1, () => {
      answer(`-ERR ${refusal.cause}\n`);
    });
    return;
  }
  new Originate(core, order, answer).begin();
}

interface Refusal {
  readonly cause: string;
  /** The channel was made, and is gone again before it was told (flow 06). */
  readonly hasStrayDestroy: boolean;
}

/** Why it comes to nothing before any INVITE, if so. */
function refusalOf(core: SwitchCore, { target, variables }: OriginateOrder): Refusal | undefined {
  const bare = (cause: string): Refusal => ({ cause, hasStrayDestroy: false });
  const stray = (cause: string): Refusal => ({ cause, hasStrayDestroy: true });
  switch (target.kind) {
    case 'broken':
      return bare('DESTINATION_OUT_OF_ORDER');
    case 'unknown':
      return bare('CHAN_NOT_IMPLEMENTED');
    case 'user':
      if (core.registrations.has(target.number)) break;
      return bare(core.settings.users.has(target.number) ? 'USER_NOT_REGISTERED' : 'SUBSCRIBER_ABSENT');
    case 'address':
      if (!['internal', 'gateway'].includes(target.by)) return stray('INVALID_PROFILE');
      break;
    case 'gateway':
      break;
  }
  if (core.legs.has(variables.get('origination_uuid') ?? '') || !core.mayBegin('outbound')) return bare('DESTINATION_OUT_OF_ORDER');
  if (target.kind !== 'gateway') return undefined;
  const gateway = core.gateways.get(target.by);
  if (gateway === undefined) return stray('INVALID_GATEWAY');
  if (gateway.isReachable) return undefined;
  gateway.failedCount++;
  return stray('GATEWAY_DOWN');
}

function tellStrayDestroy(core: SwitchCore, { variables }: OriginateOrder): void {
  const uuid = variables.get('origination_uuid') ?? core.newUuid();
  const ids = { 'Unique-ID': uuid, 'Channel-Call-UUID': uuid, variable_uuid: uuid, variable_call_uuid: uuid };
  core.emitRecorded(EVENTS.strayDestroy, { ...ids, variable_session_id: String(core.sessionCount) });
}

/** A leg through a gateway is named by its number, any other by its address. */
function channelNameOf(core: SwitchCore, { target }: OriginateOrder): { readonly channelName?: string } {
  if (target.kind === 'address') return { channelName: `sofia/${target.by}/${target.number}` };
  if (target.kind === 'user') return { channelName: `sofia/internal/${phoneAddress(core, target.number)}` };
  return {};
}

/** One call on its way. */
class Originate {
  readonly #core: SwitchCore;
  readonly #order: OriginateOrder;
  readonly #answer: (text: string) => void;
  readonly #leg: Leg;
  #isSettled = false;
  #cancelTimers: (() => void)[] = [];

  constructor(core: SwitchCore, order: OriginateOrder, answer: (text: string) => void) {
    this.#core = core;
    this.#order = order;
    this.#answer = answer;
    const { variables, target } = order;
    this.#leg = new Leg(core, {
      uuid: variables.get('origination_uuid') ?? core.newUuid(),
      kind: target.kind === 'user' ? 'phone' : 'contact',
      number: target.number.split('@')[0] ?? '',
      callerName: variables.get('origination_caller_id_name') ?? '',
      callerNumber: variables.get('origination_caller_id_number') ?? '0000000000',
      variables,
      ...(target.kind === 'gateway' ? { gateway: target.by } : {}),
      ...channelNameOf(core, order),
    });
    this.#leg.runner = new LegRunner(this.#leg);
  }

  begin(): void {
    const leg = this.#leg;
    leg.emit(EVENTS.created);
    leg.onHungUp = () => {
      this.#settle(`-ERR ${leg.hangupCause ?? ''}\n`);
    };
    // A leg that is transferred before it is up is no longer the originate's (seen on 1.10.12).
    leg.onTaken = () => {
      this.#settle('-ERR ORIGINATOR_CANCEL\n');
    };
    leg.emit(EVENTS.originated);
    leg.channelState = 'CS_CONSUME_MEDIA';
    this.#startTimers();
    this.#core.farEnds.set(
      leg.uuid,
      new CarrierLine(leg, this.#script(), {
        ring: () => {
          ringLeg(leg);
        },
        earlyMedia: () => {
          giveEarlyMedia(leg);
          if (!leg.isTrue('ignore_early_media')) this.#succeed();
        },
        answer: () => {
          answerLeg(leg);
          this.#succeed();
        },
        refuse: (sipCode, reasonQ850) => {
          this.#countFailure();
          hangUpLeg(leg, causeOfRefusal(sipCode, reasonQ850), { sipCode });
        },
      }),
    );
  }

  #script(): CarrierScript {
    const { settings } = this.#core;
    const { target } = this.#order;
    if (target.kind === 'user') return scriptOf(settings.phoneBehaviourOf(target.number));
    const gateway = this.#core.gateways.get(target.by);
    if (gateway !== undefined) gateway.callCount++;
    return scriptOf(settings.behaviourOf(target.number) ?? 'unallocated');
  }

  #countFailure(): void {
    const gateway = this.#core.gateways.get(this.#order.target.by);
    if (gateway !== undefined) gateway.failedCount++;
  }

  /** Whole seconds of the clock: they fire up to one second early, `progress_timeout` up to one late (flows 04, 22). */
  #startTimers(): void {
    const { clock } = this.#core;
    const seconds = (name: string): number | undefined => {
      const text = this.#leg.variables.get(name);
      return text === undefined ? undefined : Number(text);
    };
    const ringing = seconds('originate_timeout') ?? 60;
    this.#giveUpAfter(clock.untilSecond(ringing), 'NO_ANSWER', () => true);
    const progress = seconds('progress_timeout');
    if (progress !== undefined) {
      this.#giveUpAfter(clock.untilSecond(progress + 1), 'PROGRESS_TIMEOUT', () => this.#leg.times.progress === 0 && !this.#leg.hasMedia);
    }
    this.#cancelTimers.push(
      this.#core.after(TIMER_B_MS, () => {
        const isUnheard = this.#leg.times.progress === 0 && !this.#leg.hasMedia;
        if (isUnheard) hangUpLeg(this.#leg, 'RECOVERY_ON_TIMER_EXPIRE', { sipCode: 408 });
      }),
    );
  }

  #giveUpAfter(spanMs: number, cause: string, isDue: () => boolean): void {
    this.#cancelTimers.push(
      this.#core.after(spanMs + this.#core.random.between(17, 40), () => {
        if (isDue()) hangUpLeg(this.#leg, cause, 'time-out');
      }),
    );
  }

  /** It is up: its application runs, and the job says so, in either order. */
  #succeed(): void {
    if (this.#isSettled) return;
    const leg = this.#leg;
    const run = (): void => {
      if (leg.hangupCause === undefined) leg.runner.begin([{ name: this.#order.application.name, data: this.#order.application.data }]);
    };
    const isJobFirst = this.#core.random.chance(0.8);
    if (!isJobFirst) {
      run();
      this.#settle(`+OK ${leg.uuid}\n`);
      return;
    }
    this.#settle(`+OK ${leg.uuid}\n`);
    this.#core.shortly(run);
  }

  #settle(text: string): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#leg.onHungUp = undefined;
    this.#leg.onTaken = undefined;
    for (const cancel of this.#cancelTimers) cancel();
    this.#answer(text);
  }
}
