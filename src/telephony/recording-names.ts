import type { CallId } from '../units/ids.js';

/** Below the recordings folder: the two sides of recordings under way. */
export const PARTIAL_FOLDER = '.partial';

/** File names of the two sides. */
export interface RecordingPair {
  readonly saidName: string;
  readonly heardName: string;
}

/** Most file systems' limit on a name. */
const FILE_NAME_BYTES_MAX = 255;
const SAID = '.said.wav';
const HEARD = '.heard.wav';

/**
 * The names of the two sides tell which recording of which call they are:
 * `campaign~2026-11-20~call.wav@call-1.said.wav`. Undefined when that is too
 * long for a file name. Neither part may hold `@` or `~`.
 */
export function pairOf(path: string, callId: CallId): RecordingPair | undefined {
  const base = `${path.replaceAll('/', '~')}@${callId}`;
  if (/[@~]/.test(`${path}${callId}`) || base.length + HEARD.length > FILE_NAME_BYTES_MAX) return undefined;
  return { saidName: `${base}${SAID}`, heardName: `${base}${HEARD}` };
}

/** The recording that a file name tells of; undefined for other files and, so that each comes once, for the heard side. */
export function recordingOfPair(
  fileName: string,
): { readonly callId: CallId; readonly path: string; readonly pair: RecordingPair } | undefined {
  if (!fileName.endsWith(SAID)) return undefined;
  const base = fileName.slice(0, -SAID.length);
  const [path, callId, more] = base.split('@');
  if (path === undefined || callId === undefined || more !== undefined) return undefined;
  return {
    callId: callId as CallId,
    path: path.replaceAll('~', '/'),
    pair: { saidName: fileName, heardName: `${base}${HEARD}` },
  };
}

const WHOLE = '.both.wav';

/**
 * As `pairOf`, for a recording of which both sides are in one file:
 * `campaign~2026-11-20~call.wav@call-1.both.wav`.
 */
export function partialName(path: string, callId: CallId): string | undefined {
  const name = `${path.replaceAll('/', '~')}@${callId}${WHOLE}`;
  return /[@~]/.test(`${path}${callId}`) || name.length > FILE_NAME_BYTES_MAX ? undefined : name;
}

/** The recording that the name of such a file tells of; undefined for other files. */
export function recordingOfPartial(fileName: string): { readonly callId: CallId; readonly path: string } | undefined {
  if (!fileName.endsWith(WHOLE)) return undefined;
  const [path, callId, more] = fileName.slice(0, -WHOLE.length).split('@');
  if (path === undefined || callId === undefined || more !== undefined) return undefined;
  return { callId: callId as CallId, path: path.replaceAll('~', '/') };
}
