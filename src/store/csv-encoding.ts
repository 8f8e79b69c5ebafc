/** How the characters of a CSV file may be written. */
export type CsvEncoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'iso-8859-1';

/** What a file turned out to be. */
export type EncodingFinding =
  | { readonly kind: 'text'; readonly encoding: CsvEncoding }
  /** Not text at all; one sentence with the cure. */
  | { readonly kind: 'not-text'; readonly why: string };

/** How many of a file's first bytes tell UTF-16 without a mark from other encodings. */
const HEAD_BYTES = 4096;
/** Chosen: Western text in UTF-16 has nearly half its bytes 0; other text has none. */
const ZERO_RATIO_MIN = 0.2;

/**
 * Finds the encoding from all bytes of a file, given piece by piece. UTF-8 is
 * certain when every byte fits; what does not fit is the encoding of Windows,
 * or Latin-1 when none of the characters that set them apart occurs.
 */
export class EncodingDetector {
  #head = new Uint8Array(0);
  #utf8: TextDecoder | undefined = new TextDecoder('utf-8', { fatal: true });
  #hasZero = false;
  #hasWindowsBytes = false;

  push(bytes: Uint8Array): void {
    if (this.#head.length < HEAD_BYTES) {
      const more = bytes.subarray(0, HEAD_BYTES - this.#head.length);
      const head = new Uint8Array(this.#head.length + more.length);
      head.set(this.#head);
      head.set(more, this.#head.length);
      this.#head = head;
    }
    this.#hasZero ||= bytes.includes(0);
    this.#hasWindowsBytes ||= bytes.some((byte) => byte >= 0x80 && byte <= 0x9f);
    this.#check(() => this.#utf8?.decode(bytes, { stream: true }));
  }

  /** To be called once, after the last piece. */
  end(): EncodingFinding {
    this.#check(() => this.#utf8?.decode());
    const [first, second, third, fourth] = this.#head;
    if (first === undefined) return { kind: 'not-text', why: 'The file is empty.' };
    if (first === 0x50 && second === 0x4b && third === 0x03 && fourth === 0x04) {
      return { kind: 'not-text', why: 'The file is a workbook or an archive, not text: save the sheet as CSV (UTF-8) and import that.' };
    }
    if (first === 0xff && second === 0xfe) return { kind: 'text', encoding: 'utf-16le' };
    if (first === 0xfe && second === 0xff) return { kind: 'text', encoding: 'utf-16be' };
    if (this.#hasZero) {
      const encoding = utf16WithoutMark(this.#head);
      return encoding === undefined
        ? { kind: 'not-text', why: 'The file holds binary data, not text: save the list as CSV (UTF-8) and import that.' }
        : { kind: 'text', encoding };
    }
    if (this.#utf8 === undefined) {
      return { kind: 'text', encoding: this.#hasWindowsBytes ? 'windows-1252' : 'iso-8859-1' };
    }
    const hasMark = first === 0xef && second === 0xbb && third === 0xbf;
    return { kind: 'text', encoding: hasMark ? 'utf-8-bom' : 'utf-8' };
  }

  /** A decoder told to be strict throws a TypeError at the first byte that cannot be UTF-8. */
  #check(decode: () => void): void {
    try {
      decode();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#utf8 = undefined;
    }
  }
}

function utf16WithoutMark(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  let evenZeroCount = 0;
  let oddZeroCount = 0;
  for (const [index, byte] of head.entries()) {
    if (byte !== 0) continue;
    if (index % 2 === 0) evenZeroCount += 1;
    else oddZeroCount += 1;
  }
  if (oddZeroCount > head.length * ZERO_RATIO_MIN && oddZeroCount > 4 * evenZeroCount) return 'utf-16le';
  if (evenZeroCount > head.length * ZERO_RATIO_MIN && evenZeroCount > 4 * oddZeroCount) return 'utf-16be';
  return undefined;
}

/** Turns the bytes of a file, given piece by piece, into text. */
export interface CsvDecoder {
  push(bytes: Uint8Array): string;
  /** What was left of a character that was cut. */
  end(): string;
}

/** A decoder for the encoding; it drops the byte-order mark. */
export function csvDecoder(encoding: CsvEncoding): CsvDecoder {
  if (encoding === 'windows-1252' || encoding === 'iso-8859-1') return { push: windowsText, end: () => '' };
  const decoder = new TextDecoder(encoding === 'utf-8-bom' ? 'utf-8' : encoding);
  return { push: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}

/** Bytes 0x80 to 0x9f of windows-1252 (encoding.spec.whatwg.org); a `\uFFFD` has no character. */
const WINDOWS_CHARACTERS = '€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFDŽ\uFFFD\uFFFD‘’“”•–—˜™š›œ\uFFFDžŸ';

/** By hand: Node 20 decodes `windows-1252` as Latin-1 and loses these characters (nodejs/node#56542). */
function windowsText(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return latin1.replace(/[\u0080-\u009f]/g, (character) => WINDOWS_CHARACTERS[character.charCodeAt(0) - 0x80] ?? '');
}
