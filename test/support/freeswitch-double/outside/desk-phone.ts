import type { Ms } from '../../../../src/units/time.js';
import { EVENTS } from '../recorded/event-catalogue.js';
import { Leg } from '../legs/leg.js';
import { LegRunner } from '../legs/leg-runner.js';
import { receiveKey } from '../legs/leg-keys.js';
import { hangUpLeg } from '../legs/leg-life.js';
import type { SwitchCore } from '../server/switch-core.js';

/** How long a key is held, and how long the finger takes to the next one (flow 12). */
const KEY_MS: Ms = 100;
const BETWEEN_KEYS_MS: Ms = 60;
/** A phone that nobody gave another time. */
const MEDIA_TIMEOUT_MS_DEFAULT: Ms = 3_000;

/** What the dialplan does with a call before it parks it. */
export interface InboundCall {
  /** The phone's user, or the caller's number. */
  readonly caller: string;
  /** As it was dialled. */
  readonly dialled: string;
  /** Name that it shows; default its number. */
  readonly shownName?: string | undefined;
  /** Variables of its SIP: who it authenticated as. */
  readonly sipVariables: Readonly<Record<string, string>>;
  /** What the dialplan sets, one `set` after the other. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A call comes in and is parked, unanswered (flow 23); undefined when the switch takes none. */
export function receiveCall(core: SwitchCore, call: InboundCall): Leg | undefined {
  if (!core.mayBegin('inbound')) return undefined;
  const leg = new Leg(core, {
    uuid: core.newUuid(),
    kind: 'inbound',
    number: call.caller,
    callerName: call.caller,
    callerNumber: call.dialled,
    variables: new Map(Object.entries(call.sipVariables)),
  });
  leg.runner = new LegRunner(leg);
  leg.shownName = call.shownName;
  leg.emit(EVENTS.createdInbound);
  leg.channelState = 'CS_ROUTING';
  leg.enterCallState('RINGING');
  core.farEnds.set(leg.uuid, { isTalking: true, beepInMs: undefined, heardKeys: () => undefined, ended: () => undefined });
  core.shortly(() => {
    if (leg.hangupCause !== undefined) return;
    const actions = Object.entries(call.variables).map(([name, value]) => ({ name: 'set', data: `${name}=${value}` }));
    leg.runner.begin([...actions, { name: 'park', data: '' }]);
  });
  return leg;
}

/** Presses keys on a leg's far end; `onReleased` comes with the last one. */
export function pressKeys(leg: Leg, keys: string, onReleased: () => void): void {
  [...keys].forEach((key, index) => {
    leg.core.after(index * (KEY_MS + BETWEEN_KEYS_MS) + KEY_MS, () => {
      receiveKey(leg, key, KEY_MS, 'RTP');
      if (index === keys.length - 1) onReleased();
    });
  });
  if (keys === '') onReleased();
}

/** The far end ends its call: BYE, or CANCEL of one that was not answered. */
export function hangUpFarEnd(leg: Leg): void {
  leg.core.shortly(() => {
    hangUpLeg(leg, leg.kind === 'inbound' && !leg.isAnswered ? 'ORIGINATOR_CANCEL' : 'NORMAL_CLEARING', 'far-end');
  });
}

/** The far end is gone without a word; the switch notices by the audio that does not come. */
export function loseFarEnd(leg: Leg): void {
  const own = Number(leg.variables.get('media_timeout'));
  const spanMs = leg.core.settings.mediaTimeoutMs ?? (own > 0 ? own : MEDIA_TIMEOUT_MS_DEFAULT);
  leg.core.after(spanMs, () => {
    hangUpLeg(leg, 'MEDIA_TIMEOUT', 'we');
  });
}
