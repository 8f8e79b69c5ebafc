import { readFileSync } from 'node:fs';

/** Clock ticks a second in /proc; the same on every Linux Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU time a process has used so far, in seconds; 0 when it is gone. */
export function cpuSecondsOf(pid: number | undefined): number {
  const stat = pid === undefined ? undefined : procFile(pid, 'stat');
  if (stat === undefined) return 0;
  // After the name in parentheses; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Memory a process holds in RAM, in MB; 0 when it is gone. */
export const residentMbOf = (pid: number): number => statusMbOf(pid, /VmRSS:\s+(\d+) kB/);

/** The most it ever held. */
export const residentMostMbOf = (pid: number): number => statusMbOf(pid, /VmHWM:\s+(\d+) kB/);

function statusMbOf(pid: number, line: RegExp): number {
  const match = line.exec(procFile(pid, 'status') ?? '');
  return match === null ? 0 : Number(match[1]) / 1024;
}

function procFile(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return undefined;
    throw error;
  }
}

/** CPU time that everything on this machine has used so far, in seconds of one core. */
export function machineCpuSeconds(): number {
  const [, user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, steal = 0] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]!.split(/\s+/).map(Number);
  return (user + nice + system + irq + softIrq + steal) / TICKS_PER_SECOND;
}
