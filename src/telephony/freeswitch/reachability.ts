import type { PhoneName, TrunkName } from '../../units/ids.js';
import type { SwitchEvent, SwitchSnapshot } from '../switch.js';
import type { FreeswitchNaming } from './freeswitch-config.js';

/** Which phones are registered and which gateways answer. */
export class Reachability {
  readonly #naming: FreeswitchNaming;
  readonly #isRegistered = new Map<PhoneName, boolean>();
  readonly #isReachable = new Map<TrunkName, boolean>();

  constructor(naming: FreeswitchNaming) {
    this.#naming = naming;
  }

  get phones(): SwitchSnapshot['phones'] {
    return [...this.#isRegistered].map(([phone, isRegistered]) => ({ phone, isRegistered }));
  }

  get trunks(): SwitchSnapshot['trunks'] {
    return [...this.#isReachable].map(([trunk, isReachable]) => ({ trunk, isReachable }));
  }

  /** Takes the switch's own lists: phones that are not in it are gone. */
  replace(phones: readonly PhoneName[], trunks: readonly { readonly trunk: TrunkName; readonly isReachable: boolean }[]): void {
    const registered = new Set(phones);
    for (const phone of this.#isRegistered.keys()) this.#isRegistered.set(phone, registered.has(phone));
    for (const phone of phones) this.#isRegistered.set(phone, true);
    for (const { trunk, isReachable } of trunks) this.#isReachable.set(trunk, isReachable);
  }

  /** One phone's news; gives what changed. A registration is told again at each refresh. */
  setPhone(phone: PhoneName, isRegistered: boolean): readonly SwitchEvent[] {
    if (this.#isRegistered.get(phone) === isRegistered) return [];
    this.#isRegistered.set(phone, isRegistered);
    return [{ type: 'phone-changed', phone, isRegistered }];
  }

  /** One gateway's news; gives what changed. */
  setGateway(gateway: string, isReachable: boolean): readonly SwitchEvent[] {
    const trunk = this.#naming.trunkOfGateway(gateway);
    if (trunk === undefined || this.#isReachable.get(trunk) === isReachable) return [];
    this.#isReachable.set(trunk, isReachable);
    return [{ type: 'trunk-changed', trunk, isReachable }];
  }
}

/** Users of `show registrations as json`; an empty list has no rows. */
export function registeredPhones(words: string): readonly PhoneName[] {
  try {
    const { rows } = JSON.parse(words) as { readonly rows?: readonly { readonly reg_user?: string }[] };
    return [...new Set((rows ?? []).flatMap(({ reg_user: user }) => (user === undefined ? [] : [user as PhoneName])))];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** Whether `sofia xmlstatus gateway …` says that calls can go there. */
export const isGatewayUp = (words: string): boolean => /<status>UP<\/status>/.test(words);
