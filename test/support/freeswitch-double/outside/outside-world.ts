import type { Ms } from '../../../../src/units/time.js';
import type { Leg } from '../legs/leg.js';
import { receiveKey } from '../legs/leg-keys.js';
import type { SwitchCore } from '../server/switch-core.js';
import { hangUpFarEnd, loseFarEnd, pressKeys, receiveCall } from './desk-phone.js';
import { expireRegistration, registerPhone, unregisterPhone } from './registrations.js';

/** Variables that the dialplan sets on a call of a phone. */
type FeatureVariables = (user: string, feature: string) => Readonly<Record<string, string>>;

/** A test's hands on the phones and the people behind the double. */
export class OutsideWorld {
  readonly #core: () => SwitchCore;
  readonly #featureVariables: FeatureVariables;
  /** The leg that each phone has called with. */
  readonly #phoneLegs = new Map<string, Leg>();
  #nextName: string | undefined;

  /** @param featureVariables default: what our own dialplan sets. */
  constructor(core: () => SwitchCore, featureVariables: FeatureVariables = ourFeatureVariables) {
    this.#core = core;
    this.#featureVariables = featureVariables;
  }

  /**
   * A phone dials one of our feature codes; the leg's uuid. `feature` may carry
   * an argument: `pause:1`.
   * @throws Error when the phone is in a call, or the switch takes none.
   */
  dialFeature(user: string, feature: string): string {
    const core = this.#now();
    if (this.#liveLegOf(user) !== undefined) throw new Error(`The phone ${user} is in a call.`);
    const { domain } = core.settings;
    const leg = this.#receive({
      caller: user,
      dialled: `*${feature}`,
      sipVariables: { sip_authorized: 'true', sip_auth_username: user, sip_auth_realm: domain, user_name: user, domain_name: domain },
      variables: this.#featureVariables(user, feature),
    });
    this.#phoneLegs.set(user, leg);
    return leg.uuid;
  }

  /** The carrier calls one of our numbers; the leg's uuid. @throws Error when the switch takes none. */
  callIn(callerNumber: string, dialledNumber: string): string {
    this.#now();
    return this.#receive({
      caller: callerNumber,
      dialled: dialledNumber,
      sipVariables: {},
      variables: { outdial_app: 'outdial', outdial_request: `inbound:${dialledNumber}`, playback_terminators: 'none' },
    }).uuid;
  }

  /**
   * The next call that comes in shows this name. Letters that take more than
   * one byte are welcome; U+F880 to U+F8FF stand for bare bytes 80 to FF, which
   * are no UTF-8 and arrive so (flow 25).
   */
  nameNextCaller(name: string): void {
    this.#nextName = name;
  }

  /** Presses keys on a phone in a call; resolves when the last one is released. @throws Error when it is in none. */
  press(user: string, keys: string): Promise<void> {
    return this.#pressOn(this.#needLegOf(user), keys);
  }

  /** Holds one key down for so long; the switch hears of it at its release. */
  pressFor(user: string, key: string, heldMs: Ms): void {
    const leg = this.#needLegOf(user);
    leg.core.after(heldMs, () => {
      receiveKey(leg, key, heldMs, 'RTP');
    });
  }

  /** Puts a phone's handset down; nothing when it is in no call. */
  hangUp(user: string): void {
    this.#now();
    const leg = this.#liveLegOf(user);
    if (leg !== undefined) hangUpFarEnd(leg);
  }

  /** A phone vanishes in mid-call: no BYE, MEDIA_TIMEOUT later. It is idle again at once. */
  vanish(user: string): void {
    loseFarEnd(this.#needLegOf(user));
    this.#phoneLegs.delete(user);
  }

  /** The far end of any leg hangs up; nothing when there is no such leg. */
  hangUpLeg(uuid: string): void {
    const leg = this.#now().legs.get(uuid);
    if (leg !== undefined) hangUpFarEnd(leg);
  }

  /** The far end of any leg presses keys. @throws Error without such a leg. */
  pressOnLeg(uuid: string, keys: string): Promise<void> {
    const leg = this.#now().legs.get(uuid);
    if (leg === undefined) throw new Error(`There is no leg ${uuid}.`);
    return this.#pressOn(leg, keys);
  }

  /** A phone registers; again is a refresh, and told as well. */
  register(user: string): void {
    registerPhone(this.#now(), user);
  }

  unregister(user: string): void {
    unregisterPhone(this.#now(), user);
  }

  /** A registration that nobody refreshes runs out. */
  expire(user: string): void {
    expireRegistration(this.#now(), user);
  }

  /** Every phone is idle. */
  forget(): void {
    this.#phoneLegs.clear();
    this.#nextName = undefined;
  }

  #now(): SwitchCore {
    const core = this.#core();
    core.clock.catchUp();
    return core;
  }

  #receive(call: Parameters<typeof receiveCall>[1]): Leg {
    const leg = receiveCall(this.#core(), { ...call, shownName: this.#nextName });
    this.#nextName = undefined;
    if (leg === undefined) throw new Error('The switch takes no call.');
    return leg;
  }

  #pressOn(leg: Leg, keys: string): Promise<void> {
    return new Promise((resolve) => {
      pressKeys(leg, keys, resolve);
    });
  }

  /** The leg that a phone is in: it called, or was called. */
  #liveLegOf(user: string): Leg | undefined {
    const own = this.#phoneLegs.get(user);
    if (own !== undefined && own.hangupCause === undefined && !own.core.isOver) return own;
    return [...this.#core().legs.values()].find((leg) => leg.kind === 'phone' && leg.number === user && leg.hangupCause === undefined);
  }

  #needLegOf(user: string): Leg {
    this.#now();
    const leg = this.#liveLegOf(user);
    if (leg === undefined) throw new Error(`The phone ${user} is in no call.`);
    return leg;
  }
}

const ourFeatureVariables: FeatureVariables = (user, feature) => ({
  outdial_app: 'outdial',
  outdial_phone: user,
  playback_terminators: 'none',
  send_silence_when_idle: '-1',
  outdial_request: `feature:${feature}`,
});
