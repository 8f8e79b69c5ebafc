import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { lookup } from 'node:dns/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { isLoopback } from '../../config/cross-checks.js';
import type { OutdialConfig } from '../../config/outdial-config.js';
import type { AmiProbe } from './ami-probe.js';
import { fail, ok, warn, type Finding } from './finding.js';

/** Chosen: a name in /etc/hosts or a cache takes under 5 ms; what takes longer asks another machine for every call. */
const LOOKUP_MS_MAX = 50;
/** Chosen: resolvers give up after 5 s; by then the answer is known. */
const LOOKUP_WAIT_MS_MAX = 6_000;

/**
 * The name look-up trap: for every SDP without media_address the switch looks
 * up its own host name. Where that fails or is slow, a call takes seconds to
 * start. Only a switch on this machine can be looked into.
 */
export async function checkNameLookup(config: OutdialConfig, lookUp: (name: string) => Promise<unknown> = lookup): Promise<readonly Finding[]> {
  if (!isLoopback(new URL(config.switch.ari.url).hostname)) {
    return [warn('name-lookup', 'Whether the switch\'s own host name resolves cannot be seen from here.', 'On the switch: "getent hosts $(hostname)" must answer at once; else add the name to its /etc/hosts. media_address= on every endpoint makes it not matter.')];
  }
  const name = hostname();
  const cure = `Add "127.0.1.1 ${name}" to /etc/hosts, or set media_address= on every endpoint.`;
  const startedAt = performance.now();
  const outcome = await Promise.race([
    lookUp(name).then(
      () => 'found' as const,
      () => 'not-found' as const,
    ),
    new Promise<'silent'>((resolve) => setTimeout(() => resolve('silent'), LOOKUP_WAIT_MS_MAX).unref()),
  ]);
  const tookMs = performance.now() - startedAt;
  if (outcome === 'found' && tookMs <= LOOKUP_MS_MAX) return [ok('name-lookup', `The switch's host name ${name} resolves in ${tookMs.toFixed(0)} ms.`)];
  const what = outcome === 'found' ? `takes ${tookMs.toFixed(0)} ms to resolve` : 'does not resolve';
  return [fail('name-lookup', `The host name ${name} ${what}: Asterisk looks it up for every call without media_address, which then takes seconds to start.`, cure)];
}

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

/** What the switch's own settings say about sound and load. */
export async function checkSettings(ami: AmiProbe): Promise<readonly Finding[]> {
  const [answer] = await ami.ask({ Action: 'Command', Command: 'core show settings' });
  const output = answer?.['output'] ?? '';
  if (output === '') {
    return [warn('settings', 'The settings of the switch could not be read.', 'Give the AMI user write=command in manager.conf.')];
  }
  const findings: Finding[] = [];
  const [, silence] = /Transmit silence during rec:\s*(\w+)/i.exec(output) ?? [];
  findings.push(
    silence === 'Disabled'
      ? warn('transmit-silence', 'The switch sends no audio packets while nobody is played to or talked to: phones show a dead line, NAT holes close.', 'Set transmit_silence=yes in asterisk.conf (dialplan/asterisk-outdial.conf) and restart the switch.')
      : ok('transmit-silence', 'The switch goes on sending audio in silence.'),
  );
  const [, handles] = /Maximum open file handles:\s*(\d+)/i.exec(output) ?? [];
  if (handles !== undefined && Number(handles) > 0 && Number(handles) < OPEN_FILES_MIN) {
    findings.push(warn('switch-open-files', `The switch may open ${handles} files and sockets, which is enough for some ${String(Math.floor(Number(handles) / 8))} calls.`, 'Set LimitNOFILE=65536 in the systemd unit of Asterisk.'));
  } else findings.push(ok('switch-open-files', 'The switch may open enough files and sockets.'));
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
