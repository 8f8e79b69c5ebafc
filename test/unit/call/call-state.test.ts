import { describe, expect, it } from 'vitest';
import { AGENT_NEWS, AGENT_STATES, AGENT_TABLE } from '../../../src/agent/agent-state.js';
import { CALL_NEWS, CALL_STATES, CALL_TABLE } from '../../../src/call/call-state.js';
import type { TransitionTable } from '../../../src/units/transition-table.js';

/** States that can be reached from `start` by some news. */
function reachable<S extends string, N extends string>(table: TransitionTable<S, N>, start: S): Set<S> {
  const seen = new Set<S>([start]);
  for (const state of seen) {
    for (const row of Object.values<TransitionTable<S, N>[S][N]>(table[state])) {
      if (row.kind === 'to') seen.add(row.state);
    }
  }
  return seen;
}

describe.each([
  { name: 'call', table: CALL_TABLE, states: CALL_STATES, news: CALL_NEWS, start: 'writing', end: 'ended' },
  { name: 'agent', table: AGENT_TABLE, states: AGENT_STATES, news: AGENT_NEWS, start: 'offline', end: 'offline' },
] as const)('the $name table', ({ table, states, news, start, end }) => {
  const whole = table as TransitionTable<string, string>;

  it('has a row for every state and news', () => {
    for (const state of states) {
      for (const each of news) expect(whole[state]?.[each], `${state} × ${each}`).toBeDefined();
    }
  });

  it('reaches every state', () => {
    expect([...reachable(whole, start)].sort()).toEqual([...states].sort());
  });

  it('has a way from every state to its end', () => {
    for (const state of states) expect(reachable(whole, state), `from ${state}`).toContain(end);
  });

  it('says of every late news why it can still arrive', () => {
    for (const state of states) {
      for (const each of news) {
        const row = whole[state]?.[each];
        if (row?.kind === 'late') expect(row.why.length, `${state} × ${each}`).toBeGreaterThan(5);
      }
    }
  });
});

describe('the call table', () => {
  it('lets the switch end a call in whatever state it is', () => {
    for (const state of CALL_STATES) {
      const row = CALL_TABLE[state].gone;
      expect(row.kind === 'to' ? row.state : 'ended', state).toBe('ended');
    }
  });

  it('never leads out of ended', () => {
    for (const row of Object.values(CALL_TABLE.ended)) expect(row.kind).toBe('late');
  });
});

describe('the agent table', () => {
  it('lets the line drop in whatever state the agent is', () => {
    for (const state of AGENT_STATES) {
      const row = AGENT_TABLE[state]['line-lost'];
      expect(row.kind === 'to' ? row.state : 'offline', state).toBe('offline');
    }
  });
});
