import type { LoadedClip } from './labelled-clip.js';
import { loadClips } from './load-clip.js';
import { readManifest } from './manifest-file.js';

/** Faults are told up to so many; one mistake often spoils every line. */
const FAULTS_TOLD_MAX = 20;

/**
 * The recordings of a folder with the truth about them, and notes for the reader.
 * @throws Error naming every fault of the manifest and of the recordings, each with its cure.
 */
export function labelledFolder(folder: string): { readonly clips: readonly LoadedClip[]; readonly notes: readonly string[] } {
  const manifest = readManifest(folder);
  const loaded = loadClips('MANIFEST.csv', manifest.clips);
  const faults = [...manifest.faults, ...loaded.faults];
  if (faults.length > 0) {
    const told = faults.slice(0, FAULTS_TOLD_MAX);
    const more = faults.length > told.length ? [`… and ${faults.length - told.length} more.`] : [];
    throw new Error([...told, ...more].join('\n'));
  }
  const { unlistedCount } = manifest;
  const notes = unlistedCount === 0 ? [] : [`${unlistedCount} WAV ${unlistedCount === 1 ? 'file' : 'files'} of the folder are not named in the manifest and were left out.`];
  return { clips: loaded.clips, notes };
}
