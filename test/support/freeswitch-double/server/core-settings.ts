import { readFileSync } from 'node:fs';
import { readWav } from '../../../../src/audio/wav.js';
import type { Ms } from '../../../../src/units/time.js';
import type { FreeswitchDoubleOptions } from '../double-options.js';
import type { CarrierScript } from '../outside/carrier-scripts.js';
import type { CoreSettings } from './switch-core.js';

/** As recorded: a desk phone rings after 0.3 s and its agent answers a second later (flow 09). */
const PHONE_SCRIPT: CarrierScript = { ringsAfterMs: 310, answersAfterMs: 1_310 };
const LIST_LAG_MS_MAX_DEFAULT: Ms = 250;
const SESSIONS_PER_SECOND_DEFAULT = 200;
const SESSIONS_DEFAULT = 1_000;

/** The options with everything filled in. */
export function coreSettings(options: FreeswitchDoubleOptions): CoreSettings {
  const phones = options.phones ?? [{ user: '1001' }];
  const scripts = new Map(phones.flatMap(({ user, whenCalled }) => (whenCalled === undefined ? [] : [[user, whenCalled] as const])));
  return {
    domain: options.domain ?? '127.0.0.1',
    soundMs: options.soundMs ?? wavFileMs,
    recordingsRoot: options.recordingsRoot ?? '/',
    listLagMsMax: options.listLagMsMax ?? LIST_LAG_MS_MAX_DEFAULT,
    mediaTimeoutMs: options.mediaTimeoutMs,
    version: options.version,
    missingModules: new Set(options.missingModules ?? []),
    users: new Set([...phones.map(({ user }) => user), ...(options.users ?? [])]),
    phoneUsers: phones.map(({ user }) => user),
    behaviourOf: (dialled) => options.numbers?.[dialled] ?? options.numberFor?.(dialled),
    phoneBehaviourOf: (user) => scripts.get(user) ?? PHONE_SCRIPT,
    sessionsPerSecondMax: options.sessionsPerSecondMax ?? SESSIONS_PER_SECOND_DEFAULT,
    firstMemberId: options.firstMemberId ?? 1,
    sessionsMax: options.sessionsMax ?? SESSIONS_DEFAULT,
  };
}

/** Length of the WAV file at a path; undefined when there is none. */
function wavFileMs(path: string): Ms | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
  const reading = readWav(bytes);
  if (!reading.ok) return undefined;
  const { samples, sampleRateHz, channelCount } = reading.audio;
  return (samples.length / channelCount / sampleRateHz) * 1000;
}
