import type { BridgeId, CallId } from '../../units/ids.js';
import { assertNever } from '../../units/assert-never.js';
import type { Ms } from '../../units/time.js';
import type { SwitchEvent } from '../switch.js';
import type { EndedCause } from './freeswitch-causes.js';
import type { FreeswitchNaming } from './freeswitch-config.js';
import type { FoundLeg, FreeswitchFact } from './freeswitch-events.js';
import type { FoundOnSwitch } from './freeswitch-snapshot.js';
import type { Leg } from './leg.js';
import { isSettled, newLeg } from './leg.js';

/** The facts that are about legs and nothing else. */
export type LegFact = Extract<
  FreeswitchFact,
  { readonly type: 'call-created' | 'call-ringing' | 'early-media' | 'call-up' | 'call-parked' | 'call-unparked' | 'call-ended' | 'digit' | 'entered-room' | 'left-room' | 'execution-begun' | 'execution-over' }
>;

/** Applications in which a leg is not parked; it executes others, such as a sound, while it is. */
const OCCUPYING: readonly string[] = ['conference', 'eavesdrop'];

/** In the place of an id that a former run knew: whichever ends is the one. */
const ANY_EXECUTION = '';

/** Whom the tracker tells. */
export interface LegTrackerListener {
  emit(event: SwitchEvent): void;
  /** An originate of ours has made a channel: it is done. */
  onCreated(leg: Leg): void;
  /** It leaves a conference: what was being played to it there is over. */
  onLeftRoom(leg: Leg, bridgeId: BridgeId): void;
  /** Before its `call-ended`; the leg is no longer among the live ones. */
  onLegEnded(leg: Leg): void;
}

/** Turns facts about legs into the port's events, each once and in the port's order. */
export class LegTracker {
  readonly #naming: FreeswitchNaming;
  readonly #listener: LegTrackerListener;
  readonly #legs = new Map<CallId, Leg>();

  constructor(naming: FreeswitchNaming, listener: LegTrackerListener) {
    this.#naming = naming;
    this.#listener = listener;
  }

  get(callId: CallId): Leg | undefined {
    return this.#legs.get(callId);
  }

  all(): readonly Leg[] {
    return [...this.#legs.values()];
  }

  /** The leg's events wait for the reply; undefined when a leg of this id is alive. */
  beginOriginate(callId: CallId): Leg | undefined {
    if (this.#legs.has(callId)) return undefined;
    const leg = newLeg(callId, true, undefined);
    leg.heldEvents = [];
    this.#legs.set(callId, leg);
    return leg;
  }

  /** Lets the events go that came before the reply. */
  originateDone(leg: Leg): void {
    const held = leg.heldEvents ?? [];
    leg.heldEvents = undefined;
    for (const event of held) this.#listener.emit(event);
  }

  /** There was never a channel. */
  originateFailed(leg: Leg): void {
    clearTimeout(leg.ringLimit);
    this.#legs.delete(leg.callId);
  }

  /** After a gap: exactly these are alive. */
  replace(found: FoundOnSwitch): void {
    const alive = new Set(found.legs.map(({ callId }) => callId));
    for (const leg of this.all()) {
      if (alive.has(leg.callId)) continue;
      this.#legs.delete(leg.callId);
      clearTimeout(leg.ringLimit);
      leg.isEnding = true;
      this.#listener.onLegEnded(leg);
    }
    for (const { callId, leg: told } of found.legs) {
      const leg = this.#legs.get(callId) ?? newLeg(callId, told.isOriginated, told.phone);
      this.#legs.set(callId, leg);
      leg.heldEvents = undefined;
      leg.isRinging = told.isRinging || told.isAnswered;
      leg.isUp = told.isAnswered;
      leg.isAnsweredTold = told.isAnswered;
      leg.isParked = told.application === 'park' || (told.isAnswered && !OCCUPYING.includes(told.application));
      // Whether it was asked for its audio before nobody knows, where we did not.
      leg.isAudioReady = false;
      leg.task = told.argument === this.#naming.holdingMusic ? 'hold' : told.application === 'eavesdrop' ? 'supervise' : 'park';
      leg.bridgeId = undefined;
      leg.headedFor = undefined;
      this.#adoptFollowing(leg, told);
    }
    for (const { callId, bridgeId, memberId } of found.members) {
      const leg = this.#legs.get(callId);
      if (leg === undefined) continue;
      leg.bridgeId = bridgeId;
      leg.headedFor = bridgeId;
      leg.memberId = memberId;
      leg.task = 'bridge';
    }
  }

  /** After the snapshot: followings whose end nobody saw. */
  tellMissedEnds(): void {
    for (const leg of this.all()) this.#tellLeftTarget(leg);
  }

  #adoptFollowing(leg: Leg, { application, argument }: FoundLeg): void {
    const target = application === 'eavesdrop' ? (argument as CallId) : undefined;
    if (leg.supervision?.targetCallId === target) return;
    leg.leftTarget = leg.supervision?.targetCallId;
    leg.supervision = target === undefined ? undefined : { targetCallId: target, executionId: ANY_EXECUTION };
  }

  /** A leg of ours that was not known, one waiting for an answer as a rule. */
  offer(callId: CallId, found: FoundLeg): void {
    if (found.app !== this.#naming.app || this.#legs.has(callId)) return;
    const leg = newLeg(callId, found.isOriginated, found.phone);
    leg.isParked = true;
    this.#legs.set(callId, leg);
    this.#listener.emit({
      type: 'call-offered',
      callId,
      ...(found.phone === undefined ? {} : { phone: found.phone }),
      callerNumber: found.callerNumber,
      request: found.request,
    });
    if (!found.isAnswered) return;
    leg.isUp = true;
    this.#tellAnswer(leg);
  }

  /**
   * The switch's own ring limit ends at early media: from then on this one holds.
   * @param onLimit ends the leg as unanswered.
   */
  limitRinging(leg: Leg, ringTimeoutMs: Ms, onLimit: () => void): void {
    leg.ringLimit = setTimeout(() => {
      if (!leg.isUp && this.#legs.get(leg.callId) === leg) onLimit();
    }, ringTimeoutMs);
  }

  onFact(fact: LegFact): void {
    const leg = this.#legs.get(fact.callId);
    if (leg === undefined) {
      if (fact.type === 'call-parked') this.offer(fact.callId, fact.found);
      return;
    }
    switch (fact.type) {
      case 'call-created':
        return this.#listener.onCreated(leg);
      case 'call-ringing':
        if (!leg.isOriginated || leg.isRinging || leg.isUp) return;
        leg.isRinging = true;
        return this.#emit(leg, { type: 'call-ringing', callId: leg.callId });
      case 'early-media':
        return this.#earlyMedia(leg);
      case 'call-up':
        leg.isUp = true;
        clearTimeout(leg.ringLimit);
        return this.#tellAnswer(leg);
      case 'call-parked':
        leg.isParked = true;
        leg.isAudioReady = leg.isUp || leg.hasEarlyMedia;
        this.#tellEarlyMedia(leg);
        this.#tellAnswer(leg);
        this.#tellLeftTarget(leg);
        return this.#settle(leg);
      case 'call-unparked':
        leg.isParked = false;
        leg.isAudioReady = false;
        return;
      case 'call-ended':
        return this.#end(leg, fact.cause);
      case 'digit':
        if (leg.isAnsweredTold) this.#emit(leg, { type: 'digit-received', callId: leg.callId, digit: fact.digit });
        return;
      case 'entered-room':
        return this.#entered(leg, fact.room, fact.memberId);
      case 'left-room':
        return this.#left(leg, fact.room);
      case 'execution-begun':
        return this.#begun(leg, fact.application, fact.executionId);
      case 'execution-over':
        if (fact.application === 'eavesdrop') this.#followedToItsEnd(leg, fact.executionId);
        return;
      default:
        return assertNever(fact);
    }
  }

  /**
   * An originate that has not parked its leg yet would still do so, over any
   * order that came first: the answer is told when it has.
   */
  #tellAnswer(leg: Leg): void {
    if (!leg.isUp || !leg.isParked || leg.isAnsweredTold) return;
    leg.isAnsweredTold = true;
    this.#emit(leg, { type: 'call-answered', callId: leg.callId });
  }

  #earlyMedia(leg: Leg): void {
    if (leg.isUp) return;
    leg.hasEarlyMedia = true;
    this.#tellEarlyMedia(leg);
  }

  /** Told when the leg can be tapped, which is when it is parked; one whose originate did not want it is not parked before the answer. */
  #tellEarlyMedia(leg: Leg): void {
    if (!leg.hasEarlyMedia || !leg.isParked || leg.isUp || !leg.isOriginated) return;
    this.#emit(leg, { type: 'call-early-media', callId: leg.callId });
  }

  #entered(leg: Leg, room: string, memberId: string): void {
    const bridgeId = this.#naming.bridgeOfRoom(room);
    if (bridgeId === undefined) return;
    leg.memberId = memberId;
    if (leg.bridgeId === bridgeId) return;
    leg.bridgeId = bridgeId;
    this.#tellLeftTarget(leg);
    this.#emit(leg, { type: 'call-bridged', bridgeId, callId: leg.callId });
    this.#settle(leg);
  }

  #left(leg: Leg, room: string): void {
    const bridgeId = this.#naming.bridgeOfRoom(room);
    if (bridgeId === undefined || leg.bridgeId !== bridgeId) return;
    leg.bridgeId = undefined;
    leg.memberId = '';
    this.#listener.onLeftRoom(leg, bridgeId);
    this.#emit(leg, { type: 'call-unbridged', bridgeId, callId: leg.callId });
    this.#settle(leg);
  }

  #begun(leg: Leg, application: string, executionId: string): void {
    if (application !== 'eavesdrop') return this.#tellLeftTarget(leg);
    if (leg.supervision === undefined) return;
    leg.supervision.executionId = executionId;
    this.#settle(leg);
  }

  /** By itself, because its target ended; or by our order, told already or now. */
  #followedToItsEnd(leg: Leg, executionId: string): void {
    this.#tellLeftTarget(leg);
    if (leg.supervision === undefined) return;
    if (leg.supervision.executionId !== executionId && leg.supervision.executionId !== ANY_EXECUTION) return;
    leg.leftTarget = leg.supervision.targetCallId;
    leg.supervision = undefined;
    leg.task = 'park';
    this.#tellLeftTarget(leg);
  }

  #tellLeftTarget(leg: Leg): void {
    if (leg.leftTarget === undefined) return;
    this.#emit(leg, { type: 'supervision-ended', callId: leg.callId, targetCallId: leg.leftTarget });
    leg.leftTarget = undefined;
  }

  #settle(leg: Leg): void {
    if (isSettled(leg)) for (const run of leg.whenSettled.splice(0)) run();
  }

  #end(leg: Leg, cause: EndedCause): void {
    this.#legs.delete(leg.callId);
    clearTimeout(leg.ringLimit);
    leg.isEnding = true;
    for (const run of leg.whenSettled.splice(0)) run();
    this.#listener.onLegEnded(leg);
    leg.leftTarget ??= leg.supervision?.targetCallId;
    this.#tellLeftTarget(leg);
    this.#emit(leg, { type: 'call-ended', callId: leg.callId, ...cause });
  }

  #emit(leg: Leg, event: SwitchEvent): void {
    if (leg.heldEvents === undefined) this.#listener.emit(event);
    else leg.heldEvents.push(event);
  }
}
