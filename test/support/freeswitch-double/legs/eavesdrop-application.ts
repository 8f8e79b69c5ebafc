import { EVENTS } from '../recorded/event-catalogue.js';
import type { ApplicationBody } from './execution.js';
import type { Leg } from './leg.js';

const followersOf = new WeakMap<Leg, Set<() => void>>();

const bugHeaders = (target: Leg): Readonly<Record<string, string>> => ({ 'Media-Bug-Function': 'eavesdrop', 'Media-Bug-Target': target.uuid });

/** Follows another leg until that ends; a leg that is not there is followed for no time at all. */
export const eavesdropApplication: ApplicationBody = (leg, data, finish) => {
  const target = leg.core.legs.get(data);
  if (target === undefined || target.hangupCause !== undefined) {
    finish();
    return () => undefined;
  }
  const followers = followersOf.get(target) ?? new Set<() => void>();
  followersOf.set(target, followers);
  let isOver = false;
  const begin = leg.core.after(1, () => {
    if (!isOver) target.emit(EVENTS.mediaBugStart, bugHeaders(target));
  });
  const leave = (): void => {
    isOver = true;
    begin();
    followers.delete(targetOver);
    target.emit(EVENTS.mediaBugStop, bugHeaders(target));
  };
  const targetOver = (): void => {
    leave();
    leg.core.shortly(() => {
      if (leg.hangupCause === undefined) finish();
    });
  };
  followers.add(targetOver);
  return () => {
    if (!isOver) leave();
  };
};

/** A leg is over: whoever follows it has nobody any more. */
export function partFollowers(target: Leg): void {
  for (const over of [...(followersOf.get(target) ?? [])]) over();
}
