import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Ms } from '../../../../src/units/time.js';
import { EVENTS } from '../recorded/event-catalogue.js';
import type { Leg } from './leg.js';
import { callTone, toneWav } from './call-tone.js';

/** Frames that the recorder keeps back; the last of them never reach the file (trap 6). */
const PRE_BUFFER_FRAMES_DEFAULT = 25;
const FRAME_MS: Ms = 20;
/** Types that some module of the switch writes. */
const WRITABLE = new Set(['.wav', '.raw', '.r8', '.pcmu', '.al', '.ul']);

interface Masked {
  readonly fromMs: Ms;
  toMs: Ms | undefined;
}

/** One recording of a leg: the file is there at once, its audio when it is complete. */
export class LegRecorder {
  readonly path: string;
  readonly #leg: Leg;
  readonly #file: string;
  readonly #startedMs: Ms;
  readonly #isStereo: boolean;
  readonly #preBufferMs: Ms;
  readonly #masked: Masked[] = [];
  #cancelLimit: (() => void) | undefined;

  private constructor(leg: Leg, recordPath: string, file: string) {
    this.path = recordPath;
    this.#leg = leg;
    this.#file = file;
    this.#startedMs = leg.core.clock.nowMs;
    this.#isStereo = leg.isTrue('RECORD_STEREO');
    this.#preBufferMs = Number(leg.variables.get('RECORD_PRE_BUFFER_FRAMES') ?? PRE_BUFFER_FRAMES_DEFAULT) * FRAME_MS;
  }

  /** Begins one; false when its file cannot be made. A limit counts whole seconds of the clock. */
  static start(leg: Leg, recordPath: string, limitSeconds: number): boolean {
    const file = path.join(leg.core.settings.recordingsRoot, recordPath);
    if (!WRITABLE.has(path.extname(recordPath).toLowerCase())) return false;
    try {
      if (recordPath.startsWith('/proc/')) return false;
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, toneWav([], 1));
    } catch (error) {
      if (error instanceof Error) return false;
      throw error;
    }
    const recorder = new LegRecorder(leg, recordPath, file);
    leg.recorders.set(recordPath, recorder);
    leg.core.shortly(() => {
      leg.emit(EVENTS.recordStart, { 'Record-File-Path': recordPath });
      leg.emit(EVENTS.mediaBugStart, recorder.#bugHeaders);
    });
    if (limitSeconds > 0) recorder.#limit(limitSeconds);
    return true;
  }

  mask(): void {
    this.#masked.push({ fromMs: this.#elapsedMs - this.#preBufferMs, toMs: undefined });
  }

  unmask(): void {
    const last = this.#masked.at(-1);
    if (last !== undefined) last.toMs = this.#elapsedMs - this.#preBufferMs;
  }

  /** Completes the file and tells of it. */
  stop(why: 'asked' | 'limit' | 'hangup'): void {
    const leg = this.#leg;
    if (!leg.recorders.delete(this.path)) return;
    this.#cancelLimit?.();
    const audioMs = Math.floor(Math.max(FRAME_MS, this.#elapsedMs - this.#preBufferMs) / FRAME_MS) * FRAME_MS;
    const minSeconds = Number(leg.variables.get('RECORD_MIN_SEC') ?? 0);
    const isTooShort = audioMs < minSeconds * 1000;
    if (isTooShort) rmSync(this.#file, { force: true });
    else writeFileSync(this.#file, this.#audio(audioMs));
    const cause = isTooShort ? 'input-too-short' : why === 'hangup' ? 'success-silence' : 'success-maxtime';
    // They stay on the leg: the next RECORD_START carries them (trap 6).
    if (isTooShort) leg.variables.set('RECORD_DISCARDED', 'true');
    leg.variables.set('record_file_size', String(audioMs * 16 * (this.#isStereo ? 2 : 1) + 44));
    leg.variables.set('record_samples', String(audioMs * 8));
    leg.variables.set('record_seconds', String(Math.floor(audioMs / 1000)));
    leg.variables.set('record_ms', String(audioMs));
    leg.variables.set('record_completion_cause', cause);
    leg.emit(EVENTS.recordStop, { 'Record-File-Path': this.path, 'Record-Completion-Cause': cause });
    leg.emit(EVENTS.mediaBugStop, this.#bugHeaders);
  }

  get #elapsedMs(): Ms {
    return this.#leg.core.clock.nowMs - this.#startedMs;
  }

  get #bugHeaders(): Readonly<Record<string, string>> {
    return { 'Media-Bug-Function': 'session_record', 'Media-Bug-Target': this.path };
  }

  /** Fires when the clock's second has moved on by so many (flow 11). */
  #limit(seconds: number): void {
    const { core } = this.#leg;
    this.#cancelLimit = core.after(core.clock.untilSecond(seconds), () => {
      this.stop('limit');
    });
  }

  #audio(audioMs: Ms): Buffer {
    const leg = this.#leg;
    const sampleCount = audioMs * 8;
    const left = callTone(leg, sampleCount);
    for (const { fromMs, toMs } of this.#masked) {
      left.fill(0, Math.max(0, fromMs * 8), (toMs ?? audioMs) * 8);
    }
    return toneWav(this.#isStereo ? [left, new Int16Array(sampleCount)] : [left], this.#isStereo ? 2 : 1);
  }
}
