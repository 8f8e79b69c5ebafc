import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { agentId, campaignId, phoneName, soundName, tenantId, trunkName } from '../units/ids.js';
import { campaignSettingsOf } from './campaign-settings.js';
import { ConfigError, type ConfigFault } from './config-fault.js';
import { configFileSchema, type ConfigFile } from './config-schema.js';
import { crossCheck } from './cross-checks.js';
import type { CrossFault } from './cross-fault.js';
import { readOverrides, type Environment, type Override } from './environment.js';
import { issueFaults } from './issue-faults.js';
import type { KeypadSound, OutdialConfig } from './outdial-config.js';
import { pathText } from './key-cures.js';
import { mendedContent } from './mended-content.js';
import { checkPlaces } from './place-checks.js';
import type { SwitchKind } from './switch-schema.js';
import { switchSectionOf } from './switch-section-of.js';

/** Where a configuration comes from. */
export interface LoadConfigOptions {
  /** Path of the YAML file; paths inside it are meant from its folder. */
  readonly file: string;
  readonly environment: Environment;
}

/**
 * Reads the one configuration file and lays the environment over it.
 * @throws ConfigError naming every fault of file and environment, each with its cure.
 */
export function loadConfig({ file, environment }: LoadConfigOptions): OutdialConfig {
  return parseConfig(readText(file), { file, environment });
}

/** The same for text that stands in no file yet. @throws ConfigError */
export function parseConfig(text: string, { file, environment }: LoadConfigOptions): OutdialConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new ConfigError(file, document.errors.map((error) => yamlFault(error.message, lines.linePos(error.pos[0]).line)));
  }
  const written = withoutEmpty(document.toJS());
  const { overrides, faults: environmentFaults } = readOverrides(environment, kindOfSwitch(written));
  const content = withOverrides(written, overrides);
  const located = (fault: CrossFault): ConfigFault => locate(fault, document, lines, overrides);
  const parsed = configFileSchema.safeParse(content, { reportInput: true });
  const faults = parsed.success ? fitFaults(parsed.data, file) : keyFaults(parsed.error, content, file);
  const all = [...environmentFaults, ...faults.map(located)];
  if (!parsed.success || all.length > 0) throw new ConfigError(file, inFileOrder(all));
  return deepFrozen(configOf(parsed.data, file));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const isMissing = code === 'ENOENT';
    throw new ConfigError(file, [
      {
        path: '',
        line: undefined,
        fault: isMissing ? 'There is no such file.' : `The file cannot be read (${code}).`,
        cure: isMissing ? '"outdial init" writes a commented one; --config or OUTDIAL_CONFIG names another.' : 'Let this user read it.',
      },
    ]);
  }
}

const yamlFault = (message: string, line: number): ConfigFault => ({
  path: '',
  line,
  fault: `This is not well-formed YAML: ${message.split('\n', 1)[0] ?? ''}`,
  cure: 'Check the indentation (spaces, no tabs), the colons and the quotes of this line and the one above.',
});

/** Keys that are wrong by themselves, and, as far as the rest of the file still tells, what does not fit together. */
function keyFaults(error: z.ZodError, content: unknown, file: string): CrossFault[] {
  const wrong = error.issues.flatMap((issue) => issueFaults(issue, content));
  const mendedOnce = mendedContent(content, error);
  const mended = configFileSchema.safeParse(mendedOnce, { reportInput: true });
  if (!mended.success) return [...wrong, ...faultsBelowKind(wrong, mended.error, mendedOnce)];
  const isKnown = ({ path }: CrossFault): boolean => wrong.some((other) => isWithin(path, other.path) || isWithin(other.path, path));
  return [...wrong, ...fitFaults(mended.data, file).filter((fault) => !isKnown(fault))];
}

/** Below a switch whose kind is not known nothing was looked at: what is wrong there shows once the kind is guessed. */
function faultsBelowKind(wrong: readonly CrossFault[], error: z.ZodError, content: unknown): CrossFault[] {
  if (!wrong.some(({ path }) => pathText(path) === 'switch.kind')) return [];
  return error.issues.filter(({ path }) => path[0] === 'switch').flatMap((issue) => issueFaults(issue, content));
}

const isWithin = (path: readonly PropertyKey[], outer: readonly PropertyKey[]): boolean =>
  outer.every((part, index) => part === path[index]);

const fitFaults = (content: ConfigFile, file: string): CrossFault[] => [
  ...crossCheck(content),
  ...checkPlaces(placesOf(content, file)),
];

/** What the file says, or the kind that is meant when it says none. */
function kindOfSwitch(content: unknown): SwitchKind {
  const section: unknown = isRecord(content) ? Reflect.get(content, 'switch') : undefined;
  return isRecord(section) && Reflect.get(section, 'kind') === 'freeswitch' ? 'freeswitch' : 'asterisk';
}

function withOverrides(content: unknown, overrides: readonly Override[]): unknown {
  if (!isRecord(content)) return content ?? {};
  for (const { path, value } of overrides) {
    let holder: object = content;
    for (const part of path.slice(0, -1)) {
      const below: unknown = Reflect.get(holder, part);
      const next = isRecord(below) ? below : {};
      Reflect.set(holder, part, next);
      holder = next;
    }
    Reflect.set(holder, path.at(-1) ?? '', value);
  }
  return content;
}

/** A key without a value, as when all below it is commented out, is a key left out. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([, below]) => below !== null && below !== undefined);
  return Object.fromEntries(kept.map(([key, below]) => [key, withoutEmpty(below)]));
}

const isRecord = (value: unknown): value is object => typeof value === 'object' && value !== null;

function locate({ path, fault, cure }: CrossFault, document: Document, lines: LineCounter, overrides: readonly Override[]): ConfigFault {
  const text = pathText(path);
  const override = overrides.find((each) => each.path.join('.') === text);
  if (override !== undefined) return { path: `${text} (from ${override.variable})`, line: undefined, fault, cure };
  return { path: text, line: lineOf(path, document, lines), fault, cure };
}

/** Where the key stands, or the nearest one around it that is in the file. */
function lineOf(path: readonly PropertyKey[], document: Document, lines: LineCounter): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const offset = offsetOf(path.slice(0, length), document);
    if (offset !== undefined) return lines.linePos(offset).line;
  }
  return undefined;
}

function offsetOf(path: readonly PropertyKey[], document: Document): number | undefined {
  const key = path.at(-1);
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
    return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
  }
  if (isSeq(parent) && typeof key === 'number') {
    const item: unknown = parent.items[key];
    return isRecord(item) && 'range' in item && Array.isArray(item.range) ? (item.range[0] as number) : undefined;
  }
  return undefined;
}

/** By line; what stands in no line comes first. */
const inFileOrder = (faults: readonly ConfigFault[]): readonly ConfigFault[] =>
  [...faults].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));

const placesOf = (content: ConfigFile, file: string) => ({
  storeFile: resolve(dirname(file), content.store.file),
  recordingsFolder: resolve(dirname(file), content.switch.recordingsFolder),
  switchKind: content.switch.kind,
});

function configOf(content: ConfigFile, file: string): OutdialConfig {
  const places = placesOf(content, file);
  return {
    tenantId: tenantId(content.tenant),
    http: content.http,
    store: { file: places.storeFile, snippetDays: content.store.snippetDays },
    switch: switchSectionOf(content.switch, places.recordingsFolder),
    media: content.media,
    trunks: content.trunks.map((trunk) => ({
      ...trunk,
      name: trunkName(trunk.name),
      endpoint: trunk.endpoint ?? trunk.name,
      callerNumber: trunk.callerNumber,
    })),
    campaigns: content.campaigns.map((campaign) => ({
      campaignId: campaignId(campaign.id),
      settings: campaignSettingsOf(campaign, content.trunks.find(({ name }) => name === campaign.trunk)),
    })),
    agents: content.agents.map((agent) => ({
      agentId: agentId(agent.id),
      name: agent.name ?? agent.id,
      phone: phoneName(agent.phone),
      campaignId: campaignId(agent.campaign),
      pin: agent.pin,
    })),
    keypad: {
      pinDigitsMax: content.keypad.pinDigitsMax,
      pinAttemptsMax: content.keypad.pinAttemptsMax,
      pauseReasonByDigit: content.keypad.pauseReasons,
      sounds: Object.fromEntries(
        Object.entries(content.keypad.sounds).map(([name, sound]) => [name, soundName(sound)]),
      ) as Record<KeypadSound, ReturnType<typeof soundName>>,
    },
    log: content.log,
  };
}

function deepFrozen<T>(value: T): T {
  if (isRecord(value)) for (const below of Object.values(value)) deepFrozen(below);
  return Object.freeze(value);
}
