import type { Socket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import { decodeG711 } from '../../src/audio/g711.js';
import { toneLevelDbfs } from '../../src/audio/goertzel.js';
import { readWav } from '../../src/audio/wav.js';
import type { CallAudio } from '../../src/telephony/call-audio.js';
import type { AsteriskSwitch } from '../../src/telephony/asterisk/asterisk-switch.js';
import type { SwitchCommandBody, SwitchEvent } from '../../src/telephony/switch.js';
import type { CallId } from '../../src/units/ids.js';

/** Call audio as it arrives, by the port it comes from. */
export class ListeningTaps implements CallAudio {
  readonly #socket: Socket;
  readonly callByPort = new Map<number, CallId>();
  readonly #payloads = new Map<CallId, Buffer[]>();

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (packet, from) => {
      const call = this.callByPort.get(from.port);
      if (call === undefined) return;
      this.#payloads.set(call, [...(this.#payloads.get(call) ?? []), packet.subarray(12)]);
    });
  }

  get address(): string {
    return `127.0.0.1:${String(this.#socket.address().port)}`;
  }

  attach(sourcePort: number, call: CallId): void {
    this.callByPort.set(sourcePort, call);
  }

  detach(sourcePort: number): void {
    this.callByPort.delete(sourcePort);
  }

  heard(call: CallId): Int16Array {
    return decodeG711('mu-law', Buffer.concat(this.#payloads.get(call) ?? []));
  }
}

/** One backend, started and listened to. */
export class Line {
  readonly backend: AsteriskSwitch;
  readonly events: SwitchEvent[] = [];
  #commandCount = 0;

  constructor(backend: AsteriskSwitch) {
    this.backend = backend;
  }

  async ask(body: SwitchCommandBody): Promise<SwitchEvent> {
    const commandId = ++this.#commandCount;
    this.backend.perform({ commandId, ...body });
    return await until(`the reply to ${body.type}`, () =>
      this.events.find(
        (event) => (event.type === 'command-done' || event.type === 'command-failed') && event.command.commandId === commandId,
      ),
    );
  }

  async order(body: SwitchCommandBody): Promise<void> {
    const reply = await this.ask(body);
    expect(reply, JSON.stringify(reply)).toMatchObject({ type: 'command-done' });
  }

  seen<Type extends SwitchEvent['type']>(
    type: Type,
    matches: (event: Extract<SwitchEvent, { type: Type }>) => boolean = () => true,
    from = 0,
  ): Promise<Extract<SwitchEvent, { type: Type }>> {
    return until(type, () =>
      this.events.slice(from).find((event): event is Extract<SwitchEvent, { type: Type }> => event.type === type && matches(event as Extract<SwitchEvent, { type: Type }>)),
    );
  }
}

/** Waits for what must come. @throws Error naming it. */
export async function until<T>(what: string, find: () => T | undefined, waitMsMax = 15_000): Promise<T> {
  const giveUpAtMs = performance.now() + waitMsMax;
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (performance.now() > giveUpAtMs) throw new Error(`${what} did not come within ${String(waitMsMax)} ms.`);
    await wait(2);
  }
}

/** The samples of a WAV file. */
export function samplesOf(file: string): Int16Array {
  const reading = readWav(readFileSync(file));
  if (!reading.ok) throw new Error(`${file}: ${reading.fault}`);
  return reading.audio.samples;
}

/** The loudest tenth of a second of a frequency: short sounds count too. */
export function peakDbfs(samples: Int16Array, frequencyHz: number, sampleRateHz = 8000): number {
  const window = sampleRateHz / 10;
  let peak = -100;
  for (let at = 0; at + window <= samples.length; at += window / 2) {
    peak = Math.max(peak, toneLevelDbfs(samples.subarray(at, at + window), frequencyHz, sampleRateHz));
  }
  return peak;
}
