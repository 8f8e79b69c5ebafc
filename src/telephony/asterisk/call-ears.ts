import type { CallId } from '../../units/ids.js';
import type { AriConnection } from './ari-connection.js';
import type { Channel } from './ari-types.js';
import { earRequest } from './asterisk-commands.js';
import type { AsteriskNaming } from './asterisk-config.js';

/** A channel that hears what one call says, wherever that is, and stands for it in a tap's bridge. */
interface Ear {
  readonly id: string;
  readonly callId: CallId;
  readonly bridgeId: string;
  /** It stands in the tap's bridge. */
  readonly onJoined: () => void;
  /** Told once, whatever ended it; `why` when it was not us. */
  readonly onEnded: (why: string | undefined) => void;
  isMade: boolean;
  isReady: boolean;
  isJoining: boolean;
  isEnding: boolean;
}

/**
 * Hears calls that are in a bridge: a snooping channel for each, which is made
 * when the call is there, joined to a tap's bridge, and ends with the call.
 */
export class CallEars {
  readonly #naming: AsteriskNaming;
  readonly #instance: string;
  readonly #ears = new Map<string, Ear>();
  #connection: AriConnection | undefined;
  #madeCount = 0;

  /** @param instance tells the ears of this process from those a former one left behind. */
  constructor(naming: AsteriskNaming, instance: string) {
    this.#naming = naming;
    this.#instance = instance;
  }

  /** Takes up work on a fresh connection: what was heard before it is heard no more, and what former runs left is removed. */
  connect(connection: AriConnection, channels: readonly Channel[]): void {
    this.#connection = connection;
    for (const ear of [...this.#ears.values()]) this.#over(ear, 'The connection to the switch was lost.');
    for (const { id } of channels) if (this.#naming.roleOf(id) === 'ear') this.#hangUp(id);
  }

  disconnect(): void {
    this.#connection = undefined;
  }

  /** Begins to hear a call in that tap's bridge; gives the ear's id. */
  begin(callId: CallId, bridgeId: string, onJoined: Ear['onJoined'], onEnded: Ear['onEnded']): string {
    const id = `${this.#naming.earPrefix}${this.#instance}-${++this.#madeCount}`;
    const ear: Ear = { id, callId, bridgeId, onJoined, onEnded, isMade: false, isReady: false, isJoining: false, isEnding: false };
    this.#ears.set(id, ear);
    const { operation, parameters } = earRequest(callId, id, this.#naming);
    this.#connection?.send(operation, parameters, (reply) => {
      if (reply.kind !== 'done') return this.#over(ear, reply.kind === 'refused' ? `${String(reply.status)} ${reply.words}` : reply.kind);
      ear.isMade = true;
      this.#join(ear);
    });
    return id;
  }

  /** Hears it no more; its end is told when the switch has removed it. */
  end(earId: string): void {
    const ear = this.#ears.get(earId);
    if (ear === undefined || ear.isEnding) return;
    ear.isEnding = true;
    this.#connection?.send('channels.hangup', { channelId: ear.id }, (reply) => {
      if (reply.kind === 'refused') this.#over(ear, undefined);
    });
  }

  onReady(earId: string): void {
    const ear = this.#ears.get(earId);
    if (ear === undefined) return this.#hangUp(earId);
    ear.isReady = true;
    this.#join(ear);
  }

  /** It ends with its call, or by us. */
  onGone(earId: string): void {
    const ear = this.#ears.get(earId);
    if (ear !== undefined) this.#over(ear, ear.isEnding ? undefined : 'The listening channel ended.');
  }

  /** Reply and event pass each other on switches without one ordered stream: both are waited for. */
  #join(ear: Ear): void {
    if (!ear.isMade || !ear.isReady || ear.isJoining || ear.isEnding) return;
    ear.isJoining = true;
    this.#connection?.send('bridges.addChannel', { bridgeId: ear.bridgeId, channel: ear.id }, (reply) => {
      if (!this.#ears.has(ear.id) || ear.isEnding) return;
      if (reply.kind === 'done') return ear.onJoined();
      this.#hangUp(ear.id);
      this.#over(ear, 'The listening channel could not be joined to its tap.');
    });
  }

  #over(ear: Ear, why: string | undefined): void {
    if (this.#ears.delete(ear.id)) ear.onEnded(why);
  }

  #hangUp(earId: string): void {
    this.#connection?.send('channels.hangup', { channelId: earId }, () => undefined);
  }
}
