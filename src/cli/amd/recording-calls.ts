import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SAMPLE_RATE_HZ } from '../../audio/frame.js';
import { encodeG711 } from '../../audio/g711.js';
import { AsteriskSwitch } from '../../telephony/asterisk/asterisk-switch.js';
import type { SwitchCommandBody, SwitchEvent } from '../../telephony/switch.js';
import { callId, trunkName } from '../../units/ids.js';
import { AriConnection } from '../lab/ari-connection.js';
import { findAsterisk } from '../lab/find-asterisk.js';
import { startPbx } from '../lab/pbx.js';
import { recordingNumber, startRecordingNetwork } from '../lab/recording-network.js';
import { AMD_ADDITIONS, AMD_BASELINES, AmdCalls, type AmdBaseline, type AmdOutcome } from './amd-baseline.js';
import { LiveEars, type CallHeard } from './live-ears.js';

/** What came of one recording as calls. */
export interface CalledRecording {
  /** What the service heard and said; undefined when its call did not come about. */
  readonly heard: CallHeard | undefined;
  readonly amd: Readonly<Partial<Record<AmdBaseline['name'], AmdOutcome>>>;
}

const TRUNK = trunkName('carrier');
const CALLER_NUMBER = '+12025550100';
/** Chosen: the far side answers in milliseconds; more is for a loaded machine. */
const ANSWER_WAIT_MS_MAX = 15_000;
const REPLY_WAIT_MS_MAX = 10_000;
/** What is heard of the silence after a recording. */
const AFTER_RECORDING_MS = 1_500;
/** So much longer a call is held when nothing is decided yet: more than the latest verdict takes. */
const UNDECIDED_MS_MAX = 10_000;
const LOOK_EACH_MS = 100;
/** Longer recordings are hung up on: by then everything is decided. */
const CALL_MS_MAX = 90_000;

/**
 * Two Asterisks that call each other over SIP and RTP on the loopback address:
 * the far one answers with a recording, the near one is the PBX of dialplan/.
 * Each recording is called once for the service and once for each setting of
 * AMD(), at the same moment. The service's call is placed and tapped by its own
 * Asterisk driver, and judged in real time by its own media plane.
 */
export class RecordingCalls {
  readonly #switch: AsteriskSwitch;
  readonly #ears: LiveEars;
  readonly #amd: AmdCalls;
  readonly #trunkEndpoint: string;
  readonly #events = new Set<(event: SwitchEvent) => void>();
  #commandCount = 0;

  private constructor(parts: { readonly backend: AsteriskSwitch; readonly ears: LiveEars; readonly amd: AmdCalls; readonly trunkEndpoint: string }) {
    this.#switch = parts.backend;
    this.#ears = parts.ears;
    this.#amd = parts.amd;
    this.#trunkEndpoint = parts.trunkEndpoint;
  }

  /**
   * Starts both switches.
   * @param folder everything lies in it; it is the caller's to remove.
   * @param closers what ends what was started, to be called in the opposite order, also after a failure.
   */
  static async start(
    folder: string,
    recordings: readonly Int16Array[],
    say: (sentence: string) => void,
    closers: (() => Promise<void> | void)[],
    signal: AbortSignal,
  ): Promise<RecordingCalls> {
    const recordingsFolder = join(folder, 'recordings');
    mkdirSync(recordingsFolder, { recursive: true });
    recordings.forEach((samples, index) => {
      writeFileSync(join(recordingsFolder, `${recordingNumber(index).slice(1)}.ulaw`), encodeG711('mu-law', samples));
    });
    const program = await findAsterisk({ say });
    const network = await startRecordingNetwork({ folder: madeFolder(folder, 'network'), program, recordingsFolder });
    closers.push(() => network.stop());
    const pbx = await startPbx({
      folder: madeFolder(folder, 'pbx'), program, phones: [], additions: AMD_ADDITIONS,
      trunk: { host: network.host, port: network.sipPort },
    });
    closers.push(() => pbx.stop());
    const ears = await LiveEars.open();
    closers.push(() => ears.close());
    const amd = await AmdCalls.start((app, onEvent) => AriConnection.open(pbx, app, onEvent));
    closers.push(() => amd.close());
    const backend = new AsteriskSwitch(
      {
        name: 'asterisk', transport: 'auto', soundsPrefix: 'outdial/',
        ari: { url: pbx.ariUrl, user: pbx.ariUser, password: pbx.ariPassword, app: 'outdial' },
        trunks: [{ name: TRUNK, endpoint: pbx.trunkName, numberForm: 'e164-plus', numberPrefix: '' }],
      },
      { taps: ears },
    );
    const calls = new RecordingCalls({ backend, ears, amd, trunkEndpoint: pbx.trunkName });
    await backend.start((event) => {
      for (const take of [...calls.#events]) take(event);
    }, signal);
    closers.push(() => backend.close());
    return calls;
  }

  /** What went wrong with listening so far, in sentences. */
  get troubles(): readonly string[] {
    return this.#ears.troubles;
  }

  /** Calls the recording `index` by all ways at once; never rejects for a call that fails. */
  async call(index: number, samples: Int16Array, signal: AbortSignal): Promise<CalledRecording> {
    const number = recordingNumber(index);
    const endpoint = `PJSIP/${number}@${this.#trunkEndpoint}`;
    const [heard, ...outcomes] = await Promise.all([
      this.#listen(index, number, (samples.length * 1000) / SAMPLE_RATE_HZ, signal),
      ...AMD_BASELINES.map((baseline) => this.#amd.judge(endpoint, baseline, signal)),
    ]);
    const amd = AMD_BASELINES.flatMap(({ name }, at) => (outcomes[at] === undefined ? [] : [[name, outcomes[at]] as const]));
    return { heard, amd: Object.fromEntries(amd) };
  }

  /** The call that the service would place. */
  async #listen(index: number, number: string, recordingMs: number, signal: AbortSignal): Promise<CallHeard | undefined> {
    const id = callId(`recording-${index}`);
    const answered = this.#seen(ANSWER_WAIT_MS_MAX, signal, (event) => {
      if (event.type === 'call-answered' && event.callId === id) {
        // At once, in the same turn: audio time counts from here.
        this.#ears.begin(id);
        return 'answered';
      }
      return event.type === 'call-ended' && event.callId === id ? 'ended' : undefined;
    });
    const isPlaced = await this.#order({ type: 'originate', callId: id, trunk: TRUNK, destination: number, callerNumber: CALLER_NUMBER, ringTimeoutMs: ANSWER_WAIT_MS_MAX }, signal);
    if (!isPlaced || (await answered) !== 'answered') return undefined;
    const isTapped = await this.#order({ type: 'tap', callId: id }, signal);
    if (isTapped) {
      await passed(Math.min(recordingMs + AFTER_RECORDING_MS, CALL_MS_MAX), signal);
      for (let ms = 0; ms < UNDECIDED_MS_MAX && !this.#ears.hasDecided(id) && !signal.aborted; ms += LOOK_EACH_MS) await passed(LOOK_EACH_MS, signal);
    }
    const heard = this.#ears.end(id);
    const ended = this.#seen(REPLY_WAIT_MS_MAX, signal, (event) => (event.type === 'call-ended' && event.callId === id ? true : undefined));
    await this.#order({ type: 'hang-up', callId: id, q850: 16 }, signal);
    await ended;
    return isTapped && !signal.aborted ? heard : undefined;
  }

  async #order(body: SwitchCommandBody, signal: AbortSignal): Promise<boolean> {
    const commandId = ++this.#commandCount;
    const replied = this.#seen(REPLY_WAIT_MS_MAX, signal, (event) =>
      (event.type === 'command-done' || event.type === 'command-failed') && event.command.commandId === commandId ? event.type : undefined,
    );
    this.#switch.perform({ commandId, ...body });
    return (await replied) === 'command-done';
  }

  /** What is looked for in the events to come; undefined when it does not come in time. */
  #seen<T>(waitMsMax: number, signal: AbortSignal, find: (event: SwitchEvent) => T | undefined): Promise<T | undefined> {
    return new Promise((resolve) => {
      const finish = (found?: T): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', give);
        this.#events.delete(look);
        resolve(found);
      };
      const give = (): void => finish();
      const look = (event: SwitchEvent): void => {
        const found = find(event);
        if (found !== undefined) finish(found);
      };
      const timer = setTimeout(give, waitMsMax);
      signal.addEventListener('abort', give);
      this.#events.add(look);
      if (signal.aborted) give();
    });
  }
}

/** Resolves after so long, or at once when it is interrupted. */
const passed = (ms: number, signal: AbortSignal): Promise<void> => wait(ms, undefined, { signal }).catch(() => undefined);

function madeFolder(parent: string, name: string): string {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

