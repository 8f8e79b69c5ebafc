import { describe, expect, test } from 'vitest';
import type { AriConnection, AriReply } from '../../../../src/telephony/asterisk/ari-connection.js';
import { Supervisions } from '../../../../src/telephony/asterisk/supervisions.js';
import { callId } from '../../../../src/units/ids.js';
import { NAMING } from './recordings.js';

const SUPERVISOR = callId('supervisor');
const AGENT = callId('agent');
const OTHER = callId('other');

type AnyReply = AriReply<'channels.list'>;

/** A switch of which the test says when it answers. */
class PuppetConnection implements AriConnection {
  readonly isOrderedStream = false;
  readonly requests: { readonly text: string; readonly reply: (reply: AnyReply) => void }[] = [];

  send(operation: string, parameters: Readonly<Record<string, unknown>>, onReply: (reply: never) => void): void {
    const values = Object.entries(parameters)
      .filter(([name]) => !['app', 'name', 'type', 'spy'].includes(name))
      .map(([, value]) => String(value));
    this.requests.push({ text: [operation, ...values].join(' '), reply: onReply as (reply: AnyReply) => void });
  }

  /** Answers the latest request of this operation. */
  answer(operation: string, reply: AnyReply = { kind: 'done', response: [] }): void {
    const request = this.requests.findLast(({ text }) => text.startsWith(operation));
    if (request === undefined) throw new Error(`${operation} was not asked for.`);
    request.reply(reply);
  }

  get texts(): readonly string[] {
    return this.requests.map(({ text }) => text);
  }

  close(): void {
    return undefined;
  }

  drop(): void {
    return undefined;
  }
}

function underTest() {
  const connection = new PuppetConnection();
  const ended: string[] = [];
  const replies: string[] = [];
  const supervisions = new Supervisions(NAMING, 'i', (supervisor, target) => ended.push(`${supervisor} ${target}`));
  supervisions.connect(connection, [], []);
  const begin = (mode: 'listen' | 'whisper' | 'barge', target = AGENT): void =>
    supervisions.begin(SUPERVISOR, target, mode, (run) => run(), (reply) => replies.push(`${mode} ${reply.kind}`));
  return { connection, ended, replies, supervisions, begin };
}

/** One that has begun. */
function begun() {
  const all = underTest();
  all.begin('listen');
  all.connection.answer('bridges.createWithId');
  all.connection.answer('channels.snoopChannelWithId');
  all.supervisions.onSpyReady('outdial-spy-i-1');
  all.connection.answer('bridges.addChannel');
  return all;
}

describe('Supervisions', () => {
  test.each([[['reply', 'event']], [['event', 'reply']]])('begins when %s have come', (order) => {
    const { connection, replies, supervisions, begin } = underTest();
    begin('listen');
    connection.answer('bridges.createWithId');
    for (const [index, what] of order.entries()) {
      expect(connection.texts.filter((text) => text.startsWith('bridges.addChannel')).length, String(index)).toBe(0);
      if (what === 'reply') connection.answer('channels.snoopChannelWithId');
      else supervisions.onSpyReady('outdial-spy-i-1');
    }
    expect(connection.texts.at(-1)).toBe('bridges.addChannel outdial-watch-i-1 outdial-spy-i-1,supervisor');
    connection.answer('bridges.addChannel');
    expect(replies).toEqual(['listen done']);
  });

  test('another mode is another channel in the same bridge; the former one goes after it', () => {
    const { connection, replies, ended, supervisions, begin } = begun();
    begin('barge');
    connection.answer('channels.snoopChannelWithId');
    supervisions.onSpyReady('outdial-spy-i-2');
    expect(connection.texts).not.toContain('channels.hangup outdial-spy-i-1');
    connection.answer('bridges.addChannel');
    expect(connection.texts.at(-1)).toBe('channels.hangup outdial-spy-i-1');
    supervisions.onSpyGone('outdial-spy-i-1');
    expect(replies).toEqual(['listen done', 'barge done']);
    expect(ended).toEqual([]);
  });

  test('a change that fails leaves what is', () => {
    const { connection, replies, ended, begin, supervisions } = begun();
    begin('listen', OTHER);
    connection.answer('channels.snoopChannelWithId', { kind: 'refused', status: 404, words: 'Channel not found' });
    expect(replies).toEqual(['listen done', 'listen refused']);
    expect(ended).toEqual([]);
    supervisions.onSpyGone('outdial-spy-i-1');
    expect(ended).toEqual(['supervisor agent']);
  });

  test('the target that ends during a change ends it once, when the change fails', () => {
    const { connection, ended, begin, supervisions } = begun();
    begin('barge');
    supervisions.onSpyGone('outdial-spy-i-1');
    expect(ended).toEqual([]);
    connection.answer('channels.snoopChannelWithId', { kind: 'refused', status: 404, words: 'Channel not found' });
    expect(ended).toEqual(['supervisor agent']);
    expect(supervisions.bridgeOf(SUPERVISOR)).toBeUndefined();
  });

  test('one that never began ends without a word', () => {
    const { connection, replies, ended, begin, supervisions } = underTest();
    begin('listen');
    supervisions.withdraw(SUPERVISOR);
    connection.answer('bridges.createWithId');
    expect(replies).toEqual(['listen refused']);
    expect(ended).toEqual([]);
    expect(connection.texts.filter((text) => text.startsWith('channels.snoop'))).toEqual([]);
  });

  test('stopping tells the end once, whichever of reply and leaving comes first', () => {
    for (const leavesFirst of [true, false]) {
      const { connection, ended, supervisions } = begun();
      const replies: string[] = [];
      expect(supervisions.stop(SUPERVISOR, ({ kind }) => replies.push(kind))).toBe(true);
      if (leavesFirst) supervisions.onSupervisorLeft('outdial-watch-i-1', SUPERVISOR);
      connection.requests.find(({ text }) => text.startsWith('bridges.destroy'))?.reply({ kind: 'done', response: [] });
      if (!leavesFirst) supervisions.onSupervisorLeft('outdial-watch-i-1', SUPERVISOR);
      expect(replies).toEqual(['done']);
      expect(ended).toEqual(['supervisor agent']);
      expect(supervisions.stop(SUPERVISOR, () => undefined)).toBe(false);
    }
  });

  test('what former runs left is removed', () => {
    const { connection, supervisions } = underTest();
    const channel = (id: string): never => ({ id }) as never;
    supervisions.connect(connection, [channel('outdial-spy-former-1'), channel('call-1')], [channel('outdial-watch-former-1'), channel('outdial-room-1')]);
    expect(connection.texts).toEqual(['channels.hangup outdial-spy-former-1', 'bridges.destroy outdial-watch-former-1']);
  });
});
