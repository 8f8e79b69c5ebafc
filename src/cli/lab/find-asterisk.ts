import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, projectFolder } from './project-folder.js';
import { runCommand, runCommandOrThrow } from './run-command.js';
import { librariesOf, loaderOf, unpackAsterisk, type DebianSuite } from './unpack-asterisk.js';

/** An Asterisk that can be started with a configuration folder of our own. */
export interface AsteriskProgram {
  /** The machine's own program, one unpacked from Debian's packages, or a container. */
  readonly origin: 'machine' | 'unpacked' | 'docker';
  /** As it says itself, e.g. `22.10.1`. */
  readonly version: string;
  readonly majorVersion: number;
  /** The command line that runs it with these arguments. */
  readonly argv: (args: readonly string[]) => readonly [string, ...string[]];
  readonly modulesFolder: string;
  /** Holds documentation/, rest-api/ and the like, which Asterisk reads at its start. */
  readonly dataFolder: string;
  /** English prompts; undefined where none are installed. */
  readonly soundsFolder: string | undefined;
  /** Music on hold; undefined where none is installed. */
  readonly musicFolder: string | undefined;
}

/** What `findAsterisk` may be told. */
export interface FindAsteriskOptions {
  /** A Debian suite whose Asterisk is wanted, whatever the machine has. Default: the machine's own, else forky. */
  readonly suite?: DebianSuite;
  /** Told what is being fetched. */
  readonly say?: (line: string) => void;
}

/** Below it ARI lacks what the service wants; the machine's own program is then passed over. */
const MAJOR_VERSION_MIN = 20;

/**
 * Finds a real Asterisk: the machine's own of at least 20; else Debian's
 * packages, unpacked into a folder of this project; else a container by
 * docker/compose.yaml. Nothing of the machine's own Asterisk is touched, not
 * its configuration and not one that is running.
 */
export async function findAsterisk(options: FindAsteriskOptions = {}): Promise<AsteriskProgram> {
  const say = options.say ?? (() => undefined);
  if (options.suite === undefined) {
    const own = await findOwnAsterisk();
    if (own !== undefined) return own;
  }
  const suite = options.suite ?? 'forky';
  try {
    return await describeUnpacked(await unpackAsterisk(suite, say));
  } catch (error) {
    if (options.suite !== undefined) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const container = await findInDocker(say);
    if (container !== undefined) return container;
    throw new Error(
      `No Asterisk: the machine has none of at least ${MAJOR_VERSION_MIN}, Debian's packages could not be unpacked (${reason}), and no Docker engine runs.`,
    );
  }
}

async function findOwnAsterisk(): Promise<AsteriskProgram | undefined> {
  const program = ['/usr/sbin/asterisk', '/usr/local/sbin/asterisk'].find((place) => existsSync(place));
  if (program === undefined) return undefined;
  const said = await runCommand([program, '-V']);
  const version = said.exitCode === 0 ? parseVersion(said.stdout) : undefined;
  if (version === undefined || version.major < MAJOR_VERSION_MIN) return undefined;
  const modulesFolder = firstExisting([
    ...multiarch('/usr/lib', 'asterisk/modules'), '/usr/lib64/asterisk/modules',
    '/usr/lib/asterisk/modules', '/usr/local/lib/asterisk/modules',
  ]);
  const dataFolder = firstExisting(['/usr/share/asterisk', '/var/lib/asterisk'].filter((folder) => existsSync(join(folder, 'documentation'))));
  if (modulesFolder === undefined || dataFolder === undefined) return undefined;
  return {
    origin: 'machine', version: version.text, majorVersion: version.major,
    argv: (args) => [program, ...args],
    modulesFolder, dataFolder, ...promptFolders(dataFolder),
  };
}

/** Starts through the folder's own loader: no chroot, so names, /dev and /proc are the machine's. */
async function describeUnpacked(tree: string): Promise<AsteriskProgram> {
  const argv = (args: readonly string[]): readonly [string, ...string[]] => [
    // Character set tables of another C library would not fit.
    'env', `GCONV_PATH=${firstExisting(multiarch(join(tree, 'usr/lib'), 'gconv')) ?? tree}`,
    loaderOf(tree), '--library-path', librariesOf(tree), join(tree, 'usr/sbin/asterisk'), ...args,
  ];
  const version = parseVersion(await runCommandOrThrow(argv(['-V'])));
  const modulesFolder = firstExisting([...multiarch(join(tree, 'usr/lib'), 'asterisk/modules'), join(tree, 'usr/lib/asterisk/modules')]);
  if (version === undefined || modulesFolder === undefined) throw new Error(`${tree} holds no usable Asterisk.`);
  const dataFolder = join(tree, 'usr/share/asterisk');
  return { origin: 'unpacked', version: version.text, majorVersion: version.major, argv, modulesFolder, dataFolder, ...promptFolders(dataFolder) };
}

/**
 * The `lab` service of docker/compose.yaml: Debian's package in a container
 * that shares this machine's network and, at the same paths, the project and
 * temporary folders.
 */
async function findInDocker(say: (line: string) => void): Promise<AsteriskProgram | undefined> {
  if (!(await isDockerReady())) return undefined;
  const compose = ['docker', 'compose', '--file', join(projectFolder(), 'docker/compose.yaml'), '--profile', 'lab'] as const;
  say('Building the Asterisk container (docker/compose.yaml).');
  await runCommandOrThrow([...compose, 'build', 'lab']);
  const argv = (args: readonly string[]): readonly [string, ...string[]] => [
    ...compose, 'run', '--rm', '--no-TTY', '--volume', `${projectFolder()}:${projectFolder()}`,
    '--volume', `${cacheFolder()}:${cacheFolder()}`, '--volume', '/tmp:/tmp', '--entrypoint', '/usr/sbin/asterisk', 'lab', ...args,
  ];
  const version = parseVersion(await runCommandOrThrow(argv(['-V'])));
  if (version === undefined) throw new Error('The container holds no usable Asterisk.');
  return {
    origin: 'docker', version: version.text, majorVersion: version.major, argv,
    modulesFolder: `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/asterisk/modules`,
    dataFolder: '/usr/share/asterisk',
    soundsFolder: '/usr/share/asterisk/sounds/en', musicFolder: '/usr/share/asterisk/moh',
  };
}

async function isDockerReady(): Promise<boolean> {
  if (!['/usr/bin/docker', '/usr/local/bin/docker'].some((place) => existsSync(place))) return false;
  return (await runCommand(['docker', 'info'])).exitCode === 0;
}

function promptFolders(dataFolder: string): { soundsFolder: string | undefined; musicFolder: string | undefined } {
  const sounds = join(dataFolder, 'sounds');
  return {
    soundsFolder: firstExisting([join(sounds, 'en'), join(sounds, 'en_US_f_Allison'), '/var/lib/asterisk/sounds/en']),
    musicFolder: firstExisting([join(dataFolder, 'moh')]),
  };
}

function multiarch(lib: string, rest: string): string[] {
  if (!existsSync(lib)) return [];
  return readdirSync(lib)
    .filter((name) => name.endsWith('-linux-gnu'))
    .map((name) => join(lib, name, rest));
}

function firstExisting(places: readonly string[]): string | undefined {
  return places.find((place) => existsSync(place));
}

function parseVersion(said: string): { text: string; major: number } | undefined {
  const match = /Asterisk (?:certified[/-])?((\d+)\.\d+(?:\.\d+)?)/i.exec(said);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { text: match[1], major: Number(match[2]) };
}
