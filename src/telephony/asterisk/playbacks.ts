import type { CallId, PlaybackId, SoundName } from '../../units/ids.js';
import type { SwitchEvent } from '../switch.js';
import type { AriConnection, AriReply } from './ari-connection.js';
import type { Channel } from './ari-types.js';
import { playRequest, whisperRequest } from './asterisk-commands.js';
import type { AsteriskNaming } from './asterisk-config.js';
import type { LiveCallRecord } from './live-calls.js';

type PlaybackOutcome = Extract<SwitchEvent, { readonly type: 'playback-finished' }>['outcome'];

/** Any answer to a request whose content nobody reads. */
export type BareReply = AriReply<'channels.playWithId' | 'channels.snoopChannelWithId' | 'playbacks.stop' | 'channels.hangup'>;

/** One `play` command's life. */
interface Playback {
  readonly playbackId: PlaybackId;
  readonly call: LiveCallRecord;
  readonly sounds: readonly SoundName[];
  readonly onReply: (reply: BareReply) => void;
  /** The whispering channel; undefined when the call itself is played to. */
  readonly whisperId: string | undefined;
  isStopped: boolean;
  /** The sound was asked for; a whisper first waits for its channel. */
  isAsked: boolean;
  hasReply: boolean;
  /** How it ended, when that came before the reply. */
  earlyOutcome: PlaybackOutcome | undefined;
}

/** Told of each playback's end. */
export type OnPlaybackFinished = (playbackId: PlaybackId, callId: CallId, outcome: PlaybackOutcome) => void;

/**
 * Playing to calls. `replace` plays on the call's channel. `whisper` makes a
 * snooping channel for it and plays there: measured on 22.10, 2 ms from the
 * command to the sound, while keeping one ready on each agent's leg would cost
 * a thread and 50 wake-ups a second each for nothing.
 */
export class Playbacks {
  readonly #naming: AsteriskNaming;
  readonly #soundsPrefix: string;
  readonly #instance: string;
  readonly #onFinished: OnPlaybackFinished;
  readonly #playbacks = new Map<string, Playback>();
  readonly #byWhisper = new Map<string, Playback>();
  #connection: AriConnection | undefined;
  #whisperCount = 0;

  constructor(naming: AsteriskNaming, soundsPrefix: string, instance: string, onFinished: OnPlaybackFinished) {
    this.#naming = naming;
    this.#soundsPrefix = soundsPrefix;
    this.#instance = instance;
    this.#onFinished = onFinished;
  }

  /** Takes up work on a fresh connection: whispers that nobody owns are ended, playbacks that are over are told so. */
  connect(connection: AriConnection, channels: readonly Channel[], isAlive: (callId: CallId) => boolean): void {
    this.#connection = connection;
    for (const { id } of channels) {
      if (this.#naming.roleOf(id) === 'whisper' && !this.#byWhisper.has(id)) this.#endWhisper(id);
    }
    for (const playback of [...this.#playbacks.values()]) {
      if (!isAlive(playback.call.callId)) {
        this.#drop(playback);
        continue;
      }
      connection.send('playbacks.get', { playbackId: playback.playbackId }, (reply) => {
        // How it ended nobody saw, so it does not count as heard.
        if (reply.kind === 'refused') this.#finish(playback, 'failed');
      });
    }
  }

  disconnect(): void {
    this.#connection = undefined;
  }

  play(call: LiveCallRecord, playbackId: PlaybackId, sounds: readonly SoundName[], mixing: 'replace' | 'whisper', onReply: (reply: BareReply) => void): void {
    const whisperId = mixing === 'whisper' ? `${this.#naming.whisperPrefix}${this.#instance}-${++this.#whisperCount}` : undefined;
    const playback: Playback = { playbackId, call, sounds, onReply, whisperId, isStopped: false, isAsked: false, hasReply: false, earlyOutcome: undefined };
    this.#playbacks.set(playbackId, playback);
    if (whisperId === undefined) {
      call.replacing.add(playbackId);
      this.#play(playback, call.callId);
      return;
    }
    this.#byWhisper.set(whisperId, playback);
    const request = whisperRequest(call.callId, whisperId, this.#naming);
    this.#connection?.send(request.operation, request.parameters, (reply) => {
      if (reply.kind !== 'done' && this.#drop(playback)) onReply(reply);
    });
  }

  /** Asks the switch even for one it does not know: a former run may have started it. */
  stop(playbackId: PlaybackId, onReply: (reply: BareReply) => void): void {
    const playback = this.#playbacks.get(playbackId);
    if (playback !== undefined) playback.isStopped = true;
    if (playback?.isAsked === false) onReply({ kind: 'done', response: undefined });
    else this.#connection?.send('playbacks.stop', { playbackId }, onReply);
  }

  /** Runs as soon as nothing is played on the call's own channel any more; what is, is stopped. */
  whenQuiet(call: LiveCallRecord, run: () => void): void {
    if (call.replacing.size === 0) {
      run();
      return;
    }
    call.whenQuiet.push(run);
    for (const playbackId of call.replacing) {
      const playback = this.#playbacks.get(playbackId);
      if (playback?.isStopped === false) this.stop(playbackId, () => undefined);
    }
  }

  onWhisperReady(whisperId: string): void {
    const playback = this.#byWhisper.get(whisperId);
    if (playback === undefined) this.#endWhisper(whisperId);
    else if (playback.isStopped) this.#stopUnheard(playback);
    else this.#play(playback, whisperId);
  }

  /** A whispering channel ends with its call, or by us once it has said what it had to. */
  onWhisperGone(whisperId: string): void {
    const playback = this.#byWhisper.get(whisperId);
    if (playback !== undefined) this.#finish(playback, 'stopped');
  }

  onPlaybackFinished(playbackId: string, isFailed: boolean): void {
    const playback = this.#playbacks.get(playbackId);
    if (playback === undefined) return;
    const wasCut = playback.isStopped || playback.call.isEnding;
    this.#finish(playback, wasCut ? 'stopped' : isFailed ? 'failed' : 'played');
  }

  onCallEnded(call: LiveCallRecord): void {
    for (const playback of [...this.#playbacks.values()]) if (playback.call === call) this.#finish(playback, 'stopped');
  }

  /** Stopped before its whispering channel was there: it was played, for no time at all. */
  #stopUnheard(playback: Playback): void {
    playback.hasReply = true;
    playback.onReply({ kind: 'done', response: undefined });
    this.#finish(playback, 'stopped');
  }

  #play(playback: Playback, channelId: string): void {
    playback.isAsked = true;
    const request = playRequest(channelId, playback.playbackId, playback.sounds, this.#soundsPrefix);
    this.#connection?.send(request.operation, request.parameters, (reply) => {
      if (reply.kind !== 'done' && reply.kind !== 'lost') {
        this.#drop(playback);
        if (playback.whisperId !== undefined) this.#endWhisper(playback.whisperId);
      }
      playback.hasReply = true;
      playback.onReply(reply);
      if (reply.kind === 'done' && playback.earlyOutcome !== undefined) this.#tell(playback, playback.earlyOutcome);
    });
  }

  #finish(playback: Playback, outcome: PlaybackOutcome): void {
    if (!this.#drop(playback)) return;
    if (playback.whisperId !== undefined) this.#endWhisper(playback.whisperId);
    if (playback.hasReply) this.#tell(playback, outcome);
    else if (playback.isAsked) playback.earlyOutcome = outcome;
    else playback.onReply({ kind: 'refused', status: 404, words: 'The call ended.' });
  }

  #tell(playback: Playback, outcome: PlaybackOutcome): void {
    this.#onFinished(playback.playbackId, playback.call.callId, outcome);
  }

  /** False when it was dropped before. */
  #drop(playback: Playback): boolean {
    if (this.#playbacks.get(playback.playbackId) !== playback) return false;
    this.#playbacks.delete(playback.playbackId);
    if (playback.whisperId !== undefined) this.#byWhisper.delete(playback.whisperId);
    playback.call.replacing.delete(playback.playbackId);
    if (playback.call.replacing.size === 0) for (const run of playback.call.whenQuiet.splice(0)) run();
    return true;
  }

  #endWhisper(whisperId: string): void {
    this.#connection?.send('channels.hangup', { channelId: whisperId }, () => undefined);
  }
}
