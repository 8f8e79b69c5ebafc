import { receiveKey } from '../legs/leg-keys.js';
import { bridgeLegs } from '../legs/leg-bridge.js';
import { answerLeg, giveEarlyMedia, hangUpLeg } from '../legs/leg-life.js';
import { LegRecorder } from '../legs/leg-recorder.js';
import { causeNamed } from '../legs/hangup-causes.js';
import { parseInline } from '../legs/inline-dialplan.js';
import { holdLeg, unholdLeg } from '../legs/leg-hold.js';
import { transferLeg } from '../legs/leg-transfer.js';
import type { Leg } from '../legs/leg.js';
import type { SwitchCore } from '../server/switch-core.js';
import type { ApiCommand } from './api-command.js';
import { firstWord, NO_CHANNEL, NO_REPLY, NO_SESSION, OK } from './api-command.js';
import { dumpLeg } from './leg-dump.js';

const liveLeg = (core: SwitchCore, uuid: string): Leg | undefined => {
  const leg = core.legs.get(uuid);
  return leg?.hangupCause === undefined ? leg : undefined;
};

/** A command about one leg: what it says without arguments, and without the leg. */
const onLeg =
  (usage: string, missing: string, run: (leg: Leg, rest: string, answer: (text: string) => void) => string | undefined): ApiCommand =>
  (core, args, answer) => {
    const { word, rest } = firstWord(args);
    if (word === '') return usage;
    const leg = liveLeg(core, word);
    return leg === undefined ? missing : run(leg, rest, answer);
  };

const kill = onLeg('-USAGE: <uuid> [cause]\n', NO_CHANNEL, (leg, cause) => {
  leg.core.shortly(() => {
    hangUpLeg(leg, causeNamed(cause), 'we');
  });
  return OK;
});

const answer = onLeg('-USAGE: <uuid>\n', '-ERROR\n', (leg) => {
  leg.core.shortly(() => {
    answerLeg(leg);
  });
  return OK;
});

const exists: ApiCommand = (core, args) => String(core.legs.has(args.trim()));

const dump = onLeg('-USAGE: <uuid> [format]\n', NO_CHANNEL, (leg, format) => dumpLeg(leg, format));

const getVariable = onLeg('-USAGE: <uuid> <var>\n', NO_CHANNEL, (leg, name) => {
  const own = leg.variables.get(name);
  if (own !== undefined) return own;
  if (name === 'uuid') return leg.uuid;
  return name === 'current_application' && leg.application !== '' ? leg.application : '_undef_';
});

const setVariable: ApiCommand = (core, args) => {
  const { word, rest } = firstWord(args);
  if (word === '' || rest === '') return '-USAGE: <uuid> <var> [value]\n';
  const leg = liveLeg(core, word);
  if (leg === undefined) return NO_CHANNEL;
  const { word: name, rest: value } = firstWord(rest);
  setOne(leg, name, value);
  return OK;
};

/** `a=b;c=d`. */
const setVariables = onLeg('-USAGE: <uuid> <var>=<value>;<var>=<value>...\n', NO_CHANNEL, (leg, list) => {
  if (list === '') return NO_REPLY;
  for (const pair of list.split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0) setOne(leg, pair.slice(0, equals), pair.slice(equals + 1));
  }
  return OK;
});

/** An empty value takes the variable away. */
function setOne(leg: Leg, name: string, value: string): void {
  if (value === '') leg.variables.delete(name);
  else leg.variables.set(name, value);
}

const TRANSFER_USAGE = '-USAGE: <uuid> [-bleg|-both] <dest-exten> [<dialplan>] [<context>]\n';

const transfer: ApiCommand = (core, args) => {
  const words = args.split(' ').filter((word) => word !== '');
  if (words.length < 2) return TRANSFER_USAGE;
  const leg = liveLeg(core, words[0] ?? '');
  if (leg === undefined) return NO_CHANNEL;
  const side = words[1] === '-both' || words[1] === '-bleg' ? words[1] : '';
  const [extension = '', dialplan = 'XML'] = words.slice(side === '' ? 1 : 2);
  const other = leg.bridgedTo;
  const plan = dialplan === 'inline' ? parseInline(extension) : undefined;
  const legs = side === '-both' && other !== undefined ? [leg, other] : side === '-bleg' && other !== undefined ? [other] : [leg];
  transferLeg(legs, extension, plan);
  return OK;
};

const bridge: ApiCommand = (core, args) => {
  const [first = '', second = ''] = args.split(' ');
  if (first === '' || second === '') return '-USAGE: <uuid> <other_uuid>\n';
  const one = liveLeg(core, first);
  const other = liveLeg(core, second);
  if (one === undefined || other === undefined) return '-ERR Invalid uuid\n';
  bridgeLegs(one, other);
  return `+OK ${second}\n`;
};

/** From a broadcast until its application begins, as measured (flow 10). */
const BROADCAST_MS = { from: 110, to: 180 };

const broadcast: ApiCommand = (core, args) => {
  const [uuid = '', path = ''] = args.split(' ');
  if (uuid === '' || path === '') return '-USAGE: <uuid> <path> [aleg|bleg|holdb|both]\n';
  const leg = liveLeg(core, uuid);
  if (leg === undefined) return '-ERR invalid uuid\n';
  const own = /^([a-z_]+)::(.*)$/.exec(path);
  const application = own === null ? { name: 'playback', data: path } : { name: own[1] ?? '', data: own[2] ?? '' };
  leg.runner.send(application, undefined, core.random.between(BROADCAST_MS.from, BROADCAST_MS.to), 'alone');
  return '+OK Message sent\n';
};

const breakOff = onLeg('-USAGE: <uuid> [all]\n', NO_CHANNEL, (leg, which) => {
  leg.core.shortly(() => {
    leg.runner.breakOff(which === 'all');
  });
  return OK;
});

const RECORD_USAGE = '-USAGE: <uuid> [start|stop|mask|unmask] <path> [<limit>] [<recording_vars>]\n';
/** From the command until the file is open, as measured (flow 11). */
const OPENING_MS = 11;

const record: ApiCommand = (core, args, answerLater) => {
  const [uuid = '', verb = '', path = '', limit = '0', ...vars] = args.split(' ');
  if (uuid === '' || verb === '' || path === '') return RECORD_USAGE;
  const leg = liveLeg(core, uuid);
  if (leg === undefined) return NO_SESSION;
  const recorder = leg.recorders.get(path);
  switch (verb) {
    case 'start': {
      if (recorder !== undefined) return '+OK Success\n';
      setRecordingVariables(leg, vars.join(' '));
      const isStarted = LegRecorder.start(leg, path, Number(limit));
      core.after(isStarted ? OPENING_MS : 1, () => {
        answerLater(isStarted ? '+OK Success\n' : '-ERR Cannot record session!\n');
      });
      return undefined;
    }
    case 'stop': {
      const stopped = path === 'all' ? [...leg.recorders.values()] : recorder === undefined ? [] : [recorder];
      if (stopped.length === 0) return '-ERR Cannot stop record session!\n';
      core.shortly(() => {
        for (const one of stopped) one.stop('asked');
      });
      return '+OK Success\n';
    }
    case 'mask':
    case 'unmask':
      if (recorder === undefined) return `-ERR Cannot ${verb} recording session!\n`;
      if (verb === 'mask') recorder.mask();
      else recorder.unmask();
      return '+OK Success\n';
    default:
      return RECORD_USAGE;
  }
};

/** `{a=b,c=d}` as the fourth argument. */
function setRecordingVariables(leg: Leg, text: string): void {
  for (const pair of text.replace(/^\{|\}$/g, '').split(',')) {
    const equals = pair.indexOf('=');
    if (equals > 0) leg.variables.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
}

const sendKeys = onLeg('-USAGE: <uuid> <dtmf_data>\n', NO_SESSION, (leg, text) => {
  if (text === '') return '-USAGE: <uuid> <dtmf_data>\n';
  const [keys = ''] = text.split('@');
  // Before the answer it opens the audio, and the call counts as having early media (seen on 1.10.12).
  giveEarlyMedia(leg);
  leg.core.farEnds.get(leg.uuid)?.heardKeys(keys.replace(/[wW]/g, ''));
  return `+OK ${leg.uuid} sent DTMF ${text}.\n`;
});

/** How long a key is that names no length: the switch's 2000 samples. */
const KEY_MS_DEFAULT = 250;

const receiveKeys = onLeg('-USAGE: <uuid> <dtmf_data>\n', NO_SESSION, (leg, text) => {
  const [keys = '', heldMs] = text.split('@');
  [...keys].forEach((key, index) => {
    leg.core.after(20 * (index + 1), () => {
      receiveKey(leg, key, heldMs === undefined ? KEY_MS_DEFAULT : Number(heldMs), 'APP');
    });
  });
  return `+OK ${leg.uuid} received DTMF ${text}.\n`;
});

/** Says success whatever the leg (trap 1); `off` of one that is not held fails. */
const hold: ApiCommand = (core, args) => {
  const { word, rest } = firstWord(args);
  if (word === '') return '-USAGE: [off|toggle] <uuid> [<display>]\n';
  if (word === 'off') {
    const held = liveLeg(core, rest);
    return held !== undefined && unholdLeg(held) ? '+OK Success\n' : '-ERR Operation failed\n';
  }
  const leg = liveLeg(core, word);
  if (leg !== undefined) holdLeg(leg);
  return '+OK Success\n';
};

const park = onLeg('-USAGE: <uuid>\n', NO_CHANNEL, (leg) => {
  transferLeg([leg], 'park', [{ name: 'park', data: '' }]);
  return OK;
});

/** The `uuid_` commands. */
export const CHANNEL_COMMANDS: Readonly<Record<string, ApiCommand>> = {
  uuid_kill: kill,
  uuid_answer: answer,
  uuid_exists: exists,
  uuid_dump: dump,
  uuid_getvar: getVariable,
  uuid_setvar: setVariable,
  uuid_setvar_multi: setVariables,
  uuid_transfer: transfer,
  uuid_bridge: bridge,
  uuid_broadcast: broadcast,
  uuid_break: breakOff,
  uuid_record: record,
  uuid_send_dtmf: sendKeys,
  uuid_recv_dtmf: receiveKeys,
  uuid_hold: hold,
  uuid_park: park,
  uuid_buglist: onLeg('-USAGE: <uuid>\n', NO_REPLY, (leg) => bugList(leg)),
  uuid_audio: onLeg('-USAGE: <uuid> [start [read|write] [mute|level <level>]|stop]\n', NO_CHANNEL, () => '-USAGE: <uuid> [start [read|write] [mute|level <level>]|stop]\n'),
  uuid_deflect: (_core, args) => `-ERR No such channel ${firstWord(args).word}!\n`,
  uuid_chat: (_core, args) => `-ERR No such channel ${firstWord(args).word}!\n`,
  uuid_displace: () => NO_SESSION,
  uuid_media: () => '-ERR Operation failed\n',
  uuid_fileman: () => NO_CHANNEL,
  uuid_flush_dtmf: (core, args) => (core.legs.has(args.trim()) ? OK : '-ERR No such session\n'),
  uuid_limit: (_core, args) => `-ERR Cannot find session with uuid ${firstWord(args).word}\n`,
};

function bugList(leg: Leg): string {
  const bugs = [...leg.recorders.keys()].map(
    (path) =>
      ` <media-bug>\n  <function>session_record</function>\n  <target>${path}</target>\n  <thread-locked>0</thread-locked>\n </media-bug>\n`,
  );
  return bugs.length === 0 ? NO_REPLY : `<media-bugs>\n${bugs.join('')}</media-bugs>\n`;
}
