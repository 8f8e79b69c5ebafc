import type { AsteriskSite } from '../site.js';
import { AriConnection } from '../../lab/ari-connection.js';
import type { AriProbe } from './ari-probe.js';
import { textIn } from './text-in.js';

/** How long an event of the switch is waited for. */
const EVENT_WAIT_MS_MAX = 5_000;
/** A day: no sound is as long. */
const BEYOND_ANY_END_MS = 86_400_000;

/** Opens an event socket under the doctor's own application, or gives the reason why it does not open. */
export async function openDoctorSocket({ switch: { ari } }: AsteriskSite, onEvent: (event: unknown) => void): Promise<AriConnection | string> {
  const login = { ariUrl: ari.url.replace(/\/$/, ''), ariUser: ari.user, ariPassword: ari.password };
  try {
    return await AriConnection.open(login, `${ari.app}-doctor`, onEvent);
  } catch (error) {
    // What a socket throws when it does not open is an Error with the reason.
    if (error instanceof Error) return error.message;
    throw error;
  }
}

/**
 * An audio channel of the doctor's own, which leads nowhere: what can be
 * played and recorded on it can be on a call. It has an application of its
 * own, so that a running service is not pushed off its own.
 */
export class TrialChannel {
  readonly id: string;
  /** e.g. `UnicastRTP/127.0.0.1:9-0x7f…`, by which AMI knows it. */
  readonly name: string;
  readonly #ari: AriProbe;
  readonly #socket: AriConnection;
  readonly #events: TrialEvents;

  private constructor(ari: AriProbe, socket: AriConnection, events: TrialEvents, channel: { readonly id: string; readonly name: string }) {
    this.#ari = ari;
    this.#socket = socket;
    this.#events = events;
    this.id = channel.id;
    this.name = channel.name;
  }

  /** Makes one; undefined where the switch makes none. */
  static async open(ari: AriProbe, config: AsteriskSite): Promise<TrialChannel | undefined> {
    const events = new TrialEvents();
    const socket = await openDoctorSocket(config, (event) => events.hear(event));
    if (typeof socket === 'string') return undefined;
    // Port 9 discards.
    const made = await ari.ask('POST', `/channels/externalMedia?app=${config.switch.ari.app}-doctor&external_host=127.0.0.1:9&format=ulaw`);
    const id = made.kind === 'answer' ? textIn(made.body, 'id') : undefined;
    const name = made.kind === 'answer' ? textIn(made.body, 'name') : undefined;
    // Only once it has come into the application does it take orders.
    if (id !== undefined && name !== undefined && (await events.wait('StasisStart')) !== undefined) {
      return new TrialChannel(ari, socket, events, { id, name });
    }
    socket.close();
    return undefined;
  }

  /** Whether the switch finds something to play under this name; of it nothing is played. */
  async canPlay(media: string): Promise<boolean> {
    const playbackId = `outdial-doctor-${String(process.pid)}-${media.replace(/[^A-Za-z0-9]/g, '-')}`;
    const asked = await this.#ari.ask('POST', `/channels/${this.id}/play/${playbackId}?media=${encodeURIComponent(media)}&offsetms=${String(BEYOND_ANY_END_MS)}`);
    if (asked.kind !== 'answer') return false;
    // Begun behind its end it is done at once. Stopped meanwhile, one that is not there would count as done too.
    const finished = await this.#events.wait('PlaybackFinished', playbackId);
        return textIn(finished, 'playback', 'state') === 'done';
  }

  /** Begins to play and goes on. */
  async play(media: string): Promise<void> {
    await this.#ari.ask('POST', `/channels/${this.id}/play?media=${encodeURIComponent(media)}`);
  }

  async close(): Promise<void> {
    await this.#ari.ask('DELETE', `/channels/${this.id}`);
    this.#socket.close();
  }
}

/** Events of the doctor's application, kept so that none is missed by asking late. */
class TrialEvents {
  readonly #kept: unknown[] = [];
  readonly #waiting = new Set<() => void>();

  hear(event: unknown): void {
    this.#kept.push(event);
    for (const look of [...this.#waiting]) look();
  }

  /** The first event of this type, and of this playback where one is named; undefined when none comes in time. */
  wait(type: string, playbackId?: string): Promise<unknown> {
    const isIt = (event: unknown): boolean =>
      textIn(event, 'type') === type && (playbackId === undefined || textIn(event, 'playback', 'id') === playbackId);
    return new Promise((resolve) => {
      const finish = (event: unknown): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(event);
      };
      const look = (): void => {
        const found = this.#kept.find(isIt);
        if (found !== undefined) finish(found);
      };
      const timer = setTimeout(() => finish(undefined), EVENT_WAIT_MS_MAX);
      this.#waiting.add(look);
      look();
    });
  }
}
