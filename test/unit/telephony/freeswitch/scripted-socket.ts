import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/** What the far side does with a command; the connection is its to write to. */
export type OnCommand = (command: string, socket: Socket) => void;

/** The server's side of an event socket, its words given by the test; greets and lets the password `secret` in. */
export class ScriptedSocket {
  readonly commands: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param greeting in the place of the ordinary one. */
  static async open(onCommand: OnCommand, greeting = 'Content-Type: auth/request\n\n'): Promise<ScriptedSocket> {
    const server = createServer();
    const scripted = new ScriptedSocket(server);
    server.on('connection', (socket) => scripted.#serve(socket, onCommand, greeting));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return scripted;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('It does not listen.');
    return address.port;
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: Socket, onCommand: OnCommand, greeting: string): void {
    let unread = '';
    this.#sockets.add(socket);
    socket.setEncoding('utf8').on('error', () => socket.destroy());
    socket.write(greeting);
    socket.on('data', (text: string) => {
      unread += text;
      for (let end = unread.indexOf('\n\n'); end >= 0; end = unread.indexOf('\n\n')) {
        const command = unread.slice(0, end);
        unread = unread.slice(end + 2);
        if (command.startsWith('auth ')) socket.write(reply(command === 'auth secret' ? '+OK accepted' : '-ERR invalid'));
        else {
          this.commands.push(command);
          onCommand(command, socket);
        }
      }
    });
  }
}

/** A `command/reply`. */
export const reply = (words: string): string => `Content-Type: command/reply\nReply-Text: ${words}\n\n`;

/** An `api/response`. */
export const response = (words: string): string => `Content-Type: api/response\nContent-Length: ${String(Buffer.byteLength(words))}\n\n${words}`;

/** A JSON event. */
export function event(headers: Readonly<Record<string, string>>): string {
  const body = JSON.stringify(headers);
  return `Content-Length: ${String(Buffer.byteLength(body))}\nContent-Type: text/event-json\n\n${body}`;
}
