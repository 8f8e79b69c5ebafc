/** One message of the event socket. */
export interface EslMessage {
  /** `Content-Type`, e.g. `command/reply`; empty when the message has none. */
  readonly type: string;
  /** Header lines as they came: in JSON mode nothing in them is encoded. A header that comes twice keeps its last value. */
  readonly headers: ReadonlyMap<string, string>;
  /** Bytes that are no UTF-8 appear as U+FFFD; empty when there is no body. */
  readonly body: string;
}

/** What came is no event socket, or it is out of step: nothing after it can be believed. */
export class EslProtocolError extends Error {}

/**
 * Chosen: the largest message recorded has a head of 200 bytes, the largest
 * event 12 KB; a list of 1,000 channels is 1.5 MB.
 */
const HEAD_BYTES_MAX = 64 * 1024;
const BODY_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Cuts what the socket gives into messages. A read may hold half a message or
 * many; lengths are counted in bytes, not in characters; and nothing that a
 * caller's name can hold makes it fall over, since no value is decoded but as
 * text.
 */
export class EslParser {
  #head: Buffer = Buffer.alloc(0);
  #headers: ReadonlyMap<string, string> | undefined;
  #bodyPieces: Buffer[] = [];
  #bodyBytesLeft = 0;

  /**
   * Takes what was read; gives the messages that are whole by now, in order.
   * @throws EslProtocolError when a length is none or too much.
   */
  push(chunk: Buffer): readonly EslMessage[] {
    const messages: EslMessage[] = [];
    let rest = chunk;
    while (rest.length > 0) {
      rest = this.#headers === undefined ? this.#takeHead(rest) : this.#takeBody(rest);
      if (this.#headers !== undefined && this.#bodyBytesLeft === 0) messages.push(this.#finish(this.#headers));
    }
    return messages;
  }

  /** Looks for the empty line that ends the headers, which a read may have cut in two; gives what follows it. */
  #takeHead(chunk: Buffer): Buffer {
    const before = this.#head.length;
    const head = before === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    const end = head.indexOf('\n\n', Math.max(0, before - 1));
    if (end < 0) {
      if (head.length > HEAD_BYTES_MAX) throw new EslProtocolError('The other side sends no headers: it is no event socket.');
      this.#head = head;
      return Buffer.alloc(0);
    }
    this.#head = Buffer.alloc(0);
    this.#headers = headersOf(head.toString('utf8', 0, end));
    this.#bodyBytesLeft = lengthOf(this.#headers);
    return head.subarray(end + 2);
  }

  #takeBody(chunk: Buffer): Buffer {
    const piece = chunk.subarray(0, this.#bodyBytesLeft);
    this.#bodyPieces.push(piece);
    this.#bodyBytesLeft -= piece.length;
    return chunk.subarray(piece.length);
  }

  #finish(headers: ReadonlyMap<string, string>): EslMessage {
    const body = Buffer.concat(this.#bodyPieces).toString('utf8');
    this.#headers = undefined;
    this.#bodyPieces = [];
    return { type: headers.get('Content-Type') ?? '', headers, body };
  }
}

function headersOf(text: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const from = line.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1;
    headers.set(line.slice(0, colon), line.endsWith('\r') ? line.slice(from, -1) : line.slice(from));
  }
  return headers;
}

function lengthOf(headers: ReadonlyMap<string, string>): number {
  const text = headers.get('Content-Length');
  if (text === undefined) return 0;
  const length = Number(text);
  if (!/^\d+$/.test(text) || length > BODY_BYTES_MAX) throw new EslProtocolError(`A message says it is ${text.slice(0, 40)} bytes long.`);
  return length;
}
