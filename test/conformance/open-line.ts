import { GuardedSwitch } from '../../src/telephony/guarded-switch.js';
import type { Switch, SwitchEvent } from '../../src/telephony/switch.js';
import { must } from './check-tools.js';
import type { CheckLine, SwitchBench } from './switch-harness.js';

/** Opens a line for one check, once its first snapshot has come; the guard's faults count as the backend's failure. */
export async function openLine(
  bench: SwitchBench,
  backend: () => Switch,
  signal: AbortSignal,
): Promise<CheckLine & { readonly events: SwitchEvent[]; readonly faults: string[] }> {
  const events: SwitchEvent[] = [];
  const faults: string[] = [];
  const guarded = new GuardedSwitch(backend, {
    onFault: ({ kind, detail }) => faults.push(`${kind}: ${detail}`),
    ...(bench.defer === undefined ? {} : { defer: bench.defer }),
  });
  await guarded.start((event) => events.push(event), signal);
  await bench.until('the first snapshot', () => events.find((event) => event.type === 'switch-snapshot'));
  return { bench, switch: guarded, events, faults };
}

/** Goes on with another backend on the same bench, the one before being closed; it is closed afterwards. */
export async function withNextSwitch(before: CheckLine, create: () => Switch, run: (line: CheckLine) => Promise<void>): Promise<void> {
  await before.switch.close();
  const abort = new AbortController();
  const line = await openLine(before.bench, create, abort.signal);
  try {
    await run(line);
    must(line.faults.length === 0, line.faults.join(' | '));
  } finally {
    abort.abort();
    await line.switch.close();
  }
}
