import type { AudioPorts } from './freeswitch-config.js';

/**
 * Gives out the switch's UDP ports for call audio in turn, so that one is used
 * again only long after it was given back: the switch closes it when the call
 * leaves the park, a moment after we order that.
 */
export class CallAudioPorts {
  readonly #ports: AudioPorts;
  readonly #taken = new Set<number>();
  #next: number;

  /** @param startAt where in the range to begin, 0..1: a former run's calls may still hold its first ports. */
  constructor(ports: AudioPorts, startAt: number) {
    this.#ports = ports;
    this.#next = ports.first + Math.floor(startAt * (ports.last - ports.first));
  }

  /** A free port; undefined when all are taken. */
  take(): number | undefined {
    const count = this.#ports.last - this.#ports.first + 1;
    for (let tried = 0; tried < count; tried++) {
      const port = this.#next;
      this.#next = port === this.#ports.last ? this.#ports.first : port + 1;
      if (this.#taken.has(port)) continue;
      this.#taken.add(port);
      return port;
    }
    return undefined;
  }

  giveBack(port: number): void {
    this.#taken.delete(port);
  }
}
