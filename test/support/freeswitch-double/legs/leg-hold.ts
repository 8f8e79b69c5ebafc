import { EVENTS } from '../recorded/event-catalogue.js';
import type { Leg } from './leg.js';

/** Holding music of the profile, as recorded. */
const MUSIC = 'local_stream://moh';
/** From the hold until the other leg hears the music (flow 09b). */
const MUSIC_AFTER_MS = 120;

/** Holds a leg: whoever it is bridged to hears the music. */
export function holdLeg(leg: Leg): void {
  if (leg.callState === 'HELD') return;
  leg.enterCallState('HELD');
  leg.core.after(20, () => {
    leg.emit(EVENTS.hold);
  });
  leg.bridgedTo?.runner.send({ name: 'playback', data: MUSIC }, undefined, MUSIC_AFTER_MS, 'alone');
}

/** Ends it; false when it is not held. */
export function unholdLeg(leg: Leg): boolean {
  if (leg.callState !== 'HELD') return false;
  leg.core.after(20, () => {
    leg.enterCallState('UNHELD');
    leg.enterCallState('ACTIVE');
    leg.bridgedTo?.runner.breakOff(true);
    leg.emit(EVENTS.unhold);
  });
  return true;
}
