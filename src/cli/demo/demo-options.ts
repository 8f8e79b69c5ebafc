import type { SwitchKind } from '../lab/switch-pbx.js';

/** What `demo` is told on its command line. */
export interface DemoOptions {
  /** The switch of the call centre; the public network and the phones are Asterisk's either way. */
  readonly switchKind: SwitchKind;
  /** Contacts in the sample list, 1 to 4000. */
  readonly contactCount: number;
  /** Desk phones with an agent each, 1 to 100. */
  readonly agentCount: number;
  /** Ends the demo after so many seconds; undefined runs until Ctrl-C or until no contact is left. */
  readonly runSeconds: number | undefined;
  /** Decides who is at each number and what agents do. */
  readonly seed: number;
  /** File for the JSON report. */
  readonly reportFile: string | undefined;
  /** Port of wallboard and API; 0 picks a free one. */
  readonly httpPort: number;
}

/** What is done when nothing is said. */
export const DEMO_DEFAULTS: DemoOptions = {
  switchKind: 'asterisk',
  contactCount: 500,
  agentCount: 10,
  runSeconds: undefined,
  seed: 1,
  reportFile: undefined,
  httpPort: 8080,
};

const BOUNDS = {
  '--contacts': { min: 1, max: 4000 },
  '--agents': { min: 1, max: 100 },
  '--duration': { min: 5, max: 86_400 },
  '--seed': { min: 0, max: 2 ** 31 - 1 },
  '--port': { min: 0, max: 65_535 },
} as const;

/** A whole number within the bounds of its option. @throws Error with one sentence and the cure. */
export function wholeNumber(option: keyof typeof BOUNDS, text: string): number {
  const { min, max } = BOUNDS[option];
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(`${option} must be a whole number from ${min} to ${max}, not "${text}".`);
  }
  return value;
}

/** The switch that `--switch` names. @throws Error with one sentence and the cure. */
export function switchKind(text: string): SwitchKind {
  if (text === 'asterisk' || text === 'freeswitch') return text;
  throw new Error(`--switch must be asterisk or freeswitch, not "${text}".`);
}
