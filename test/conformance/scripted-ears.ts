import type { Hearing } from '../../src/simulation/party.js';
import type { SimulatedPbx } from '../../src/simulation/simulated-pbx.js';
import type { VirtualClock } from '../../src/simulation/virtual-clock.js';
import type { CallId, SoundName } from '../../src/units/ids.js';
import type { Ms } from '../../src/units/time.js';
import { EAR_NUMBERS, type ScriptedParty } from './scripted-network.js';
import type { HeardSound, HeardSpan, TestEars } from './switch-harness.js';

/** Most of a span. */
const THROUGHOUT_RATIO_MIN = 0.6;

/** What the scripted ears look at. */
export interface ScriptedEarsParts {
  readonly clock: VirtualClock;
  readonly pbx: SimulatedPbx;
  readonly parties: ReadonlyMap<CallId, ScriptedParty>;
  readonly tapChanges: readonly TapChange[];
  readonly short: { readonly sound: SoundName; readonly soundMs: Ms };
}

/** A call's audio began, or ceased, to reach the service. */
export interface TapChange {
  readonly callId: CallId;
  readonly isTapped: boolean;
  readonly atMs: Ms;
}

/** Some sounds, from one instant to another. */
interface Stretch {
  readonly sounds: readonly HeardSound[];
  readonly fromMs: Ms;
  readonly untilMs: Ms;
}

/** Ears in virtual time: the exchange itself says who hears whom. Its recordings are silent, so those cannot be heard. */
export function scriptedEars(parts: ScriptedEarsParts): TestEars {
  const { clock, pbx, parties } = parts;
  return {
    numbers: EAR_NUMBERS,
    nowMs: () => clock.monotonicMs,
    heard: (call, fromMs, untilMs) => Promise.resolve(within(stretchesOf(parts, parties.get(call.callId)), fromMs, untilMs)),
    process: {
      heard: (callId, fromMs, untilMs) => Promise.resolve(within(tapStretches(parts, callId), fromMs, untilMs)),
      speak: (callId) => {
        pbx.speakTo(callId, true);
      },
      hush: (callId) => {
        pbx.speakTo(callId, false);
      },
    },
  };
}

function stretchesOf(parts: ScriptedEarsParts, party: ScriptedParty | undefined): readonly Stretch[] {
  const heard = party?.heard ?? [];
  const isLasting = (hearing: Hearing): boolean => hearing.kind !== 'whisper' && hearing.kind !== 'keys';
  return heard.map(({ hearing, atMs }, index) => {
    const { short, clock } = parts;
    if (hearing.kind === 'whisper') return { sounds: [soundOf(parts, hearing.sound)], fromMs: atMs, untilMs: atMs + short.soundMs };
    const next = heard.slice(index + 1).find((later) => isLasting(later.hearing));
    return { sounds: soundsOf(parts, hearing), fromMs: atMs, untilMs: next?.atMs ?? clock.monotonicMs };
  });
}

function soundsOf(parts: ScriptedEarsParts, hearing: Hearing): readonly HeardSound[] {
  switch (hearing.kind) {
    case 'calls':
      return tonesOf(parts, hearing.callIds);
    case 'holding-audio':
      return ['music', ...tonesOf(parts, hearing.callIds)];
    case 'sound':
      return [soundOf(parts, hearing.sound)];
    case 'process':
      return ['process'];
    default:
      return [];
  }
}

const soundOf = ({ short }: ScriptedEarsParts, sound: SoundName): HeardSound => (sound === short.sound ? 'short-sound' : 'music');

const TONES = ['tone-0', 'tone-1', 'tone-2'] as const;

function tonesOf({ parties }: ScriptedEarsParts, callIds: readonly CallId[]): readonly HeardSound[] {
  return callIds.flatMap((callId) => {
    const party = parties.get(callId);
    if (party === undefined) return [];
    const tone = TONES[EAR_NUMBERS.findIndex((number) => number === party.number)];
    return [tone ?? 'music'];
  });
}

function tapStretches(parts: ScriptedEarsParts, callId: CallId): readonly Stretch[] {
  const changes = parts.tapChanges.filter((change) => change.callId === callId);
  return changes.flatMap(({ isTapped, atMs }, index) =>
    isTapped ? [{ sounds: tonesOf(parts, [callId]), fromMs: atMs, untilMs: changes[index + 1]?.atMs ?? parts.clock.monotonicMs }] : [],
  );
}

function within(stretches: readonly Stretch[], fromMs: Ms, untilMs: Ms): HeardSpan {
  const heardMs = new Map<HeardSound, Ms>();
  for (const stretch of stretches) {
    const overlapMs = Math.min(stretch.untilMs, untilMs) - Math.max(stretch.fromMs, fromMs);
    if (overlapMs <= 0) continue;
    for (const sound of stretch.sounds) heardMs.set(sound, (heardMs.get(sound) ?? 0) + overlapMs);
  }
  const wholeMs = untilMs - fromMs;
  return {
    sometime: new Set(heardMs.keys()),
    throughout: new Set([...heardMs].filter(([, spanMs]) => spanMs >= THROUGHOUT_RATIO_MIN * wholeMs).map(([sound]) => sound)),
  };
}
