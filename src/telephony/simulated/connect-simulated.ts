import type { ConnectSwitch } from '../../simulation/campaign-run.js';
import { GuardedSwitch } from '../guarded-switch.js';
import { SimulatedSwitch } from './simulated-switch.js';

/** Connects a simulated call centre to its exchange: the simulated backend under the guard, on the world's clock. */
export const connectSimulated: ConnectSwitch = (pbx, clock, connection, seed, onFault) =>
  new GuardedSwitch(() => new SimulatedSwitch(pbx, clock, { ...connection, seed }), {
    onFault: ({ kind, detail }) => {
      onFault(`${kind}: ${detail}`);
    },
    defer: (run) => {
      clock.after(0, run);
    },
  });
