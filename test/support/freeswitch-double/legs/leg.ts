import { EVENTS } from '../recorded/event-catalogue.js';
import type { LegIdentity, TemplateQuery } from '../recorded/event-template.js';
import { eventOfLeg } from '../recorded/event-template.js';
import type { LegKind } from '../recorded/recorded-flow.js';
import type { EventHeaders } from '../recorded/switch-event-data.js';
import { headerText } from '../recorded/switch-event-data.js';
import { localTime } from '../server/event-stamp.js';
import type { SwitchCore } from '../server/switch-core.js';
import type { CallState, ChannelState } from './channel-state.js';
import { CALL_STATE_NUMBERS, CHANNEL_STATE_NUMBERS } from './channel-state.js';
import type { LegRunner } from './leg-runner.js';
import type { LegRecorder } from './leg-recorder.js';

/** What a leg is born with. */
export interface LegBirth {
  readonly uuid: string;
  readonly kind: LegKind;
  /** Dialled; on an inbound leg the caller. */
  readonly number: string;
  readonly callerName: string;
  /** On an inbound leg what it dialled. */
  readonly callerNumber: string;
  readonly variables: ReadonlyMap<string, string>;
  readonly gateway?: string;
  /** Where it is not what the recorded one was named by its number. */
  readonly channelName?: string;
}

/** Header changes on top of the template; undefined takes a header away. */
export type HeaderChanges = Readonly<Record<string, string | undefined>>;

/** When things happened to a leg, in microseconds since 1970; 0: never. */
interface LegTimes {
  created: number;
  profileCreated: number;
  progress: number;
  progressMedia: number;
  answered: number;
  hangup: number;
}

/** One channel of the switch: what it is, where it stands, and its events. */
export class Leg implements LegIdentity {
  readonly core: SwitchCore;
  readonly uuid: string;
  readonly kind: LegKind;
  readonly number: string;
  readonly callerName: string;
  readonly callerNumber: string;
  readonly gateway: string | undefined;
  readonly #channelName: string | undefined;
  readonly variables: Map<string, string>;
  readonly sessionId: number;
  readonly times: LegTimes;
  /** Recordings that run, by path. */
  readonly recorders = new Map<string, LegRecorder>();
  /** From when on `show channels` knows it. */
  readonly listedFromMs: number;
  channelState: ChannelState = 'CS_INIT';
  callState: CallState = 'DOWN';
  hangupCause: string | undefined;
  /** The application it is in, and with what. */
  application = '';
  applicationData = '';
  /** What the last application left as its response. */
  applicationResponse: string | undefined;
  isParked = false;
  /** Its transfers, as its variables tell of them. */
  readonly transfers: string[] = [];
  /** Shown in the place of its caller's name. */
  shownName: string | undefined;
  /** Other leg of a bridge by `uuid_bridge`. */
  bridgedTo: Leg | undefined;
  /** Keys received so far. */
  digits = '';
  /** Its number in conferences, once it has been in one. */
  memberId: string | undefined;
  /** Audio that came back over `unicast`. */
  heardBytes = 0;
  /** Runs its applications; set at its making. */
  runner!: LegRunner;
  /** Told of the end before `CHANNEL_HANGUP_COMPLETE`; an originate waits on it. */
  onHungUp: (() => void) | undefined;
  /** Told when it is transferred; an originate that still waits gives up then. */
  onTaken: (() => void) | undefined;

  constructor(core: SwitchCore, birth: LegBirth) {
    const now = core.clock.stampUs;
    this.core = core;
    this.uuid = birth.uuid;
    this.kind = birth.kind;
    this.number = birth.number;
    this.callerName = birth.callerName;
    this.callerNumber = birth.callerNumber;
    this.gateway = birth.gateway;
    this.#channelName = birth.channelName;
    this.variables = new Map(birth.variables);
    this.sessionId = core.sessionCount;
    this.times = { created: now, profileCreated: now, progress: 0, progressMedia: 0, answered: 0, hangup: 0 };
    this.listedFromMs = core.clock.nowMs + core.random.between(0, core.settings.listLagMsMax);
    core.legs.set(this.uuid, this);
  }

  get otherUuid(): string | undefined {
    return this.bridgedTo?.uuid;
  }

  get isAnswered(): boolean {
    return this.times.answered > 0;
  }

  /** It has audio, answered or early. */
  get hasMedia(): boolean {
    return this.isAnswered || this.times.progressMedia > 0;
  }

  get answerState(): 'ringing' | 'early' | 'answered' | 'hangup' {
    if (this.hangupCause !== undefined) return 'hangup';
    if (this.isAnswered) return 'answered';
    return this.times.progressMedia > 0 ? 'early' : 'ringing';
  }

  /** Whether a channel variable says yes. */
  isTrue(variable: string): boolean {
    return /^(true|yes|on|1)$/i.test(this.variables.get(variable) ?? '');
  }

  /** Sends one of the recorded events as this leg's. */
  emit(query: TemplateQuery, changes: HeaderChanges = {}): void {
    this.core.emit(this.headersOf(query, changes));
  }

  /** The headers of such an event, not sent. */
  headersOf(query: TemplateQuery, changes: HeaderChanges = {}): EventHeaders {
    const headers = eventOfLeg(query, this);
    this.#overlay(headers);
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) headers.delete(name);
      else headers.set(name, value);
    }
    return headers;
  }

  /** Changes the call's state and says so. */
  enterCallState(state: CallState): void {
    const before = this.callState;
    this.callState = state;
    const query = {
      DOWN: EVENTS.callStateHangup,
      RINGING: EVENTS.callStateRinging,
      EARLY: EVENTS.callStateEarly,
      ACTIVE: EVENTS.callStateActive,
      HELD: EVENTS.callStateHeld,
      UNHELD: EVENTS.callStateUnheld,
      HANGUP: EVENTS.callStateHangup,
    }[state];
    this.emit(query, { 'Original-Channel-Call-State': before, 'Channel-Call-State-Number': String(CALL_STATE_NUMBERS[state]) });
  }

  /** What stands of this leg alone in any of its events. */
  #overlay(headers: EventHeaders): void {
    const change = (name: string, value: string | undefined): void => {
      if (value !== undefined && headers.has(name)) headers.set(name, value);
    };
    this.#overlayState(headers);
    change('Caller-Profile-Created-Time', String(this.times.profileCreated));
    change('Caller-Channel-Created-Time', String(this.times.created));
    change('Caller-Channel-Answered-Time', String(this.times.answered));
    change('Caller-Channel-Progress-Time', String(this.times.progress));
    change('Caller-Channel-Progress-Media-Time', String(this.times.progressMedia));
    change('Caller-Channel-Hangup-Time', String(this.times.hangup));
    for (const name of ['Channel-Name', 'Caller-Channel-Name', 'variable_channel_name']) change(name, this.#channelName);
    change('Caller-Caller-ID-Name', this.shownName);
    change('Caller-Orig-Caller-ID-Name', this.shownName);
    this.#overlayTransfers(headers);
    change('variable_session_id', String(this.sessionId));
    change('variable_sip_gateway_name', this.gateway);
    if (this.application !== '') change('variable_current_application', this.application);
    if (headers.has('variable_current_application')) {
      if (this.applicationData === '') headers.delete('variable_current_application_data');
      else headers.set('variable_current_application_data', this.applicationData);
    }
    if (headers.has('variable_end_uepoch')) this.#overlayAccount(headers);
  }

  /** A variable that was set more than once is a list (flow 09). */
  #overlayTransfers(headers: EventHeaders): void {
    const last = this.transfers.at(-1);
    if (last === undefined || !headers.has('Caller-Source')) return;
    headers.set('Caller-Dialplan', 'inline');
    headers.set('Caller-Profile-Index', String(this.transfers.length + 1));
    headers.set('Caller-Transfer-Source', last);
    if (!headers.has('variable_uuid')) return;
    headers.set('variable_transfer_history', this.transfers.length === 1 ? last : [...this.transfers]);
    headers.set('variable_transfer_source', last);
    headers.set('variable_max_forwards', '69');
  }

  #overlayState(headers: EventHeaders): void {
    if (headers.has('Channel-State')) {
      const isLeaving = this.hangupCause !== undefined && CHANNEL_STATE_NUMBERS[this.channelState] < CHANNEL_STATE_NUMBERS.CS_HANGUP;
      const isSame = headerText(headers, 'Channel-State') === this.channelState;
      if (!isSame || isLeaving) {
        headers.set('Channel-State', this.channelState);
        headers.set('Channel-State-Number', String(isLeaving ? CHANNEL_STATE_NUMBERS.CS_HANGUP : CHANNEL_STATE_NUMBERS[this.channelState]));
      }
      headers.set('Channel-Call-State', this.callState);
    }
    if (headers.has('Answer-State')) headers.set('Answer-State', this.answerState);
    if (this.hangupCause === undefined) headers.delete('Hangup-Cause');
    else if (headers.has('Channel-State')) headers.set('Hangup-Cause', this.hangupCause);
  }

  /** Times and lengths of a finished call. */
  #overlayAccount(headers: EventHeaders): void {
    const set = (name: string, value: string): void => {
      if (headers.has(name)) headers.set(name, value);
    };
    const { created, progress, progressMedia, answered, hangup } = this.times;
    const instants = { start: created, profile_start: created, answer: answered, progress, progress_media: progressMedia, end: hangup };
    for (const [name, us] of Object.entries(instants)) {
      headers.set(`variable_${name}_epoch`, String(Math.floor(us / 1_000_000)));
      headers.set(`variable_${name}_uepoch`, String(us));
      if (us === 0) headers.delete(`variable_${name}_stamp`);
      else headers.set(`variable_${name}_stamp`, localTime(us));
    }
    const total = hangup - created;
    const spans = { '': total, bill: answered === 0 ? 0 : hangup - answered, answer: answered === 0 ? 0 : answered - created, flow_bill: total };
    for (const [name, us] of Object.entries(spans)) {
      set(`variable_${name === '' ? 'duration' : `${name}sec`}`, String(Math.floor(us / 1_000_000)));
      set(`variable_${name === '' ? 'mduration' : `${name}msec`}`, String(Math.round(us / 1000)));
      set(`variable_${name === '' ? 'uduration' : `${name}usec`}`, String(us));
    }
    if (this.digits !== '') set('variable_digits_dialed', this.digits);
  }
}
