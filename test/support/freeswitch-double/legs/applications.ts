import { EVENTS } from '../recorded/event-catalogue.js';
import { avmdStart, avmdStop } from './avmd-application.js';
import { conferenceApplication } from './conference-application.js';
import { eavesdropApplication } from './eavesdrop-application.js';
import type { ApplicationBody } from './execution.js';
import { causeNamed } from './hangup-causes.js';
import { answerLeg, hangUpLeg } from './leg-life.js';
import { endUnicast } from './unicast-audio.js';
import { playAndGetDigits, playback } from './playback-application.js';

const nothingToStop = (): void => undefined;

/** Waits for orders; `park_timeout=N[:CAUSE]` ends it, and forgets what is to be done after a bridge (flow 24). */
const park: ApplicationBody = (leg) => {
  leg.isParked = true;
  leg.emit(EVENTS.park);
  const [seconds, cause] = (leg.variables.get('park_timeout') ?? '').split(':');
  const cancel =
    seconds === undefined || seconds === ''
      ? undefined
      : leg.core.after(Number(seconds) * 1000, () => {
          hangUpLeg(leg, causeNamed(cause), 'we');
        });
  if (cancel !== undefined) leg.variables.delete('park_after_bridge');
  return () => {
    cancel?.();
    endUnicast(leg);
    leg.isParked = false;
    leg.emit(EVENTS.unpark);
  };
};

const set: ApplicationBody = (leg, data, finish) => {
  const equals = data.indexOf('=');
  if (equals > 0) leg.variables.set(data.slice(0, equals), data.slice(equals + 1));
  finish();
  return nothingToStop;
};

const answer: ApplicationBody = (leg, _data, finish) => {
  answerLeg(leg);
  finish();
  return nothingToStop;
};

const hangup: ApplicationBody = (leg, data, finish) => {
  hangUpLeg(leg, causeNamed(data), 'we');
  finish();
  return nothingToStop;
};

const sleep: ApplicationBody = (leg, data, finish) => leg.core.after(Number(data), finish);

/** The applications that the double has. */
const APPLICATIONS: Readonly<Record<string, ApplicationBody>> = {
  park,
  set,
  answer,
  hangup,
  sleep,
  playback,
  play_and_get_digits: playAndGetDigits,
  conference: conferenceApplication,
  eavesdrop: eavesdropApplication,
  three_way: eavesdropApplication,
  avmd_start: avmdStart,
  avmd_stop: avmdStop,
};

/** An application by its name; undefined: the switch has none, and hangs up. */
export const applicationNamed = (name: string): ApplicationBody | undefined => (Object.hasOwn(APPLICATIONS, name) ? APPLICATIONS[name] : undefined);
