/** What is lost and caught when one threshold is acted on. */
export interface RocPoint {
  /** From this probability on, a clip counts as a machine. */
  readonly threshold: number;
  /** Share of the people who reach it, 0..1. */
  readonly peopleLostRatio: number;
  /** Share of the machines that reach it, 0..1. */
  readonly machinesCaughtRatio: number;
}

/** How well a probability tells machines from people, whatever the threshold. */
export interface RocCurve {
  /** From nothing caught to everything caught. */
  readonly points: readonly RocPoint[];
  /** Chance that a machine's probability is over a person's, ties halved: 0.5 is guessing, 1 perfect. */
  readonly areaRatio: number;
}

/** Sweeps the threshold over what was reached; undefined without both people and machines. */
export function rocCurve(people: readonly number[], machines: readonly number[]): RocCurve | undefined {
  if (people.length === 0 || machines.length === 0) return undefined;
  const reached = [
    ...people.map((ratio) => ({ ratio, isMachine: false })),
    ...machines.map((ratio) => ({ ratio, isMachine: true })),
  ].sort((a, b) => b.ratio - a.ratio);
  const points: RocPoint[] = [{ threshold: Infinity, peopleLostRatio: 0, machinesCaughtRatio: 0 }];
  let lost = 0;
  let caught = 0;
  let area = 0;
  for (const [index, { ratio, isMachine }] of reached.entries()) {
    if (isMachine) caught++;
    else lost++;
    // Equal probabilities are passed by one threshold together.
    if (reached[index + 1]?.ratio === ratio) continue;
    const before = points.at(-1)!;
    const point = { threshold: ratio, peopleLostRatio: lost / people.length, machinesCaughtRatio: caught / machines.length };
    area += ((point.peopleLostRatio - before.peopleLostRatio) * (point.machinesCaughtRatio + before.machinesCaughtRatio)) / 2;
    points.push(point);
  }
  return { points, areaRatio: area };
}

/** The most machines that can be caught while at most so many people are lost. */
export function caughtAt({ points }: RocCurve, peopleLostRatioMax: number): RocPoint {
  return points.findLast(({ peopleLostRatio }) => peopleLostRatio <= peopleLostRatioMax)!;
}
