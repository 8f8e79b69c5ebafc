import { EVENTS } from '../recorded/event-catalogue.js';
import { recordedAnswer } from '../recorded/recorded-answer.js';
import { hangUpLeg } from '../legs/leg-life.js';
import { causeNamed } from '../legs/hangup-causes.js';
import type { SwitchCore } from '../server/switch-core.js';
import type { ApiCommand } from './api-command.js';
import { firstWord, NO_CHANNEL, NO_REPLY, OK } from './api-command.js';

const HEALTH = '17-health';
const ERRORS = '18-errors';
const RECORDED_VERSION = '1.10.12-release';

const version = (core: SwitchCore, text: string): string =>
  core.settings.version === undefined ? text : text.replaceAll(RECORDED_VERSION, core.settings.version);

const status: ApiCommand = (core) => {
  const upUs = core.clock.stampUs - core.startedUs;
  const seconds = Math.floor(upUs / 1_000_000);
  const part = (count: number, name: string): string => `${String(count)} ${name}${count === 1 ? '' : 's'}`;
  const up = [
    part(0, 'year'), part(0, 'day'), part(Math.floor(seconds / 3600), 'hour'), part(Math.floor(seconds / 60) % 60, 'minute'),
    part(seconds % 60, 'second'), part(Math.floor(upUs / 1000) % 1000, 'millisecond'), part(upUs % 1000, 'microsecond'),
  ].join(', ');
  return version(core, recordedAnswer(HEALTH, 'status'))
    .replace(/^UP .*$/m, `UP ${up}`)
    .replace(/^\d+ session\(s\) since startup$/m, `${String(core.sessionCount)} session(s) since startup`)
    .replace(/^\d+ session\(s\) - peak/m, `${String(core.legs.size)} session(s) - peak`)
    .replace(/^\d+ session\(s\) per Sec out of max \d+/m, `${String(core.sessionsInLastSecond)} session(s) per Sec out of max ${String(core.sessionsPerSecondMax)}`)
    .replace(/^\d+ session\(s\) max$/m, `${String(core.sessionsMax)} session(s) max`);
};

/** `hupall [<cause> [<variable> <value>]]`; without a cause it is the manager's request. */
const hangUpAll: ApiCommand = (core, args) => {
  const [causeText = '', variable = '', value = ''] = args.split(' ');
  const cause = causeText === '' ? 'MANAGER_REQUEST' : causeNamed(causeText);
  const legs = [...core.legs.values()].filter((leg) => variable === '' || leg.variables.get(variable) === value);
  core.shortly(() => {
    for (const leg of legs) hangUpLeg(leg, cause, 'we');
  });
  return variable === ''
    ? `+OK hangup all channels with cause ${cause}\n`
    : `+OK hangup all channels matching [${variable}]=[${value}] with cause: ${cause}\n`;
};

const control: ApiCommand = (core, args) => {
  const [what = '', value = ''] = args.split(' ');
  switch (what) {
    case 'sps':
      if (value !== '') core.sessionsPerSecondMax = Number(value);
      return `+OK sessions per second: ${String(core.sessionsPerSecondMax)}\n`;
    case 'max_sessions':
      if (value !== '') core.sessionsMax = Number(value);
      return `+OK max sessions: ${String(core.sessionsMax)}\n`;
    case 'last_sps':
      return `+OK last sessions per second: ${String(core.sessionsInLastSecond)}\n`;
    case 'min_idle_cpu':
      return '+OK min idle cpu: DISABLED\n';
    case 'pause':
    case 'resume':
      if (value !== 'inbound') core.isOutboundPaused = what === 'pause';
      if (value !== 'outbound') core.isInboundPaused = what === 'pause';
      return OK;
    default:
      return recordedAnswer(ERRORS, 'fsctl nosuch');
  }
};

const SCHEDULE_USAGE = '-USAGE: [+]<time> <uuid> [<cause>]\n';

const scheduleHangup: ApiCommand = (core, args) => {
  const [time = '', uuid = '', cause] = args.split(' ');
  if (time === '' || uuid === '') return SCHEDULE_USAGE;
  const leg = core.legs.get(uuid);
  if (leg === undefined) return NO_CHANNEL;
  const spanMs = time.startsWith('+') ? core.clock.untilSecond(Number(time)) : Number(time) * 1000 - core.clock.epochMs;
  core.shortly(() => {
    core.emitRecorded(EVENTS.addSchedule, {});
  });
  core.after(spanMs, () => {
    hangUpLeg(leg, causeNamed(cause), 'we');
    core.emitRecorded(EVENTS.delSchedule, {});
  });
  return OK;
};

const moduleExists: ApiCommand = (core, args) => {
  const name = args.trim();
  return String(!core.settings.missingModules.has(name) && KNOWN_MODULES.has(name));
};

/** What the recorded switch had loaded, as far as drivers ask for it. */
const KNOWN_MODULES = new Set(
  (
    'mod_event_socket mod_commands mod_dptools mod_sofia mod_conference mod_sndfile mod_tone_stream mod_local_stream mod_avmd ' +
    'mod_dialplan_xml mod_console mod_logfile mod_loopback mod_spandsp mod_opus'
  ).split(' '),
);

const globalVariable: ApiCommand = (core, args) => {
  const known: Readonly<Record<string, string>> = { domain: core.settings.domain, hostname: 'fs1', local_ip_v4: '192.0.2.10', core_uuid: core.coreUuid };
  return known[args.trim()] ?? NO_REPLY;
};

/** `$${name}` and `${name}` are all that it knows to put in. */
const evaluate: ApiCommand = (core, args) => {
  const text = args.replace(/\$?\$\{([^}]*)\}/g, (_whole, name: string) => {
    const value = globalVariable(core, name, () => undefined) ?? '';
    return value === NO_REPLY ? '' : value;
  });
  return text === '' ? NO_REPLY : text;
};

const reload: ApiCommand = (core) => {
  core.shortly(() => {
    core.emitRecorded(EVENTS.reloadXml, {});
  });
  return '+OK [Success]\n';
};

const userExists: ApiCommand = (core, args) => {
  const [, user = ''] = args.split(' ');
  return String(core.settings.users.has(user));
};

const avmd: ApiCommand = (core, args) => {
  const { word, rest } = firstWord(args);
  const usage = '-USAGE: <uuid> < start | stop | set [inbound|outbound|default] | load [inbound|outbound] | reload | show >\n\n';
  if (word === '') return `-ERR, bad command!\n${usage}`;
  if (!core.legs.has(word)) return `-ERR, no FreeSWITCH session for uuid [${word}]!\n${usage}`;
  return `-ERR, did you mean\n api avmd ${word} ${rest === '' ? '' : 'start'} ?\n${usage}`;
};

/** Commands about the server as a whole. */
export const SERVER_COMMANDS: Readonly<Record<string, ApiCommand>> = {
  status,
  version: (core) => version(core, recordedAnswer(HEALTH, 'version')),
  uptime: (core) => String(Math.floor((core.clock.stampUs - core.startedUs) / 1_000_000)),
  strepoch: (core) => String(Math.floor(core.clock.epochMs / 1000)),
  echo: (_core, args) => args,
  hupall: hangUpAll,
  fsctl: control,
  sched_hangup: scheduleHangup,
  module_exists: moduleExists,
  global_getvar: globalVariable,
  eval: evaluate,
  expand: () => recordedAnswer(ERRORS, 'expand x'),
  json: () => recordedAnswer(ERRORS, 'json {}'),
  file_exists: () => 'false',
  user_exists: userExists,
  reloadxml: reload,
  avmd,
};
