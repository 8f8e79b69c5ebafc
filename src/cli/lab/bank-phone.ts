import { setTimeout as wait } from 'node:timers/promises';
import type { AmiConnection } from './ami-connection.js';
import type { AriConnection, AriEvent } from './ari-connection.js';
import type { DeskPhone, DeskPhoneSetup, DeskPhoneState, PhoneVoice } from './desk-phone.js';
import type { LiveMedia } from './live-media.js';
import { PhoneState } from './phone-state.js';
import { TALK_TEXTS } from './speech-clips.js';

/** What a phone of a bank stands on. */
export interface BankPhoneParts {
  readonly setup: DeskPhoneSetup;
  readonly voice: PhoneVoice;
  readonly ari: AriConnection;
  readonly ami: AmiConnection;
  readonly app: string;
  readonly live: LiveMedia;
  /** Where recordings of what is heard go; undefined for none. */
  readonly heardFolder: string | undefined;
  readonly sendRegister: () => Promise<unknown>;
  readonly sendUnregister: () => Promise<unknown>;
}

/** Chosen: longer than any feature code takes to be answered. */
const ANSWER_WAIT_MS_MAX = 20_000;
const REGISTER_WAIT_MS_MAX = 15_000;
const HANG_UP_WAIT_MS_MAX = 5_000;
const CALL_END_WAIT_MS_MAX = 30_000;
/** Keys as a quick but ordinary hand presses them. */
const KEY_MS = 100;
const KEY_GAP_MS = 60;

/** One phone of a phone bank. */
export class BankPhone implements DeskPhone {
  readonly #parts: BankPhoneParts;
  readonly #state = new PhoneState();
  readonly #heardFiles: string[] = [];
  #channel: { readonly id: string; readonly name: string } | undefined;
  #callCount = 0;
  #isRegistered = false;

  constructor(parts: BankPhoneParts) {
    this.#parts = parts;
  }

  get name(): string {
    return this.#parts.setup.name;
  }

  get state(): DeskPhoneState {
    return this.#state.value;
  }

  /** The channel of the phone's present call, if it has one. */
  get channelId(): string | undefined {
    return this.#channel?.id;
  }

  /** What the bank's Asterisk says of this phone's registration. */
  takeRegistration(isRegistered: boolean): void {
    this.#isRegistered = isRegistered;
    if (isRegistered && this.state === 'unregistered') this.#state.set('registered');
    if (!isRegistered && this.state === 'registered') this.#state.set('unregistered');
  }

  /** Resolves when the PBX has accepted the registration. */
  untilRegistered(): Promise<void> {
    return this.#state.until(['registered', 'in-call', 'calling'], ['gone'], REGISTER_WAIT_MS_MAX, `${this.name} registers`);
  }

  /** The bank's Asterisk is gone or no longer obeys, and the phone with it. */
  lose(): void {
    this.#channel = undefined;
    this.#state.set('gone');
  }

  async register(): Promise<void> {
    await this.#parts.sendRegister();
    await this.untilRegistered();
  }

  async unregister(): Promise<void> {
    await this.#parts.sendUnregister();
    await this.#state.until(['unregistered', 'in-call'], ['gone'], REGISTER_WAIT_MS_MAX, `${this.name} unregisters`);
  }

  async call(target: string): Promise<void> {
    if (this.state !== 'registered') throw new Error(`${this.name} is ${this.state} and cannot call ${target}.`);
    this.#callCount += 1;
    const id = `${this.name}-${this.#callCount}`;
    this.#channel = { id, name: '' };
    this.#state.set('calling');
    await this.#parts.ari.request('POST', 'channels', {
      endpoint: `PJSIP/${target}@${this.name}`, app: this.#parts.app, channelId: id, timeout: String(ANSWER_WAIT_MS_MAX / 1000),
    });
    await this.#state.until(['in-call'], ['registered', 'unregistered', 'gone'], ANSWER_WAIT_MS_MAX, `${this.name} calls ${target}`);
  }

  /** By AMI, since ARI plays keys only after what the phone is saying. */
  async keys(digits: string): Promise<void> {
    for (const digit of digits) {
      if (this.#channel === undefined) throw new Error(`${this.name} is in no call.`);
      await this.#parts.ami.action('PlayDTMF', { Channel: this.#channel.name, Digit: digit, Duration: String(KEY_MS) });
      await wait(KEY_GAP_MS);
    }
  }

  async hangUp(): Promise<void> {
    if (this.#channel === undefined) return;
    await this.#parts.ari.request('DELETE', `channels/${this.#channel.id}`);
    await this.callEnded(HANG_UP_WAIT_MS_MAX);
  }

  callEnded(waitMsMax = CALL_END_WAIT_MS_MAX): Promise<void> {
    return this.#state.until(['registered', 'unregistered', 'gone'], [], waitMsMax, `${this.name}'s call ends`);
  }

  callOnSecondLine(): Promise<void> {
    return Promise.reject(new Error('A phone of a bank has one line; use baresip phones.'));
  }

  drop(): Promise<void> {
    return Promise.reject(new Error('A phone of a bank cannot lose its power alone; use baresip phones.'));
  }

  heardFiles(): readonly string[] {
    return this.#heardFiles;
  }

  onState(listener: (state: DeskPhoneState) => void): () => void {
    return this.#state.listen(listener);
  }

  /** An event of one of this phone's channels. */
  take(event: AriEvent, channelId: string): void {
    switch (event.type) {
      case 'StasisStart':
        if (event.channel !== undefined) this.#begin(event.channel).catch(() => this.lose());
        return;
      case 'ChannelDestroyed':
        if (channelId !== this.channelId) return;
        this.#channel = undefined;
        if (this.state !== 'gone') this.#state.set(this.#isRegistered ? 'registered' : 'unregistered');
        return;
      case 'PlaybackFinished':
        if (channelId === this.channelId && this.state === 'in-call') this.#talk(channelId).catch(() => this.lose());
        return;
      default:
        return;
    }
  }

  /** The far side has answered, or calls and is answered. */
  async #begin(channel: { readonly id: string; readonly name: string }): Promise<void> {
    if (channel.id !== this.channelId) {
      if (this.#channel !== undefined) {
        await this.#parts.ari.request('DELETE', `channels/${channel.id}`, { reason: 'busy' });
        return;
      }
      this.#callCount += 1;
      this.#channel = channel;
      await this.#parts.ari.request('POST', `channels/${channel.id}/answer`);
    }
    this.#channel = channel;
    if (this.#parts.heardFolder !== undefined) await this.#record(channel.name, this.#parts.heardFolder);
    await this.#talk(channel.id);
    if (this.channelId === channel.id) this.#state.set('in-call');
  }

  async #talk(channelId: string): Promise<void> {
    const { voice, live } = this.#parts;
    if (voice.kind === 'live') {
      voice.onMedia(await live.join(channelId, voice));
      return;
    }
    const media =
      voice.kind === 'tone'
        ? // Not ARI's own `tone:`, under which a channel's incoming audio cannot be recorded.
          `sound:bank/tone-${voice.frequencyHz}`
        : TALK_TEXTS.map((_, index) => `sound:lab/person-${voice.speaker}/talk-${index},sound:silence/3`).join(',');
    await this.#parts.ari.request('POST', `channels/${channelId}/play`, { media });
  }

  /** What comes in on the phone's channel is what its earpiece plays. */
  async #record(channelName: string, folder: string): Promise<void> {
    const file = `${folder}/${this.name}-${this.#callCount}`;
    await this.#parts.ami.action('MixMonitor', { Channel: channelName, File: `${file}-both.wav`, Options: `r(${file}.wav)` });
    this.#heardFiles.push(`${file}.wav`);
  }
}
