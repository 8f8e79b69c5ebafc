import type { DayCounts, Wallboard } from '../../api/contract.js';

/** One line that says where the demo stands. */
export function progressText(board: Wallboard, contactCount: number): string {
  const counts: DayCounts = board.floor.today.counts;
  const agents = Object.values(board.agents);
  const talkingCount = agents.filter((agent) => agent.state === 'on-call').length;
  const availableCount = agents.filter((agent) => agent.state === 'available').length;
  const ratio = board.floor.today.abandonRatio;
  const parts = [
    `dialled ${counts.dialledCount} of ${contactCount}`,
    `people ${counts.personCount}`,
    `machines ${counts.machineCount}`,
    `busy ${counts.busyCount}`,
    `no answer ${counts.noAnswerCount}`,
    `talking ${talkingCount}/${agents.length} (${availableCount} free)`,
    `abandoned ${counts.abandonedCount}${ratio === undefined ? '' : ` (${(ratio * 100).toFixed(1)} %)`}`,
  ];
  const alarms = Object.values(board.alarms).map((alarm) => alarm.alarm);
  return [...parts, ...(alarms.length > 0 ? [`ALARM ${alarms.join(', ')}`] : [])].join(' · ');
}

/** Writes a line over the last one on a terminal; elsewhere a new line at most every few seconds. */
export class ProgressLine {
  readonly #out: NodeJS.WriteStream;
  readonly #clock: () => number;
  #lastAtMs = -Infinity;
  #isOpen = false;

  constructor(out: NodeJS.WriteStream, clock: () => number) {
    this.#out = out;
    this.#clock = clock;
  }

  show(text: string): void {
    const nowMs = this.#clock();
    if (nowMs - this.#lastAtMs < (this.#out.isTTY ? 250 : 5_000)) return;
    this.#lastAtMs = nowMs;
    if (this.#out.isTTY) {
      this.#out.write(`\r\x1b[2K${text.slice(0, Math.max(20, (this.#out.columns || 120) - 1))}`);
      this.#isOpen = true;
    } else this.#out.write(`${text}\n`);
  }

  /** A sentence of its own, below. */
  say(sentence: string): void {
    this.#out.write(`${this.#isOpen ? '\n' : ''}${sentence}\n`);
    this.#isOpen = false;
  }
}
