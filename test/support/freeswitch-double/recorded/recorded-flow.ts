import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { projectFolder } from '../../../../src/cli/lab/project-folder.js';
import { parseOriginate } from '../api/originate-arguments.js';
import type { EventHeaders } from './switch-event-data.js';
import { headerText } from './switch-event-data.js';

/** One record of a transcript. */
export type WireRecord =
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'open' | 'close-by-client' | 'close-by-server'; readonly atMs: number; readonly connection: string }
  | { readonly kind: 'sent' | 'received'; readonly atMs: number; readonly connection: string; readonly bytes: Buffer };

/** By what way a recorded leg came to be. */
export type LegKind =
  /** Dialled by SIP: at a gateway, or an address. */
  | 'contact'
  /** Dialled as `user/…`. */
  | 'phone'
  /** Called us. */
  | 'inbound';

/** What of a recorded event belongs to its leg alone. */
export interface RecordedLeg {
  readonly uuid: string;
  readonly kind: LegKind;
  /** Dialled; on an inbound leg the caller. */
  readonly number: string;
  readonly callerName: string;
  readonly callerNumber: string;
  /** Names of the variables that its originate set. */
  readonly variables: ReadonlySet<string>;
}

/** One event as it was recorded. */
export interface RecordedEvent {
  readonly name: string;
  readonly atMs: number;
  readonly headers: EventHeaders;
  readonly body?: string;
  readonly leg?: RecordedLeg;
}

/** A transcript, read. */
export interface RecordedFlow {
  readonly name: string;
  readonly startedAtMs: number;
  readonly records: readonly WireRecord[];
  readonly events: readonly RecordedEvent[];
  /** Bodies of `api` answers by the command's text without `api `, in order. */
  readonly answers: ReadonlyMap<string, readonly string[]>;
}

const FOLDER = path.join(projectFolder(), 'test/fixtures/freeswitch-recordings');
const flows = new Map<string, RecordedFlow>();

/** Reads a transcript of JSON events by its name without ending, e.g. `03-busy`; once. */
export function recordedFlow(name: string): RecordedFlow {
  const known = flows.get(name);
  if (known !== undefined) return known;
  const bytes = gunzipSync(readFileSync(path.join(FOLDER, `${name}.esl.gz`)));
  const records = [...recordsIn(bytes)];
  const started = records.find((record) => record.kind === 'note' && record.text.includes(', started '));
  const flow: RecordedFlow = {
    name,
    startedAtMs: Date.parse(started?.kind === 'note' ? started.text.slice(started.text.indexOf('started ') + 8) : ''),
    records,
    events: eventsIn(records),
    answers: answersIn(records),
  };
  flows.set(name, flow);
  return flow;
}

function* recordsIn(bytes: Buffer): Generator<WireRecord> {
  for (let at = 0; at < bytes.length; ) {
    const lineEnd = bytes.indexOf(10, at);
    const line = bytes.toString('utf8', at, lineEnd);
    at = lineEnd + 1;
    if (line.startsWith('#')) {
      yield { kind: 'note', text: line.slice(2) };
      continue;
    }
    const [, time, connection = '', kind, byteCount] = line.split(' ');
    const atMs = Number(time) * 1000;
    if (kind === 'open' || kind === 'close-by-client' || kind === 'close-by-server') {
      yield { kind, atMs, connection };
      continue;
    }
    yield { kind: kind === 'C' ? 'sent' : 'received', atMs, connection, bytes: bytes.subarray(at, at + Number(byteCount)) };
    at += Number(byteCount) + 1;
  }
}

/** Head and body of a recorded message of the server. */
export function splitMessage(bytes: Buffer): { readonly head: string; readonly body: string } {
  const text = bytes.toString('utf8');
  const end = text.indexOf('\n\n');
  return { head: text.slice(0, end), body: text.slice(end + 2) };
}

function eventsIn(records: readonly WireRecord[]): readonly RecordedEvent[] {
  const originated = originatedLegs(records);
  return records.flatMap((record): readonly RecordedEvent[] => {
    if (record.kind !== 'received') return [];
    const { head, body } = splitMessage(record.bytes);
    if (!head.includes('text/event-json')) return [];
    const { _body: answer, ...fields } = JSON.parse(body) as Record<string, string | string[]>;
    if (answer !== undefined) delete fields['Content-Length'];
    const headers: EventHeaders = new Map(Object.entries(fields));
    const leg = legOf(headers, originated);
    return [
      {
        name: headerText(headers, 'Event-Name'),
        atMs: record.atMs,
        headers,
        ...(typeof answer === 'string' ? { body: answer } : {}),
        ...(leg === undefined ? {} : { leg }),
      },
    ];
  });
}

/** The legs that the client of the recording dialled under uuids of its own. */
function originatedLegs(records: readonly WireRecord[]): ReadonlyMap<string, RecordedLeg> {
  const legs = new Map<string, RecordedLeg>();
  for (const record of records) {
    if (record.kind !== 'sent') continue;
    const line = record.bytes.toString('utf8').split('\n')[0] ?? '';
    const command = /^(?:bg)?api originate (.*)$/.exec(line)?.[1];
    const order = command === undefined ? undefined : parseOriginate(command);
    const uuid = order?.variables.get('origination_uuid');
    if (order === undefined || uuid === undefined || legs.has(uuid)) continue;
    legs.set(uuid, {
      uuid,
      kind: order.target.kind === 'user' ? 'phone' : 'contact',
      number: order.target.number.split('@')[0] ?? '',
      callerName: order.variables.get('origination_caller_id_name') ?? '',
      callerNumber: order.variables.get('origination_caller_id_number') ?? '0000000000',
      variables: new Set(order.variables.keys()),
    });
  }
  return legs;
}

function legOf(headers: EventHeaders, originated: ReadonlyMap<string, RecordedLeg>): RecordedLeg | undefined {
  const uuid = headerText(headers, 'Unique-ID');
  const known = originated.get(uuid);
  if (known !== undefined || uuid === '') return known;
  const isInbound = headerText(headers, 'Call-Direction') === 'inbound';
  return {
    uuid,
    kind: isInbound ? 'inbound' : 'contact',
    number: headerText(headers, isInbound ? 'Caller-Orig-Caller-ID-Number' : 'Caller-Destination-Number'),
    callerName: isInbound ? '' : headerText(headers, 'Caller-Orig-Caller-ID-Name'),
    callerNumber: isInbound ? '' : headerText(headers, 'Caller-Orig-Caller-ID-Number'),
    variables: new Set(),
  };
}

/** Pairs each `api` command with its answer: answers come in the order of a connection's commands. */
function answersIn(records: readonly WireRecord[]): ReadonlyMap<string, readonly string[]> {
  const waiting = new Map<string, string[]>();
  const answers = new Map<string, string[]>();
  for (const record of records) {
    if (record.kind === 'sent') {
      const line = record.bytes.toString('utf8').split(/\r?\n/)[0] ?? '';
      waiting.set(record.connection, [...(waiting.get(record.connection) ?? []), line]);
    }
    if (record.kind !== 'received') continue;
    const { head, body } = splitMessage(record.bytes);
    if (!/api\/response|command\/reply/.test(head)) continue;
    const line = waiting.get(record.connection)?.shift() ?? '';
    if (head.includes('api/response')) answers.set(line.slice(4), [...(answers.get(line.slice(4)) ?? []), body]);
  }
  return answers;
}
