import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { playCadence } from '../../audio/tone-synthesis.js';
import { writeWav } from '../../audio/wav.js';
import { projectFolder } from './project-folder.js';

/** Where one instance of FreeSWITCH keeps everything. */
export interface FreeswitchFolder {
  readonly root: string;
  readonly configFolder: string;
  /** What the program writes to its terminal. */
  readonly outputFile: string;
  /** Warnings and errors of the switch. */
  readonly messagesFile: string;
  readonly recordingsFolder: string;
  /** WAV files for who is on hold. */
  readonly holdFolder: string;
}

/** The switch's options that name a folder, and its name below the root. */
const FOLDERS = {
  '-conf': 'conf', '-log': 'log', '-db': 'db', '-run': 'run', '-recordings': 'recordings', '-temp': 'temp', '-storage': 'storage',
  '-cache': 'cache', '-scripts': 'scripts', '-htdocs': 'htdocs', '-grammar': 'grammar', '-certs': 'certs', '-sounds': 'sounds',
} as const;

/**
 * Lays out the folder of one instance: every path of FreeSWITCH is moved into
 * it, so any number of them run side by side and beside the machine's own.
 * freeswitch-conf/ is linked where its README tells an admin to put it.
 */
export function writeFreeswitchFolder(root: string): FreeswitchFolder {
  const folder = {
    root,
    configFolder: join(root, 'conf'),
    outputFile: join(root, 'log/output.log'),
    messagesFile: join(root, 'log/freeswitch.log'),
    recordingsFolder: join(root, 'recordings'),
    holdFolder: join(root, 'hold'),
  };
  for (const name of [...Object.values(FOLDERS), 'conf/outdial-site', 'hold']) mkdirSync(join(root, name), { recursive: true });
  const product = join(projectFolder(), 'freeswitch-conf');
  relink(join(folder.configFolder, 'outdial'), product);
  relink(join(folder.configFolder, 'freeswitch.xml'), join(product, 'freeswitch.xml'));
  writeHoldingMusic(join(folder.holdFolder, 'holding.wav'));
  return folder;
}

/** The options that make FreeSWITCH live in this folder alone. */
export function folderOptions(root: string): readonly string[] {
  return Object.entries(FOLDERS).flatMap(([option, name]) => [option, join(root, name)]);
}

function relink(path: string, target: string): void {
  if (!existsSync(target)) throw new Error(`${target} is missing.`);
  rmSync(path, { force: true });
  symlinkSync(target, path);
}

/** FreeSWITCH is silent for a second or so each time it has played its folder through. */
const HOLDING_MUSIC_MS = 60_000;

/** Four soft chords over and over: enough to hear that one is on hold. */
function writeHoldingMusic(file: string): void {
  const chords = [[262, 330, 392], [220, 262, 330], [175, 220, 262], [196, 247, 294]] as const;
  const samples = playCadence(
    chords.map((frequenciesHz) => ({ frequenciesHz, durationMs: 1_500 })),
    HOLDING_MUSIC_MS,
    { levelDbfs: -30, rampMs: 200 },
  );
  writeFileSync(file, writeWav({ samples, channelCount: 1, sampleRateHz: 8_000 }));
}
