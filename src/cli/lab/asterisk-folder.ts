import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AsteriskProgram } from './find-asterisk.js';

/** Configuration files by their name below the configuration folder. */
export type ConfigFiles = Readonly<Record<string, string>>;

/** Where one instance of Asterisk keeps everything. */
export interface AsteriskFolder {
  readonly root: string;
  readonly configFile: string;
  readonly configFolder: string;
  readonly logFile: string;
  readonly recordingsFolder: string;
  readonly soundsFolder: string;
  /** Holds the control socket; outside `root` when that path is too long for a socket. */
  readonly runFolder: string;
}

/** What Asterisk reads from its data folder besides sounds and music. */
const DATA_NAMES = ['documentation', 'rest-api', 'static-http', 'firmware', 'keys', 'phoneprov', 'agi-bin'] as const;
/** A Unix socket's path may have 107 characters; `/asterisk.ctl` is 13 of them. */
const RUN_FOLDER_LENGTH_MAX = 90;

/**
 * Writes the folder of one instance: every path of Asterisk is moved into it,
 * so any number of them run side by side and beside the machine's own.
 * @param sounds folders of sounds by the name they get below sounds/.
 * @param dialplanFolder the files that are included as `outdial/...`.
 */
export function writeAsteriskFolder(
  root: string,
  program: AsteriskProgram,
  files: ConfigFiles,
  sounds: Readonly<Record<string, string>>,
  dialplanFolder: string,
): AsteriskFolder {
  const paths = layOut(root);
  for (const name of ['etc', 'log', 'db', 'keys/keys', 'spool/recording', 'spool/monitor', 'spool/tmp', 'data/sounds']) {
    mkdirSync(join(root, name), { recursive: true });
  }
  linkData(root, program, sounds);
  relink(join(paths.configFolder, 'outdial'), dialplanFolder);
  const all: ConfigFiles = { 'asterisk.conf': asteriskConf(paths, program), ...commonFiles(), ...files };
  for (const [name, text] of Object.entries(all)) {
    const file = join(paths.configFolder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return paths;
}

/** Removes what lies outside `root`; the root is its owner's. */
export function removeRunFolder(folder: AsteriskFolder): void {
  rmSync(folder.runFolder, { recursive: true, force: true });
}

function layOut(root: string): AsteriskFolder {
  const inside = join(root, 'run');
  const runFolder = inside.length <= RUN_FOLDER_LENGTH_MAX ? inside : mkdtempSync(join(tmpdir(), 'outdial-run-'));
  mkdirSync(runFolder, { recursive: true });
  return {
    root,
    runFolder,
    configFolder: join(root, 'etc'),
    configFile: join(root, 'etc/asterisk.conf'),
    logFile: join(root, 'log/asterisk.log'),
    recordingsFolder: join(root, 'spool/recording'),
    soundsFolder: join(root, 'data/sounds'),
  };
}

function linkData(root: string, program: AsteriskProgram, sounds: Readonly<Record<string, string>>): void {
  const links: [string, string | undefined][] = [
    ...DATA_NAMES.map((name): [string, string] => [join(root, 'data', name), join(program.dataFolder, name)]),
    [join(root, 'data/moh'), program.musicFolder],
    [join(root, 'data/sounds/en'), program.soundsFolder],
    ...Object.entries(sounds).map(([name, folder]): [string, string] => [join(root, 'data/sounds', name), folder]),
  ];
  for (const [link, target] of links) {
    if (target === undefined) continue;
    // A container's own folders need not exist here.
    if (program.origin !== 'docker' && !existsSync(target)) continue;
    relink(link, target);
  }
}

function relink(link: string, target: string): void {
  rmSync(link, { force: true });
  symlinkSync(target, link);
}

function asteriskConf(paths: AsteriskFolder, program: AsteriskProgram): string {
  const { root } = paths;
  return `[directories]
astetcdir => ${paths.configFolder}
astmoddir => ${program.modulesFolder}
astvarlibdir => ${root}/data
astdbdir => ${root}/db
astkeydir => ${root}/keys
astdatadir => ${root}/data
astagidir => ${root}/data/agi-bin
astspooldir => ${root}/spool
astrundir => ${paths.runFolder}
astlogdir => ${root}/log

[options]
nocolor=yes
maxfiles=65000
#include ${paths.configFolder}/outdial/asterisk-outdial.conf
`;
}

/** The same for every instance of the lab: logs to files, no call detail records of the switch's own. */
function commonFiles(): ConfigFiles {
  return {
    // Files whose absence Asterisk reports as errors.
    'acl.conf': '', 'features.conf': '', 'pjproject.conf': '', 'udptl.conf': '[general]\n', 'ccss.conf': '[general]\n',
    'websocket_client.conf': '', 'chan_websocket.conf': '', 'stasis.conf': '',
    'logger.conf': '[general]\ndateformat=%F %T.%3q\n[logfiles]\nmessages.log => notice,warning,error\n',
    'cdr.conf': '[general]\nenable=no\n',
    'cel.conf': '[general]\nenable=no\n',
    'musiconhold.conf': '[default]\nmode=files\ndirectory=moh\n',
    'indications.conf': `[general]
country=us
[us]
description=North America
ringcadence=2000,4000
dial=350+440
busy=480+620/500,0/500
ring=440+480/2000,0/4000
congestion=480+620/250,0/250
callwaiting=440/300,0/10000
dialrecall=!350+440/100,!0/100,350+440
record=1400/500,0/15000
info=!950/330,!1400/330,!1800/330,0
stutter=!350+440/100,!0/100,350+440
`,
  };
}
