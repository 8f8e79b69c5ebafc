import { describe, expect, it } from 'vitest';
import { Waits } from '../../../src/dialer/waits.js';
import { Random } from '../../../src/units/random.js';
import { callId, campaignId } from '../../../src/units/ids.js';
import { monotonicMs } from '../../../src/units/time.js';

describe('waits', () => {
  // A wait for opening hours is replaced at every change of a campaign; the
  // replaced ones lay in memory until their hour came.
  it('come due once each and in order, however often they were replaced', () => {
    const random = new Random(3);
    const waits = new Waits();
    const dueAt = new Map<string, number>();
    for (let round = 0; round < 10_000; round += 1) {
      const at = Math.floor(random.between(0, 1_000_000));
      const id = `c${round % 50}`;
      waits.set({ kind: 'agent-wait', callId: callId(id) }, monotonicMs(at));
      dueAt.set(id, at);
      waits.set({ kind: 'pace', campaignId: campaignId('spring') }, monotonicMs(2_000_000 + round));
    }
    waits.cancel({ kind: 'agent-wait', callId: callId('c7') });
    dueAt.delete('c7');

    const taken: string[] = [];
    for (;;) {
      const wait = waits.takeDue(monotonicMs(1_000_000));
      if (wait === undefined) break;
      if (wait.kind === 'agent-wait') taken.push(wait.callId);
    }
    const inOrder = [...dueAt].sort((a, b) => a[1] - b[1]).map(([id]) => dueAt.get(id));
    expect(taken.map((id) => dueAt.get(id))).toEqual(inOrder);
    expect(waits.wakeAt).toEqual({ monotonicMs: 2_009_999, reason: 'pace spring' });
  });
});
