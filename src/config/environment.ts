import type { ConfigFault } from './config-fault.js';
import { nearestName } from './nearest-name.js';
import type { SwitchKind } from './switch-schema.js';

/** Variables that replace a key of the file: secrets and what differs by machine. */
const OVERRIDES: Readonly<Record<string, { readonly path: readonly string[]; readonly kind: 'text' | 'number' | 'list'; readonly only?: SwitchKind }>> = {
  OUTDIAL_TENANT: { path: ['tenant'], kind: 'text' },
  OUTDIAL_HTTP_HOST: { path: ['http', 'host'], kind: 'text' },
  OUTDIAL_HTTP_PORT: { path: ['http', 'port'], kind: 'number' },
  OUTDIAL_API_KEYS: { path: ['http', 'apiKeys'], kind: 'list' },
  OUTDIAL_STORE_FILE: { path: ['store', 'file'], kind: 'text' },
  OUTDIAL_ARI_URL: { path: ['switch', 'ari', 'url'], kind: 'text', only: 'asterisk' },
  OUTDIAL_ARI_USER: { path: ['switch', 'ari', 'user'], kind: 'text', only: 'asterisk' },
  OUTDIAL_ARI_PASSWORD: { path: ['switch', 'ari', 'password'], kind: 'text', only: 'asterisk' },
  OUTDIAL_AMI_HOST: { path: ['switch', 'ami', 'host'], kind: 'text', only: 'asterisk' },
  OUTDIAL_AMI_PORT: { path: ['switch', 'ami', 'port'], kind: 'number', only: 'asterisk' },
  OUTDIAL_AMI_USER: { path: ['switch', 'ami', 'user'], kind: 'text', only: 'asterisk' },
  OUTDIAL_AMI_PASSWORD: { path: ['switch', 'ami', 'password'], kind: 'text', only: 'asterisk' },
  OUTDIAL_ESL_HOST: { path: ['switch', 'esl', 'host'], kind: 'text', only: 'freeswitch' },
  OUTDIAL_ESL_PORT: { path: ['switch', 'esl', 'port'], kind: 'number', only: 'freeswitch' },
  OUTDIAL_ESL_PASSWORD: { path: ['switch', 'esl', 'password'], kind: 'text', only: 'freeswitch' },
  OUTDIAL_RECORDINGS_FOLDER: { path: ['switch', 'recordingsFolder'], kind: 'text' },
  OUTDIAL_MEDIA_HOST: { path: ['media', 'host'], kind: 'text' },
  OUTDIAL_MEDIA_PORT: { path: ['media', 'port'], kind: 'number' },
  OUTDIAL_LOG_LEVEL: { path: ['log', 'level'], kind: 'text' },
};

/** Names where the file is, when the command line does not. */
export const CONFIG_FILE_VARIABLE = 'OUTDIAL_CONFIG';

/** Every variable that is read, for the help text. */
export const ENVIRONMENT_VARIABLES: readonly string[] = [CONFIG_FILE_VARIABLE, ...Object.keys(OVERRIDES)];

/** The process's environment; nothing else in the service reads it. */
export const processEnvironment = (): Environment => process.env;

/** Variables by name; those not set are undefined. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One value of the environment that stands in the place of the file's. */
export interface Override {
  readonly variable: string;
  readonly path: readonly string[];
  readonly value: string | number | readonly string[];
}

/** What the environment replaces, and what looks like a misspelt variable of ours. */
export function readOverrides(environment: Environment, switchKind: SwitchKind): { readonly overrides: readonly Override[]; readonly faults: readonly ConfigFault[] } {
  const overrides = Object.entries(OVERRIDES).flatMap(([variable, { path, kind, only }]) => {
    // One environment may serve several files: what is meant for the other kind of switch is left alone.
    if (only !== undefined && only !== switchKind) return [];
    const text = environment[variable];
    return text === undefined || text === '' ? [] : [{ variable, path, value: valueOf(text, kind) }];
  });
  const faults = Object.keys(environment)
    .filter((name) => name.startsWith('OUTDIAL_') && !ENVIRONMENT_VARIABLES.includes(name))
    .flatMap((name) => {
      const meant = nearestName(name, ENVIRONMENT_VARIABLES);
      if (meant === undefined) return [];
      return [{ path: name, line: undefined, fault: 'This environment variable is not known.', cure: `Perhaps ${meant} is meant; else unset it.` }];
    });
  return { overrides, faults };
}

function valueOf(text: string, kind: 'text' | 'number' | 'list'): string | number | readonly string[] {
  switch (kind) {
    case 'text':
      return text;
    case 'number':
      // What is no number stays as it is, and is found at fault as any other value.
      return /^\d+$/.test(text) ? Number(text) : text;
    case 'list':
      return text.split(',').map((item) => item.trim()).filter((item) => item !== '');
  }
}
