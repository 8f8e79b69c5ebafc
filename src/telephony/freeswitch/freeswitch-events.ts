import type { CallId, PhoneName } from '../../units/ids.js';
import type { OfferedRequest } from '../switch.js';
import type { EslEvent } from './esl-connection.js';
import { textOf } from './esl-connection.js';
import type { EndedCause } from './freeswitch-causes.js';
import { endedCause } from './freeswitch-causes.js';
import { ORIGINATED_REQUEST, VARIABLES } from './freeswitch-commands.js';

/** An event of the switch in our words. */
export type FreeswitchFact =
  | { readonly type: 'call-created'; readonly callId: CallId }
  | { readonly type: 'call-ringing'; readonly callId: CallId }
  | { readonly type: 'early-media'; readonly callId: CallId }
  | { readonly type: 'call-up'; readonly callId: CallId }
  /** It does nothing and takes orders; `found` tells what it is when it was not known. */
  | { readonly type: 'call-parked'; readonly callId: CallId; readonly found: FoundLeg }
  | { readonly type: 'call-unparked'; readonly callId: CallId }
  | { readonly type: 'call-ended'; readonly callId: CallId; readonly cause: EndedCause }
  | { readonly type: 'digit'; readonly callId: CallId; readonly digit: string }
  /** By the conference's name on the switch. */
  | { readonly type: 'entered-room'; readonly callId: CallId; readonly room: string; readonly memberId: string }
  | { readonly type: 'left-room'; readonly callId: CallId; readonly room: string }
  | { readonly type: 'room-sound-over'; readonly callId: CallId; readonly room: string }
  | { readonly type: 'execution-begun'; readonly callId: CallId; readonly application: string; readonly executionId: string }
  /** Its sound can be heard; only now can it be cut. */
  | { readonly type: 'sound-begun'; readonly callId: CallId }
  | { readonly type: 'execution-over'; readonly callId: CallId; readonly application: string; readonly executionId: string; readonly response: string; readonly isHangingUp: boolean }
  | { readonly type: 'recording-over'; readonly callId: CallId; readonly file: string }
  | { readonly type: 'phone'; readonly phone: PhoneName; readonly isRegistered: boolean }
  | { readonly type: 'gateway'; readonly gateway: string; readonly isReachable: boolean };

/** What is told of a leg by an event or a dump that carries its variables. */
export interface FoundLeg {
  /** Which Outdial's it is; undefined for other people's calls. */
  readonly app: string | undefined;
  readonly isOriginated: boolean;
  readonly isAnswered: boolean;
  readonly isRinging: boolean;
  readonly phone: PhoneName | undefined;
  readonly callerNumber: string;
  readonly request: OfferedRequest;
  /** Microseconds since 1970, by the switch's clock. */
  readonly createdAtUs: number;
  /** The application it is in, with its argument. */
  readonly application: string;
  readonly argument: string;
}

/** Translates one event; undefined where it says nothing to us. */
export function translateEvent(event: EslEvent): FreeswitchFact | undefined {
  const callId = (textOf(event, 'Unique-ID') ?? '') as CallId;
  switch (event['Event-Name']) {
    case 'CHANNEL_CREATE':
      return { type: 'call-created', callId };
    case 'CHANNEL_PROGRESS':
      return { type: 'call-ringing', callId };
    case 'CHANNEL_PROGRESS_MEDIA':
      return { type: 'early-media', callId };
    case 'CHANNEL_ANSWER':
      return { type: 'call-up', callId };
    case 'CHANNEL_PARK':
      return { type: 'call-parked', callId, found: foundLeg(event) };
    case 'CHANNEL_UNPARK':
      return { type: 'call-unparked', callId };
    case 'CHANNEL_HANGUP_COMPLETE':
      return { type: 'call-ended', callId, cause: endedCause(event) };
    case 'CHANNEL_EXECUTE':
      return { type: 'execution-begun', callId, application: textOf(event, 'Application') ?? '', executionId: textOf(event, 'Application-UUID') ?? '' };
    case 'CHANNEL_EXECUTE_COMPLETE':
      return executionOver(event, callId);
    case 'PLAYBACK_START':
      return { type: 'sound-begun', callId };
    case 'RECORD_STOP':
      return { type: 'recording-over', callId, file: textOf(event, 'Record-File-Path') ?? '' };
    case 'DTMF':
      return digit(event, callId);
    case 'CUSTOM':
      return translateCustom(event, callId);
    default:
      return undefined;
  }
}

function executionOver(event: EslEvent, callId: CallId): FreeswitchFact {
  return {
    type: 'execution-over',
    callId,
    application: textOf(event, 'Application') ?? '',
    executionId: textOf(event, 'Application-UUID') ?? '',
    response: textOf(event, 'Application-Response') ?? '',
    isHangingUp: event['Answer-State'] === 'hangup',
  };
}

/** Keys that a program has put in, as our own mode changes once did, are nobody's. */
function digit(event: EslEvent, callId: CallId): FreeswitchFact | undefined {
  const key = textOf(event, 'DTMF-Digit') ?? '';
  if (event['DTMF-Source'] === 'APP' || !/^[0-9*#A-D]$/i.test(key)) return undefined;
  return { type: 'digit', callId, digit: key.toUpperCase() };
}

function translateCustom(event: EslEvent, callId: CallId): FreeswitchFact | undefined {
  switch (event['Event-Subclass']) {
    case 'conference::maintenance':
      return translateConference(event, callId);
    case 'sofia::register':
      return phoneFact(event, 'from-user', true);
    case 'sofia::unregister':
      return phoneFact(event, 'from-user', false);
    case 'sofia::expire':
      return phoneFact(event, 'user', false);
    case 'sofia::gateway_state':
      return { type: 'gateway', gateway: textOf(event, 'Gateway') ?? '', isReachable: event['Ping-Status'] === 'UP' };
    default:
      return undefined;
  }
}

function translateConference(event: EslEvent, callId: CallId): FreeswitchFact | undefined {
  const room = textOf(event, 'Conference-Name') ?? '';
  switch (event['Action']) {
    case 'add-member':
      return { type: 'entered-room', callId, room, memberId: textOf(event, 'Member-ID') ?? '' };
    case 'del-member':
      return { type: 'left-room', callId, room };
    case 'play-file-member-done':
      return { type: 'room-sound-over', callId, room };
    default:
      return undefined;
  }
}

function phoneFact(event: EslEvent, header: string, isRegistered: boolean): FreeswitchFact | undefined {
  const phone = textOf(event, header);
  return phone === undefined || phone === '' ? undefined : { type: 'phone', phone: phone as PhoneName, isRegistered };
}

/** Reads what an event or a dump with variables tells of its leg. */
export function foundLeg(event: EslEvent): FoundLeg {
  const request = textOf(event, `variable_${VARIABLES.request}`) ?? '';
  const answerState = textOf(event, 'Answer-State');
  const phone = textOf(event, `variable_${VARIABLES.phone}`);
  return {
    app: textOf(event, `variable_${VARIABLES.app}`),
    isOriginated: request === ORIGINATED_REQUEST,
    isAnswered: answerState === 'answered',
    // `Answer-State` says ringing from the beginning on.
    isRinging: ['RINGING', 'EARLY'].includes(textOf(event, 'Channel-Call-State') ?? ''),
    phone: phone === undefined || phone === '' ? undefined : (phone as PhoneName),
    callerNumber: textOf(event, 'Caller-Caller-ID-Number') ?? '',
    request: offeredRequest(request),
    createdAtUs: Number(textOf(event, 'Caller-Channel-Created-Time') ?? 0),
    application: textOf(event, 'variable_current_application') ?? '',
    argument: textOf(event, 'variable_current_application_data') ?? '',
  };
}

/**
 * `inbound:<number>` and `feature:<name>[:<argument>]` as the dialplan sets
 * them; anything else is a feature under its first word, which nobody needs to
 * know.
 */
function offeredRequest(text: string): OfferedRequest {
  const [kind = '', first = '', argument] = text.split(':');
  if (kind === 'inbound') return { kind: 'inbound', dialledNumber: first };
  const feature = kind === 'feature' ? first : kind;
  return argument === undefined || argument === '' ? { kind: 'feature', feature } : { kind: 'feature', feature, argument };
}
