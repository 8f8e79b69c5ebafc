import type { SwitchEventData } from '../recorded/switch-event-data.js';

/** In which form a connection wants its events. */
export type EventFormat = 'json' | 'plain';

/** What the switch says when it closes a connection of its own accord. */
export const GOODBYE = 'Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n';

const message = (head: readonly string[], body?: Buffer): Buffer => {
  const text = Buffer.from(`${head.join('\n')}\n\n`, 'utf8');
  return body === undefined ? text : Buffer.concat([text, body]);
};

/** The greeting. */
export const authRequest = (): Buffer => message(['Content-Type: auth/request']);

/** The answer to a command; some echo a header below it. */
export const commandReply = (text: string, ...more: readonly string[]): Buffer =>
  message(['Content-Type: command/reply', `Reply-Text: ${text}`, ...more]);

/** The answer of an `api` command. */
export function apiResponse(text: string): Buffer {
  const body = Buffer.from(text, 'utf8');
  return message(['Content-Type: api/response', `Content-Length: ${String(body.length)}`], body);
}

/** A message with a body that is neither event nor answer. */
export function notice(type: 'text/disconnect-notice' | 'text/rude-rejection', text: string): Buffer {
  const body = Buffer.from(text, 'utf8');
  return message([`Content-Type: ${type}`, `Content-Length: ${String(body.length)}`], body);
}

/** An event, length in bytes, as the format says. */
export function eventMessage(event: SwitchEventData, format: EventFormat): Buffer {
  const body = format === 'json' ? jsonBody(event) : plainBody(event);
  return message([`Content-Length: ${String(body.length)}`, `Content-Type: text/event-${format}`], body);
}

/** In a channel variable, any byte: U+F8xx stands for the byte xx that is no UTF-8. */
const RAW_BYTE = /[\uf880-\uf8ff]/;

/** Text to bytes, with the stand-ins made what they stand for. */
function toBytes(text: string): Buffer {
  if (!RAW_BYTE.test(text)) return Buffer.from(text, 'utf8');
  return Buffer.concat(
    [...text].map((letter) => (RAW_BYTE.test(letter) ? Buffer.from([letter.charCodeAt(0) & 0xff]) : Buffer.from(letter, 'utf8'))),
  );
}

function jsonBody(event: SwitchEventData): Buffer {
  const fields: Record<string, string | readonly string[]> = Object.fromEntries(event.headers);
  if (event.body !== undefined) {
    fields['Content-Length'] = String(Buffer.byteLength(event.body));
    fields['_body'] = event.body;
  }
  return toBytes(JSON.stringify(fields));
}

function plainBody(event: SwitchEventData): Buffer {
  const lines = [...event.headers].map(([name, value]) => `${name}: ${percentEncoded(plainValue(value))}\n`).join('');
  if (event.body === undefined) return Buffer.from(`${lines}\n`, 'utf8');
  return Buffer.from(`${lines}Content-Length: ${String(Buffer.byteLength(event.body))}\n\n${event.body}`, 'utf8');
}

const plainValue = (value: string | readonly string[]): string => (typeof value === 'string' ? value : `ARRAY::${value.join('|:')}`);

/** What `switch_url_encode` leaves alone is what is printable and none of its unsafe characters. */
const UNSAFE = new Set([...'\r\n #%&+:;<=>?@[\\]^`{|}"'].map((letter) => letter.charCodeAt(0)));

function percentEncoded(text: string): string {
  let encoded = '';
  for (const byte of toBytes(text)) {
    const isSafe = byte >= 0x20 && byte <= 0x7e && !UNSAFE.has(byte);
    encoded += isSafe ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}
