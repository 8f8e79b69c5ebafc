import { createServer, type Server } from 'node:net';
import type { SwitchEventData } from '../recorded/switch-event-data.js';
import type { SwitchCore } from '../server/switch-core.js';
import type { ConnectionSettings } from './esl-connection.js';
import { EslConnection } from './esl-connection.js';
import { GOODBYE, notice } from './wire-message.js';

/** The TCP side of the event socket: who is connected, and who may be. */
export class EslServer {
  readonly #core: () => SwitchCore;
  readonly #settings: () => ConnectionSettings;
  readonly #connections = new Set<EslConnection>();
  #server: Server | undefined;
  #port = 0;
  /** Connections are closed as soon as they are made. */
  isCut = false;
  /** Connections are turned away in the words of an access list (flow 01). */
  isRefusing = false;

  /** @param settings asked for each connection, which cuts its stream by chance of its own. */
  constructor(core: () => SwitchCore, settings: () => ConnectionSettings) {
    this.#core = core;
    this.#settings = settings;
  }

  /** 0 before the first `listen`. */
  get port(): number {
    return this.#port;
  }

  get connectionCount(): number {
    return [...this.#connections].filter(({ isOver }) => !isOver).length;
  }

  /** @param port 0 takes a free one, the first time; later the same again. */
  async listen(port: number): Promise<void> {
    const server = createServer((socket) => {
      this.#core().clock.catchUp();
      if (this.isCut) {
        socket.destroy();
        return;
      }
      if (this.isRefusing) {
        socket.end(Buffer.concat([notice('text/rude-rejection', 'Access Denied, go away.\n'), notice('text/disconnect-notice', GOODBYE)]));
        return;
      }
      const connection = new EslConnection(socket, this.#core, this.#settings());
      this.#connections.add(connection);
      socket.on('close', () => this.#connections.delete(connection));
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port === 0 ? port : this.#port, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }

  /** Nobody listens any more; connections that are there stay. */
  async stopListening(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server?.listening !== true) return;
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
  }

  /** An event for whoever wants it. */
  offer(event: SwitchEventData): void {
    for (const connection of this.#connections) connection.offer(event);
  }

  /** Closes all in good order. */
  goodbye(words: string): void {
    for (const connection of this.#connections) connection.goodbye(words);
  }

  /** Closes all without a word. */
  cutAll(): void {
    for (const connection of this.#connections) connection.cut();
    this.#connections.clear();
  }
}
