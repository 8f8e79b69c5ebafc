import type { TemplateQuery } from './event-template.js';

const ANSWERED = '02-originate-answer-park';
const ROOM = '09-agent-conference';
const BRIDGE = '09b-agent-bridge';
const PLAYBACK = '10-playback';
const RECORD = '11-record';

const from = (flow: string, name: string, where: Readonly<Record<string, string | undefined>> = {}): TemplateQuery => ({ flow, name, where });
const inRoom = (action: string, where: Readonly<Record<string, string | undefined>> = {}, flow = ROOM): TemplateQuery =>
  from(flow, 'CUSTOM', { Action: action, ...where });
const custom = (flow: string, subclass: string, where: Readonly<Record<string, string | undefined>> = {}): TemplateQuery =>
  from(flow, 'CUSTOM', { 'Event-Subclass': subclass, ...where });

/** From which recorded event each event of the double is made. */
export const EVENTS = {
  outgoing: from(ANSWERED, 'CHANNEL_OUTGOING'),
  created: from(ANSWERED, 'CHANNEL_CREATE'),
  createdInbound: from('23-server-restart', 'CHANNEL_CREATE', { 'Call-Direction': 'inbound' }),
  originated: from(ANSWERED, 'CHANNEL_ORIGINATE'),
  progress: from(ANSWERED, 'CHANNEL_PROGRESS'),
  progressMedia: from('22-early-media', 'CHANNEL_PROGRESS_MEDIA'),
  answered: from(ANSWERED, 'CHANNEL_ANSWER'),
  callStateRinging: from(ANSWERED, 'CHANNEL_CALLSTATE', { 'Channel-Call-State': 'RINGING' }),
  callStateEarly: from('22-early-media', 'CHANNEL_CALLSTATE', { 'Channel-Call-State': 'EARLY' }),
  callStateActive: from(ANSWERED, 'CHANNEL_CALLSTATE', { 'Channel-Call-State': 'ACTIVE' }),
  callStateHangup: from(ANSWERED, 'CHANNEL_CALLSTATE', { 'Channel-Call-State': 'HANGUP' }),
  callStateHeld: from(BRIDGE, 'CHANNEL_CALLSTATE', { 'Channel-Call-State': 'HELD' }),
  callStateUnheld: from(BRIDGE, 'CHANNEL_CALLSTATE', { 'Channel-Call-State': 'UNHELD' }),
  hold: from(BRIDGE, 'CHANNEL_HOLD'),
  unhold: from(BRIDGE, 'CHANNEL_UNHOLD'),
  execute: from(ANSWERED, 'CHANNEL_EXECUTE'),
  executeComplete: from(ANSWERED, 'CHANNEL_EXECUTE_COMPLETE'),
  executeBridge: from(BRIDGE, 'CHANNEL_EXECUTE', { Application: 'uuid_bridge' }),
  park: from(ANSWERED, 'CHANNEL_PARK'),
  unpark: from(ANSWERED, 'CHANNEL_UNPARK'),
  bridge: from(BRIDGE, 'CHANNEL_BRIDGE'),
  unbridge: from(BRIDGE, 'CHANNEL_UNBRIDGE'),
  strayDestroy: from('06-unreachable', 'CHANNEL_DESTROY', { 'Channel-State': 'CS_NONE' }),
  backgroundJob: from(ANSWERED, 'BACKGROUND_JOB'),
  playbackStart: from(PLAYBACK, 'PLAYBACK_START'),
  playbackStop: from(PLAYBACK, 'PLAYBACK_STOP'),
  privateCommand: from(PLAYBACK, 'PRIVATE_COMMAND'),
  fileStringOpen: custom(PLAYBACK, 'filestring::open'),
  fileStringClose: custom(PLAYBACK, 'filestring::close'),
  recordStart: from(RECORD, 'RECORD_START'),
  recordStop: from(RECORD, 'RECORD_STOP'),
  mediaBugStart: from(RECORD, 'MEDIA_BUG_START'),
  mediaBugStop: from(RECORD, 'MEDIA_BUG_STOP'),
  dtmf: from('12-dtmf', 'DTMF'),
  avmdStart: custom('14-voicemail-beep', 'avmd::start', { 'Channel-State': undefined }),
  avmdStartOnLeg: custom('14-voicemail-beep', 'avmd::start', { 'Channel-State': '*' }),
  avmdBeep: custom('14-voicemail-beep', 'avmd::beep', { 'Channel-State': undefined }),
  avmdBeepOnLeg: custom('14-voicemail-beep', 'avmd::beep', { 'Channel-State': '*' }),
  avmdStop: custom('14-voicemail-beep', 'avmd::stop', { 'Channel-State': undefined }),
  avmdStopOnLeg: custom('14-voicemail-beep', 'avmd::stop', { 'Channel-State': '*' }),
  conferenceCreate: inRoom('conference-create'),
  conferenceDestroy: inRoom('conference-destroy'),
  musicDone: inRoom('play-file-done'),
  addMember: inRoom('add-member'),
  delMember: inRoom('del-member'),
  floorChange: inRoom('floor-change', { 'Unique-ID': '*' }),
  floorLost: inRoom('floor-change', { 'Unique-ID': undefined }),
  startTalking: inRoom('start-talking'),
  muteMember: inRoom('mute-member'),
  unmuteMember: inRoom('unmute-member'),
  deafMember: inRoom('deaf-member', {}, '15-supervise'),
  undeafMember: inRoom('undeaf-member', {}, '15-supervise'),
  holdMember: inRoom('hold-member', {}, '15-supervise'),
  unholdMember: inRoom('unhold-member', {}, '15-supervise'),
  kickMember: inRoom('kick-member', {}, '15-supervise'),
  playFile: inRoom('play-file'),
  playFileDone: inRoom('play-file-done', { File: '/srv/dialer/audio/greeting.wav' }),
  playFileMember: inRoom('play-file-member'),
  playFileMemberDone: inRoom('play-file-member-done'),
  preRegister: custom('17-health', 'sofia::pre_register'),
  registerAttempt: custom('17-health', 'sofia::register_attempt'),
  register: custom('17-health', 'sofia::register'),
  unregister: custom('17-health', 'sofia::unregister'),
  expire: custom('17-health', 'sofia::expire'),
  messageQuery: from('17-health', 'MESSAGE_QUERY'),
  gatewayState: custom('17-health', 'sofia::gateway_state', { 'Ping-Status': 'DOWN', State: 'NOREG' }),
  gatewayStateUp: custom('17-health', 'sofia::gateway_state', { 'Ping-Status': 'UP', State: 'NOREG' }),
  shutdown: from('23-server-restart', 'SHUTDOWN'),
  heartbeat: from('17-health', 'HEARTBEAT'),
  reloadXml: from('17-health', 'RELOADXML'),
  addSchedule: from('24-phone-hold-timeouts', 'ADD_SCHEDULE'),
  delSchedule: from('24-phone-hold-timeouts', 'DEL_SCHEDULE'),
} as const satisfies Readonly<Record<string, TemplateQuery>>;

const endOf = (flow: string): { readonly hangup: TemplateQuery; readonly complete: TemplateQuery; readonly destroy: TemplateQuery } => ({
  hangup: from(flow, 'CHANNEL_HANGUP'),
  complete: from(flow, 'CHANNEL_HANGUP_COMPLETE'),
  destroy: from(flow, 'CHANNEL_DESTROY'),
});

/** Ends of a call, by who ended it and when. */
export const ENDS = {
  byUs: endOf(ANSWERED),
  byFarEnd: endOf('07-far-end-hangup'),
  timedOut: endOf('04-no-answer'),
  cancelled: endOf('08-cancel-while-ringing'),
  refused: endOf('05-rejected-unallocated'),
} as const;

/** The end of a call that was refused with this SIP code, from flow 20; undefined where the recordings hold none. */
export const hangupCompleteRefusedWith = (sipCode: number): TemplateQuery =>
  from('20-sip-codes', 'CHANNEL_HANGUP_COMPLETE', { variable_sip_term_status: String(sipCode) });
