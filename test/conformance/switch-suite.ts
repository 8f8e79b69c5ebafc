import { bridgeChecks } from './checks/bridge-checks.js';
import { callChecks } from './checks/call-checks.js';
import { connectionChecks } from './checks/connection-checks.js';
import { earChecks } from './checks/ear-checks.js';
import { earlyMediaChecks } from './checks/early-media-checks.js';
import { holdChecks } from './checks/hold-checks.js';
import { mediaChecks } from './checks/media-checks.js';
import { phoneChecks } from './checks/phone-checks.js';
import { supervisionChecks } from './checks/supervision-checks.js';
import type { SwitchCheck } from './switch-harness.js';

/** Everything the port promises, one named check a property; the same list for every backend. */
export const SWITCH_CHECKS: readonly SwitchCheck[] = [
  ...callChecks,
  ...bridgeChecks,
  ...holdChecks,
  ...supervisionChecks,
  ...earlyMediaChecks,
  ...mediaChecks,
  ...earChecks,
  ...phoneChecks,
  ...connectionChecks,
];
