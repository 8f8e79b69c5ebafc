/** One command of a client: its first line and the headers below it. */
export interface EslCommand {
  /** Without the line's end. */
  readonly line: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** What `content-length` announced; empty without it. */
  readonly body: string;
}

const LF = 10;
const CR = 13;

/**
 * Takes commands out of the stream in whatever pieces it comes. A command ends
 * with an empty line; CR LF does as well as LF (flow 01).
 */
export class CommandReader {
  #waiting: Buffer = Buffer.alloc(0);

  /** The commands that are complete now, in order. */
  read(piece: Buffer): readonly EslCommand[] {
    this.#waiting = Buffer.concat([this.#waiting, piece]);
    const commands: EslCommand[] = [];
    for (let command = this.#next(); command !== undefined; command = this.#next()) {
      if (command.line !== '') commands.push(command);
    }
    return commands;
  }

  #next(): EslCommand | undefined {
    const end = endOfHead(this.#waiting);
    if (end === undefined) return undefined;
    const lines = this.#waiting.toString('utf8', 0, end.headBytes).split(/\r?\n/);
    const headers = new Map(lines.slice(1).flatMap(headerOf));
    const bodyBytes = Number(headers.get('content-length') ?? 0);
    if (this.#waiting.length < end.nextAt + bodyBytes) return undefined;
    const body = this.#waiting.toString('utf8', end.nextAt, end.nextAt + bodyBytes);
    this.#waiting = this.#waiting.subarray(end.nextAt + bodyBytes);
    return { line: (lines[0] ?? '').trim(), headers, body };
  }
}

/** Where the first empty line is. */
function endOfHead(bytes: Buffer): { readonly headBytes: number; readonly nextAt: number } | undefined {
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return { headBytes: at, nextAt: at + 2 };
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return { headBytes: at, nextAt: at + 3 };
    if (at === 0) return { headBytes: 0, nextAt: 1 };
  }
  return undefined;
}

function headerOf(line: string): readonly (readonly [string, string])[] {
  const colon = line.indexOf(':');
  return colon < 0 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
}
