import { withNextSwitch } from '../open-line.js';
import type { SwitchCheck } from '../switch-harness.js';
import {
  answeredCall,
  bridgedCall,
  dial,
  endCount,
  freshCall,
  give,
  hangUp,
  must,
  ofType,
  phoneCall,
  replies,
  seen,
  snapshotAfter,
  SETTLE_MS,
} from '../check-tools.js';

/** Losing and finding the switch again. */
export const connectionChecks: readonly SwitchCheck[] = [
  {
    name: 'the first word is a snapshot, and an idle switch has nothing of ours alive',
    run: async (line) => {
      await line.bench.pass(SETTLE_MS);
      const first = line.events[0];
      must(first?.type === 'switch-snapshot', `The first word was ${String(first?.type)}.`);
      must(first.snapshot.calls.length === 0, 'There are calls on an idle switch.');
      must(ofType(line, 'switch-snapshot').length === 1, 'There was more than one snapshot.');
    },
  },
  {
    name: 'after a cut connection: switch-lost, then a snapshot with the calls and bridges that live on',
    run: async (line) => {
      const { call, bridge } = await bridgedCall(line);
      const agent = await phoneCall(line);
      const from = line.events.length;
      await line.bench.cut();
      await seen(line, 'switch-lost', () => true);
      await line.bench.restore();
      const snapshot = await snapshotAfter(line, from);
      must(ofType(line, 'switch-lost').length === 1, 'The loss was not told exactly once.');
      const live = snapshot.calls.find((entry) => entry.callId === call);
      must(live?.state === 'answered', `The contact's call is told as ${String(live?.state)}.`);
      const line2 = snapshot.calls.find((entry) => entry.callId === agent);
      must(line2?.state === 'answered', "The agent's line is not in the snapshot.");
      must(line2.phone === line.bench.phone.name, "The snapshot does not say whose phone the agent's line is.");
      const room = snapshot.bridges.find((entry) => entry.bridgeId === bridge);
      must(room?.callIds.includes(call) === true, 'The snapshot does not show the call in its bridge.');
      await hangUp(line, call);
      await hangUp(line, agent);
      must(endCount(line, call) === 1 && endCount(line, agent) === 1, 'A call did not end exactly once.');
    },
  },
  {
    name: 'a call that ended in the gap is missing in the snapshot',
    run: async (line) => {
      const kept = await answeredCall(line);
      const leaving = await answeredCall(line, 'hangs-up-early');
      const from = line.events.length;
      await line.bench.cut();
      await seen(line, 'switch-lost', () => true);
      await line.bench.pass(3_000);
      await line.bench.restore();
      const snapshot = await snapshotAfter(line, from);
      must(snapshot.calls.some((entry) => entry.callId === kept), 'The call that lives on is missing.');
      must(!snapshot.calls.some((entry) => entry.callId === leaving), 'The snapshot holds a call that is over.');
      await hangUp(line, kept);
    },
  },
  {
    name: 'commands waiting at a cut, and commands given after it, fail with switch-lost',
    run: async (line) => {
      const call = await answeredCall(line);
      const waiting = give(line, { type: 'unbridge', callId: call });
      await line.bench.cut();
      const ids = [
        give(line, { type: 'hang-up', callId: freshCall(), q850: 16 }),
        give(line, dial(line, 'answers-at-once', freshCall())),
      ];
      await seen(line, 'switch-lost', () => true);
      ids.push(give(line, dial(line, 'answers-at-once', freshCall())));
      await line.bench.until('failures', () => (ids.every((id) => replies(line, id).length > 0) ? true : undefined));
      // The first one may have been quicker than the cut, but it has its one reply.
      await line.bench.until('the first reply', () => replies(line, waiting)[0]);
      must(replies(line, waiting).length === 1, 'A command at the cut had more than one reply.');
      for (const id of ids) {
        const reply = replies(line, id)[0];
        must(reply?.type === 'command-failed' && reply.failure === 'switch-lost', 'A command did not fail as lost.');
      }
      const from = line.events.length;
      await line.bench.restore();
      const snapshot = await snapshotAfter(line, from);
      must(snapshot.calls.some((entry) => entry.callId === call), 'The call that lives on is missing.');
      await hangUp(line, call);
    },
  },
  {
    name: 'a switch that was restarted is told as lost and comes back with nothing alive',
    run: async (line) => {
      const call = await answeredCall(line);
      const from = line.events.length;
      await line.bench.restartSwitch();
      const snapshot = await snapshotAfter(line, from);
      must(ofType(line, 'switch-lost').length >= 1, 'The restart was not told.');
      must(snapshot.calls.length === 0, 'The snapshot after a restart holds calls.');
      must(!snapshot.calls.some((entry) => entry.callId === call), 'A dead call is told alive.');
      const next = await answeredCall(line);
      await hangUp(line, next);
    },
  },
  {
    name: 'closing leaves calls up, and the next start adopts them',
    run: async (line) => {
      const { call, bridge } = await bridgedCall(line);
      await withNextSwitch(line, line.bench.createSwitch, async (again) => {
        const snapshot = await snapshotAfter(again, 0);
        must(snapshot.calls.some((entry) => entry.callId === call), 'The next start does not see the call.');
        must(
          snapshot.bridges.some((entry) => entry.bridgeId === bridge && entry.callIds.includes(call)),
          'The next start does not see the call in its bridge.',
        );
        await hangUp(again, call);
      });
    },
  },
];
