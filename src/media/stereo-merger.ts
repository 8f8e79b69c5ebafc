import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { wavHeader } from '../audio/wav.js';
import type { Ms } from '../units/time.js';

/** Chosen: 32 KiB a side is 2 s of audio and interleaved in a fraction of a millisecond. */
const PIECE_BYTES = 32_768;
const HEADER_SEARCH_BYTES = 4_096;
const BYTES_PER_SAMPLE = 2;

/** One mono file, open at its samples. */
interface MonoFile {
  readonly handle: FileHandle;
  readonly sampleRateHz: number;
  readonly dataStart: number;
  /** By the file's length: the header of a recorder that was killed says 0. */
  readonly dataBytes: number;
}

/**
 * Joins the two sides of a call to one stereo WAV file: left what the call
 * said, right what it heard; the shorter side goes on in silence. It works in
 * small pieces between other work and never holds the event loop.
 */
export class FileStereoMerger {
  /**
   * Takes 16-bit mono WAV files of one sample rate. A side that is not there
   * is silent. The result appears under its name only when it is complete.
   * @throws Error when neither side is there or one is of another kind.
   */
  async merge(saidPath: string, heardPath: string, stereoPath: string): Promise<{ readonly audioMs: Ms }> {
    const opened: MonoFile[] = [];
    const partPath = `${stereoPath}.part`;
    try {
      const said = await openMono(saidPath, opened);
      const heard = await openMono(heardPath, opened);
      const first = said ?? heard;
      if (first === undefined) throw new Error(`Neither ${saidPath} nor ${heardPath} is there.`);
      if (said !== undefined && heard !== undefined && said.sampleRateHz !== heard.sampleRateHz) {
        throw new Error('The two sides have different sample rates.');
      }
      const sideBytes = Math.max(said?.dataBytes ?? 0, heard?.dataBytes ?? 0);
      await writeStereo(partPath, said, heard, sideBytes, first.sampleRateHz);
      await rename(partPath, stereoPath);
      return { audioMs: (sideBytes / BYTES_PER_SAMPLE / first.sampleRateHz) * 1000 };
    } catch (error) {
      await rm(partPath, { force: true });
      throw error;
    } finally {
      await Promise.all(opened.map(({ handle }) => handle.close()));
    }
  }
}

async function writeStereo(
  path: string,
  said: MonoFile | undefined,
  heard: MonoFile | undefined,
  sideBytes: number,
  sampleRateHz: number,
): Promise<void> {
  const output = await open(path, 'w');
  try {
    await output.write(wavHeader(sideBytes * 2, 2, sampleRateHz));
    const left = Buffer.alloc(PIECE_BYTES);
    const right = Buffer.alloc(PIECE_BYTES);
    for (let at = 0; at < sideBytes; at += PIECE_BYTES) {
      const pieceBytes = Math.min(PIECE_BYTES, sideBytes - at);
      await Promise.all([readPiece(said, at, left), readPiece(heard, at, right)]);
      await output.write(interleave(left, right, pieceBytes));
    }
    await output.sync();
  } finally {
    await output.close();
  }
}

/** Fills the piece from the file; beyond its end with silence. */
async function readPiece(file: MonoFile | undefined, at: number, piece: Buffer): Promise<void> {
  let filledBytes = 0;
  const wantedBytes = Math.max(0, Math.min(piece.length, (file?.dataBytes ?? 0) - at));
  while (file !== undefined && filledBytes < wantedBytes) {
    const { bytesRead } = await file.handle.read(piece, filledBytes, wantedBytes - filledBytes, file.dataStart + at + filledBytes);
    if (bytesRead === 0) break;
    filledBytes += bytesRead;
  }
  piece.fill(0, filledBytes);
}

function interleave(left: Buffer, right: Buffer, sideBytes: number): Buffer {
  const stereo = Buffer.allocUnsafe(sideBytes * 2);
  for (let at = 0; at < sideBytes; at += BYTES_PER_SAMPLE) {
    stereo[2 * at] = left[at]!;
    stereo[2 * at + 1] = left[at + 1]!;
    stereo[2 * at + 2] = right[at]!;
    stereo[2 * at + 3] = right[at + 1]!;
  }
  return stereo;
}

/** Undefined when there is no such file. */
async function openMono(path: string, opened: MonoFile[]): Promise<MonoFile | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const file = await readHeader(handle, path).catch(async (error: unknown) => {
    await handle.close();
    throw error;
  });
  opened.push(file);
  return file;
}

async function readHeader(handle: FileHandle, path: string): Promise<MonoFile> {
  const head = Buffer.alloc(HEADER_SEARCH_BYTES);
  const { bytesRead } = await handle.read(head, 0, HEADER_SEARCH_BYTES, 0);
  const tagAt = (at: number): string => head.toString('latin1', at, at + 4);
  if (bytesRead < 12 || tagAt(0) !== 'RIFF' || tagAt(8) !== 'WAVE') throw new Error(`${path} is not a WAV file.`);
  let sampleRateHz = 0;
  for (let at = 12; at + 8 <= bytesRead; ) {
    const chunkBytes = head.readUInt32LE(at + 4);
    if (tagAt(at) === 'data') {
      if (sampleRateHz === 0) throw new Error(`${path} has no format before its data.`);
      const { size } = await handle.stat();
      const dataBytes = size - (at + 8);
      return { handle, sampleRateHz, dataStart: at + 8, dataBytes: dataBytes - (dataBytes % BYTES_PER_SAMPLE) };
    }
    if (tagAt(at) === 'fmt ' && at + 24 <= bytesRead) {
      const isMonoPcm16 = head.readUInt16LE(at + 8) === 1 && head.readUInt16LE(at + 10) === 1 && head.readUInt16LE(at + 22) === 16;
      if (!isMonoPcm16) throw new Error(`${path} is not 16-bit mono PCM.`);
      sampleRateHz = head.readUInt32LE(at + 12);
    }
    at += 8 + chunkBytes + (chunkBytes % 2);
  }
  throw new Error(`${path} has no data.`);
}
