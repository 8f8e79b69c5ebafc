import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The root of this project: the nearest folder upwards that holds both
 * package.json and dialplan/. Found from this file, so it is the same from the
 * sources and from the build, whatever the working folder is.
 */
export function projectFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'dialplan'))) return folder;
    if (dirname(folder) === folder) throw new Error('The project folder of Outdial was not found.');
  }
}

/** Where what was fetched or made on this machine is kept; git ignores it. */
export function cacheFolder(): string {
  return join(projectFolder(), '.outdial');
}
