import { expect, it } from 'vitest';
import type { RunReport } from '../../src/simulation/campaign-run.js';
import { run } from './call-centre.js';
import { drawSwarmCase } from './swarm-world.js';

/**
 * Many small hostile call centres, each drawn from its seed: people, agents,
 * limits, faults. The auditor judges. OUTDIAL_SWARM_SEEDS runs more; a failing
 * seed is run again alone by OUTDIAL_SWARM_FIRST_SEED with OUTDIAL_SWARM_SEEDS=1.
 */
const FIRST_SEED = Number(process.env['OUTDIAL_SWARM_FIRST_SEED'] ?? 1);
const SEED_COUNT = Number(process.env['OUTDIAL_SWARM_SEEDS'] ?? 120);

const reports: RunReport[] = [];

it.each(Array.from({ length: SEED_COUNT }, (_, index) => FIRST_SEED + index))('seed %i breaks no rule', (seed) => {
  const { world, dialer } = drawSwarmCase(seed);
  const report = run(world, dialer, seed, { isHashed: false });
  reports.push(report);
  expect(report.violations).toEqual([]);
  expect(report.switchFaults).toEqual([]);
  const contactCount = Object.values(report.contactsByState).reduce((sum, count) => sum + count, 0);
  expect(contactCount).toBe(world.contactCount);
});

it.runIf(SEED_COUNT >= 60)('the swarm met everything it is there to meet', () => {
  const sum = (count: (report: RunReport) => number): number => reports.reduce((total, report) => total + count(report), 0);
  const ended = (cause: string): number => sum((report) => report.counts.endedByCause[cause] ?? 0);
  expect(sum((report) => report.counts.switchLosses)).toBeGreaterThan(10);
  expect(sum((report) => report.counts.adoptedCalls)).toBeGreaterThan(5);
  expect(sum((report) => report.counts.alarms['trunk-down'] ?? 0)).toBeGreaterThan(5);
  expect(sum((report) => report.counts.alarms['store-failed'] ?? 0)).toBeGreaterThan(5);
  expect(sum((report) => report.counts.connected)).toBeGreaterThan(200);
  expect(sum((report) => report.counts.abandoned)).toBeGreaterThan(2);
  expect(sum((report) => report.counts.lateNotes)).toBeGreaterThan(3);
  const takenBack = (truth: string): number => sum((report) => report.counts.takenBackByTruth[truth] ?? 0);
  expect(takenBack('machine')).toBeGreaterThan(5);
  // The analysts of some of these worlds err.
  expect(takenBack('person')).toBeGreaterThan(0);
  for (const stage of ['probable', 'decided', 'revised']) {
    expect(sum((report) => report.counts.verdictsByStage[stage] ?? 0), stage).toBeGreaterThan(3);
  }
  expect(sum((report) => report.counts.earlyMedia['intercept'] ?? 0)).toBeGreaterThan(10);
  for (const cause of ['busy', 'no-answer', 'unallocated-number', 'machine-hung-up', 'message-left', 'contact-hung-up', 'agent-hung-up', 'agent-line-lost', 'switch-lost', 'intercept', 'fax', 'false-answer', 'screening-hung-up', 'menu-hung-up', 'unallocated-number', 'announcement', 'contact-hung-up-early']) {
    expect(ended(cause), cause).toBeGreaterThan(0);
  }
});
