import { EVENTS } from '../recorded/event-catalogue.js';
import { recordedAnswer, recordedAnswers } from '../recorded/recorded-answer.js';
import { headerText } from '../recorded/switch-event-data.js';
import type { Leg } from '../legs/leg.js';
import { localTime } from '../server/event-stamp.js';
import { phoneAddress } from '../outside/registrations.js';
import type { SwitchCore } from '../server/switch-core.js';
import type { ApiCommand } from './api-command.js';

const usage = (): string => recordedAnswer('18-errors', 'show');

/** `{"row_count": 0}` without any rows is what an empty list is. */
const EMPTY = '{"row_count": 0}\n';

type Row = Readonly<Record<string, string>>;

const asJson = (rows: readonly Row[]): string => (rows.length === 0 ? EMPTY : JSON.stringify({ row_count: rows.length, rows }));

/** `show …`: lists out of the switch's database, which lags behind its channels. */
export const showCommand: ApiCommand = (core, args) => {
  const words = args.split(' ').filter((word) => word !== '');
  const isCount = words.at(-1) === 'count';
  const isJson = words.slice(-2).join(' ') === 'as json';
  switch (words[0]) {
    case 'channels': {
      const like = words[1] === 'like' ? (words[2] ?? '') : '';
      return listed(rowsOfChannels(core, like), isJson, isCount);
    }
    case 'calls':
      return listed(rowsOfCalls(core), isJson, isCount);
    case 'bridged_calls':
      return listed(rowsOfBridges(core), isJson, isCount);
    case 'registrations':
      return listed(rowsOfRegistrations(core), isJson, isCount);
    default:
      return usage();
  }
};

function listed(rows: readonly Row[], isJson: boolean, isCount: boolean): string {
  if (isCount) return `\n${String(rows.length)} total.\n`;
  if (isJson) return asJson(rows);
  const names = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => `${names.map((name) => row[name] ?? '').join(',')}\n`).join('');
  return rows.length === 0 ? '\n0 total.\n' : `${names.join(',')}\n${lines}\n${String(rows.length)} total.\n`;
}

/** The legs that the list has by now, and those that it still has. */
const listedLegs = (core: SwitchCore): readonly Leg[] => [
  ...[...core.legs.values()].filter(({ listedFromMs }) => listedFromMs <= core.clock.nowMs),
  ...core.leaving,
];

function rowsOfChannels(core: SwitchCore, like: string): readonly Row[] {
  return listedLegs(core)
    .map(rowOf)
    .filter((row) => like === '' || Object.values(row).some((value) => value.includes(like)));
}

function recordedRow(flow: string, command: string): Row {
  for (const answer of recordedAnswers(flow, command)) {
    const { rows } = JSON.parse(answer) as { readonly rows?: readonly Row[] };
    if (rows?.[0] !== undefined) return rows[0];
  }
  throw new Error(`Flow ${flow} lists nothing for ${command}.`);
}

/** The columns of the recorded list. */
function rowOf(leg: Leg): Row {
  const headers = leg.headersOf(leg.application === '' ? EVENTS.originated : EVENTS.park);
  const text = (name: string): string => headerText(headers, name);
  return {
    ...recordedRow('16-reconnect', 'show channels as json'),
    uuid: leg.uuid,
    direction: text('Call-Direction'),
    created: localTime(leg.times.created),
    created_epoch: String(Math.floor(leg.times.created / 1_000_000)),
    name: text('Channel-Name'),
    state: leg.channelState,
    cid_name: text('Caller-Caller-ID-Name'),
    cid_num: text('Caller-Caller-ID-Number'),
    dest: text('Caller-Destination-Number'),
    application: leg.application,
    application_data: leg.applicationData,
    accountcode: leg.variables.get('accountcode') ?? '',
    callstate: leg.callState,
    callee_name: text('Caller-Callee-ID-Name'),
    callee_num: text('Caller-Callee-ID-Number'),
    call_uuid: leg.bridgedTo?.uuid ?? leg.uuid,
    sent_callee_name: leg.callerName,
    sent_callee_num: leg.callerNumber,
    initial_cid_name: leg.callerName,
    initial_cid_num: leg.callerNumber,
    initial_dest: leg.number,
  };
}

/** Legs on their own, then the bridges, each one row (flow 16). */
function rowsOfCalls(core: SwitchCore): readonly Row[] {
  const alone = listedLegs(core).filter(({ bridgedTo }) => bridgedTo === undefined);
  const recorded = recordedRow('16-reconnect', 'show calls as json');
  const names = Object.keys(recorded);
  return [
    ...alone.map((leg) => {
      const row = rowOf(leg);
      return Object.fromEntries(names.map((name) => [name, row[name] ?? recorded[name] ?? '']));
    }),
    ...rowsOfBridges(core),
  ];
}

function rowsOfBridges(core: SwitchCore): readonly Row[] {
  const told = new Set<Leg>();
  return listedLegs(core).flatMap((leg) => {
    const other = leg.bridgedTo;
    if (other === undefined || told.has(leg)) return [];
    told.add(other);
    const mine = rowOf(leg);
    const theirs = rowOf(other);
    const filled = Object.entries(recordedRow('16-reconnect', 'show bridged_calls as json')).map(([name, value]) => [
      name,
      name.startsWith('b_') ? (theirs[name.slice(2)] ?? value) : (mine[name] ?? value),
    ]);
    return [Object.fromEntries(filled) as Row];
  });
}

function rowsOfRegistrations(core: SwitchCore): readonly Row[] {
  return [...core.registrations.values()].map((registration) => {
    const recorded = recordedRow('17-health', 'show registrations as json');
    return {
      ...recorded,
      reg_user: registration.user,
      realm: core.settings.domain,
      token: registration.callId,
      url: `sofia/internal/sip:${phoneAddress(core, registration.user)}`,
      expires: String(registration.expiresAt),
    };
  });
}
