import { EVENTS } from '../recorded/event-catalogue.js';
import type { Leg } from './leg.js';

type Listener = (key: string) => void;
const listeners = new WeakMap<Leg, Set<Listener>>();

/** Lets an application hear a leg's keys; the answer ends it. */
export function onKey(leg: Leg, listener: Listener): () => void {
  const own = listeners.get(leg) ?? new Set<Listener>();
  listeners.set(leg, own);
  own.add(listener);
  return () => {
    own.delete(listener);
  };
}

/** A key that the leg's far end has released, or that a client put in. */
export function receiveKey(leg: Leg, key: string, heldMs: number, source: 'RTP' | 'APP'): void {
  if (leg.hangupCause !== undefined) return;
  leg.digits += key;
  leg.emit(EVENTS.dtmf, { 'DTMF-Digit': key, 'DTMF-Duration': String(Math.round(heldMs * 8)), 'DTMF-Source': source });
  for (const listener of [...(listeners.get(leg) ?? [])]) listener(key);
}
