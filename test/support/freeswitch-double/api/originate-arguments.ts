/** Where a dial string leads. */
export interface DialTarget {
  readonly kind:
    /** `sofia/gateway/<gateway>/<number>` */
    | 'gateway'
    /** `sofia/<profile>/<address>` */
    | 'address'
    /** `user/<user>@<domain>` */
    | 'user'
    /** An endpoint that the switch does not have. */
    | 'unknown'
    /** Nothing that can be dialled. */
    | 'broken';
  /** Gateway or profile; empty with a user. */
  readonly by: string;
  /** Number dialled, or the user. */
  readonly number: string;
}

/** An `originate` command, taken apart. */
export interface OriginateOrder {
  readonly variables: ReadonlyMap<string, string>;
  readonly target: DialTarget;
  /** What the leg does once it is up. */
  readonly application: { readonly name: string; readonly data: string };
}

/**
 * Takes `{a=b,…}endpoint/… &app(data)` apart; undefined for what the switch
 * answers with its usage. Awkward characters come out as in flow 25.
 */
export function parseOriginate(text: string): OriginateOrder | undefined {
  const { variables, rest } = parseVariables(text.trim());
  // A lone quote takes the rest of the command with it.
  const isOpenQuote = text.replaceAll("\\'", '').split("'").length % 2 === 0;
  if (variables === undefined || isOpenQuote) return undefined;
  const [dialString, ...after] = rest.split(' ');
  const application = /^&([^(]+)(?:\((.*)\))?$/.exec(after.join(' ').trim());
  if (dialString === undefined || dialString === '' || application === null) return undefined;
  return {
    variables,
    // A space that no quotes hold ends the first argument in the middle of the variables.
    target: hasBareSpace(text) ? { kind: 'broken', by: '', number: '' } : parseTarget(dialString),
    application: { name: (application[1] ?? '').trim(), data: application[2] ?? '' },
  };
}

function parseTarget(dialString: string): DialTarget {
  const [endpoint = '', first = '', ...more] = dialString.split('/');
  if (endpoint === 'user') return { kind: 'user', by: '', number: first.split('@')[0] ?? '' };
  if (endpoint !== 'sofia') return { kind: 'unknown', by: endpoint, number: first };
  if (first === 'gateway') return { kind: 'gateway', by: more[0] ?? '', number: more.slice(1).join('/') };
  const address = more.join('/').replace(/^sip:/, '');
  return { kind: 'address', by: first, number: address };
}

/** `{a=b,c='d e'}`, or with a separator of its own `{^^;a=b;c=d}`. */
function parseVariables(text: string): { readonly variables?: ReadonlyMap<string, string>; readonly rest: string } {
  if (!text.startsWith('{')) return { variables: new Map(), rest: text };
  const end = closingBrace(text);
  if (end < 0) return { rest: '' };
  const inside = text.slice(1, end);
  const separator = inside.startsWith('^^') ? (inside[2] ?? ',') : ',';
  const pairs = splitUnescaped(inside.startsWith('^^') ? inside.slice(3) : inside, separator);
  return { variables: new Map(pairs.flatMap(pairOf)), rest: text.slice(end + 1).trim() };
}

/** Where the braces that open a text close, nested ones counted; -1 where they do not, or none open. */
function closingBrace(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth++;
    if (text[at] === '}') depth--;
    if (depth === 0) return at === 0 ? -1 : at;
  }
  return -1;
}

function hasBareSpace(text: string): boolean {
  const inside = text.trim().slice(1, Math.max(1, closingBrace(text.trim())));
  return inside.replace(/'[^']*'/g, '').includes(' ');
}

/** A separator separates, inside quotes too, unless a backslash stands before it. */
function splitUnescaped(text: string, separator: string): readonly string[] {
  const parts = [''];
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? '';
    const last = parts.length - 1;
    if (letter === '\\' && at + 1 < text.length) {
      const escaped = text[++at] ?? '';
      parts[last] += escaped === 's' ? ' ' : escaped;
    } else if (letter === separator) {
      parts.push('');
    } else {
      parts[last] += letter;
    }
  }
  return parts;
}

function pairOf(part: string): readonly (readonly [string, string])[] {
  const equals = part.indexOf('=');
  if (equals <= 0) return [];
  const value = part.slice(equals + 1).replaceAll("'", '');
  // Nothing, and what looks like a variable to be put in, sets nothing.
  return value === '' || value.includes('${') ? [] : [[part.slice(0, equals).trim(), value]];
}
