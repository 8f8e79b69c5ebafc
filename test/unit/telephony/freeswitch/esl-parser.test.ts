import { describe, expect, it } from 'vitest';
import { EslParser, EslProtocolError } from '../../../../src/telephony/freeswitch/esl-parser.js';
import type { EslMessage } from '../../../../src/telephony/freeswitch/esl-parser.js';
import { Random } from '../../../../src/units/random.js';
import { FLOWS, sentBySwitch } from './transcripts.js';

/** Every message by itself, as it was recorded. */
const whole = (messages: readonly Buffer[]): readonly EslMessage[] => messages.flatMap((bytes) => new EslParser().push(bytes));

/** The same bytes as one stream, cut where the seed says. */
function cut(messages: readonly Buffer[], seed: number, pieceBytesMax: number): readonly EslMessage[] {
  const random = new Random(seed);
  const stream = Buffer.concat(messages);
  const parser = new EslParser();
  const parsed: EslMessage[] = [];
  for (let at = 0; at < stream.length; ) {
    const end = at + 1 + Math.floor(random.between(0, pieceBytesMax));
    parsed.push(...parser.push(stream.subarray(at, end)));
    at = end;
  }
  return parsed;
}

describe('every recorded flow', () => {
  it.each(FLOWS)('%s comes back message by message, however it is cut', (flow) => {
    for (const messages of sentBySwitch(flow).values()) {
      const expected = whole(messages);
      expect(expected).toHaveLength(messages.length);
      expect(cut(messages, 1, 70_000)).toEqual(expected);
      expect(cut(messages, 2, 1_500)).toEqual(expected);
    }
  });
});

describe('what is ordinary on this socket', () => {
  const event = (body: Buffer | string): Buffer =>
    Buffer.concat([Buffer.from(`Content-Length: ${String(Buffer.byteLength(body))}\nContent-Type: text/event-json\n\n`), Buffer.from(body)]);
  const next = Buffer.from('Content-Type: command/reply\nReply-Text: +OK next\n\n');

  it('a reply cut at any byte, the empty line included, is one reply', () => {
    const reply = Buffer.from('Content-Type: command/reply\nReply-Text: +OK Job-UUID: 1\nJob-UUID: 1\n\n');
    for (let at = 1; at < reply.length; at++) {
      const parser = new EslParser();
      const messages = [...parser.push(reply.subarray(0, at)), ...parser.push(reply.subarray(at)), ...parser.push(next)];
      expect(messages.map(({ headers }) => headers.get('Reply-Text'))).toEqual(['+OK Job-UUID: 1', '+OK next']);
    }
  });

  it('a body of more bytes than characters ends where its bytes end', () => {
    const name = 'Åsa Žižek 🦊';
    const [first, second] = new EslParser().push(Buffer.concat([event(JSON.stringify({ 'Caller-Caller-ID-Name': name })), next]));
    expect(JSON.parse(first?.body ?? '')).toEqual({ 'Caller-Caller-ID-Name': name });
    expect(second?.headers.get('Reply-Text')).toBe('+OK next');
  });

  it('a name in bytes that are no UTF-8 is read as far as it can be, and what follows is whole', () => {
    const body = Buffer.concat([Buffer.from('{"Caller-Caller-ID-Name":"Ren'), Buffer.from([0xe9, 0xff, 0x80]), Buffer.from('"}')]);
    const [first, second] = new EslParser().push(Buffer.concat([event(body), next]));
    expect(JSON.parse(first?.body ?? '')).toEqual({ 'Caller-Caller-ID-Name': 'Ren\ufffd\ufffd\ufffd' });
    expect(second?.headers.get('Reply-Text')).toBe('+OK next');
  });

  it('a percent sign that escapes nothing is a percent sign', () => {
    const [message] = new EslParser().push(Buffer.from('Content-Type: command/reply\nReply-Text: -ERR 100%zz: no such thing\n\n'));
    expect(message?.headers.get('Reply-Text')).toBe('-ERR 100%zz: no such thing');
  });
});

describe('what is no event socket', () => {
  it.each([
    ['a length that is no number', 'Content-Length: many\n\n'],
    ['a negative length', 'Content-Length: -1\n\n'],
    ['a length beyond all events', 'Content-Length: 99999999999\n\n'],
    ['a flood without an end of headers', 'x'.repeat(70_000)],
  ])('%s is told as such', (_what, text) => {
    expect(() => new EslParser().push(Buffer.from(text))).toThrow(EslProtocolError);
  });
});
