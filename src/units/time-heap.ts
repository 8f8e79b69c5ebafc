import type { MonotonicMs } from './time.js';

/** Something that is to come. */
export interface Coming<T> {
  readonly at: MonotonicMs;
  readonly item: T;
}

interface Entry<T> extends Coming<T> {
  readonly order: number;
}

/**
 * What is to come, soonest first: a binary heap. Things of one instant keep the
 * order in which they were put in, so that a run is the same every time.
 */
export class TimeHeap<T> {
  #heap: Entry<T>[] = [];
  #order = 0;

  /** How many are to come. */
  get size(): number {
    return this.#heap.length;
  }

  /** The soonest; undefined when nothing is to come. */
  get first(): Coming<T> | undefined {
    return this.#heap[0];
  }

  /** Puts something in; what is returned is what `first` will be for it. */
  push(at: MonotonicMs, item: T): Coming<T> {
    const heap = this.#heap;
    const entry = { at, item, order: this.#order++ };
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(entry, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
    return entry;
  }

  /** Takes the soonest out; does nothing when there is none. */
  dropFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = heap[child];
      if (left === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, left)) child += 1;
      const below = heap[child];
      if (below === undefined || !isBefore(below, last)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }

  /** Forgets all others. */
  keepOnly(isKept: (coming: Coming<T>) => boolean): void {
    // Sorted, it is a heap.
    this.#heap = this.#heap.filter(isKept).sort((one, other) => (isBefore(one, other) ? -1 : 1));
  }
}

const isBefore = (one: Entry<unknown>, other: Entry<unknown>): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);
