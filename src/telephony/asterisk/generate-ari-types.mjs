/**
 * Writes ari-types.ts from the API description that a switch itself serves.
 *
 *   ARI_USER=... ARI_PASSWORD=... node generate-ari-types.mjs http://127.0.0.1:8088/ari
 *   node generate-ari-types.mjs /usr/share/asterisk/rest-api
 *
 * Only what the driver uses is taken, so that the result can be read. Wording
 * of the description is not copied; names and types are.
 */
import { readFileSync, writeFileSync } from 'node:fs';

/** Operations the driver asks for, as `<description>.<nickname>`. */
const OPERATIONS = [
  'applications.get',
  'applications.filter',
  'applications.subscribe',
  'bridges.list',
  'bridges.get',
  'bridges.createWithId',
  'bridges.destroy',
  'bridges.addChannel',
  'bridges.removeChannel',
  'channels.list',
  'channels.create',
  'channels.dial',
  'channels.originateWithId',
  'channels.externalMedia',
  'channels.snoopChannelWithId',
  'channels.answer',
  'channels.hangup',
  'channels.playWithId',
  'channels.sendDTMF',
  'channels.startMoh',
  'channels.stopMoh',
  'endpoints.get',
  'endpoints.listByTech',
  'playbacks.get',
  'playbacks.stop',
];

/** Events the driver understands. */
const EVENTS = [
  'ApplicationReplaced',
  'ChannelDestroyed',
  'ChannelDtmfReceived',
  'ChannelEnteredBridge',
  'ChannelHangupRequest',
  'ChannelLeftBridge',
  'ChannelStateChange',
  'Dial',
  'PlaybackFinished',
  'StasisEnd',
  'StasisStart',
];

/** Required in the newest description, missing in older lines that are served as well. */
const MAY_BE_ABSENT = new Set([
  'Channel.protocol_id',
  'DialplanCEP.app_name',
  'DialplanCEP.app_data',
]);

const PRIMITIVES = { string: 'string', int: 'number', long: 'number', double: 'number', boolean: 'boolean', Date: 'string', void: 'undefined' };

const source = process.argv[2];
if (source === undefined) throw new Error('Give the ARI base address or the rest-api folder.');

async function describe(name) {
  if (!source.startsWith('http')) return JSON.parse(readFileSync(`${source}/${name}.json`, 'utf8'));
  const login = Buffer.from(`${process.env.ARI_USER}:${process.env.ARI_PASSWORD}`).toString('base64');
  const answer = await fetch(`${source}/api-docs/${name}.json`, { headers: { authorization: `Basic ${login}` } });
  if (!answer.ok) throw new Error(`${name}.json: ${answer.status}`);
  return answer.json();
}

const names = [...new Set([...OPERATIONS.map((operation) => operation.split('.')[0]), 'events'])].sort();
const descriptions = new Map();
for (const name of names) descriptions.set(name, await describe(name));
const models = new Map();
for (const name of names) {
  for (const [id, model] of Object.entries(descriptions.get(name).models ?? {})) if (!models.has(id)) models.set(id, model);
}

const wanted = new Set();
function typeOf(type) {
  const list = /^List\[(.*)\]$/.exec(type);
  if (list) return `readonly ${typeOf(list[1])}[]`;
  if (type in PRIMITIVES) return PRIMITIVES[type];
  if (type === 'object' || type === 'containers') return 'Readonly<Record<string, unknown>>';
  if (!models.has(type)) throw new Error(`No model ${type}.`);
  wanted.add(type);
  return type;
}

function properties(id, discriminator) {
  const model = models.get(id);
  const lines = discriminator ? [`  readonly type: '${id}';`] : [];
  for (const [name, property] of Object.entries(model.properties)) {
    if (discriminator && name === 'type') continue;
    const isOptional = property.required !== true || MAY_BE_ABSENT.has(`${id}.${name}`);
    lines.push(`  readonly ${name}${isOptional ? '?' : ''}: ${typeOf(property.type)};`);
  }
  return lines;
}

const operations = OPERATIONS.map((operation) => {
  const [file, nickname] = operation.split('.');
  for (const api of descriptions.get(file).apis) {
    for (const candidate of api.operations) {
      if (candidate.nickname === nickname) return { operation, path: api.path, ...candidate };
    }
  }
  throw new Error(`The switch does not describe ${operation}.`);
});

const parameterLine = ({ name, required, dataType }) => `      readonly ${name}${required ? '' : '?'}: ${typeOf(dataType)};`;
const operationTypes = operations.flatMap(({ operation, parameters = [], responseClass }) => [
  `  '${operation}': {`,
  `    readonly parameters: {`,
  ...parameters.map(parameterLine),
  '    };',
  `    readonly response: ${typeOf(responseClass)};`,
  '  };',
]);
const operationTable = operations.map(({ operation, path, httpMethod, parameters = [] }) => {
  const query = parameters.filter(({ paramType }) => paramType === 'query').map(({ name }) => `'${name}'`);
  const body = parameters.find(({ paramType }) => paramType === 'body');
  const bodyPart = body === undefined ? '' : `, body: '${body.name}'`;
  return `  '${operation}': { method: '${httpMethod}', path: '${path}', query: [${query.join(', ')}]${bodyPart} },`;
});

const eventTypes = EVENTS.flatMap((event) => [`export interface ${event} extends AriEventBase {`, ...properties(event, true), '}', '']);
const written = new Set();
const modelTypes = [];
for (;;) {
  const next = [...wanted].find((id) => !written.has(id));
  if (next === undefined) break;
  written.add(next);
  modelTypes.push(`export interface ${next} {`, ...properties(next, false), '}', '');
}

const text = `/**
 * Written by generate-ari-types.mjs from the API description of Asterisk
 * ${(await describe('resources')).apiVersion} (ARI version); run it again instead of editing.
 */

/** What every event carries. */
interface AriEventBase {
  readonly application: string;
  readonly timestamp: string;
}

${[...modelTypes, ...eventTypes].join('\n')}
/** The events that the driver understands. */
export type AriEvent =
${EVENTS.map((event) => `  | ${event}`).join('\n')};

/** Names of the events above, for the application's event filter. */
export const ARI_EVENT_TYPES = [
${EVENTS.map((event) => `  '${event}',`).join('\n')}
] as const satisfies readonly AriEvent['type'][];

/** Parameters and answer of each operation that the driver asks for. */
export interface AriOperations {
${operationTypes.join('\n')}
}

export type AriOperationName = keyof AriOperations;

/** How an operation travels: method, path template, query parameters, body parameter. */
export interface AriOperationRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query: readonly string[];
  readonly body?: string;
}

export const ARI_OPERATIONS: Readonly<Record<AriOperationName, AriOperationRoute>> = {
${operationTable.join('\n')}
};
`;
writeFileSync(new URL('./ari-types.ts', import.meta.url), text);
