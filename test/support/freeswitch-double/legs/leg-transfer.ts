import type { Leg } from './leg.js';
import { hangUpLeg } from './leg-life.js';
import { partBridge } from './leg-bridge.js';
import type { PlannedApplication } from './inline-dialplan.js';

/** How long the switch takes to leave what a leg is in (flow 09). */
const LEAVING_MS = 20;

/**
 * Takes legs out of what they are in, into a plan; no plan is an extension that
 * does not exist: the leg ends. Whoever they were bridged to parks or ends.
 */
export function transferLeg(legs: readonly Leg[], extension: string, plan: readonly PlannedApplication[] | undefined): void {
  const core = legs[0]?.core;
  if (core === undefined) return;
  core.after(LEAVING_MS, () => {
    const live = legs.filter(({ hangupCause }) => hangupCause === undefined);
    for (const leg of live) partBridge(leg, legs.length > 1 ? 'leaves-too' : 'as-told');
    // Each in its own thread: who is first is anybody's guess (flows 09b and 15).
    for (const leg of core.random.chance(0.5) ? live : live.toReversed()) {
      if (plan === undefined) {
        leg.runner.stopAll('transfer');
        leg.onTaken?.();
        hangUpLeg(leg, 'DESTINATION_OUT_OF_ORDER', 'we');
      } else {
        leg.onTaken?.();
        leg.transfers.push(`${String(Math.floor(core.clock.epochMs / 1000))}:${core.newUuid()}:bl_xfer:${extension}/default/inline`);
        leg.runner.transfer(plan);
      }
    }
  });
}
