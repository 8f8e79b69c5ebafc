import { expect, it } from 'vitest';
import { conformanceTable, tableFaults } from '../../conformance/conformance-table.js';
import type { BackendResults } from '../../conformance/conformance-table.js';

const backend = (name: string, outcomes: readonly ('passed' | 'failed' | 'skipped')[]): BackendResults => ({
  backend: name,
  description: `the switch ${name}`,
  tookMs: 12_300,
  results: outcomes.map((outcome, index) => {
    const check = `check ${String(index)}`;
    return outcome === 'passed' ? { check, outcome } : { check, outcome, why: `why ${String(index)}` };
  }),
});

const sound = backend('sound', ['passed', 'passed', 'skipped', 'skipped']);
const broken = backend('broken', ['passed', 'failed', 'passed', 'skipped']);

it('checks go down, backends across, and what is no pass is explained below', () => {
  const lines = conformanceTable([sound, broken]).split('\n');
  expect(lines[0]).toMatch(/^check\s+sound\s+broken$/);
  expect(lines[3]).toMatch(/^check 1\s+pass\s+FAIL$/);
  expect(lines[4]).toMatch(/^check 2\s+off\s+pass$/);
  expect(lines).toContain('broken: the switch broken, 12 s');
  expect(lines).toContain('FAIL on broken: check 1: why 1');
  expect(lines).toContain('off on sound: check 2: why 2');
});

it('a failure, and a check that no backend was held to, are faults', () => {
  expect(tableFaults([sound, broken])).toEqual({ failed: ['broken: check 1: why 1'], offEverywhere: ['check 3'] });
  expect(tableFaults([backend('whole', ['passed', 'passed'])])).toEqual({ failed: [], offEverywhere: [] });
});
