import type { CallId } from '../units/ids.js';
import type { SwitchCommandBody } from '../telephony/switch.js';
import type { PbxCall } from './pbx-call.js';
import type { PbxRefusal } from './pbx-config.js';
import { gone, refused, withAnswered } from './pbx-refusals.js';
import type { PbxRooms } from './pbx-rooms.js';

type Order<Type extends SwitchCommandBody['type']> = Extract<SwitchCommandBody, { readonly type: Type }>;

/** What the exchange is told to do with calls that are there: bridges, hold, keys, supervision, taps. */
export class PbxRoomOrders {
  readonly #calls: ReadonlyMap<CallId, PbxCall>;
  readonly #rooms: PbxRooms;

  constructor(calls: ReadonlyMap<CallId, PbxCall>, rooms: PbxRooms) {
    this.#calls = calls;
    this.#rooms = rooms;
  }

  openBridge(order: Order<'open-bridge'>): undefined {
    this.#rooms.open(order.bridgeId);
    return undefined;
  }

  closeBridge(order: Order<'close-bridge'>): PbxRefusal | undefined {
    if (!this.#rooms.has(order.bridgeId)) return gone('such bridge');
    this.#rooms.close(order.bridgeId);
    return undefined;
  }

  bridge(order: Order<'bridge'>): PbxRefusal | undefined {
    return withAnswered(this.#calls, order.callId, (call) => {
      if (!this.#rooms.has(order.bridgeId)) return gone('such bridge');
      this.#rooms.enter(call, order.bridgeId, order.isTapped === true);
      return undefined;
    });
  }

  unbridge(order: Order<'unbridge'>): PbxRefusal | undefined {
    const call = this.#calls.get(order.callId);
    if (call === undefined) return gone('such call');
    if (call.bridgeId !== undefined) this.#rooms.leaveTapped(call);
    return undefined;
  }

  hold(order: Order<'hold'>): PbxRefusal | undefined {
    return withAnswered(this.#calls, order.callId, (call) => {
      this.#rooms.hold(call);
      return undefined;
    });
  }

  unhold(order: Order<'unhold'>): PbxRefusal | undefined {
    return withAnswered(this.#calls, order.callId, (call) => {
      if (!call.isHeld) return gone('call on hold');
      this.#rooms.leave(call);
      return undefined;
    });
  }

  sendDigits(order: Order<'send-digits'>): PbxRefusal | undefined {
    if (!/^[0-9*#A-D]{1,40}$/.test(order.digits)) return refused('There must be 1 to 40 keys of 0-9, *, #, A-D.');
    return withAnswered(this.#calls, order.callId, (call) => {
      call.party.hears({ kind: 'keys', digits: order.digits });
      return undefined;
    });
  }

  supervise(order: Order<'supervise'>): PbxRefusal | undefined {
    if (order.callId === order.targetCallId) return refused('A call cannot supervise itself.');
    return withAnswered(this.#calls, order.callId, (call) => {
      const target = this.#calls.get(order.targetCallId);
      if (target === undefined) return gone('call to supervise');
      this.#rooms.supervise(call, target, order.mode);
      return undefined;
    });
  }

  stopSupervising(order: Order<'stop-supervising'>): PbxRefusal | undefined {
    const call = this.#calls.get(order.callId);
    if (call === undefined) return gone('such call');
    return this.#rooms.stopSupervising(call) ? undefined : gone('call that is supervised');
  }

  tap(order: Order<'tap'>): PbxRefusal | undefined {
    const call = this.#calls.get(order.callId);
    if (call === undefined) return gone('such call');
    if (call.state !== 'answered' && !call.hasEarlyMedia) return refused('A call without audio cannot be tapped.');
    this.#rooms.tap(call);
    return undefined;
  }

  untap(order: Order<'untap'>): PbxRefusal | undefined {
    const call = this.#calls.get(order.callId);
    if (call === undefined || !call.isTapped) return gone('tapped call');
    this.#rooms.untap(call);
    return undefined;
  }
}
