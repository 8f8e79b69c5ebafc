import { describe, expect, it } from 'vitest';
import { updatedBoard, type FeedMessage, type Wallboard } from '../../../src/api/contract.js';
import { FeedHub, type FeedMember, type FeedPosition, type FeedSocket } from '../../../src/api/feed-hub.js';
import { LiveState } from '../../../src/api/live-state.js';
import { Random } from '../../../src/units/random.js';
import { epochMs } from '../../../src/units/time.js';
import { EventScript } from './event-script.js';

const NOON = Date.parse('2026-03-10T12:00:00Z');

/** A screen that keeps its copy of the board by the messages alone, as the browser does. */
class Screen implements FeedSocket {
  bufferedAmount = 0;
  board: Wallboard | undefined;
  n = -1;
  epoch = '';
  readonly types: string[] = [];

  send(text: string): void {
    const message = JSON.parse(text) as FeedMessage;
    this.types.push(message.type);
    switch (message.type) {
      case 'hello':
        this.epoch = message.epoch;
        return;
      case 'snapshot':
        this.board = message.board;
        break;
      case 'change':
        if (message.after !== this.n || this.board === undefined) throw new Error(`a change after ${String(message.after)}, standing at ${String(this.n)}`);
        this.board = updatedBoard(this.board, message.updates);
        break;
      case 'beat':
        if (message.n !== this.n) throw new Error(`a beat at ${String(message.n)}, standing at ${String(this.n)}`);
        break;
    }
    this.n = message.n;
  }

  get position(): FeedPosition | undefined {
    return this.n < 0 ? undefined : { epoch: this.epoch, n: this.n };
  }
}

function floor(changesKeptMax: number): { live: LiveState; hub: FeedHub; script: EventScript } {
  const live = new LiveState({ timeZone: 'Etc/UTC', campaigns: [], agents: [], trunks: [], openCalls: [] }, epochMs(NOON));
  const hub = new FeedHub(live, { epoch: 'e1', changesKeptMax, bufferedBytesMax: 1_000 });
  return { live, hub, script: new EventScript(NOON, 'spring', (event) => { live.apply(event); }) };
}

const plain = (board: Wallboard | undefined): unknown => JSON.parse(JSON.stringify(board));

describe('the feed', () => {
  it('sends hello and a snapshot, then numbered changes, and nothing while nothing changes', () => {
    const { hub, script } = floor(10);
    const screen = new Screen();
    hub.join(screen, undefined, epochMs(NOON));
    hub.flush(epochMs(NOON));
    script.dial('c');
    hub.flush(epochMs(NOON + 100));
    hub.flush(epochMs(NOON + 200));
    hub.beat(epochMs(NOON + 300));
    expect(screen.types).toEqual(['hello', 'snapshot', 'change', 'beat']);
    expect(screen.n).toBe(1);
    expect(screen.board?.floor.today.counts.dialledCount).toBe(1);
  });

  it('gives one that returns only what it missed, a beat when that is nothing, and a snapshot after another run', () => {
    const { hub, live, script } = floor(10);
    const before = new Screen();
    const member = hub.join(before, undefined, epochMs(NOON));
    hub.leave(member);
    for (const call of ['a', 'b', 'c']) {
      script.dial(call);
      hub.flush(epochMs(NOON + 100));
    }
    before.types.length = 0;
    const again = hub.join(before, before.position, epochMs(NOON + 400));
    expect(before.types).toEqual(['hello', 'change']);
    expect(plain(before.board)).toEqual(plain(live.board()));
    hub.leave(again);
    before.types.length = 0;
    hub.join(before, before.position, epochMs(NOON + 500));
    expect(before.types).toEqual(['hello', 'beat']);

    const stranger = new Screen();
    hub.join(stranger, { epoch: 'another-run', n: 2 }, epochMs(NOON));
    const fromTheFuture = new Screen();
    hub.join(fromTheFuture, { epoch: 'e1', n: 99 }, epochMs(NOON));
    expect([stranger.types, fromTheFuture.types]).toEqual([['hello', 'snapshot'], ['hello', 'snapshot']]);
  });

  it('leaves out a screen whose socket is full, and brings it to now once it has drained', () => {
    const { hub, live, script } = floor(4);
    const slow = new Screen();
    const quick = new Screen();
    hub.join(slow, undefined, epochMs(NOON));
    hub.join(quick, undefined, epochMs(NOON));
    slow.bufferedAmount = 1_001;
    for (let call = 0; call < 3; call += 1) {
      script.dial(`few-${String(call)}`);
      hub.flush(epochMs(NOON + 100));
    }
    hub.beat(epochMs(NOON + 150));
    expect(slow.types).toEqual(['hello', 'snapshot']);
    expect(quick.n).toBe(3);

    slow.bufferedAmount = 0;
    hub.flush(epochMs(NOON + 200));
    expect(slow.types).toEqual(['hello', 'snapshot', 'change']);
    expect(plain(slow.board)).toEqual(plain(live.board()));

    slow.bufferedAmount = 5_000;
    for (let call = 0; call < 9; call += 1) {
      script.dial(`many-${String(call)}`);
      hub.flush(epochMs(NOON + 300));
    }
    slow.bufferedAmount = 0;
    hub.flush(epochMs(NOON + 400));
    expect(slow.types.at(-1)).toBe('snapshot');
    expect(plain(slow.board)).toEqual(plain(live.board()));
    expect(plain(quick.board)).toEqual(plain(live.board()));
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('a screen cut at random equals one never cut (seed %i)', (seed) => {
    const random = new Random(seed);
    const { hub, live, script } = floor(12);
    const steady = new Screen();
    hub.join(steady, undefined, epochMs(NOON));
    const screens = Array.from({ length: 4 }, () => ({ screen: new Screen(), member: undefined as FeedMember | undefined }));
    let cuts = 0;
    const open: string[] = [];
    for (let step = 0; step < 600; step += 1) {
      script.nowMs += random.between(0, 400);
      act(random, script, open, step);
      if (random.chance(0.4)) hub.flush(epochMs(script.nowMs));
      if (random.chance(0.1)) hub.beat(epochMs(script.nowMs));
      for (const client of screens) {
        if (random.chance(0.08)) client.screen.bufferedAmount = random.chance(0.5) ? 2_000 : 0;
        if (!random.chance(0.06)) continue;
        if (client.member === undefined) {
          client.member = hub.join(client.screen, client.screen.position, epochMs(script.nowMs));
        } else {
          hub.leave(client.member);
          client.member = undefined;
          client.screen.bufferedAmount = 0;
          cuts += 1;
        }
      }
    }
    for (const client of screens) {
      client.screen.bufferedAmount = 0;
      client.member ??= hub.join(client.screen, client.screen.position, epochMs(script.nowMs));
    }
    hub.flush(epochMs(script.nowMs));
    expect(cuts).toBeGreaterThan(20);
    for (const { screen } of screens) {
      expect(screen.n).toBe(steady.n);
      expect(screen.board).toEqual(steady.board);
    }
    expect(steady.board).toEqual(plain(live.board()));
  });
});

/** One thing of a call centre's life, drawn at random. */
function act(random: Random, script: EventScript, open: string[], step: number): void {
  const agent = `a${String(Math.floor(random.between(1, 9)))}`;
  const call = open.length === 0 ? undefined : random.pick(open);
  switch (Math.floor(random.between(0, 6))) {
    case 0:
      script.dial(`c${String(step)}`);
      open.push(`c${String(step)}`);
      break;
    case 1:
      if (call !== undefined) script.answer(call);
      break;
    case 2:
      if (call !== undefined) script.connect(call, agent, random.between(100, 3_000));
      break;
    case 3:
      if (call === undefined) break;
      script.end(call, random.pick(['busy', 'no-answer', 'contact-hung-up', 'congestion'] as const));
      open.splice(open.indexOf(call), 1);
      break;
    case 4:
      script.agent(agent, random.pick(['available', 'paused', 'wrap-up', 'offline'] as const));
      break;
    default:
      script.event(
        random.chance(0.5)
          ? { type: 'alarm-raised', alarm: 'trunk-down', detail: `step ${String(step)}` }
          : { type: 'alarm-cleared', alarm: 'trunk-down' },
      );
  }
}
