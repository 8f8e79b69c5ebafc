import { EVENTS } from '../recorded/event-catalogue.js';
import type { Leg } from './leg.js';
import { hangUpLeg } from './leg-life.js';

/** Joins two legs as `uuid_bridge` does: whatever each was in ends, one CHANNEL_BRIDGE of the first tells. */
export function bridgeLegs(first: Leg, second: Leg): void {
  const { core } = first;
  core.after(20, () => {
    if (first === second) {
      // It says yes, leaves its park, and is in nothing any more (flow 18).
      first.runner.stopAll('bridge');
      first.channelState = 'CS_SOFT_EXECUTE';
      return;
    }
    if (first.hangupCause !== undefined || second.hangupCause !== undefined) return;
    for (const leg of [first, second]) {
      const before = leg.bridgedTo;
      leg.bridgedTo = leg === first ? second : first;
      leg.runner.stopAll('bridge');
      if (before !== undefined && before.bridgedTo === leg) before.bridgedTo = undefined;
    }
    core.after(core.random.between(20, 40), () => {
      if (first.hangupCause !== undefined || second.hangupCause !== undefined) return;
      for (const leg of [first, second]) {
        const other = leg === first ? second : first;
        leg.channelState = 'CS_SOFT_EXECUTE';
        leg.emit(EVENTS.executeBridge, { Application: 'uuid_bridge', 'Application-Data': other.uuid });
      }
      second.channelState = 'CS_EXCHANGE_MEDIA';
      first.application = 'uuid_bridge';
      first.applicationData = second.uuid;
      second.application = 'uuid_bridge';
      second.applicationData = first.uuid;
      isFirst.add(first);
      first.emit(EVENTS.bridge);
    });
  });
}

/** The leg of each bridge whose CHANNEL_UNBRIDGE tells its end. */
const isFirst = new WeakSet<Leg>();

/** A leg leaves its bridge: the other one parks if it was told to, and ends with it otherwise (flow 09b). */
export function partBridge(leg: Leg, mayOtherStay: 'as-told' | 'leaves-too' = 'as-told'): void {
  const other = leg.bridgedTo;
  if (other === undefined) return;
  const teller = isFirst.has(leg) ? leg : other;
  isFirst.delete(leg);
  isFirst.delete(other);
  teller.emit(EVENTS.unbridge);
  leg.bridgedTo = undefined;
  if (mayOtherStay === 'leaves-too' || other.hangupCause !== undefined) {
    other.bridgedTo = undefined;
    return;
  }
  if (other.isTrue('park_after_bridge')) {
    other.runner.parkBare();
    other.bridgedTo = undefined;
  } else {
    other.channelState = 'CS_EXECUTE';
    hangUpLeg(other, 'NORMAL_CLEARING', 'we');
    other.bridgedTo = undefined;
  }
}
