/** An element of a configuration file. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
}

const NAME = '[A-Za-z_][\\w.-]*';
const TAG = new RegExp(`<(/?)(${NAME})((?:\\s+${NAME}="[^"<]*")*)\\s*(/?)>`, 'y');
const COMMENT = /<!--([\s\S]*?)-->/y;
const DECLARATION = /<\?xml version="1\.0"\?>\n/y;
const ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#\d+);)/;

/**
 * Reads a whole XML document of the kind that configuration is written in:
 * elements, attributes in double quotes, comments; no text but white space.
 * @throws Error naming the line where it is not well formed.
 */
export function readXml(text: string): XmlElement {
  const root = { name: '', attributes: {}, children: [] as XmlElement[] };
  const open: { name: string; attributes: Record<string, string>; children: XmlElement[] }[] = [root];
  let at = 0;
  const fail = (what: string): never => {
    throw new Error(`line ${String(text.slice(0, at).split('\n').length)}: ${what}`);
  };
  const taken = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text) ?? undefined;
    if (match !== undefined) at += match[0].length;
    return match;
  };
  taken(DECLARATION);
  while (at < text.length) {
    if (taken(/\s+/y) !== undefined) continue;
    const comment = taken(COMMENT);
    if (comment !== undefined) {
      if (comment[1]?.includes('--') === true || comment[1]?.endsWith('-') === true) fail('two hyphens in a comment');
      continue;
    }
    const tag = taken(TAG) ?? fail(`no tag: ${text.slice(at, at + 40)}`);
    const [, slash, name = '', attributes = '', isEmpty] = tag;
    if (slash === '/') {
      if (attributes !== '' || isEmpty === '/') fail(`attributes in the end of ${name}`);
      if (open.length < 2 || open.pop()?.name !== name) fail(`${name} ends, which is not open`);
      continue;
    }
    const element = { name, attributes: attributesOf(attributes, fail), children: [] };
    open.at(-1)?.children.push(element);
    if (isEmpty !== '/') open.push(element);
  }
  const [only, another] = root.children;
  if (open.length > 1) fail(`${open.at(-1)?.name ?? ''} does not end`);
  if (only === undefined || another !== undefined) return fail('there is not one root element');
  return only;
}

function attributesOf(text: string, fail: (what: string) => never): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(new RegExp(`(${NAME})="([^"]*)"`, 'g'))) {
    if (name in attributes) fail(`${name} is given twice`);
    if (ENTITY.test(value)) fail(`a bare & in ${name}`);
    attributes[name] = value;
  }
  return attributes;
}

/** The element and all below it. */
export function* elementsOf(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* elementsOf(child);
}
