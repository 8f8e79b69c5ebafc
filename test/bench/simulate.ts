import { callCentre, run as runCallCentre, world } from '../simulation/call-centre.js';

/** How large the simulated hour is; all have defaults. */
export interface SimulateBenchOptions {
  /** Default 100. */
  readonly agents?: number;
  /** Default 60,000: more than an hour can dial. */
  readonly contacts?: number;
  /** Default 60. */
  readonly minutes?: number;
  readonly seed?: number;
}

export interface SimulateBenchReport {
  readonly table: readonly object[];
  readonly json: object;
}

/**
 * One campaign hour with 100 agents in virtual time, under the auditor and
 * with the whole log hashed: what a developer waits for when a scenario runs.
 */
export function run(options: SimulateBenchOptions = {}): SimulateBenchReport {
  const { agents = 100, contacts = 60_000, minutes = 60, seed = 1 } = options;
  const worldConfig = world({ runMs: minutes * 60_000, contactCount: contacts });
  const centre = callCentre(agents, { callsPerSecondMax: 20, linesMax: 400 }, 20, 400);
  const startedAt = performance.now();
  const report = runCallCentre(worldConfig, centre, seed);
  const wallSeconds = (performance.now() - startedAt) / 1000;
  const messageCount = report.inputCount + report.commandCount + report.eventCount;
  const row = {
    agents,
    minutes,
    attempts: report.counts.attempts,
    connected: report.counts.connected,
    abandoned: report.counts.abandoned,
    'calls at once': report.callsAtOnceMax,
    inputs: report.inputCount,
    'wall s': round(wallSeconds),
    'target s': 10,
    'inputs/s': Math.round(report.inputCount / wallSeconds),
    'messages/s': Math.round(messageCount / wallSeconds),
    violations: report.violations.length,
  };
  return {
    table: [row],
    json: {
      bench: 'simulate',
      agents,
      minutes,
      seed,
      hash: report.hash,
      attempts: report.counts.attempts,
      connected: report.counts.connected,
      abandoned: report.counts.abandoned,
      inputs: report.inputCount,
      wallSeconds: round(wallSeconds),
      wallSecondsTarget: 10,
      inputsPerSecond: row['inputs/s'],
      messagesPerSecond: row['messages/s'],
      violationsByRule: report.violationsByRule,
    },
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;
