import type { PlaybackId, SoundName } from '../units/ids.js';
import type { Ms } from '../units/time.js';
import type { PbxCall, PbxPlayback } from './pbx-call.js';
import type { VirtualClock } from './virtual-clock.js';

/** What the playbacks tell their exchange. */
export interface PlaybackListener {
  finished(playback: PbxPlayback, outcome: 'played' | 'stopped' | 'failed'): void;
  /** What this call hears instead of everything else is another thing now. */
  hearingChanged(call: PbxCall): void;
  /** This sound begins for this call, over what else it hears. */
  whispered(call: PbxCall, sound: SoundName): void;
}

/**
 * Sounds played to calls. Replacing ones of one call follow each other, as
 * Asterisk queues them; whispers sound at once, beside everything else.
 */
export class PbxPlaybacks {
  readonly #clock: VirtualClock;
  readonly #soundMs: (sound: SoundName) => Ms | undefined;
  readonly #listener: PlaybackListener;
  readonly #byId = new Map<PlaybackId, PbxPlayback>();

  constructor(clock: VirtualClock, soundMs: (sound: SoundName) => Ms | undefined, listener: PlaybackListener) {
    this.#clock = clock;
    this.#soundMs = soundMs;
    this.#listener = listener;
  }

  start(call: PbxCall, playbackId: PlaybackId, sounds: readonly SoundName[], mixing: 'replace' | 'whisper'): void {
    const playback: PbxPlayback = { playbackId, call, sounds, index: -1, soundEnd: undefined };
    this.#byId.set(playbackId, playback);
    const queue = mixing === 'replace' ? call.replacing : call.whispers;
    queue.push(playback);
    if (mixing === 'whisper' || queue.length === 1) this.#next(playback);
  }

  /** False when there is no such playback. */
  stop(playbackId: PlaybackId): boolean {
    const playback = this.#byId.get(playbackId);
    if (playback === undefined) return false;
    this.#finish(playback, 'stopped');
    return true;
  }

  /** The call is ending: what was being played to it has failed. */
  abandon(call: PbxCall): void {
    const playbacks = [...call.replacing, ...call.whispers];
    this.drop(call);
    for (const playback of playbacks) this.#listener.finished(playback, 'failed');
  }

  /** Forgets the call's playbacks with no word. */
  drop(call: PbxCall): void {
    for (const playback of [...call.replacing, ...call.whispers]) {
      playback.soundEnd?.cancel();
      this.#byId.delete(playback.playbackId);
    }
    call.replacing.length = 0;
    call.whispers.length = 0;
  }

  /** The sound that this call hears instead of everything else. */
  soundHeardBy(call: PbxCall): SoundName | undefined {
    const playback = call.replacing[0];
    return playback?.sounds[playback.index];
  }

  #next(playback: PbxPlayback): void {
    playback.index++;
    const sound = playback.sounds[playback.index];
    if (sound === undefined) {
      this.#finish(playback, 'played');
      return;
    }
    const soundMs = this.#soundMs(sound);
    if (soundMs === undefined) {
      this.#finish(playback, 'failed');
      return;
    }
    playback.soundEnd = this.#clock.after(soundMs, () => {
      this.#next(playback);
    });
    if (playback.call.replacing.includes(playback)) this.#listener.hearingChanged(playback.call);
    else this.#listener.whispered(playback.call, sound);
  }

  #finish(playback: PbxPlayback, outcome: 'played' | 'stopped' | 'failed'): void {
    const { call } = playback;
    playback.soundEnd?.cancel();
    this.#byId.delete(playback.playbackId);
    const wasHeard = call.replacing[0] === playback;
    removeFrom(call.replacing, playback);
    removeFrom(call.whispers, playback);
    this.#listener.finished(playback, outcome);
    if (!wasHeard) return;
    const following = call.replacing[0];
    if (following === undefined) this.#listener.hearingChanged(call);
    else this.#next(following);
  }
}

const removeFrom = (list: PbxPlayback[], playback: PbxPlayback): void => {
  const index = list.indexOf(playback);
  if (index >= 0) list.splice(index, 1);
};
