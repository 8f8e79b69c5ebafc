import path from 'node:path';
import type { FreeswitchDoubleOptions } from '../../support/freeswitch-double/double-options.js';
import type { FreeswitchDouble } from '../../support/freeswitch-double/freeswitch-double.js';
import type { CarrierScript } from '../../support/freeswitch-double/outside/carrier-scripts.js';
import type { ReplayPlan } from './replayed-flow.js';

/** The recordings' carrier, by the first digit. */
const CARRIER: Readonly<Record<string, CarrierScript>> = {
  1: { ringsAfterMs: 4, answersAfterMs: 1_010 },
  2: { refusal: { afterMs: 4, sipCode: 486 } },
  3: { ringsAfterMs: 4 },
  4: { answersAfterMs: 4, beepsAfterMs: 8_750 },
  5: { answersAfterMs: 4, hangsUpAfterMs: 3_000 },
  6: { answersAfterMs: 4 },
  7: { refusal: { afterMs: 4, sipCode: 404 } },
};
const PHONE: CarrierScript = { ringsAfterMs: 310, answersAfterMs: 1_310 };
const QUICK_PHONE: CarrierScript = { ringsAfterMs: 310, answersAfterMs: 515 };

function farEndAt(dialled: string): CarrierScript | undefined {
  if (dialled.startsWith('cust@')) return { ringsAfterMs: 300, answersAfterMs: 515 };
  // A port on which nobody listens.
  if (dialled.endsWith(':5999')) return { refusal: { afterMs: 1, sipCode: 503 } };
  return CARRIER[dialled[0] ?? ''];
}

/** What stood behind the recorded switch in every flow. */
export const RECORDED_SITE: FreeswitchDoubleOptions = {
  numberFor: farEndAt,
  phones: [{ user: '1000', isRegistered: false, whenCalled: PHONE }, { user: '1001', isRegistered: false, whenCalled: QUICK_PHONE }],
  users: ['1005'],
  soundMs: (file: string) => ({ short: 1_500, greeting: 6_000 })[path.basename(file, '.wav')],
};
const QUICK_PHONES = ['1000', '1001'].map((user) => ({ user, isRegistered: false, whenCalled: QUICK_PHONE }));
/** Flow 22: one far end behaves differently each time it is called. */
const EARLY_SCRIPTS: readonly CarrierScript[] = [
  { earlyMediaAfterMs: 310, answersAfterMs: 2_320 }, { earlyMediaAfterMs: 310, answersAfterMs: 2_300 }, { earlyMediaAfterMs: 310 },
  { earlyMediaAfterMs: 310 }, {}, {}, {},
];
const inTurn = (scripts: readonly CarrierScript[]) => {
  const left = [...scripts];
  return () => left.shift();
};
/** Flow 20: the code is in the number dialled; the last ones bring a Reason header, or are redirected to a busy number. */
const refusalInTurn = () => {
  const dialledBefore = new Set<string>();
  return (dialled: string): CarrierScript => {
    const code = Number(/^code-(\d+)/.exec(dialled)?.[1]);
    const reasonQ850 = dialledBefore.has(dialled) ? { 480: 19, 503: 34 }[code] : undefined;
    dialledBefore.add(dialled);
    return { refusal: { afterMs: 4, sipCode: code === 302 ? 486 : code, ...(reasonQ850 === undefined ? {} : { reasonQ850 }) } };
  };
};
const legOf = (double: FreeswitchDouble, index: number): string => double.legs.at(index)?.uuid ?? '';

const register = (user: string) => (double: FreeswitchDouble) => {
  double.outside.register(user);
};
const unregister = (user: string) => (double: FreeswitchDouble) => {
  double.outside.unregister(user);
};
const expire = (user: string) => (double: FreeswitchDouble) => {
  double.outside.expire(user);
};
const pressLong = (double: FreeswitchDouble) => {
  double.outside.pressFor('1000', '9', 1_500);
};
const press = (keys: string) => (double: FreeswitchDouble) => {
  void double.outside.press('1000', keys);
};

const farEndEnds = (index: number) => (double: FreeswitchDouble) => {
  double.outside.hangUpLeg(legOf(double, index));
};

/**
 * The flows that are played again, with what their far ends did and when, as
 * the recordings' notes and times tell.
 */
export const REPLAY_PLANS: readonly ReplayPlan[] = [
  // Left out: the client whom an access list turns away; wire.test.ts has that.
  { flow: '01-auth', options: () => ({ authTimeoutMs: 24_680 }), without: [[1.61, 2.612]] },
  { flow: '02-originate-answer-park' },
  { flow: '03-busy' },
  { flow: '04-no-answer' },
  { flow: '05-rejected-unallocated' },
  { flow: '06-unreachable' },
  { flow: '07-far-end-hangup' },
  { flow: '08-cancel-while-ringing' },
  {
    flow: '09-agent-conference',
    acts: [[0.003, register('1000')], [19.229, (double) => { double.outside.hangUp('1000'); }], [19.251, unregister('1000')]],
  },
  { flow: '09b-agent-bridge', acts: [[0.003, register('1000')], [19.42, unregister('1000')]] },
  { flow: '10-playback' },
  { flow: '11-record' },
  {
    flow: '12-dtmf',
    acts: [
      [0.003, register('1000')], [2.33, press('12#')], [3.78, pressLong], [7.67, press('5')], [8.656, press('*')], [10.875, press('#')],
      [14.41, press('42#')], [15.884, press('8')], [16.89, unregister('1000')],
    ],
  },
  { flow: '14-voicemail-beep' },
  {
    flow: '15-supervise',
    options: () => ({ phones: QUICK_PHONES, firstMemberId: 3 }),
    acts: [
      [0.003, register('1000')], [0.003, register('1001')], [11.431, farEndEnds(2)], [14.641, farEndEnds(1)],
      [27.18, unregister('1000')], [27.18, unregister('1001')],
    ],
  },
  { flow: '16-reconnect' },
  {
    // Left out: gateways that an administrator adds to the configuration and takes away, and a registration with a wrong password.
    flow: '17-health',
    without: [[0.0119, 73.27], [74.29, 74.31]],
    acts: [
      [73.272, register('1000')], [73.78, register('1000')], [74.79, register('1001')], [150.44, expire('1001')], [152.46, unregister('1000')],
      [153.063, register('1000')],
    ],
  },
  // Left out: a loopback call through the recorded switch's own dialplan.
  { flow: '18-errors', withoutCommands: ['loopback/'], withoutLegs: ['5f2d', 'e4bf', '5af0'] },
  { flow: '19-rate-200' },
  // Left out: the calls over the rate; where the switch's seconds began is in no recording. hands.test.ts has their number.
  { flow: '19b-limits', without: [[3.773, 20.48]] },
  { flow: '20-sip-codes', options: () => ({ numberFor: refusalInTurn() }) },
  { flow: '21-blocking-and-filters' },
  // Left out: an escaped apostrophe given twice, which swallows the variables in between.
  { flow: '25-quoting', withoutCommands: ['ffea604c'], withoutLegs: ['ffea604c'] },
  { flow: '22-early-media', options: () => ({ numberFor: inTurn(EARLY_SCRIPTS) }) },
];
