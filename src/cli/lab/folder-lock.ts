import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** How often a waiting process looks whether the lock is free. */
const LOOK_EVERY_MS = 200;

/**
 * Runs `work` while holding a lock file that names our process, so that two
 * processes never make the same thing at once. A lock whose process is gone
 * counts as free. @throws when it stays taken for `waitMsMax`.
 */
export async function withLockFile<T>(
  lockFile: string,
  waitMsMax: number,
  work: () => Promise<T>,
): Promise<T> {
  const giveUpAtMs = performance.now() + waitMsMax;
  while (!(await tryTake(lockFile))) {
    if (performance.now() > giveUpAtMs) {
      throw new Error(`${lockFile} has been held too long by process ${holderOf(lockFile) ?? 'unknown'}.`);
    }
    await wait(LOOK_EVERY_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

async function tryTake(lockFile: string): Promise<boolean> {
  const holder = holderOf(lockFile);
  const isStale = holder !== undefined && !isAlive(holder);
  if (isStale) rmSync(lockFile, { force: true });
  try {
    const handle = openSync(lockFile, 'wx');
    writeSync(handle, String(process.pid));
    closeSync(handle);
    if (!isStale) return true;
    // Another process that saw the same stale lock may have removed ours instead.
    await wait(LOOK_EVERY_MS);
    return holderOf(lockFile) === process.pid;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function holderOf(lockFile: string): number | undefined {
  if (!existsSync(lockFile)) return undefined;
  try {
    const pid = Number.parseInt(readFileSync(lockFile, 'utf8'), 10);
    return Number.isNaN(pid) ? undefined : pid;
  } catch (error) {
    // Given back between the look and the read.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether a process of this id exists. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
