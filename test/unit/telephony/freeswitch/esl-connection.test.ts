import { afterEach, describe, expect, it } from 'vitest';
import { EslConnection, EslRefusal } from '../../../../src/telephony/freeswitch/esl-connection.js';
import type { EslEvent, EslReply } from '../../../../src/telephony/freeswitch/esl-connection.js';
import { event, reply, response, ScriptedSocket } from './scripted-socket.js';
import type { OnCommand } from './scripted-socket.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function scripted(onCommand: OnCommand, greeting?: string): Promise<ScriptedSocket> {
  const server = await ScriptedSocket.open(onCommand, greeting);
  open.push(server);
  return server;
}

async function connect(server: ScriptedSocket, password = 'secret', heartbeatMs = 60_000): Promise<EslConnection> {
  const connection = await EslConnection.connect({ host: '127.0.0.1', port: server.port, password }, { heartbeatMs }, new AbortController().signal);
  open.push(connection);
  return connection;
}

const ask = (connection: EslConnection, command: string): Promise<EslReply> => new Promise((resolve) => connection.api(command, resolve));
const lost = (connection: EslConnection): Promise<string> =>
  new Promise((resolve) => connection.listen({ onEvent: () => undefined, onLost: resolve }));

describe('logging in', () => {
  it('a wrong password is a refusal for good, with its cure', async () => {
    const server = await scripted(() => undefined);
    await expect(connect(server, 'wrong')).rejects.toThrow(/refuses the password: compare it with event_socket.conf/);
    await expect(connect(server, 'wrong')).rejects.toBeInstanceOf(EslRefusal);
  });

  it('an address that is not in the list is a refusal for good, with its cure', async () => {
    const server = await scripted(() => undefined, 'Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n');
    await expect(connect(server)).rejects.toThrow(/apply-inbound-acl of event_socket.conf/);
  });

  it('something else that listens there may pass, and is told', async () => {
    const server = await scripted(() => undefined, 'HTTP/1.1 400 Bad Request\n\n');
    await expect(connect(server)).rejects.toThrow(/closed|no event socket/i);
  }, 10_000);
});

describe('commands and replies', () => {
  it('replies go to the commands in their order, whatever comes between them', async () => {
    const server = await scripted((command, socket) => {
      if (command === 'api one') return;
      socket.write(`${event({ 'Event-Name': 'CHANNEL_CREATE' })}${response('+OK one\n')}${event({ 'Event-Name': 'CHANNEL_PARK' })}${response('-ERR two\n')}`);
    });
    const connection = await connect(server);
    const events: EslEvent[] = [];
    connection.listen({ onEvent: (one) => events.push(one), onLost: () => undefined });
    const replies = await Promise.all([ask(connection, 'one'), ask(connection, 'two')]);
    expect(replies).toEqual([{ kind: 'said', words: '+OK one' }, { kind: 'said', words: '-ERR two' }]);
    expect(events.map((one) => one['Event-Name'])).toEqual(['CHANNEL_CREATE', 'CHANNEL_PARK']);
  });

  it('a job is answered by its own result, not by being taken up, nor by another connection\'s', async () => {
    const server = await scripted((_command, socket) => {
      socket.write(reply('+OK Job-UUID: mine'));
      socket.write(event({ 'Event-Name': 'BACKGROUND_JOB', 'Job-UUID': 'another', _body: '-ERR not yours\n' }));
      socket.write(event({ 'Event-Name': 'BACKGROUND_JOB', 'Job-UUID': 'mine', _body: '+OK done\n' }));
    });
    const connection = await connect(server);
    connection.listen({ onEvent: () => undefined, onLost: () => undefined });
    const answered = await new Promise<EslReply>((resolve) => connection.background('mine', 'originate x', resolve));
    expect(answered).toEqual({ kind: 'said', words: '+OK done' });
    expect(server.commands).toEqual(['bgapi originate x\nJob-UUID: mine']);
  });

  it('a job that is not taken up is answered at once', async () => {
    const server = await scripted((_command, socket) => socket.write(reply('-ERR command not found')));
    const connection = await connect(server);
    const answered = await new Promise<EslReply>((resolve) => connection.background('mine', 'nonsense', resolve));
    expect(answered).toEqual({ kind: 'said', words: '-ERR command not found' });
  });

  it('commands and jobs without an answer hear of the loss, once each, before the listener does', async () => {
    const heard: string[] = [];
    const server = await scripted((command, socket) => {
      if (command.startsWith('bgapi')) socket.write(reply('+OK Job-UUID: mine'));
      else socket.destroy();
    });
    const connection = await connect(server);
    const whenLost = new Promise<void>((resolve) =>
      connection.listen({ onEvent: () => undefined, onLost: () => { heard.push('listener'); resolve(); } }),
    );
    connection.background('mine', 'originate x', ({ kind }) => heard.push(`job ${kind}`));
    connection.message('call-1', { 'call-command': 'execute' }, ({ kind }) => heard.push(`message ${kind}`));
    await whenLost;
    expect(heard.slice().sort()).toEqual(['job lost', 'listener', 'message lost']);
    expect(heard.at(-1)).toBe('listener');
    connection.api('too late', ({ kind }) => heard.push(`late ${kind}`));
    expect(heard.at(-1)).toBe('late lost');
  });

  it('a line break in a command is refused, so that none begins a command of its own', async () => {
    const connection = await connect(await scripted(() => undefined));
    expect(() => connection.api('status\n\napi shutdown', () => undefined)).toThrow(RangeError);
    expect(() => connection.message('call-1', { 'execute-app-arg': 'a\r\nb: c' }, () => undefined)).toThrow(RangeError);
  });
});

describe('losing the switch', () => {
  it('a reply nobody asked for ends the connection: the order is lost', async () => {
    const server = await scripted((_command, socket) => socket.write(`${response('+OK')}${response('+OK again')}`));
    const connection = await connect(server);
    const reason = lost(connection);
    await ask(connection, 'one');
    expect(await reason).toMatch(/command that was not given/);
  });

  it('an event that is no JSON ends the connection: something was lost', async () => {
    const server = await scripted((_command, socket) => socket.write('Content-Length: 7\nContent-Type: text/event-json\n\n{"half:'));
    const connection = await connect(server);
    const reason = lost(connection);
    connection.api('one', () => undefined);
    expect(await reason).toMatch(/no JSON/);
  });

  it('a switch that says nothing is asked, and lost when it does not answer', async () => {
    const server = await scripted(() => undefined);
    const connection = await connect(server, 'secret', 40);
    expect(await lost(connection)).toMatch(/has said nothing for \d+ ms/);
    expect(server.commands).toContain('api echo outdial');
  });

  it('a switch that answers is kept, however little happens on it', async () => {
    let asked = 0;
    const server = await scripted((_command, socket) => {
      asked++;
      socket.write(response('outdial'));
    });
    const connection = await connect(server, 'secret', 20);
    let wasLost = false;
    connection.listen({ onEvent: () => undefined, onLost: () => (wasLost = true) });
    await expect.poll(() => asked).toBeGreaterThan(5);
    expect(wasLost).toBe(false);
  });

  it('closing says nothing to the listener', async () => {
    const connection = await connect(await scripted(() => undefined));
    let wasLost = false;
    connection.listen({ onEvent: () => undefined, onLost: () => (wasLost = true) });
    const answered = ask(connection, 'one');
    connection.close();
    expect(await answered).toEqual({ kind: 'lost' });
    expect(wasLost).toBe(false);
  });
});
