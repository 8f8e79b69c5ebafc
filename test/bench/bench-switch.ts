import type { SwitchKind } from '../../src/cli/lab/switch-pbx.js';

/** Which switch is measured: `BENCH_SWITCH=freeswitch`, where one is found; Asterisk otherwise. */
export const BENCH_SWITCH: SwitchKind = process.env['BENCH_SWITCH'] === 'freeswitch' ? 'freeswitch' : 'asterisk';
