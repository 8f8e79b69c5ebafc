import type { PhoneName } from '../../units/ids.js';
import type { SwitchEvent, SwitchSnapshot } from '../switch.js';
import type { AmiMessage } from './ami-client.js';
import type { Endpoint } from './ari-types.js';
import type { AsteriskNaming } from './asterisk-config.js';

/** Which PJSIP endpoints can be reached, told as phones and trunks. */
export class EndpointStates {
  readonly #naming: AsteriskNaming;
  readonly #isOnline = new Map<string, boolean>();

  constructor(naming: AsteriskNaming) {
    this.#naming = naming;
  }

  /** Takes the switch's own list; gives what changed. */
  replace(endpoints: readonly Endpoint[]): readonly SwitchEvent[] {
    const listed = new Set(endpoints.map(({ resource }) => resource));
    const gone = [...this.#isOnline.keys()].filter((name) => !listed.has(name));
    return [
      ...endpoints.flatMap(({ resource, state }) => this.set(resource, state === 'online')),
      ...gone.flatMap((name) => this.set(name, false)),
    ];
  }

  get phones(): SwitchSnapshot['phones'] {
    return [...this.#isOnline]
      .filter(([endpoint]) => this.#naming.trunkOfEndpoint(endpoint) === undefined)
      .map(([endpoint, isRegistered]) => ({ phone: endpoint as PhoneName, isRegistered }));
  }

  get trunks(): SwitchSnapshot['trunks'] {
    return [...this.#isOnline].flatMap(([endpoint, isReachable]) => {
      const trunk = this.#naming.trunkOfEndpoint(endpoint);
      return trunk === undefined ? [] : [{ trunk, isReachable }];
    });
  }

  /** One endpoint's news; gives what changed. */
  set(endpoint: string, isOnline: boolean): readonly SwitchEvent[] {
    if (this.#isOnline.get(endpoint) === isOnline) return [];
    this.#isOnline.set(endpoint, isOnline);
    const trunk = this.#naming.trunkOfEndpoint(endpoint);
    if (trunk !== undefined) return [{ type: 'trunk-changed', trunk, isReachable: isOnline }];
    return [{ type: 'phone-changed', phone: endpoint as PhoneName, isRegistered: isOnline }];
  }
}

/** What a `PeerStatus` event of the manager interface says; undefined when it is not about a PJSIP endpoint's reach. */
export function peerStatus(message: AmiMessage): { readonly endpoint: string; readonly isOnline: boolean } | undefined {
  const [technology, endpoint] = (message['peer'] ?? '').split('/');
  if (technology !== 'PJSIP' || endpoint === undefined) return undefined;
  switch (message['peerstatus']) {
    case 'Reachable':
    case 'Registered':
      return { endpoint, isOnline: true };
    case 'Unreachable':
    case 'Unregistered':
      return { endpoint, isOnline: false };
    default:
      return undefined;
  }
}
