import { TextSocket } from '../text-socket.js';

/** What an event of ARI holds that the lab reads. */
export interface AriEvent {
  readonly type: string;
  readonly channel?: { readonly id: string; readonly name: string };
  readonly playback?: { readonly target_uri: string };
  readonly args?: readonly string[];
  readonly cause?: number;
  readonly digit?: string;
  readonly recording?: { readonly name: string };
  readonly peer?: { readonly peer_status: string };
}

/** A bare connection to ARI, for the parts of the lab that play the world around the PBX. */
export class AriConnection {
  readonly #url: string;
  readonly #authorization: string;
  readonly #socket: TextSocket;

  private constructor(url: string, authorization: string, socket: TextSocket) {
    this.#url = url;
    this.#authorization = authorization;
    this.#socket = socket;
  }

  /** Connects and registers the Stasis application `app`. */
  static async open(
    login: { readonly ariUrl: string; readonly ariUser: string; readonly ariPassword: string },
    app: string,
    onEvent: (event: AriEvent) => void,
  ): Promise<AriConnection> {
    const authorization = `Basic ${Buffer.from(`${login.ariUser}:${login.ariPassword}`).toString('base64')}`;
    const socket = await new Promise<TextSocket>((resolve, reject) => {
      const opening = new TextSocket({
        url: `${login.ariUrl.replace(/^http/, 'ws')}/ari/events?app=${app}`,
        headers: { authorization },
        onOpen: () => resolve(opening),
        onText: (text) => onEvent(JSON.parse(text) as AriEvent),
        // Once open, an Asterisk that is killed ends it; its process says so too.
        onClosed: (failure) => reject(failure ?? new Error('ARI closed the connection before it was open.')),
      });
    });
    return new AriConnection(login.ariUrl, authorization, socket);
  }

  /** One request; query values are encoded. @throws when it is refused, except that the thing has just ended (404, 409). */
  async request(method: 'GET' | 'POST' | 'DELETE', path: string, query: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const answer = await fetch(`${this.#url}/ari/${path}?${new URLSearchParams(query).toString()}`, {
      method,
      headers: { authorization: this.#authorization },
    });
    const text = await answer.text();
    if (answer.status === 404 || answer.status === 409) return undefined;
    if (!answer.ok) throw new Error(`ARI refused ${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  close(): void {
    this.#socket.close();
  }
}
