import { lookup } from 'node:dns/promises';

/** Resolves a host name; rejects when there is no such name. */
export type LookUp = (name: string) => Promise<unknown>;

/** What came of looking a name up. */
export interface TimedLookUp {
  /** `silent`: no answer in the time in which resolvers give up. */
  readonly outcome: 'found' | 'not-found' | 'silent';
  readonly tookMs: number;
}

/** Chosen: a name in /etc/hosts or a cache takes under 5 ms; what takes longer asks another machine for every call. */
export const LOOK_UP_MS_MAX = 50;
/** Chosen: resolvers give up after 5 s; by then the answer is known. */
const LOOK_UP_WAIT_MS_MAX = 6_000;

/** Looks a name up as programs of this machine do. */
export async function timedLookUp(name: string, lookUp: LookUp = lookup): Promise<TimedLookUp> {
  const startedAt = performance.now();
  const outcome = await Promise.race([
    lookUp(name).then(
      () => 'found' as const,
      () => 'not-found' as const,
    ),
    new Promise<'silent'>((resolve) => setTimeout(() => resolve('silent'), LOOK_UP_WAIT_MS_MAX).unref()),
  ]);
  return { outcome, tookMs: performance.now() - startedAt };
}
