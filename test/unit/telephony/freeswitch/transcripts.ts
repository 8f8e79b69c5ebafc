import { readdirSync } from 'node:fs';
import path from 'node:path';
import { recordedFlow } from '../../../support/freeswitch-double/recorded/recorded-flow.js';
import type { WireRecord } from '../../../support/freeswitch-double/recorded/recorded-flow.js';
import { EslParser } from '../../../../src/telephony/freeswitch/esl-parser.js';
import type { EslMessage } from '../../../../src/telephony/freeswitch/esl-parser.js';
import type { EslEvent } from '../../../../src/telephony/freeswitch/esl-connection.js';

/** What a real FreeSWITCH 1.10.12 said, recorded flow by flow; see test/fixtures/freeswitch-recordings. */
export const FLOWS: readonly string[] = readdirSync(path.join(import.meta.dirname, '../../../fixtures/freeswitch-recordings')).map((file) => file.replace(/\.esl\.gz$/, ''));

/** Bytes that the switch sent, one entry a message, by connection. */
export function sentBySwitch(flow: string): ReadonlyMap<string, readonly Buffer[]> {
  const byConnection = new Map<string, Buffer[]>();
  for (const record of recordedFlow(flow).records) {
    if (!isFromSwitch(record)) continue;
    const messages = byConnection.get(record.connection) ?? [];
    messages.push(record.bytes);
    byConnection.set(record.connection, messages);
  }
  return byConnection;
}

const isFromSwitch = (record: WireRecord): record is Extract<WireRecord, { readonly bytes: Buffer }> =>
  record.kind === 'received';

/** The messages of a flow's first connection. */
export function recordedMessages(flow: string): readonly EslMessage[] {
  const parser = new EslParser();
  return (sentBySwitch(flow).get('c1') ?? []).flatMap((bytes) => parser.push(bytes));
}

/** The events of a flow's first connection, as the backend gets them. */
export const recordedEvents = (flow: string): readonly EslEvent[] =>
  recordedMessages(flow)
    .filter(({ type }) => type === 'text/event-json')
    .map(({ body }) => JSON.parse(body) as EslEvent);
