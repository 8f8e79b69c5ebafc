import type { RecordedEvent, RecordedLeg } from './recorded-flow.js';
import { recordedFlow } from './recorded-flow.js';
import type { EventHeaders } from './switch-event-data.js';
import { headerText } from './switch-event-data.js';

/** Which recorded event to take: the first of a flow that has this name and these headers. */
export interface TemplateQuery {
  readonly flow: string;
  readonly name: string;
  /** Values that headers must have; undefined: must not be there; `*`: must be there. */
  readonly where?: Readonly<Record<string, string | undefined>>;
}

/** Whose event it becomes. */
export interface LegIdentity {
  readonly uuid: string;
  readonly kind: RecordedLeg['kind'];
  readonly number: string;
  readonly callerName: string;
  readonly callerNumber: string;
  /** Channel variables of this leg alone. */
  readonly variables: ReadonlyMap<string, string>;
  /** The leg it is bridged to. */
  readonly otherUuid?: string | undefined;
}

const found = new WeakMap<TemplateQuery, RecordedEvent>();

/** The recorded event that a query means. @throws Error when the recordings hold none. */
export function recordedEvent(query: TemplateQuery): RecordedEvent {
  const known = found.get(query);
  if (known !== undefined) return known;
  const event = recordedFlow(query.flow).events.find(({ name, headers }) => name === query.name && fits(headers, query.where ?? {}));
  if (event === undefined) throw new Error(`The recordings hold no ${JSON.stringify(query)}.`);
  found.set(query, event);
  return event;
}

const fits = (headers: EventHeaders, where: Readonly<Record<string, string | undefined>>): boolean =>
  Object.entries(where).every(([name, value]) => (value === '*' ? headers.has(name) : headers.get(name) === value));

/** What each kind of leg looks like once it is up: the headers of a leg whose own kind was not recorded in a situation come from here. */
const BASES: Readonly<Record<RecordedLeg['kind'], TemplateQuery>> = {
  contact: { flow: '02-originate-answer-park', name: 'CHANNEL_PARK' },
  phone: { flow: '09-agent-conference', name: 'CHANNEL_PARK' },
  inbound: { flow: '23-server-restart', name: 'CHANNEL_PARK', where: { 'Call-Direction': 'inbound' } },
};

const CHANNEL_HEADER = /^(Channel-(?!Call-State-Number)|Caller-|Call-Direction$|Presence-Call-Direction$|Answer-State$|Unique-ID$)/;
const VARIABLE = 'variable_';

/** A recorded event of some leg as the event of this one: all its headers, with the other identity. */
export function eventOfLeg(query: TemplateQuery, leg: LegIdentity): EventHeaders {
  const template = recordedEvent(query);
  const from = template.leg;
  if (from === undefined || from.kind === leg.kind) return withVariables(filledHeaders(template, leg), from?.variables ?? NONE, leg);
  const base = recordedEvent(BASES[leg.kind]);
  return withVariables(transplanted(template, base, leg), new Set([...from.variables, ...(base.leg?.variables ?? NONE)]), leg);
}

const NONE: ReadonlySet<string> = new Set();

/** The channel's own headers from what was recorded of its kind, the rest from the template. */
function transplanted(template: RecordedEvent, recordedBase: RecordedEvent, leg: LegIdentity): EventHeaders {
  const base = filledHeaders(recordedBase, leg);
  const ordinary = recordedEvent(BASES[template.leg?.kind ?? 'contact']).headers;
  const result: EventHeaders = new Map();
  const bring = (isWanted: (name: string) => boolean): void => {
    for (const [name, value] of base) if (isWanted(name)) result.set(name, value);
  };
  const isVariable = (name: string): boolean => name.startsWith(VARIABLE);
  const isChannel = (name: string): boolean => CHANNEL_HEADER.test(name);
  for (const [name, value] of filledHeaders(template, leg)) {
    if (isChannel(name)) {
      if (!result.has('Unique-ID')) bring(isChannel);
    } else if (isVariable(name)) {
      if (!result.has('variable_uuid')) bring(isVariable);
      // What a leg of the template's kind has anyway is the template's own; what came later belongs to the event.
      if (!ordinary.has(name)) result.set(name, value);
    } else {
      result.set(name, value);
    }
  }
  return result;
}

function filledHeaders(template: RecordedEvent, leg: LegIdentity): EventHeaders {
  const recordedOther = headerText(template.headers, 'Other-Leg-Unique-ID');
  const fill = filler(template.leg, leg, recordedOther);
  const filled: EventHeaders = new Map();
  for (const [name, value] of template.headers) {
    const own = typeof value === 'string' ? fill(name, value) : value.map((one) => fill(name, one));
    // A caller without a name has no such headers at all (flow 15).
    if (own !== '' || value === '') filled.set(name, own);
  }
  return filled;
}

/** Headers in which a number or a name of the leg may stand. */
const IDENTITY_HEADER =
  /^(Caller-|Channel-Name|Channel-Presence|Other-Leg-|variable_(sip_(?!.*allow)|origination_|pre_transfer|channel_name|caller_id|presence_id|dialed|last_sent|DP_MATCH))/;
/** The dialled name of the inbound leg is also that of an application. */
const DIALLED_HEADER = /^(Caller-Destination-Number|variable_sip_(to|req|full_to)_?|variable_DP_MATCH)/;
const NOT_IDENTITY = /Time$|_stamp$|_sdp/;

type Fill = (name: string, value: string) => string;

function filler(from: RecordedLeg | undefined, to: LegIdentity, recordedOther: string): Fill {
  if (from === undefined) return (_name, value) => value;
  const tokens = tokensOf(from, to);
  return (name, value) => {
    let text = value.replaceAll(from.uuid, to.uuid);
    if (recordedOther !== '' && to.otherUuid !== undefined) text = text.replaceAll(recordedOther, to.otherUuid);
    if (!IDENTITY_HEADER.test(name) || NOT_IDENTITY.test(name)) return text;
    if (from.kind === 'inbound' && DIALLED_HEADER.test(name)) return text.replace(/\bpark\b/, to.callerNumber);
    return tokens === undefined ? text : text.replace(tokens.pattern, (token) => tokens.byText.get(token) ?? token);
  };
}

/** The recorded number and caller as whole words, with what takes their place. */
function tokensOf(from: RecordedLeg, to: LegIdentity): { readonly pattern: RegExp; readonly byText: ReadonlyMap<string, string> } | undefined {
  const byText = new Map<string, string>();
  if (from.kind !== 'inbound') {
    if (from.callerNumber !== '') byText.set(from.callerNumber, to.callerNumber);
    if (from.callerName !== '') byText.set(from.callerName, to.callerName);
  }
  byText.set(from.number, to.number);
  const words = [...byText.keys()].filter((word) => word !== '').map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return words.length === 0 ? undefined : { pattern: new RegExp(`(?<![\\w.-])(?:${words.join('|')})(?![\\w.-])`, 'g'), byText };
}

/** The recording's own variables go, this leg's come in their place. */
function withVariables(headers: EventHeaders, theirs: ReadonlySet<string>, leg: LegIdentity): EventHeaders {
  if (!headers.has('variable_uuid')) return headers;
  const result: EventHeaders = new Map();
  const bring = (): void => {
    for (const [name, value] of leg.variables) result.set(VARIABLE + name, value);
  };
  let isBrought = false;
  let isInVariables = false;
  for (const [name, value] of headers) {
    const variable = name.startsWith(VARIABLE) ? name.slice(VARIABLE.length) : undefined;
    const isTheirs = variable !== undefined && (theirs.has(variable) || leg.variables.has(variable));
    if (!isBrought && (isTheirs || (isInVariables && variable === undefined))) {
      isBrought = true;
      bring();
    }
    isInVariables = variable !== undefined;
    if (!isTheirs) result.set(name, value);
  }
  if (!isBrought) bring();
  return result;
}
