/**
 * Pictures as SVG text: a few functions that write elements, and scales that
 * put figures in their place. A picture is one file that needs no other.
 */

/** Attributes of an element; numbers are rounded to a hundredth. */
export type SvgAttributes = Readonly<Record<string, string | number>>;

/** A place in the picture. */
export type SvgPoint = readonly [x: number, y: number];

/** A rectangle of the picture that something is drawn in. */
export interface SvgBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const FONT = "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif";

/** One palette for all pictures, light, and told apart by those who do not see red from green. */
export const SVG_COLOURS = {
  ink: '#1f2933',
  faint: '#6b7785',
  line: '#c9d1d9',
  grid: '#e9edf1',
  person: '#2166ac',
  machine: '#d9730d',
  tone: '#7b3294',
  beep: '#008a5e',
  wave: '#8797a8',
} as const;

/** Text with the characters that XML keeps for itself written out; those it forbids are left out. */
export const escapedForXml = (text: string): string =>
  text
    // Control characters have no place in XML 1.0.
    .replace(/[^\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const rounded = (value: number): string => String(Math.round(value * 100) / 100);

/** One element; `content` is SVG already. */
export function svgElement(name: string, attributes: SvgAttributes, content = ''): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : escapedForXml(value)}"`)
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

/** A whole picture, white behind. @param description what it shows, for those who cannot see it. */
export function svgPicture(width: number, height: number, description: string, content: readonly string[]): string {
  const root = { 'xmlns': 'http://www.w3.org/2000/svg', 'viewBox': `0 0 ${width} ${height}`, 'font-family': FONT, 'font-size': 12, 'fill': SVG_COLOURS.ink };
  const title = svgElement('title', {}, escapedForXml(description));
  const ground = svgElement('rect', { width, height, fill: '#ffffff' });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svgElement('svg', root, `\n${[title, ground, ...content].join('\n')}\n`)}\n`;
}

/** Words at a place; anything but plain left-bound text by attributes. */
export const svgText = ([x, y]: SvgPoint, words: string, attributes: SvgAttributes = {}): string =>
  svgElement('text', { x, y, ...attributes }, escapedForXml(words));

/** A straight line. */
export const svgLine = ([x1, y1]: SvgPoint, [x2, y2]: SvgPoint, attributes: SvgAttributes = {}): string =>
  svgElement('line', { x1, y1, x2, y2, stroke: SVG_COLOURS.line, ...attributes });

/** A filled rectangle. */
export const svgRect = ({ x, y, width, height }: SvgBox, attributes: SvgAttributes): string => svgElement('rect', { x, y, width, height, ...attributes });

/** A line through points, not filled. */
export const svgPath = (points: readonly SvgPoint[], attributes: SvgAttributes): string =>
  svgElement('polyline', { 'points': points.map(([x, y]) => `${rounded(x)},${rounded(y)}`).join(' '), 'fill': 'none', 'stroke-width': 1.6, 'stroke-linejoin': 'round', ...attributes });

/** From figures to places along one direction. */
export interface SvgScale {
  (value: number): number;
  readonly from: number;
  readonly to: number;
}

/** A straight scale; what lies outside is put on its edge. */
export function svgScale(from: number, to: number, placeFrom: number, placeTo: number): SvgScale {
  const span = to === from ? 1 : to - from;
  const place = (value: number): number => placeFrom + (Math.min(1, Math.max(0, (value - from) / span))) * (placeTo - placeFrom);
  return Object.assign(place, { from, to });
}

/** Round figures for an axis, about `count` of them. */
export function roundTicks(from: number, to: number, count: number): readonly number[] {
  const raw = (to - from) / Math.max(1, count);
  if (!(raw > 0)) return [from];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10);
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Axis along the bottom of a box, with grid lines up through it. */
export function svgBottomAxis(box: SvgBox, scale: SvgScale, ticks: readonly number[], label: string, words: (value: number) => string): string {
  const bottom = box.y + box.height;
  const marks = ticks.map((value) => [
    svgLine([scale(value), box.y], [scale(value), bottom], { stroke: SVG_COLOURS.grid }),
    svgText([scale(value), bottom + 16], words(value), { 'text-anchor': 'middle', 'fill': SVG_COLOURS.faint, 'font-size': 11 }),
  ].join(''));
  const name = svgText([box.x + box.width / 2, bottom + 33], label, { 'text-anchor': 'middle', 'fill': SVG_COLOURS.faint });
  return [...marks, svgLine([box.x, bottom], [box.x + box.width, bottom]), name].join('\n');
}

/** Axis along the left of a box, with grid lines across it. */
export function svgLeftAxis(box: SvgBox, scale: SvgScale, ticks: readonly number[], label: string, words: (value: number) => string): string {
  const marks = ticks.map((value) => [
    svgLine([box.x, scale(value)], [box.x + box.width, scale(value)], { stroke: SVG_COLOURS.grid }),
    svgText([box.x - 7, scale(value) + 4], words(value), { 'text-anchor': 'end', 'fill': SVG_COLOURS.faint, 'font-size': 11 }),
  ].join(''));
  const middle = box.y + box.height / 2;
  const name = label === '' ? '' : svgText([box.x - 40, middle], label, { 'text-anchor': 'middle', 'fill': SVG_COLOURS.faint, 'transform': `rotate(-90 ${box.x - 40} ${middle})` });
  return [...marks, svgLine([box.x, box.y], [box.x, box.y + box.height]), name].join('\n');
}
