import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLockFile } from './folder-lock.js';
import { cacheFolder } from './project-folder.js';
import { runCommand, runCommandOrThrow } from './run-command.js';

/** Debian suites that carry an Asterisk: forky 22 (LTS), bullseye 16. */
export type DebianSuite = 'forky' | 'bullseye';

/** What is unpacked: the switch, its English prompts, music on hold. */
const PACKAGES = ['asterisk', 'asterisk-core-sounds-en-wav', 'asterisk-moh-opsound-wav'] as const;
/** Chosen: a slow line fetches 100 MB in this time. */
const UNPACK_WAIT_MS_MAX = 15 * 60_000;
const DEBIAN_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * A folder that holds Asterisk and every library it needs, from Debian's
 * packages. Made once and kept; several processes may ask at the same time. It
 * gets its name only when it is complete, so a broken-off unpacking is never
 * taken for a whole one.
 */
export async function unpackAsterisk(suite: DebianSuite, say: (line: string) => void): Promise<string> {
  const folder = join(cacheFolder(), `asterisk-${suite}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cacheFolder(), { recursive: true });
  return withLockFile(`${folder}.lock`, UNPACK_WAIT_MS_MAX, async () => {
    if (existsSync(folder)) return folder;
    removeLeftovers(suite);
    say(`Unpacking Asterisk and its libraries from Debian's ${suite} packages into ${folder} (about 100 MB to fetch).`);
    const partial = `${folder}.partial`;
    await unpackInto(partial, suite, say);
    await runCommandOrThrow([loaderOf(partial), '--library-path', librariesOf(partial), join(partial, 'usr/sbin/asterisk'), '-V']);
    renameSync(partial, folder);
    return folder;
  });
}

/**
 * The dynamic loader inside an unpacked folder. The libraries' own folder comes
 * first: elsewhere it may be a link that leads out of the folder.
 */
export function loaderOf(tree: string): string {
  for (const place of [...multiarchFolders(tree), 'usr/lib64', 'lib64', 'lib']) {
    const folder = join(tree, place);
    if (!existsSync(folder)) continue;
    const loader = readdirSync(folder).find((name) => /^ld-linux.*\.so\.\d+$/.test(name));
    if (loader !== undefined) return join(folder, loader);
  }
  throw new Error(`${tree} holds no dynamic loader.`);
}

/** The library path inside an unpacked folder, as the loader wants it. */
export function librariesOf(tree: string): string {
  // Asterisk 16 keeps libraries of its own in the old place.
  return [...multiarchFolders(tree), 'usr/lib'].map((place) => join(tree, place)).join(':');
}

function multiarchFolders(tree: string): string[] {
  return ['lib', 'usr/lib'].flatMap((place) => {
    const folder = join(tree, place);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith('-linux-gnu'))
      .map((name) => join(place, name));
  });
}

function removeLeftovers(suite: DebianSuite): void {
  for (const name of readdirSync(cacheFolder())) {
    if (name.startsWith(`asterisk-${suite}.partial`)) {
      rmSync(join(cacheFolder(), name), { recursive: true, force: true });
    }
  }
}

/**
 * apt and dpkg need neither root nor a chroot for this and are there on every
 * Debian; where apt knows no Debian mirror (Ubuntu), mmdebstrap knows its own.
 */
async function unpackInto(partial: string, suite: DebianSuite, say: (line: string) => void): Promise<void> {
  const site = await debianMirror(`${partial}-update`);
  if (site !== undefined) {
    try {
      await unpackByApt(partial, suite, site);
      return;
    } catch (error) {
      say(`apt could not do it (${error instanceof Error ? error.message : String(error)}); trying mmdebstrap.`);
      rmSync(partial, { recursive: true, force: true });
    }
  }
  await runCommandOrThrow([
    'mmdebstrap', '--variant=minbase', '--aptopt=Acquire::Check-Valid-Until "false"',
    `--include=${PACKAGES.join(',')}`, suite, partial,
  ]);
}

/** The mirror that this machine's own apt uses for Debian; undefined where it uses none. */
async function debianMirror(ownFolder: string): Promise<string | undefined> {
  if (!existsSync('/usr/bin/apt-get')) return undefined;
  const known = await mirrorKnownToApt([]);
  if (known !== undefined) return known;
  // apt knows its mirrors only after an update, which images leave out and users other than root may not do: one of our own.
  for (const folder of ['lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(ownFolder, folder), { recursive: true });
  }
  const settings = [`Dir::State::lists=${ownFolder}/lists`, `Dir::Cache=${ownFolder}/cache`, 'APT::Sandbox::User='];
  const options = settings.flatMap((setting) => ['-o', setting]);
  await runCommand(['apt-get', ...options, 'update']);
  const found = await mirrorKnownToApt(options);
  rmSync(ownFolder, { recursive: true, force: true });
  return found;
}

async function mirrorKnownToApt(options: readonly string[]): Promise<string | undefined> {
  const targets = await runCommand(['apt-get', ...options, 'indextargets', '--format', '$(REPO_URI) $(COMPONENT)', 'Origin: Debian']);
  return targets.stdout
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .find((uri) => uri !== '' && !uri.replace(/\/$/, '').endsWith('-security'));
}

async function unpackByApt(partial: string, suite: DebianSuite, site: string): Promise<void> {
  const apt = `${partial}-apt`;
  const archives = join(apt, 'cache/archives');
  for (const folder of ['state', 'lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(apt, folder), { recursive: true });
  }
  // An empty package state: every library comes along, whatever this machine has.
  writeFileSync(join(apt, 'state/status'), '');
  writeFileSync(join(apt, 'sources.list'), `deb [signed-by=${DEBIAN_KEYRING}] ${site} ${suite} main\n`);
  writeFileSync(join(apt, 'apt.conf'), aptConfig(apt));
  const aptGet = ['env', `APT_CONFIG=${join(apt, 'apt.conf')}`, 'apt-get'] as const;
  await runCommandOrThrow([...aptGet, 'update', '--error-on=any']);
  await runCommandOrThrow([...aptGet, 'install', '--yes', '--download-only', ...PACKAGES]);
  mkdirSync(partial);
  for (const name of readdirSync(archives).filter((file) => file.endsWith('.deb'))) {
    await runCommandOrThrow(['dpkg', '-x', join(archives, name), partial]);
  }
  rmSync(apt, { recursive: true, force: true });
}

/** Keeps apt away from everything of this machine but its proxy settings and keys. */
function aptConfig(folder: string): string {
  return [
    `Dir::State "${folder}/state";`,
    `Dir::State::lists "${folder}/lists";`,
    `Dir::State::status "${folder}/state/status";`,
    `Dir::Cache "${folder}/cache";`,
    `Dir::Etc::sourcelist "${folder}/sources.list";`,
    'Dir::Etc::sourceparts "/dev/null";',
    'Dir::Etc::preferences "/dev/null";',
    'Dir::Etc::preferencesparts "/dev/null";',
    // The release files of old suites and of snapshots have expired; signatures are still checked.
    'Acquire::Check-Valid-Until "false";',
    'Acquire::Languages "none";',
    'APT::Install-Recommends "false";',
    // The download folder is ours, which apt's own user could not write.
    'APT::Sandbox::User "";',
    '',
  ].join('\n');
}
