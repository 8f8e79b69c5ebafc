import type { Ms } from '../../../../src/units/time.js';

/** Parts of a sound that play one after the other, each so long; Infinity: for ever. */
export interface SoundPart {
  readonly path: string;
  readonly lengthMs: Ms;
}

/**
 * What a sound's name means to the switch: its parts and their length.
 * Undefined: there is nothing of it to be opened. Parts of a `file_string`
 * that do not exist are left out.
 */
export function soundParts(path: string, fileMs: (path: string) => Ms | undefined): readonly SoundPart[] | undefined {
  if (path.startsWith('file_string://')) {
    const parts = path.slice('file_string://'.length).split('!').flatMap((part) => soundParts(part, fileMs) ?? []);
    return parts.length === 0 ? undefined : parts;
  }
  const lengthMs = lengthOf(path, fileMs);
  return lengthMs === undefined ? undefined : [{ path, lengthMs }];
}

function lengthOf(path: string, fileMs: (path: string) => Ms | undefined): Ms | undefined {
  if (path.startsWith('local_stream://')) return Infinity;
  if (path.startsWith('silence_stream://')) {
    const ms = Number(path.slice('silence_stream://'.length).split(',')[0]);
    return ms < 0 ? Infinity : ms;
  }
  if (path.startsWith('tone_stream://')) return toneMs(path.slice('tone_stream://'.length));
  return fileMs(path);
}

/** `%(on,off,frequency…)`, repeated, `;loops=n`. */
function toneMs(script: string): Ms {
  const onceMs = [...script.matchAll(/%\((\d+),(\d+)/g)].reduce((sum, [, on, off]) => sum + Number(on) + Number(off), 0);
  const loops = Number(/loops=(-?\d+)/.exec(script)?.[1] ?? 1);
  return loops < 0 ? Infinity : onceMs * loops;
}
