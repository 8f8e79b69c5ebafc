import type { AriConnection, AriEvent } from './ari-connection.js';

/** A UDP address. */
export interface MediaAddress {
  readonly host: string;
  readonly port: number;
}

/** Chosen: Asterisk makes such a channel in a few milliseconds. */
const READY_WAIT_MS_MAX = 5_000;

const mediaIdOf = (channelId: string): string => `${channelId}-live`;
const bridgeIdOf = (channelId: string): string => `${channelId}-live-bridge`;

/**
 * Gives channels of a lab's Asterisk to a UDP socket of the caller: what the
 * channel hears goes to the socket and what the socket sends is what the
 * channel says, as 20 ms RTP packets of µ-law without a jitter buffer between.
 * For measurements, which must say and hear a thing in the same process.
 */
export class LiveMedia {
  readonly #ari: Pick<AriConnection, 'request'>;
  readonly #app: string;
  readonly #untilReady = new Map<string, () => void>();
  readonly #joined = new Set<string>();

  /** @param app the Stasis application that `ari` registered and that holds the channels. */
  constructor(ari: Pick<AriConnection, 'request'>, app: string) {
    this.#ari = ari;
    this.#app = app;
  }

  /** To be told every event of the application; true when it was about a channel of this object's own making. */
  take(event: AriEvent): boolean {
    const id = event.channel?.id ?? '';
    if (event.type === 'StasisStart') this.#untilReady.get(id)?.();
    if (event.type === 'StasisEnd' && this.#joined.delete(id)) this.#leave(id);
    return id.endsWith(mediaIdOf(''));
  }

  /**
   * Joins a channel of the application with a socket; it is let go of when the
   * channel ends. Resolves with the address that the socket sends to.
   * @throws when the channel has gone.
   */
  async join(channelId: string, socket: MediaAddress): Promise<MediaAddress> {
    const mediaId = mediaIdOf(channelId);
    const isReady = this.#ready(mediaId);
    const [made] = await Promise.all([
      this.#ari.request('POST', 'channels/externalMedia', {
        channelId: mediaId, app: this.#app, external_host: `${socket.host}:${socket.port}`, format: 'ulaw',
      }),
      this.#ari.request('POST', `bridges/${bridgeIdOf(channelId)}`, { type: 'mixing' }),
    ]);
    await isReady;
    this.#joined.add(channelId);
    await this.#ari.request('POST', `bridges/${bridgeIdOf(channelId)}/addChannel`, { channel: `${channelId},${mediaId}` });
    return addressOf(made);
  }

  #ready(mediaId: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#untilReady.delete(mediaId);
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`${mediaId} was not there after ${READY_WAIT_MS_MAX / 1000} s.`));
      }, READY_WAIT_MS_MAX);
      this.#untilReady.set(mediaId, () => {
        finish();
        resolve();
      });
    });
  }

  #leave(channelId: string): void {
    // The Asterisk itself may be ending, and takes both with it.
    this.#ari.request('DELETE', `channels/${mediaIdOf(channelId)}`).catch(() => undefined);
    this.#ari.request('DELETE', `bridges/${bridgeIdOf(channelId)}`).catch(() => undefined);
  }
}

/** Where Asterisk listens for the socket's audio, by its answer to the making of the channel. */
function addressOf(made: unknown): MediaAddress {
  const variables = typeof made === 'object' && made !== null && 'channelvars' in made ? made.channelvars : undefined;
  const { UNICASTRTP_LOCAL_ADDRESS: host, UNICASTRTP_LOCAL_PORT: port } = (variables ?? {}) as Readonly<Record<string, string>>;
  if (host === undefined || port === undefined) throw new Error('Asterisk did not tell where it takes the audio.');
  return { host, port: Number(port) };
}
