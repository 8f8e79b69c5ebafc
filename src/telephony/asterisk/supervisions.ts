import type { CallId } from '../../units/ids.js';
import type { SupervisionMode } from '../switch.js';
import type { AriConnection, AriReply } from './ari-connection.js';
import type { Bridge, Channel } from './ari-types.js';
import { openBridgeRequest, spyRequest } from './asterisk-commands.js';
import type { AsteriskNaming } from './asterisk-config.js';

type SupervisionReply = AriReply<'bridges.createWithId' | 'channels.snoopChannelWithId' | 'bridges.addChannel' | 'bridges.destroy'>;
type OnReply = (reply: SupervisionReply) => void;

/** A supervisor's bridge and the spying channel in it. */
interface Watch {
  readonly supervisorId: CallId;
  readonly bridgeId: string;
  /** Whom he follows, once he does. */
  targetId: CallId | undefined;
  /** What he follows with; none before the first attempt succeeded, and when the target has ended. */
  spyId: string | undefined;
  attempt: Attempt | undefined;
}

/** One `supervise` on its way: the channel is made, then joined, then it takes the place of the one before. */
interface Attempt {
  readonly spyId: string;
  readonly targetId: CallId;
  readonly mode: SupervisionMode;
  /** Runs what moves the supervisor's call, as soon as it can be moved. */
  readonly whenMovable: (run: () => void) => void;
  readonly onReply: OnReply;
  isMade: boolean;
  isReady: boolean;
}

const GONE: SupervisionReply = { kind: 'refused', status: 404, words: 'The call ended or went elsewhere.' };

/**
 * Supervisors and whom they follow. A snooping channel on the target hears
 * both sides and is joined with the supervisor in a bridge of their own; its
 * whispering side, fixed when it is made, is the mode. So another mode is
 * another channel, joined before the former one goes: he misses nothing.
 */
export class Supervisions {
  readonly #naming: AsteriskNaming;
  readonly #instance: string;
  readonly #onEnded: (supervisorId: CallId, targetId: CallId) => void;
  readonly #watches = new Map<CallId, Watch>();
  readonly #bySpy = new Map<string, Watch>();
  #connection: AriConnection | undefined;
  #madeCount = 0;

  /**
   * @param instance tells the channels of this process from those a former one left behind.
   * @param onEnded told once of each supervision that began.
   */
  constructor(naming: AsteriskNaming, instance: string, onEnded: (supervisorId: CallId, targetId: CallId) => void) {
    this.#naming = naming;
    this.#instance = instance;
    this.#onEnded = onEnded;
  }

  /** Takes up work on a fresh connection: what lives of its own goes on, what is over is told, what former runs left is removed. */
  connect(connection: AriConnection, channels: readonly Channel[], bridges: readonly Bridge[]): void {
    this.#connection = connection;
    const channelIds = new Set(channels.map(({ id }) => id));
    const bridgeById = new Map(bridges.map((bridge) => [bridge.id, bridge]));
    for (const watch of [...this.#watches.values()]) {
      if (watch.attempt !== undefined) this.#bySpy.delete(watch.attempt.spyId);
      watch.attempt = undefined;
      const isWhole = watch.spyId !== undefined && channelIds.has(watch.spyId);
      if (!isWhole || bridgeById.get(watch.bridgeId)?.channels.includes(watch.supervisorId) !== true) this.#end(watch);
    }
    for (const id of channelIds) if (this.#naming.roleOf(id) === 'spy' && !this.#bySpy.has(id)) this.#hangUp(id);
    const ours = new Set([...this.#watches.values()].map(({ bridgeId }) => bridgeId));
    for (const id of bridgeById.keys()) if (this.#naming.isWatch(id) && !ours.has(id)) this.#destroy(id);
  }

  disconnect(): void {
    this.#connection = undefined;
  }

  /** Begins, or changes the mode or the target of what has begun; of several at one time the last one counts. */
  begin(supervisorId: CallId, targetId: CallId, mode: SupervisionMode, whenMovable: (run: () => void) => void, onReply: OnReply): void {
    const known = this.#watches.get(supervisorId);
    const number = `${this.#instance}-${++this.#madeCount}`;
    const watch = known ?? { supervisorId, bridgeId: `${this.#naming.watchPrefix}${number}`, targetId: undefined, spyId: undefined, attempt: undefined };
    const former = watch.attempt;
    const attempt: Attempt = { spyId: `${this.#naming.spyPrefix}${number}`, targetId, mode, whenMovable, onReply, isMade: false, isReady: false };
    this.#watches.set(supervisorId, watch);
    this.#bySpy.set(attempt.spyId, watch);
    watch.attempt = attempt;
    if (former !== undefined) this.#abandon(former, GONE);
    const { operation, parameters } = openBridgeRequest(watch.bridgeId, this.#naming);
    if (known !== undefined && known.targetId !== undefined) this.#make(watch, attempt);
    else {
      this.#connection?.send(operation, parameters, (reply) => {
        if (reply.kind === 'done') this.#make(watch, attempt);
        else this.#fail(watch, attempt, reply);
      });
    }
  }

  /** False when this call supervises nobody. */
  stop(supervisorId: CallId, onReply: OnReply): boolean {
    const watch = this.#watches.get(supervisorId);
    if (watch === undefined) return false;
    if (watch.spyId !== undefined) this.#hangUp(watch.spyId);
    this.#connection?.send('bridges.destroy', { bridgeId: watch.bridgeId }, (reply) => {
      // On a lost connection the next one shows what became of it.
      if (reply.kind !== 'lost') this.#end(watch);
      onReply(reply.kind === 'refused' ? { kind: 'done', response: undefined } : reply);
    });
    return true;
  }

  /** The bridge in which this call supervises; undefined when it does not. */
  bridgeOf(supervisorId: CallId): string | undefined {
    const watch = this.#watches.get(supervisorId);
    return watch?.targetId === undefined ? undefined : watch.bridgeId;
  }

  /** The call is sent elsewhere: what has not begun does not begin. What has, ends as it leaves. */
  withdraw(supervisorId: CallId): void {
    const watch = this.#watches.get(supervisorId);
    if (watch?.targetId === undefined && watch?.attempt !== undefined) this.#fail(watch, watch.attempt, GONE);
  }

  onSpyReady(spyId: string): void {
    const watch = this.#bySpy.get(spyId);
    if (watch?.attempt?.spyId !== spyId) {
      if (watch === undefined) this.#hangUp(spyId);
      return;
    }
    watch.attempt.isReady = true;
    this.#join(watch, watch.attempt);
  }

  /** A spying channel ends with its target, or by us. */
  onSpyGone(spyId: string): void {
    const watch = this.#bySpy.get(spyId);
    if (watch === undefined) return;
    this.#bySpy.delete(spyId);
    if (watch.attempt?.spyId === spyId) return this.#fail(watch, watch.attempt, GONE);
    if (watch.spyId !== spyId) return;
    watch.spyId = undefined;
    if (watch.attempt === undefined) this.#end(watch);
  }

  onSupervisorLeft(bridgeId: string, callId: CallId): void {
    const watch = this.#watches.get(callId);
    if (watch?.bridgeId === bridgeId) this.#end(watch);
  }

  onCallEnded(callId: CallId): void {
    const watch = this.#watches.get(callId);
    if (watch !== undefined) this.#end(watch);
  }

  #make(watch: Watch, attempt: Attempt): void {
    if (watch.attempt !== attempt) return;
    const { operation, parameters } = spyRequest(attempt.targetId, attempt.spyId, attempt.mode, this.#naming);
    this.#connection?.send(operation, parameters, (reply) => {
      if (reply.kind !== 'done') return this.#fail(watch, attempt, reply);
      attempt.isMade = true;
      this.#join(watch, attempt);
    });
  }

  /** Reply and event pass each other on switches without one ordered stream: both are waited for. */
  #join(watch: Watch, attempt: Attempt): void {
    if (watch.attempt !== attempt || !attempt.isMade || !attempt.isReady) return;
    attempt.whenMovable(() => {
      if (watch.attempt !== attempt) return;
      const channel = watch.targetId === undefined ? `${attempt.spyId},${watch.supervisorId}` : attempt.spyId;
      this.#connection?.send('bridges.addChannel', { bridgeId: watch.bridgeId, channel }, (reply) => {
        if (reply.kind === 'done') this.#succeed(watch, attempt);
        else this.#fail(watch, attempt, reply);
      });
    });
  }

  #succeed(watch: Watch, attempt: Attempt): void {
    if (watch.attempt !== attempt) return;
    const formerSpyId = watch.spyId;
    watch.attempt = undefined;
    watch.spyId = attempt.spyId;
    watch.targetId = attempt.targetId;
    if (formerSpyId !== undefined) {
      this.#bySpy.delete(formerSpyId);
      this.#hangUp(formerSpyId);
    }
    attempt.onReply({ kind: 'done', response: undefined });
  }

  /** What has begun before goes on as it was, unless its target has ended meanwhile. */
  #fail(watch: Watch, attempt: Attempt, reply: SupervisionReply): void {
    if (watch.attempt !== attempt) return;
    watch.attempt = undefined;
    if (watch.spyId === undefined) this.#end(watch);
    this.#abandon(attempt, reply);
  }

  #abandon(attempt: Attempt, reply: SupervisionReply): void {
    this.#bySpy.delete(attempt.spyId);
    this.#hangUp(attempt.spyId);
    attempt.onReply(reply);
  }

  #end(watch: Watch): void {
    if (this.#watches.get(watch.supervisorId) !== watch) return;
    this.#watches.delete(watch.supervisorId);
    if (watch.spyId !== undefined) {
      this.#bySpy.delete(watch.spyId);
      this.#hangUp(watch.spyId);
    }
    this.#destroy(watch.bridgeId);
    const { attempt, targetId } = watch;
    watch.attempt = undefined;
    if (targetId !== undefined) this.#onEnded(watch.supervisorId, targetId);
    if (attempt !== undefined) this.#abandon(attempt, GONE);
  }

  #hangUp(spyId: string): void {
    this.#connection?.send('channels.hangup', { channelId: spyId }, () => undefined);
  }

  #destroy(bridgeId: string): void {
    this.#connection?.send('bridges.destroy', { bridgeId }, () => undefined);
  }
}
