import type { BridgeId, CallId, PlaybackId, SoundName } from '../../units/ids.js';
import type { SwitchEvent } from '../switch.js';
import type { EslConnection, EslReply } from './esl-connection.js';
import { isDone } from './freeswitch-causes.js';
import { playMessage } from './freeswitch-commands.js';
import type { FreeswitchNaming } from './freeswitch-config.js';
import { isSettled } from './leg.js';
import type { Leg } from './leg.js';

type PlaybackOutcome = Extract<SwitchEvent, { readonly type: 'playback-finished' }>['outcome'];

/** One `play` command's life. */
interface Playback {
  readonly playbackId: PlaybackId;
  readonly leg: Leg;
  /** The bridge it is played in, to this leg alone; undefined when it is played on the leg itself. */
  readonly bridgeId: BridgeId | undefined;
  readonly file: string;
  /** The leg does not hear its bridge meanwhile. */
  readonly isDeafening: boolean;
  readonly onReply: (reply: EslReply) => void;
  isStopped: boolean;
  /** The switch was asked for it; on a leg itself one sound waits for the other. */
  isAsked: boolean;
  /** The switch has begun with it. */
  hasBegun: boolean;
  hasReply: boolean;
  /** How it ended, when that came before the reply. */
  earlyOutcome: PlaybackOutcome | undefined;
}

/** Told of each playback's end. */
export type OnPlaybackFinished = (playbackId: PlaybackId, callId: CallId, outcome: PlaybackOutcome) => void;

/**
 * Playing to calls. On a leg by itself a sound is an application that it
 * executes; a second one would sound over the first, which stands still
 * meanwhile (seen on 1.10.12), so they wait for each other here. In a conversation the conference plays it to this one member, which
 * mixes it into what he hears and disturbs nobody.
 */
export class Playbacks {
  readonly #naming: FreeswitchNaming;
  readonly #onFinished: OnPlaybackFinished;
  readonly #byId = new Map<PlaybackId, Playback>();
  readonly #byExecution = new Map<string, Playback>();
  #connection: EslConnection | undefined;

  constructor(naming: FreeswitchNaming, onFinished: OnPlaybackFinished) {
    this.#naming = naming;
    this.#onFinished = onFinished;
  }

  /** Takes up work on a fresh connection: how sounds ended meanwhile nobody saw, so they do not count as heard. */
  connect(connection: EslConnection): void {
    this.#connection = connection;
    // The last first, so that none takes the turn of the one before it.
    for (const playback of [...this.#byId.values()].reverse()) this.#finish(playback, playback.isStopped ? 'stopped' : 'failed');
  }

  disconnect(): void {
    this.#connection = undefined;
  }

  /** A leg on its way into a conversation, or out of one, is played to when it is there. */
  play(leg: Leg, playbackId: PlaybackId, sounds: readonly SoundName[], mixing: 'replace' | 'whisper', onReply: (reply: EslReply) => void): void {
    if (leg.isEnding) onReply({ kind: 'said', words: '-ERR No such channel!' });
    else if (isSettled(leg)) this.#play(leg, playbackId, sounds, mixing, onReply);
    else leg.whenSettled.push(() => this.play(leg, playbackId, sounds, mixing, onReply));
  }

  #play(leg: Leg, playbackId: PlaybackId, sounds: readonly SoundName[], mixing: 'replace' | 'whisper', onReply: (reply: EslReply) => void): void {
    const { bridgeId } = leg;
    const isDeafening = bridgeId !== undefined && mixing === 'replace';
    const file = this.#naming.soundFile(sounds);
    const playback: Playback = { playbackId, leg, bridgeId, file, isDeafening, onReply, isStopped: false, isAsked: false, hasBegun: false, hasReply: false, earlyOutcome: undefined };
    const mustWait = bridgeId === undefined && this.#onLegItself(leg).length > 0;
    this.#byId.set(playbackId, playback);
    leg.playing.push(playbackId);
    if (mustWait) {
      playback.hasReply = true;
      onReply({ kind: 'said', words: '+OK' });
    } else if (bridgeId === undefined) this.#playOnLeg(playback);
    else this.#playInRoom(playback, this.#naming.roomOf(bridgeId));
  }

  /** What is played on the leg itself, in the order it was asked for. */
  #onLegItself(leg: Leg): readonly Playback[] {
    return leg.playing.flatMap((id) => this.#byId.get(id) ?? []).filter(({ bridgeId }) => bridgeId === undefined);
  }

  /** @returns false when there is no such playback. */
  stop(playbackId: PlaybackId, onReply: (reply: EslReply) => void): boolean {
    const playback = this.#byId.get(playbackId);
    if (playback === undefined) return false;
    playback.isStopped = true;
    if (!playback.isAsked) {
      onReply({ kind: 'said', words: '+OK' });
      this.#finish(playback, 'stopped');
    } else if (playback.bridgeId !== undefined) this.#connection?.api(`conference ${this.#naming.roomOf(playback.bridgeId)} stop all ${playback.leg.memberId}`, onReply);
    else if (playback.hasBegun) this.#connection?.api(`uuid_break ${playback.leg.callId}`, onReply);
    // One that has not begun is cut as soon as it can be heard.
    else onReply({ kind: 'said', words: '+OK' });
    return true;
  }

  /**
   * The leg is about to go elsewhere: what sounds on it ends by that, what has
   * not begun is taken out of its queue, where it would sound in the next place.
   */
  abandon(leg: Leg): void {
    const own = this.#onLegItself(leg);
    if (own.length === 0) return;
    for (const playback of own) playback.isStopped = true;
    this.#connection?.api(`uuid_break ${leg.callId} all`, () => undefined);
    // The last first, so that none takes the turn of the one before it.
    for (const playback of own.toReversed()) if (!playback.hasBegun) this.#finish(playback, 'stopped');
  }

  onExecutionBegun(executionId: string): void {
    const playback = this.#byExecution.get(executionId);
    if (playback !== undefined) playback.hasBegun = true;
  }

  /** A sound can be heard on this leg, and from now on it can be cut. */
  onSoundBegun(callId: CallId): void {
    for (const playback of this.#byId.values()) {
      if (playback.leg.callId !== callId || playback.bridgeId !== undefined || !playback.hasBegun || !playback.isStopped) continue;
      this.#connection?.api(`uuid_break ${callId}`, () => undefined);
    }
  }

  onExecutionOver(executionId: string, response: string, isHangingUp: boolean): void {
    const playback = this.#byExecution.get(executionId);
    if (playback === undefined) return;
    const isCut = playback.isStopped || isHangingUp || playback.leg.isEnding;
    this.#finish(playback, isCut ? 'stopped' : response === 'FILE PLAYED' ? 'played' : 'failed');
  }

  /** Sounds to one member follow each other, so the first is the one that is over. */
  onRoomSoundOver(callId: CallId): void {
    for (const playback of this.#byId.values()) {
      if (playback.leg.callId !== callId || playback.bridgeId === undefined) continue;
      this.#finish(playback, playback.isStopped ? 'stopped' : 'played');
      return;
    }
  }

  /** What was played to it in that bridge is over. */
  onLeftRoom(leg: Leg, bridgeId: BridgeId): void {
    this.#finishAll(leg, (playback) => playback.bridgeId === bridgeId);
  }

  onLegEnded(leg: Leg): void {
    this.#finishAll(leg, () => true);
  }

  #playOnLeg(playback: Playback): void {
    const executionId = this.#naming.executionOf(playback.playbackId);
    playback.isAsked = true;
    this.#byExecution.set(executionId, playback);
    this.#connection?.message(playback.leg.callId, playMessage(playback.file, executionId), (reply) => this.#replied(playback, reply));
  }

  #playInRoom(playback: Playback, room: string): void {
    const { file, leg: { memberId } } = playback;
    playback.isAsked = true;
    if (playback.isDeafening) this.#connection?.api(`conference ${room} deaf ${memberId}`, () => undefined);
    playback.hasBegun = true;
    this.#connection?.api(`conference ${room} play ${file} ${memberId}`, (reply) => this.#replied(playback, reply));
  }

  #replied(playback: Playback, reply: EslReply): void {
    const isRefused = reply.kind === 'said' && !isDone(reply.words);
    // It had waited for its turn, and its command was answered then.
    if (playback.hasReply) {
      if (isRefused) this.#finish(playback, 'failed');
      return;
    }
    if (isRefused) this.#drop(playback);
    playback.hasReply = true;
    playback.onReply(reply);
    if (reply.kind === 'said' && isDone(reply.words) && playback.earlyOutcome !== undefined) this.#tell(playback, playback.earlyOutcome);
  }

  #finishAll(leg: Leg, isIt: (playback: Playback) => boolean): void {
    for (const playback of [...this.#byId.values()]) if (playback.leg === leg && isIt(playback)) this.#finish(playback, 'stopped');
  }

  #finish(playback: Playback, outcome: PlaybackOutcome): void {
    if (!this.#drop(playback)) return;
    if (playback.hasReply) this.#tell(playback, outcome);
    else playback.earlyOutcome = outcome;
  }

  #tell(playback: Playback, outcome: PlaybackOutcome): void {
    this.#onFinished(playback.playbackId, playback.leg.callId, outcome);
  }

  /** False when it was dropped before. */
  #drop(playback: Playback): boolean {
    if (this.#byId.get(playback.playbackId) !== playback) return false;
    this.#byId.delete(playback.playbackId);
    this.#byExecution.delete(this.#naming.executionOf(playback.playbackId));
    const { leg, bridgeId } = playback;
    const index = leg.playing.indexOf(playback.playbackId);
    if (index >= 0) leg.playing.splice(index, 1);
    if (playback.isDeafening && bridgeId !== undefined && leg.bridgeId === bridgeId) {
      this.#connection?.api(`conference ${this.#naming.roomOf(bridgeId)} undeaf ${leg.memberId}`, () => undefined);
    }
    const next = this.#onLegItself(leg)[0];
    if (next?.isAsked === false && !next.isStopped && !leg.isEnding) this.#playOnLeg(next);
    return true;
  }
}
