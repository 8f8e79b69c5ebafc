import { Q850_NORMAL_CLEARING } from '../../call/end-cause.js';
import type { CallId } from '../../units/ids.js';
import { assertNever } from '../../units/assert-never.js';
import type { SwitchEvent } from '../switch.js';
import { endedCause } from './asterisk-causes.js';
import type { AsteriskNaming } from './asterisk-config.js';
import type { AsteriskFact, EnteredCall } from './asterisk-events.js';
import type { FoundOnSwitch } from './asterisk-snapshot.js';
import { LiveCalls } from './live-calls.js';
import type { LiveCallRecord } from './live-calls.js';

/** The facts that are about calls. */
export type CallFact = Exclude<AsteriskFact, { readonly type: 'helper-ready' | 'helper-gone' | 'playback-finished' | 'application-taken' }>;

/**
 * The cause of a channel: the switch's own, but for two of older lines. Where
 * they have none, it is what the far end asked with, else, where nobody asked
 * for the end of a call that rang, their own ring time-out. And that time-out
 * of a call that is in the application already they call normal clearing.
 */
function causeOf(call: LiveCallRecord, told: number): number {
  const isUnanswered = call.isOriginated && !call.isAnswered;
  if (told === 0) return call.farCause ?? (isUnanswered && !call.isEnding ? Q850_NO_ANSWER : 0);
  const isTimeOut = call.isEarly && isUnanswered && !call.isHungUp && call.farCause === undefined;
  return isTimeOut && told === Q850_NORMAL_CLEARING ? Q850_NO_ANSWER : told;
}

const Q850_NO_ANSWER = 19;

/** Whom the tracker tells. */
export interface CallTrackerListener {
  emit(event: SwitchEvent): void;
  /** Before its `call-ended`; the call is no longer among the live ones. */
  onCallEnded(call: LiveCallRecord): void;
  /** A call that came to us: `watched` is to be said when its whole life will be told. */
  onArrived(callId: CallId): void;
  onEnteredTap(tapId: string, callId: CallId): void;
  onLeftTap(tapId: string, callId: CallId): void;
  /** A call found on the switch that was made and, as far as anybody knows, never dialled: nothing there would ever end it. */
  onUndialled(callId: CallId): void;
  /** Out of the bridge in which it supervised. */
  onLeftWatch(bridgeId: string, callId: CallId): void;
}

/** Turns facts about calls into the port's events, each once and in the port's order. */
export class CallTracker {
  readonly #naming: AsteriskNaming;
  readonly #listener: CallTrackerListener;
  readonly #calls = new LiveCalls();

  constructor(naming: AsteriskNaming, listener: CallTrackerListener) {
    this.#naming = naming;
    this.#listener = listener;
  }

  get(callId: CallId): LiveCallRecord | undefined {
    return this.#calls.get(callId);
  }

  all(): readonly LiveCallRecord[] {
    return this.#calls.all();
  }

  /**
   * The call's events wait for the reply; false when a call of this id is alive.
   * @param isEarly it comes into the application before its answer.
   */
  beginOriginate(callId: CallId, isEarly: boolean): boolean {
    if (this.#calls.get(callId) !== undefined) return false;
    const call = this.#calls.add({ callId, isOriginated: true, phone: undefined, channelName: '' });
    call.heldEvents = [];
    call.isEarly = isEarly;
    if (isEarly) this.#undialled.add(callId);
    return true;
  }

  nameChannel(callId: CallId, channelName: string): void {
    const call = this.#calls.get(callId);
    if (call !== undefined) call.channelName = channelName;
  }

  /** Runs once the switch has the call in the application, or it has ended: before that it takes no orders for it. */
  whenEntered(callId: CallId, run: () => void): void {
    const call = this.#calls.get(callId);
    if (call === undefined || call.hasEntered) run();
    else call.whenEntered = run;
  }

  /** Lets the events go that came before the reply. */
  originateDone(callId: CallId): void {
    const call = this.#calls.get(callId) ?? this.#endedEarly.get(callId);
    this.#endedEarly.delete(callId);
    this.#undialled.delete(callId);
    const held = call?.heldEvents ?? [];
    if (call !== undefined) call.heldEvents = undefined;
    for (const event of held) this.#listener.emit(event);
  }

  /** @param mayBeThere the connection went: the next list of calls may hold it. */
  originateFailed(callId: CallId, mayBeThere: boolean): void {
    this.#endedEarly.delete(callId);
    if (!mayBeThere) this.#undialled.delete(callId);
    this.#calls.remove(callId);
  }

  /** Calls that ended before the reply to their originate came. */
  readonly #endedEarly = new Map<CallId, LiveCallRecord>();

  /** Calls that are made in the application and have no word yet of having been dialled. */
  readonly #undialled = new Set<CallId>();

  /** After a gap: exactly these are alive. */
  replace(found: FoundOnSwitch): void {
    const alive = new Set(found.calls.map(({ live }) => live.callId));
    this.#endedEarly.clear();
    for (const call of this.#calls.all()) {
      if (alive.has(call.callId)) continue;
      this.#calls.remove(call.callId);
      this.#listener.onCallEnded(call);
    }
    for (const { live, channelName, isOriginated, isEarly } of found.calls) {
      const known = this.#calls.get(live.callId);
      const call = known ?? this.#calls.add({ callId: live.callId, isOriginated, phone: live.phone, channelName });
      // What was on its way to it when the connection went, nobody knows.
      if (known?.hold !== 'none') call.hold = 'perhaps';
      call.moves = [];
      call.isEarly ||= isEarly;
      call.channelName = channelName;
      call.isRinging = live.state !== 'dialling';
      call.isAnswered = live.state === 'answered';
      call.heldEvents = undefined;
      call.bridgeId = undefined;
      call.headedFor = undefined;
      if (!isOriginated) this.#listener.onArrived(live.callId);
      if (this.#undialled.has(live.callId) && live.state === 'dialling') this.#listener.onUndialled(live.callId);
    }
    this.#undialled.clear();
    for (const { bridgeId, callIds } of found.bridges) {
      for (const callId of callIds) {
        const call = this.#calls.get(callId);
        if (call !== undefined) call.bridgeId = bridgeId;
      }
    }
  }

  /** A call came into our application: the answer to ours, or somebody who calls. */
  enter(entered: EnteredCall): void {
    const known = this.#calls.get(entered.callId);
    if (known !== undefined) {
      known.channelName = entered.channelName;
      this.#enteredOrEnded(known);
      if (known.isOriginated && entered.isUp) this.#answer(known);
      return;
    }
    const { callId, phone, channelName, isOriginated } = entered;
    // One of ours that no one here knows: a former run dialled it and the snapshot missed it.
    const call = this.#calls.add({ callId, isOriginated, phone, channelName });
    this.#emit(call, {
      type: 'call-offered',
      callId,
      ...(phone === undefined ? {} : { phone }),
      callerNumber: entered.callerNumber,
      request: entered.request,
    });
    if (!isOriginated) this.#listener.onArrived(callId);
    if (entered.isUp) this.#answer(call);
  }

  /** The switch will tell this call's very end. */
  watched(callId: CallId): void {
    const call = this.#calls.get(callId);
    if (call !== undefined) call.isWatched = true;
  }

  onFact(fact: CallFact): void {
    if (fact.type === 'call-entered') return this.enter(fact.call);
    const call = this.#calls.get(fact.callId);
    if (call === undefined) return;
    switch (fact.type) {
      case 'call-ringing':
        if (!call.isOriginated || call.isRinging || call.isAnswered) return;
        call.isRinging = true;
        return this.#emit(call, { type: 'call-ringing', callId: call.callId });
      case 'call-early-media':
        if (!call.isEarly || call.isHeardEarly || call.isAnswered) return;
        call.isHeardEarly = true;
        return this.#emit(call, { type: 'call-early-media', callId: call.callId });
      case 'call-up':
        // Our own calls count as answered when they are handed to us, a moment later, unless they were before.
        if (!call.isOriginated || call.isEarly) this.#answer(call);
        return;
      case 'call-ending':
        call.isEnding = true;
        call.farCause = fact.farCause ?? call.farCause;
        call.farSipCode = fact.farSipCode ?? call.farSipCode;
        return;
      case 'call-left':
        if (!call.isEnding) this.#end(call, Q850_NORMAL_CLEARING, 'taken out of the application');
        // Its end is told only where somebody asked to hear of it.
        else if (!call.isWatched) this.#end(call, call.farCause ?? Q850_NORMAL_CLEARING, 'left the application');
        return;
      case 'call-destroyed':
        return this.#end(call, causeOf(call, fact.cause), fact.causeText);
      case 'digit':
        return this.#emit(call, { type: 'digit-received', callId: call.callId, digit: fact.digit });
      case 'entered-bridge':
        return this.#entered(call, fact.roomId);
      case 'left-bridge':
        return this.#left(call, fact.roomId);
      default:
        return assertNever(fact);
    }
  }

  #enteredOrEnded(call: LiveCallRecord): void {
    call.hasEntered = true;
    const run = call.whenEntered;
    call.whenEntered = undefined;
    run?.();
  }

  #answer(call: LiveCallRecord): void {
    if (call.isAnswered) return;
    call.isAnswered = true;
    this.#emit(call, { type: 'call-answered', callId: call.callId });
  }

  #entered(call: LiveCallRecord, roomId: string): void {
    const tapId = this.#naming.tapOfBridge(roomId);
    if (tapId !== undefined) return this.#listener.onEnteredTap(tapId, call.callId);
    const bridgeId = this.#naming.bridgeOfRoom(roomId);
    if (bridgeId === undefined || call.bridgeId === bridgeId) return;
    call.bridgeId = bridgeId;
    this.#emit(call, { type: 'call-bridged', bridgeId, callId: call.callId });
  }

  #left(call: LiveCallRecord, roomId: string): void {
    const tapId = this.#naming.tapOfBridge(roomId);
    if (tapId !== undefined) return this.#listener.onLeftTap(tapId, call.callId);
    if (this.#naming.isWatch(roomId)) return this.#listener.onLeftWatch(roomId, call.callId);
    const bridgeId = this.#naming.bridgeOfRoom(roomId);
    if (bridgeId === undefined) return;
    if (call.headedFor === bridgeId) call.headedFor = undefined;
    if (call.bridgeId !== bridgeId) return;
    this.#emit(call, { type: 'call-unbridged', bridgeId, callId: call.callId });
    call.bridgeId = undefined;
  }

  #end(call: LiveCallRecord, cause: number, causeText: string): void {
    this.#calls.remove(call.callId);
    call.isEnding = true;
    this.#listener.onCallEnded(call);
    if (call.heldEvents !== undefined) this.#endedEarly.set(call.callId, call);
    this.#enteredOrEnded(call);
    const ended = endedCause(cause, causeText, call.farSipCode);
    this.#emit(call, { type: 'call-ended', callId: call.callId, ...ended });
  }

  #emit(call: LiveCallRecord, event: SwitchEvent): void {
    if (call.heldEvents === undefined) this.#listener.emit(event);
    else call.heldEvents.push(event);
  }
}
