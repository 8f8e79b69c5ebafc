import { XMLParser } from 'fast-xml-parser';

/** An element of the switch's configuration or of a report. */
export interface XmlElement {
  readonly name: string;
  /** Entities decoded. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text directly in it, without the spaces around it. */
  readonly text: string;
}

type OrderedNode = Readonly<Record<string, unknown>>;

const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', parseTagValue: false, parseAttributeValue: false, trimValues: true });

/** The root element of what the switch printed; undefined when that was words instead, e.g. `Invalid Gateway!`. */
export function parseSwitchXml(words: string): XmlElement | undefined {
  if (!words.trimStart().startsWith('<')) return undefined;
  try {
    return elementsOf(parser.parse(words) as readonly OrderedNode[]).find(({ name }) => !name.startsWith('?'));
  } catch (error) {
    // What is not well-formed is no report of the switch's.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function elementsOf(nodes: readonly OrderedNode[]): readonly XmlElement[] {
  return nodes.flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ':@');
    if (name === undefined || name === '#text') return [];
    const content = (node[name] ?? []) as readonly OrderedNode[];
    const attributes = new Map(Object.entries((node[':@'] ?? {}) as Readonly<Record<string, unknown>>).map(([key, value]) => [key, String(value)]));
    const text = content.flatMap((below) => ('#text' in below ? [String(below['#text'])] : [])).join('');
    return [{ name, attributes, children: elementsOf(content), text }];
  });
}

/** The text of the child of this name; empty when there is none. */
export const childText = (element: XmlElement, name: string): string => element.children.find((child) => child.name === name)?.text ?? '';

/** Every element of this name below, however deep. */
export function elementsNamed(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...elementsNamed(child, name)]);
}

/** `<param name="…" value="…"/>` of a group of settings; of equal names the last, as the switch takes them. */
export function paramsOf(element: XmlElement): ReadonlyMap<string, string> {
  const params = element.children.filter(({ name }) => name === 'param');
  return new Map(params.map(({ attributes }) => [attributes.get('name') ?? '', attributes.get('value') ?? '']));
}
