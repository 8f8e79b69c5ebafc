import { EVENTS } from '../recorded/event-catalogue.js';
import type { TemplateQuery } from '../recorded/event-template.js';
import type { ApplicationBody } from './execution.js';
import type { Leg } from './leg.js';

const running = new WeakMap<Leg, () => void>();
const BUG = { 'Media-Bug-Function': 'avmd', 'Media-Bug-Target': 'N/A' };

/** Media bugs tell everything twice under one number: bare, and with the channel (flow 14). */
function tellTwice(leg: Leg, bare: TemplateQuery, onLeg: TemplateQuery): void {
  leg.core.emitTwice(leg.headersOf(bare), leg.headersOf(onLeg));
}

/** Listens for a voicemail's beep, which comes when the far end's script says so. */
export const avmdStart: ApplicationBody = (leg, _data, finish) => {
  leg.emit(EVENTS.mediaBugStart, BUG);
  tellTwice(leg, EVENTS.avmdStart, EVENTS.avmdStartOnLeg);
  const beepInMs = leg.core.farEnds.get(leg.uuid)?.beepInMs;
  const cancel =
    beepInMs === undefined
      ? undefined
      : leg.core.after(beepInMs, () => {
          if (leg.hangupCause === undefined) tellTwice(leg, EVENTS.avmdBeep, EVENTS.avmdBeepOnLeg);
        });
  running.set(leg, () => {
    cancel?.();
  });
  finish();
  return () => undefined;
};

/** Ends it; nothing when none listens. */
export const avmdStop: ApplicationBody = (leg, _data, finish) => {
  const stop = running.get(leg);
  if (stop !== undefined) {
    stop();
    running.delete(leg);
    tellTwice(leg, EVENTS.avmdStop, EVENTS.avmdStopOnLeg);
    leg.emit(EVENTS.mediaBugStop, BUG);
  }
  finish();
  return () => undefined;
};

/** The leg is over: the bug is taken off, without `avmd::stop`. */
export function endAvmd(leg: Leg): void {
  running.get(leg)?.();
  if (running.delete(leg)) leg.emit(EVENTS.mediaBugStop, BUG);
}
