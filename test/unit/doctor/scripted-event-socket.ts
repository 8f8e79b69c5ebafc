import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { HEALTHY_ANSWERS } from './healthy-answers.js';

/** How a FreeSWITCH of the script differs from a healthy one. */
export interface Script {
  /** Answers by the whole command; undefined leaves a command without one. */
  readonly answers?: Readonly<Record<string, string | undefined>>;
  /** Instead of asking for the password. */
  readonly greeting?: string;
  readonly password?: string;
  /** Words of the job that makes the trial leg. */
  readonly originateAnswer?: string;
  /** Files that it cannot play. */
  readonly missingFiles?: readonly string[];
  /** Where a file of this name on the switch is written on this machine; undefined loses it. */
  readonly placeOf?: (fileOnSwitch: string) => string | undefined;
  readonly recordAnswer?: string;
  /** Source ports that it cannot bind. */
  readonly takenPorts?: readonly number[];
}

type Headers = Readonly<Record<string, string>>;

/**
 * An event socket that answers as a script says, in the forms that were
 * recorded from a real one: so each fault can be had, also those that are hard
 * to bring about.
 */
export class ScriptedEventSocket {
  readonly #server: Server;
  readonly #script: Script;
  readonly #sockets = new Set<Socket>();
  /** Every command that came, without the log-in. */
  readonly commands: string[] = [];

  private constructor(script: Script) {
    this.#script = script;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async open(script: Script = {}): Promise<ScriptedEventSocket> {
    const scripted = new ScriptedEventSocket(script);
    scripted.#server.listen(0, '127.0.0.1');
    await once(scripted.#server, 'listening');
    return scripted;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => this.#sockets.delete(socket));
    // A doctor that has seen enough just goes.
    socket.on('error', () => socket.destroy());
    socket.write(this.#script.greeting ?? 'Content-Type: auth/request\n\n');
    let heard = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
      for (let end = heard.indexOf('\n\n'); end >= 0; end = heard.indexOf('\n\n')) {
        const block = heard.slice(0, end);
        heard = heard.slice(end + 2);
        this.#obey(socket, block);
      }
    });
  }

  #obey(socket: Socket, block: string): void {
    const [line = '', ...rest] = block.split('\n');
    const headers = Object.fromEntries(rest.map((each) => each.split(/: ?(.*)/, 2))) as Headers;
    const [, verb = '', argument = ''] = /^(\S+) ?(.*)$/.exec(line) ?? [];
    if (verb === 'auth') return reply(socket, argument === (this.#script.password ?? 'secret') ? '+OK accepted' : '-ERR invalid');
    this.commands.push(line);
    if (verb === 'api') return this.#answer(socket, this.#wordsTo(socket, argument));
    if (verb === 'bgapi') return this.#job(socket, argument, headers['Job-UUID'] ?? '');
    if (verb === 'sendmsg') return this.#message(socket, argument, headers);
    return reply(socket, '+OK');
  }

  #answer(socket: Socket, words: string | undefined): void {
    if (words !== undefined) socket.write(`Content-Type: api/response\nContent-Length: ${String(Buffer.byteLength(words))}\n\n${words}`);
  }

  #wordsTo(socket: Socket, command: string): string | undefined {
    const { answers = {}, recordAnswer = '+OK Success' } = this.#script;
    if (command in answers) return answers[command];
    const [name = '', id = '', verb = '', file = ''] = command.split(' ');
    switch (name) {
      case 'uuid_record':
        if (verb === 'start' && recordAnswer.startsWith('+OK')) this.#record(file);
        return recordAnswer;
      case 'uuid_break':
        this.#over(socket, id, 'FILE PLAYED');
        return '+OK';
      case 'uuid_kill':
      case 'sched_hangup':
        return '+OK';
      default:
        return HEALTHY_ANSWERS[command] ?? `-ERR ${command} Command not found!\n`;
    }
  }

  #record(fileOnSwitch: string): void {
    const { placeOf = (file) => file } = this.#script;
    const place = placeOf(fileOnSwitch);
    if (place !== undefined) writeFileSync(place, 'RIFF');
  }

  #job(socket: Socket, command: string, jobId: string): void {
    reply(socket, `+OK Job-UUID: ${jobId}`);
    if (!command.startsWith('originate ')) return event(socket, { 'Event-Name': 'BACKGROUND_JOB', 'Job-UUID': jobId, _body: this.#wordsTo(socket, command) ?? '' });
    const [, id = ''] = /origination_uuid=([^,}]+)/.exec(command) ?? [];
    const { originateAnswer = `+OK ${id}\n` } = this.#script;
    if (originateAnswer.startsWith('+OK')) {
      event(socket, { 'Event-Name': 'CHANNEL_ANSWER', 'Unique-ID': id });
      event(socket, { 'Event-Name': 'CHANNEL_PARK', 'Unique-ID': id });
    }
    event(socket, { 'Event-Name': 'BACKGROUND_JOB', 'Job-UUID': jobId, _body: originateAnswer });
  }

  /** What is being played, for the break that ends it. */
  #playing = '';

  #message(socket: Socket, id: string, headers: Headers): void {
    reply(socket, '+OK');
    if (headers['call-command'] === 'unicast') return this.#sendAudio(headers);
    const file = headers['execute-app-arg'] ?? '';
    this.#playing = headers['event-uuid'] ?? '';
    if (this.#script.missingFiles?.includes(file)) return this.#over(socket, id, 'FILE NOT FOUND');
    event(socket, { 'Event-Name': 'PLAYBACK_START', 'Unique-ID': id, 'Playback-File-Path': file });
    if (file.startsWith('tone_stream')) this.#over(socket, id, 'FILE PLAYED');
  }

  #over(socket: Socket, id: string, response: string): void {
    event(socket, { 'Event-Name': 'CHANNEL_EXECUTE_COMPLETE', 'Unique-ID': id, 'Application-UUID': this.#playing, 'Application-Response': response });
  }

  /** Twenty milliseconds of silence from the port that was asked for, once that is bound. */
  #sendAudio(headers: Headers): void {
    const from = Number(headers['local-port']);
    if (this.#script.takenPorts?.includes(from)) return;
    const socket = createSocket('udp4');
    socket.bind(from, headers['local-ip'], () => {
      socket.send(Buffer.alloc(320), Number(headers['remote-port']), headers['remote-ip'], () => socket.close());
    });
  }
}

const reply = (socket: Socket, words: string): void => {
  socket.write(`Content-Type: command/reply\nReply-Text: ${words}\n\n`);
};

function event(socket: Socket, fields: Headers): void {
  const body = JSON.stringify(fields);
  socket.write(`Content-Length: ${String(Buffer.byteLength(body))}\nContent-Type: text/event-json\n\n${body}`);
}
