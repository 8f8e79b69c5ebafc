import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeskPhones } from '../../src/cli/lab/desk-phone.js';
import { startDeskPhones } from '../../src/cli/lab/desk-phones.js';
import { findAsterisk } from '../../src/cli/lab/find-asterisk.js';
import type { Pbx } from '../../src/cli/lab/pbx.js';
import { startPbx } from '../../src/cli/lab/pbx.js';
import type { PublicNetwork } from '../../src/cli/lab/public-network.js';
import { startPublicNetwork } from '../../src/cli/lab/public-network.js';
import { FileStereoMerger } from '../../src/media/stereo-merger.js';
import type { AsteriskConfig } from '../../src/telephony/asterisk/asterisk-config.js';
import { AsteriskSwitch } from '../../src/telephony/asterisk/asterisk-switch.js';
import type { CallAudio } from '../../src/telephony/call-audio.js';
import type { BridgeId, CallId } from '../../src/units/ids.js';
import { bridgeId, callId, trunkName } from '../../src/units/ids.js';
import { TcpRelay } from '../conformance/tcp-relay.js';
import { Line, ListeningTaps, until } from './asterisk-line.js';

const PHONE = { name: '1001', password: 'first-phone-password' } as const;

let idCount = 0;

/** A call id that no other test has used. */
export const freshCall = (): CallId => callId(`it-${String(process.pid)}-${String(++idCount)}`);

/** A PBX, the public network, a desk phone and a cable to the PBX that can be pulled. */
export class AsteriskLab {
  readonly #folder: string;
  readonly #opened: { readonly line: Line; readonly abort: AbortController }[] = [];

  private constructor(
    folder: string,
    readonly network: PublicNetwork,
    readonly pbx: Pbx,
    readonly phones: DeskPhones,
    readonly relay: TcpRelay,
    readonly taps: ListeningTaps,
    readonly closeTaps: () => void,
  ) {
    this.#folder = folder;
  }

  static async start(): Promise<AsteriskLab> {
    const folder = mkdtempSync(join(tmpdir(), 'outdial-switch-'));
    const program = await findAsterisk();
    const network = await startPublicNetwork({ folder: join(folder, 'network'), seed: 3, program });
    const pbx = await startPbx({
      folder: join(folder, 'pbx'),
      program,
      trunk: { host: network.host, port: network.sipPort },
      phones: [PHONE],
      trunkQualifySeconds: 1,
    });
    const phones = await startDeskPhones({
      kind: 'baresip',
      folder: join(folder, 'phones'),
      pbx: { host: pbx.host, port: pbx.sipPort },
      phones: [PHONE],
    });
    const relay = await TcpRelay.open(pbx.httpPort);
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new AsteriskLab(folder, network, pbx, phones, relay, new ListeningTaps(socket), () => socket.close());
  }

  get phoneName(): string {
    return PHONE.name;
  }

  get config(): AsteriskConfig {
    const { pbx } = this;
    return {
      name: 'asterisk',
      ari: { url: `http://127.0.0.1:${String(this.relay.port)}`, user: pbx.ariUser, password: pbx.ariPassword, app: 'outdial' },
      ami: { host: '127.0.0.1', port: pbx.amiPort, user: pbx.amiUser, password: pbx.amiPassword },
      transport: 'auto',
      trunks: [{ name: trunkName('carrier'), endpoint: pbx.trunkName, numberForm: 'e164-plus', numberPrefix: '' }],
      soundsPrefix: 'outdial/',
      recordings: { folder: pbx.recordingsFolder },
      tuning: { heartbeatMs: 500 },
    };
  }

  async openLine(audio: CallAudio = this.taps): Promise<Line> {
    const line = new Line(new AsteriskSwitch(this.config, { taps: audio, merger: new FileStereoMerger() }));
    const abort = new AbortController();
    this.#opened.push({ line, abort });
    await line.backend.start((event) => line.events.push(event), abort.signal);
    return line;
  }

  async closeLines(): Promise<void> {
    for (const { line, abort } of this.#opened.splice(0)) {
      await line.backend.close();
      abort.abort();
    }
  }

  /** Asks the PBX past the backend. */
  async ari(method: string, what: string): Promise<unknown> {
    const authorization = `Basic ${Buffer.from(`${this.pbx.ariUser}:${this.pbx.ariPassword}`).toString('base64')}`;
    const answer = await fetch(`${this.pbx.ariUrl}/ari/${what}`, { method, headers: { authorization } });
    return answer.status === 200 ? await answer.json() : undefined;
  }

  async idsOf(what: 'channels' | 'bridges'): Promise<readonly string[]> {
    return ((await this.ari('GET', what)) as readonly { readonly id: string }[]).map(({ id }) => id);
  }

  /** Channels and bridges of supervision that are on the switch. */
  async helpers(): Promise<readonly string[]> {
    return [...(await this.idsOf('channels')), ...(await this.idsOf('bridges'))].filter((id) => /^outdial-(spy|watch)-/.test(id));
  }

  /** Nothing of a test is left for the next one. */
  async clear(): Promise<void> {
    this.relay.allow();
    await this.closeLines();
    for (const id of await this.idsOf('channels')) await this.ari('DELETE', `channels/${id}`);
    for (const id of await this.idsOf('bridges')) await this.ari('DELETE', `bridges/${id}`);
    await until('an idle phone', () => (this.phones.phone(PHONE.name).state === 'registered' ? true : undefined));
  }

  async stop(): Promise<void> {
    this.closeTaps();
    await this.phones.stop();
    await Promise.all([this.relay.close(), this.pbx.stop(), this.network.stop()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Calls a number of the network; resolves at the answer. */
export async function contact(line: Line, number: string): Promise<CallId> {
  const call = freshCall();
  await line.order({ type: 'originate', callId: call, trunk: trunkName('carrier'), destination: number, callerNumber: '+12025550100', ringTimeoutMs: 20_000 });
  await line.seen('call-answered', (event) => event.callId === call);
  return call;
}

/** Puts calls into a bridge of their own. */
export async function room(line: Line, ...calls: readonly CallId[]): Promise<BridgeId> {
  const bridge = bridgeId(`it-room-${String(process.pid)}-${String(++idCount)}`);
  await line.order({ type: 'open-bridge', bridgeId: bridge });
  for (const call of calls) {
    await line.order({ type: 'bridge', bridgeId: bridge, callId: call });
    await line.seen('call-bridged', (event) => event.callId === call && event.bridgeId === bridge);
  }
  return bridge;
}

/** Ends a call and waits for its end. */
export async function hangUp(line: Line, call: CallId): Promise<void> {
  await line.order({ type: 'hang-up', callId: call, q850: 16 });
  await line.seen('call-ended', (event) => event.callId === call);
}
