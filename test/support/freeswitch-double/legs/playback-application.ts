import type { Ms } from '../../../../src/units/time.js';
import { EVENTS } from '../recorded/event-catalogue.js';
import type { ApplicationBody, StopReason } from './execution.js';
import type { Leg } from './leg.js';
import { onKey } from './leg-keys.js';
import { soundParts } from './sound-length.js';

/** Samples a second of everything that the double plays. */
const SAMPLE_RATE_HZ = 8_000;
const STEP_MS: Ms = 20;

interface Playing {
  /** Says that it stopped, and how. */
  stop(status: 'done' | 'break'): void;
}

/** What else runs on top of a sound, while which it stands still. */
type Suspension = Parameters<ApplicationBody>[3];

/** Plays one sound; undefined when nothing of it can be opened. `onEnd` comes at its own end only. */
function playSound(leg: Leg, path: string, suspension: Suspension, onEnd: () => void): Playing | undefined {
  const { core } = leg;
  const parts = soundParts(path, core.settings.soundMs);
  if (parts === undefined) return undefined;
  const isString = path.startsWith('file_string://');
  const startedMs = core.clock.nowMs;
  let isOver = false;
  let isPartOpen = false;
  const tellPart = (part: string | undefined): void => {
    if (!isString) return;
    if (isPartOpen) core.emit(leg.headersOf(EVENTS.fileStringClose));
    isPartOpen = part !== undefined;
    if (part !== undefined) core.emit(leg.headersOf(EVENTS.fileStringOpen));
  };
  const stop = (status: 'done' | 'break'): void => {
    if (isOver) return;
    isOver = true;
    const playedMs = Math.round(core.clock.nowMs - startedMs - suspension.suspendedMs);
    tellPart(undefined);
    setLengthVariables(leg, playedMs);
    leg.emit(EVENTS.playbackStop, { ...fileHeaders(path), 'Playback-Status': status });
  };
  tellPart(parts[0]?.path);
  leg.emit(EVENTS.playbackStart, fileHeaders(path));
  let atMs: Ms = 0;
  parts.forEach((part, index) => {
    atMs += part.lengthMs;
    const dueMs = atMs;
    if (!Number.isFinite(dueMs)) return;
    core.after(dueMs, function partOver() {
      if (isOver) return;
      const leftMs = dueMs + suspension.suspendedMs - (core.clock.nowMs - startedMs);
      if (suspension.isSuspended || leftMs > 1) {
        core.after(Math.max(STEP_MS, leftMs), partOver);
        return;
      }
      const next = parts[index + 1];
      if (next === undefined) {
        stop('done');
        onEnd();
      } else {
        tellPart(next.path);
      }
    });
  });
  return { stop };
}

const fileHeaders = (path: string): Readonly<Record<string, string>> => ({ 'Playback-File-Path': path });

/** They stay on the leg: later events tell of the last playback. */
function setLengthVariables(leg: Leg, playedMs: Ms): void {
  const samples = String(Math.round((playedMs * SAMPLE_RATE_HZ) / 1000));
  leg.variables.set('playback_last_offset_pos', samples);
  leg.variables.set('playback_seconds', String(Math.floor(playedMs / 1000)));
  leg.variables.set('playback_ms', String(playedMs));
  leg.variables.set('playback_samples', samples);
}

/**
 * Status and response of a playback that is stopped: our own hangup counts as
 * played (flow 10), a transfer as an error (flow 09), and so does the far
 * end's hangup (seen on 1.10.12).
 */
function stopPlayback(leg: Leg, playing: Playing, why: StopReason): void {
  playing.stop(why === 'break' ? 'break' : 'done');
  leg.applicationResponse = why === 'break' || why === 'hangup' ? 'FILE PLAYED' : 'PLAYBACK ERROR';
}

/** Plays a file, several, a stream or tones to the leg; a key of `playback_terminators` (default `*`) stops it. */
export const playback: ApplicationBody = (leg, data, finish, self) => {
  const playing = playSound(leg, data, self, () => {
    forget();
    leg.applicationResponse = 'FILE PLAYED';
    finish();
  });
  const forget = onKey(leg, (key) => {
    if (playing === undefined || self.isSuspended || !isTerminator(leg, key)) return;
    forget();
    playing.stop('break');
    leg.applicationResponse = 'FILE PLAYED';
    finish();
  });
  if (playing === undefined) {
    forget();
    leg.applicationResponse = 'FILE NOT FOUND';
    finish();
    return () => undefined;
  }
  return (why) => {
    forget();
    stopPlayback(leg, playing, why);
  };
};

function isTerminator(leg: Leg, key: string): boolean {
  const terminators = leg.variables.get('playback_terminators') ?? '*';
  return terminators === 'any' || (terminators !== 'none' && terminators.includes(key));
}

/** `min max tries timeout terminators file invalid-file variable regexp`: one try is made, as many as it takes to tell a test the digits. */
export const playAndGetDigits: ApplicationBody = (leg, data, finish, self) => {
  const [, max = '1', , waitMs = '5000', terminators = '#', file = '', , variable = ''] = data.split(' ');
  let digits = '';
  let cancel = (): void => undefined;
  const end = (): void => {
    forget();
    cancel();
    playing?.stop('break');
    leg.variables.set(variable, digits);
    finish();
  };
  const waitForKeys = (): void => {
    cancel = leg.core.after(Number(waitMs), end);
  };
  const forget = onKey(leg, (key) => {
    playing?.stop('break');
    cancel();
    if (terminators.includes(key)) {
      end();
      return;
    }
    digits += key;
    if (digits.length >= Number(max)) end();
    else waitForKeys();
  });
  const playing = playSound(leg, file, self, waitForKeys);
  if (playing === undefined) waitForKeys();
  return () => {
    forget();
    cancel();
    playing?.stop('done');
  };
};
