import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { OutdialConfig } from '../../config/outdial-config.js';
import { ok, warn, type Finding } from './finding.js';

/** Chosen: each call takes up to eight (two RTP ports a leg, a tap, a recording); 300 calls fit well. */
const OPEN_FILES_MIN = 4_096;
/** Chosen: half a second of audio of 80 listened calls; more waits in the socket while the thread is held up. */
const RECEIVE_BUFFER_BYTES_MIN = 1024 * 1024;

/** Limits of this machine that show only under load. */
export function checkLimits(): readonly Finding[] {
  const findings: Finding[] = [];
  const [, soft] = /^Max open files\s+(\S+)/m.exec(readIfThere('/proc/self/limits')) ?? [];
  if (soft !== undefined && soft !== 'unlimited' && Number(soft) < OPEN_FILES_MIN) {
    findings.push(warn('open-files', `The service may open ${soft} files and sockets.`, `Set LimitNOFILE=${String(OPEN_FILES_MIN * 16)} in its systemd unit, or "ulimit -n" before it.`));
  } else findings.push(ok('open-files', `The service may open ${soft ?? 'many'} files and sockets.`));
  const bufferMax = Number(readIfThere('/proc/sys/net/core/rmem_max'));
  if (bufferMax > 0 && bufferMax < RECEIVE_BUFFER_BYTES_MIN) {
    findings.push(warn('receive-buffer', `The kernel holds at most ${String(Math.round(bufferMax / 1024))} KiB of call audio for a service that is held up.`, 'Run "sysctl -w net.core.rmem_max=4194304" and keep it in /etc/sysctl.d/ when more than 50 calls are analysed at once.'));
  } else findings.push(ok('receive-buffer', 'The kernel holds enough call audio for a service that is held up.'));
  return findings;
}

/** Chosen: 60 lines in stereo for an hour take 7 GiB; below 1 GiB the disk is about to be full. */
const FREE_BYTES_MIN = 1024 ** 3;

/** Room on the disks of the store and of the recordings. */
export async function checkDisks(config: OutdialConfig): Promise<readonly Finding[]> {
  let folder = dirname(config.store.file);
  while (!existsSync(folder)) folder = dirname(folder);
  return Promise.all([...new Set([folder, config.switch.recordingsFolder])].map(freeSpace));
}

async function freeSpace(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const gibibytes = ((bavail * bsize) / 1024 ** 3).toFixed(1);
  return bavail * bsize >= FREE_BYTES_MIN
    ? ok('disk', `The disk of ${folder} has ${gibibytes} GiB free.`)
    : warn('disk', `The disk of ${folder} has ${gibibytes} GiB free.`, 'Make room or use a larger disk: a full one stops dialling.');
}

/** Empty where the system has no such file. */
const readIfThere = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
