import { AriConnection } from '../../src/cli/lab/ari-connection.js';
import { FIXED_NUMBERS, LIVE_APP } from '../../src/cli/lab/fixed-numbers.js';
import { LiveMedia } from '../../src/cli/lab/live-media.js';
import type { PublicNetwork } from '../../src/cli/lab/public-network.js';
import { LiveEnd } from '../support/live-end.js';

/** Of tones that 10 ms tell apart. */
const TONE_STEP_HZ = 100;
const SSRC_BASE = 0x0c0_0000;

/** People out there who say hello and whose mouths and ears are in this process from then on. */
export class FarSides {
  readonly #ends = new Map<string, LiveEnd>();
  readonly #faults: string[] = [];
  #ari: AriConnection | undefined;
  #media: LiveMedia | undefined;

  private constructor(ends: readonly LiveEnd[]) {
    ends.forEach((end, index) => this.#ends.set(FIXED_NUMBERS.helloThenLive(index), end));
  }

  /**
   * One at each of the first `count` numbers of `helloThenLive`, their tones
   * from `lowestToneHz` upwards in turn; they listen for `listensForHz`.
   */
  static async open(
    network: PublicNetwork,
    options: { readonly count: number; readonly lowestToneHz: number; readonly toneCount: number; readonly listensForHz: readonly number[] },
  ): Promise<FarSides> {
    const { count, lowestToneHz, toneCount, listensForHz } = options;
    const farSides = new FarSides(
      await Promise.all(
        Array.from({ length: count }, (_, index) =>
          LiveEnd.open({ toneHz: lowestToneHz + TONE_STEP_HZ * (index % toneCount), listensForHz, ssrc: SSRC_BASE + index })),
      ),
    );
    await farSides.#answer(network);
    return farSides;
  }

  get numbers(): readonly string[] {
    return [...this.#ends.keys()];
  }

  /** What went wrong out there. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  /** @throws RangeError when nobody lives at this number. */
  at(number: string): LiveEnd {
    const end = this.#ends.get(number);
    if (end === undefined) throw new RangeError(`Nobody lives at ${number}.`);
    return end;
  }

  close(): void {
    this.#ari?.close();
    for (const end of this.#ends.values()) end.close();
  }

  async #answer(network: PublicNetwork): Promise<void> {
    const numberByChannel = new Map<string, string>();
    const ari = await AriConnection.open(network, LIVE_APP, (event) => {
      const number = event.args?.[0];
      const media = this.#media;
      if (media === undefined || event.channel === undefined || media.take(event)) return;
      const { id } = event.channel;
      if (event.type === 'StasisStart' && number !== undefined) {
        const end = this.at(number);
        numberByChannel.set(id, number);
        media.join(id, { host: '127.0.0.1', port: end.port }).then(
          (address) => end.sendTo(address),
          (error: unknown) => this.#faults.push(`${number}: ${String(error)}`),
        );
      } else if (event.type === 'StasisEnd') {
        this.#ends.get(numberByChannel.get(id) ?? '')?.fallSilent();
      }
    });
    this.#media = new LiveMedia(ari, LIVE_APP);
    this.#ari = ari;
  }
}
