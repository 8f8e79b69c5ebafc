import type { CallId } from '../../units/ids.js';
import type { Ms } from '../../units/time.js';
import type { SupervisionMode, SwitchCommand } from '../switch.js';
import { causeName } from './freeswitch-causes.js';
import type { AudioPorts, FreeswitchNaming, FreeswitchTrunk } from './freeswitch-config.js';

type CommandOf<Type extends SwitchCommand['type']> = Extract<SwitchCommand, { readonly type: Type }>;

/** Names of the channel variables that mark a call as ours; the dialplan of freeswitch-conf/ sets the same. */
export const VARIABLES = {
  /** Which Outdial's. */
  app: 'outdial_app',
  /** `originated`, `feature:…` or `inbound:…`. */
  request: 'outdial_request',
  /** The phone that calls. */
  phone: 'outdial_phone',
} as const;

/** `outdial_request` of a call that we placed. */
export const ORIGINATED_REQUEST = 'originated';

/** The number as this trunk wants it. */
function numberForTrunk(destination: string, trunk: FreeswitchTrunk): string {
  if (!destination.startsWith('+')) return destination;
  switch (trunk.numberForm) {
    case 'e164-plus':
      return destination;
    case 'e164':
      return destination.slice(1);
    case 'prefix':
      return `${trunk.numberPrefix}${destination.slice(1)}`;
  }
}

/**
 * The switch counts whole seconds of its clock and fires up to one too early
 * (measured: 5 means 4.04 to 4.99 s), so one is added.
 */
export const ringSeconds = (ringTimeoutMs: Ms): number => Math.max(1, Math.ceil(ringTimeoutMs / 1000)) + 1;

/**
 * Dials and parks. Recording is made ready here: without the short pre-buffer
 * it loses its last half second. Keys never stop a sound. A parked leg sends
 * silence, because a carrier takes a leg without packets for dead.
 */
export function originateCommand(command: CommandOf<'originate'>, trunk: FreeswitchTrunk, naming: FreeswitchNaming): string {
  const wantsEarlyMedia = command.wantsEarlyMedia === true;
  const variables = [
    `origination_uuid=${command.callId}`,
    `${VARIABLES.app}=${naming.app}`,
    `${VARIABLES.request}=${ORIGINATED_REQUEST}`,
    `originate_timeout=${String(ringSeconds(command.ringTimeoutMs))}`,
    `ignore_early_media=${String(!wantsEarlyMedia)}`,
    ...(command.callerNumber === '' ? [] : [`origination_caller_id_number=${command.callerNumber}`, `origination_caller_id_name=${command.callerNumber}`]),
    'RECORD_STEREO=true',
    'RECORD_PRE_BUFFER_FRAMES=1',
    'playback_terminators=none',
    'send_silence_when_idle=-1',
  ];
  return `originate {${variables.join(',')}}sofia/gateway/${trunk.gateway}/${numberForTrunk(command.destination, trunk)} &park()`;
}

/** @param q850 what the far end is told; before the answer it is a CANCEL all the same. */
export const hangUpCommand = (callId: CallId, q850: number): string => `uuid_kill ${callId} ${causeName(q850)}`;

/** Takes a call out of whatever it is in; it waits in silence. */
export const parkCommand = (callId: CallId): string => `uuid_transfer ${callId} park inline`;

/** Into this conference, out of whatever it is in. */
export const joinCommand = (callId: CallId, room: string): string => `uuid_transfer ${callId} conference:${room} inline`;

/** Holding music, then park: a call whose last application ends would be hung up. */
export const holdCommand = (callId: CallId, music: string): string => `uuid_transfer ${callId} playback:${music},park inline`;

/** Follows another call until that ends, then parks. */
export const eavesdropCommand = (callId: CallId, target: CallId): string => `uuid_transfer ${callId} eavesdrop:${target},park inline`;

/** Which legs hear the supervisor from the start: `bleg` is the call he follows, `aleg` whom that talks to (measured, flow 15). */
export function whisperCommand(callId: CallId, mode: SupervisionMode): string {
  const heardByTarget = String(mode !== 'listen');
  const heardByOther = String(mode === 'barge');
  return `uuid_setvar_multi ${callId} eavesdrop_whisper_bleg=${heardByTarget};eavesdrop_whisper_aleg=${heardByOther}`;
}

/** How long a key sounds. Chosen: as a hand presses it; receivers want 40 ms and more (ITU-T Q.24). */
const DIGIT_MS: Ms = 100;

/** Keys as telephone events. */
export const sendDigitsCommand = (callId: CallId, digits: string): string => `uuid_send_dtmf ${callId} ${digits}@${String(DIGIT_MS)}`;

/** A sound on a call that is parked: the switch tells of it under our own id. */
export const playMessage = (file: string, executionId: string): Readonly<Record<string, string>> => ({
  'call-command': 'execute',
  'execute-app-name': 'playback',
  'execute-app-arg': file,
  'event-uuid': executionId,
});

/**
 * Both ways of a call's audio over one UDP port while it is parked. Only for a
 * call with audio: on one without, the whole switch aborts (1.10.12, flow 23).
 * @param address `host:port` of ours.
 */
export function audioMessage(ports: AudioPorts, port: number, address: string): Readonly<Record<string, string>> {
  const colon = address.lastIndexOf(':');
  return {
    'call-command': 'unicast',
    'local-ip': ports.host,
    'local-port': String(port),
    'remote-ip': address.slice(0, colon).replace(/^\[|\]$/g, ''),
    'remote-port': address.slice(colon + 1),
    transport: 'udp',
  };
}

/** Everything whose news is read; a switch tells several times as much of each call. */
export const WANTED_EVENTS =
  'event json CHANNEL_CREATE CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA CHANNEL_ANSWER CHANNEL_PARK CHANNEL_UNPARK ' +
  'CHANNEL_EXECUTE CHANNEL_EXECUTE_COMPLETE CHANNEL_HANGUP_COMPLETE PLAYBACK_START RECORD_STOP DTMF BACKGROUND_JOB ' +
  'CUSTOM conference::maintenance sofia::register sofia::unregister sofia::expire sofia::gateway_state';
