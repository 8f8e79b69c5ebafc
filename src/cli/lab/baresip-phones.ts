import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BaresipControl, type BaresipEvent } from './baresip-control.js';
import { BoundProcess } from './bound-process.js';
import type { DeskPhone, DeskPhones, DeskPhoneSetup, DeskPhonesOptions, DeskPhoneState } from './desk-phone.js';
import { findFreePorts, pickRtpRange } from './free-ports.js';
import { PhoneState } from './phone-state.js';

const READY_WAIT_MS_MAX = 10_000;
const REGISTER_WAIT_MS_MAX = 10_000;
/** Chosen: longer than any feature code takes to be answered. */
const ANSWER_WAIT_MS_MAX = 20_000;
const HANG_UP_WAIT_MS_MAX = 5_000;
const CALL_END_WAIT_MS_MAX = 30_000;
const STOP_GRACE_MS = 3_000;
/** A tone for each phone that a recording tells apart: 400 Hz, 470 Hz and so on. */
const LOWEST_TONE_HZ = 400;
const TONE_STEP_HZ = 70;

/** Starts each phone as a baresip process of its own; resolves when all are registered. */
export async function startBaresipPhones(options: DeskPhonesOptions): Promise<DeskPhones> {
  const phones = new Map<string, BaresipPhone>();
  const stop = async (): Promise<void> => {
    await Promise.all([...phones.values()].map((phone) => phone.stop()));
  };
  try {
    await Promise.all(options.phones.map(async (setup, index) => {
      const phone = new BaresipPhone(setup, options, LOWEST_TONE_HZ + index * TONE_STEP_HZ);
      phones.set(setup.name, phone);
      await phone.start();
    }));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    kind: 'baresip',
    phone(name) {
      const phone = phones.get(name);
      if (phone === undefined) throw new RangeError(`There is no phone ${name}.`);
      return phone;
    },
    stop,
  };
}

class BaresipPhone implements DeskPhone {
  readonly name: string;
  readonly #setup: DeskPhoneSetup;
  readonly #options: DeskPhonesOptions;
  readonly #folder: string;
  readonly #frequencyHz: number;
  readonly #state = new PhoneState();
  #process: BoundProcess | undefined;
  #control: BaresipControl | undefined;
  /** The call of the first line, once it is answered. */
  #firstCallId: string | undefined;
  #secondEnded: (() => void) | undefined;

  constructor(setup: DeskPhoneSetup, options: DeskPhonesOptions, defaultToneHz: number) {
    if (setup.voice !== undefined && setup.voice.kind !== 'tone') {
      throw new TypeError('A baresip phone sends a tone; speech is for phone banks.');
    }
    this.name = setup.name;
    this.#setup = setup;
    this.#options = options;
    this.#folder = join(options.folder, setup.name);
    this.#frequencyHz = setup.voice?.frequencyHz ?? defaultToneHz;
  }

  get state(): DeskPhoneState {
    return this.#state.value;
  }

  async start(): Promise<void> {
    // baresip takes the port after its SIP port too, for TLS.
    const [sip, control] = await findFreePorts(2);
    if (sip === undefined || control === undefined) throw new Error('Two ports were asked for.');
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, 'config'), this.#config(sip, control));
    writeFileSync(join(this.#folder, 'accounts'), '');
    writeFileSync(join(this.#folder, 'contacts'), '');
    const bound = await BoundProcess.start({
      argv: ['baresip', '-f', this.#folder, '-v'],
      workingFolder: this.#folder,
      logFile: join(this.#folder, 'baresip.log'),
    });
    this.#process = bound;
    void bound.exited.then(() => this.#state.set('gone'));
    this.#control = await BaresipControl.open(control, READY_WAIT_MS_MAX, () => bound.isRunning, (event) => this.#take(event));
    await this.register();
  }

  async stop(): Promise<void> {
    this.#control?.close();
    await this.#process?.stop(STOP_GRACE_MS);
  }

  async register(): Promise<void> {
    await this.#commands.command('uanew', `<${this.#address}>;auth_user=${this.name};auth_pass=${this.#setup.password};regint=60;audio_codecs=pcmu,pcma;answermode=auto`);
    await this.#state.until(['registered', 'in-call'], ['gone'], REGISTER_WAIT_MS_MAX, `${this.name} registers`);
  }

  async unregister(): Promise<void> {
    await this.#commands.command('uadel', this.#address);
    await this.#state.until(['unregistered'], ['gone'], REGISTER_WAIT_MS_MAX, `${this.name} unregisters`);
  }

  async call(target: string): Promise<void> {
    if (this.state !== 'registered') throw new Error(`${this.name} is ${this.state} and cannot call ${target}.`);
    const { host, port } = this.#options.pbx;
    this.#state.set('calling');
    await this.#commands.command('dial', `sip:${target}@${host}:${port}`);
    await this.#state.until(['in-call'], ['registered', 'unregistered', 'gone'], ANSWER_WAIT_MS_MAX, `${this.name} calls ${target}`);
  }

  async callOnSecondLine(target: string): Promise<void> {
    if (this.state !== 'in-call') throw new Error(`${this.name} is ${this.state} and has its first line free.`);
    const { host, port } = this.#options.pbx;
    const ended = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${this.name} calls ${target} on its second line: it did not end.`)), CALL_END_WAIT_MS_MAX);
      this.#secondEnded = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    await this.#commands.command('dial', `sip:${target}@${host}:${port}`);
    await ended;
    if (this.state === 'in-call') await this.#commands.command('resume');
  }

  async keys(digits: string): Promise<void> {
    await this.#commands.command('sndcode', digits);
  }

  async hangUp(): Promise<void> {
    if (this.state !== 'in-call' && this.state !== 'calling') return;
    await this.#commands.command('hangup');
    await this.callEnded(HANG_UP_WAIT_MS_MAX);
  }

  callEnded(waitMsMax = CALL_END_WAIT_MS_MAX): Promise<void> {
    return this.#state.until(['registered', 'unregistered', 'gone'], [], waitMsMax, `${this.name}'s call ends`);
  }

  async drop(): Promise<void> {
    await this.#process?.kill();
  }

  heardFiles(): readonly string[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .filter((name) => name.startsWith('dump-') && name.endsWith('-dec.wav'))
      .sort()
      .map((name) => join(this.#folder, name));
  }

  onState(listener: (state: DeskPhoneState) => void): () => void {
    return this.#state.listen(listener);
  }

  get #commands(): BaresipControl {
    if (this.#control === undefined) throw new Error(`${this.name} has not been started.`);
    return this.#control;
  }

  get #address(): string {
    return `sip:${this.name}@${this.#options.pbx.host}:${this.#options.pbx.port}`;
  }

  #take(event: BaresipEvent): void {
    switch (event.type) {
      case 'REGISTER_OK':
        if (this.state === 'unregistered') this.#state.set('registered');
        return;
      case 'UNREGISTERING':
      case 'REGISTER_FAIL':
        this.#state.set('unregistered');
        return;
      case 'CALL_ESTABLISHED':
        // A second line may be answered after the first has ended.
        if (this.#secondEnded !== undefined) return;
        this.#firstCallId = event.callId;
        this.#state.set('in-call');
        return;
      case 'CALL_CLOSED':
        if (this.#secondEnded !== undefined && event.callId !== this.#firstCallId) {
          this.#secondEnded();
          this.#secondEnded = undefined;
          return;
        }
        this.#firstCallId = undefined;
        if (this.state !== 'unregistered') this.#state.set('registered');
        return;
      default:
        return;
    }
  }

  #config(sipPort: number, controlPort: number): string {
    const rtp = pickRtpRange();
    return [
      `module_path ${modulesFolder()}`,
      `sip_listen 127.0.0.1:${sipPort}`,
      'net_interface 127.0.0.1',
      `rtp_ports ${rtp.first}-${rtp.last}`,
      // The tone generator knows this form only; baresip brings it to the codec's rate.
      `audio_source ausine,${this.#frequencyHz}`, 'ausrc_srate 48000', 'ausrc_channels 2',
      'statmode_default off',
      'module g711.so', 'module ausine.so',
      ...(this.#options.recordsHeard === true ? ['module sndfile.so', `snd_path ${this.#folder}`] : []),
      'module_tmp account.so', 'module_app menu.so', 'module_app ctrl_tcp.so',
      `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
      '',
    ].join('\n');
  }
}

function modulesFolder(): string {
  const folder = ['/usr/lib/baresip/modules', '/usr/local/lib/baresip/modules'].find((place) => existsSync(place));
  if (folder === undefined) throw new Error('baresip is missing; install the package baresip-core.');
  return folder;
}
