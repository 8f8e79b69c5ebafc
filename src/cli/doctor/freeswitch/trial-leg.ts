import { randomUUID } from 'node:crypto';
import { textOf } from '../../../telephony/freeswitch/esl-connection.js';
import { isOf, type EslProbe } from './esl-probe.js';

/** Events of the leg that are waited for. */
const WANTED_EVENTS = 'event json CHANNEL_ANSWER CHANNEL_PARK PLAYBACK_START CHANNEL_EXECUTE_COMPLETE RECORD_STOP BACKGROUND_JOB';
/** Seconds after which the switch ends the leg by itself, should the doctor die on the way. */
const LIFE_SECONDS_MAX = 60;

/**
 * A leg of the doctor's own that leads nowhere (mod_loopback's `null`), which
 * answers itself: what can be played and recorded on it can be on a call.
 * Nobody is dialled.
 */
export class TrialLeg {
  readonly id: string;
  readonly #esl: EslProbe;

  private constructor(esl: EslProbe, id: string) {
    this.#esl = esl;
    this.id = id;
  }

  /** Makes one that is answered and parked; else the switch's words why not. */
  static async open(esl: EslProbe): Promise<TrialLeg | string> {
    const id = randomUUID();
    // Only what is the leg's own: a busy switch tells of thousands.
    await esl.command(`filter Unique-ID ${id}`);
    await esl.command('filter Event-Name BACKGROUND_JOB');
    await esl.command(WANTED_EVENTS);
    const variables = [`origination_uuid=${id}`, 'originate_timeout=5', 'origination_caller_id_name=outdial-doctor', 'RECORD_PRE_BUFFER_FRAMES=1', 'playback_terminators=none'];
    const words = (await esl.askInBackground(`originate {${variables.join(',')}}null/outdial-doctor &park()`)) ?? 'no answer';
    if (!words.startsWith('+OK')) return words;
    const leg = new TrialLeg(esl, id);
    await esl.ask(`sched_hangup +${String(LIFE_SECONDS_MAX)} ${id}`);
    const isUp = (await esl.event((event) => isOf(event, 'CHANNEL_ANSWER', id))) !== undefined && (await esl.event((event) => isOf(event, 'CHANNEL_PARK', id))) !== undefined;
    if (isUp) return leg;
    await leg.close();
    return 'it is not answered';
  }

  /** Whether the switch finds something to play there; it is stopped as soon as that is known. */
  async canPlay(file: string): Promise<boolean> {
    const isOver = this.#play(file);
    const begun = this.#esl.event((event) => isOf(event, 'PLAYBACK_START', this.id) && textOf(event, 'Playback-File-Path') === file).then(() => 'begun' as const);
    const first = await Promise.race([isOver, begun]);
    if (first !== 'begun') return first === 'FILE PLAYED';
    await this.#esl.ask(`uuid_break ${this.id} all`);
    await isOver;
    return true;
  }

  /** Plays it to the end; whether it could. */
  async play(file: string): Promise<boolean> {
    return (await this.#play(file)) === 'FILE PLAYED';
  }

  /** The switch's words to an order about this leg, e.g. `uuid_record`. */
  ask(command: string, argument: string): Promise<string | undefined> {
    return this.#esl.askInBackground(`${command} ${this.id} ${argument}`);
  }

  /** Hands it a message. */
  message(fields: Readonly<Record<string, string>>): Promise<string | undefined> {
    return this.#esl.message(this.id, fields);
  }

  async close(): Promise<void> {
    await this.#esl.ask(`uuid_kill ${this.id}`);
  }

  /** The switch's word for how it went; undefined when it said none in time. */
  async #play(file: string): Promise<string | undefined> {
    const executionId = randomUUID();
    await this.message({ 'call-command': 'execute', 'execute-app-name': 'playback', 'execute-app-arg': file, 'event-uuid': executionId });
    const over = await this.#esl.event((event) => isOf(event, 'CHANNEL_EXECUTE_COMPLETE', this.id) && textOf(event, 'Application-UUID') === executionId);
    return over === undefined ? undefined : textOf(over, 'Application-Response');
  }
}
