import type { SwitchCheck } from '../switch-harness.js';
import { answeredCall, dial, endCount, freshCall, hangUp, must, ofType, order, phoneCall, seen, SETTLE_MS } from '../check-tools.js';

/** Desk phones, keys and trunks. */
export const phoneChecks: readonly SwitchCheck[] = [
  {
    name: 'a feature code arrives as an offered call that we may answer',
    run: async (line) => {
      await line.bench.phone.dialFeature('log-in');
      const offered = await seen(line, 'call-offered', () => true);
      must(offered.phone === line.bench.phone.name, `It came from ${String(offered.phone)}.`);
      must(
        offered.request.kind === 'feature' && offered.request.feature === 'log-in',
        `It asked for ${JSON.stringify(offered.request)}.`,
      );
      must(ofType(line, 'call-answered').length === 0, 'It was answered before we answered it.');
      await order(line, { type: 'answer', callId: offered.callId });
      await seen(line, 'call-answered', (event) => event.callId === offered.callId);
      await hangUp(line, offered.callId);
      must(endCount(line, offered.callId) === 1, 'It did not end exactly once.');
    },
  },
  {
    name: 'each feature arrives under its own name',
    run: async (line) => {
      for (const feature of ['log-out', 'pause', 'resume']) {
        const from = ofType(line, 'call-offered').length;
        await line.bench.phone.dialFeature(feature);
        const offered = await line.bench.until('call-offered', () => ofType(line, 'call-offered')[from]);
        must(offered.request.kind === 'feature' && offered.request.feature === feature, `It is not ${feature}.`);
        await hangUp(line, offered.callId);
      }
    },
  },
  {
    name: 'an offered call that is not answered ends once when the phone hangs up',
    run: async (line) => {
      await line.bench.phone.dialFeature('log-in');
      const offered = await seen(line, 'call-offered', () => true);
      await line.bench.phone.hangUp();
      await seen(line, 'call-ended', (event) => event.callId === offered.callId);
      await line.bench.pass(SETTLE_MS);
      must(endCount(line, offered.callId) === 1, 'It did not end exactly once.');
    },
  },
  {
    name: 'keys of the phone arrive once each and in order',
    run: async (line) => {
      const call = await phoneCall(line);
      await line.bench.phone.press('1234*0#9');
      await line.bench.until('eight digits', () => (ofType(line, 'digit-received').length >= 8 ? true : undefined));
      await line.bench.pass(SETTLE_MS);
      const digits = ofType(line, 'digit-received').map((event) => event.digit);
      must(digits.join('') === '1234*0#9', `The keys arrived as ${digits.join('')}.`);
      must(ofType(line, 'digit-received').every((event) => event.callId === call), 'A key came from another call.');
      await hangUp(line, call);
    },
  },
  {
    name: 'keys of a contact arrive once each and in order',
    run: async (line) => {
      const call = await answeredCall(line, 'presses-digits');
      await line.bench.until('four digits', () => (ofType(line, 'digit-received').length >= 4 ? true : undefined));
      await line.bench.pass(SETTLE_MS);
      const digits = ofType(line, 'digit-received').map((event) => event.digit);
      must(digits.join('') === '123#', `The keys arrived as ${digits.join('')}.`);
      await hangUp(line, call);
    },
  },
  {
    name: 'a phone that hangs up ends its call once with Q.850 16',
    run: async (line) => {
      const call = await phoneCall(line);
      await line.bench.phone.hangUp();
      const ended = await seen(line, 'call-ended', (event) => event.callId === call);
      must(ended.q850 === 16, `It ended with Q.850 ${String(ended.q850)}.`);
      await line.bench.pass(SETTLE_MS);
      must(endCount(line, call) === 1, 'It did not end exactly once.');
    },
  },
  {
    name: 'the call of a phone that vanished without a word ends, and not in good order',
    skip: (bench) => (bench.phone.dropLine === undefined ? 'The harness cannot let a phone vanish.' : undefined),
    run: async (line) => {
      const call = await phoneCall(line);
      await line.bench.phone.dropLine?.();
      const ended = await seen(line, 'call-ended', (event) => event.callId === call, 45_000);
      must(ended.q850 !== 16 && ended.q850 !== 0, `It ended with Q.850 ${String(ended.q850)}, as if the phone had hung up.`);
      must(endCount(line, call) === 1, 'It did not end exactly once.');
    },
  },
  {
    name: 'a phone that unregisters and registers is told of',
    skip: (_bench, backend) => (backend.capabilities.hasPhoneStates ? undefined : 'The backend knows no phones.'),
    run: async (line) => {
      const { name } = line.bench.phone;
      const first = ofType(line, 'switch-snapshot')[0];
      const known = first?.snapshot.phones.find(({ phone }) => phone === name);
      must(known?.isRegistered === true, 'The first snapshot does not hold the phone as registered.');
      await line.bench.phone.unregister();
      await seen(line, 'phone-changed', (event) => event.phone === name && !event.isRegistered);
      await line.bench.phone.register();
      await seen(line, 'phone-changed', (event) => event.phone === name && event.isRegistered);
    },
  },
  {
    name: 'the first snapshot tells which trunk is reachable',
    skip: (_bench, backend) => (backend.capabilities.hasTrunkStates ? undefined : 'The backend knows no trunks.'),
    run: async (line) => {
      const trunks = ofType(line, 'switch-snapshot')[0]?.snapshot.trunks ?? [];
      const stateOf = (name: string): boolean | undefined => trunks.find(({ trunk }) => trunk === name)?.isReachable;
      must(stateOf(line.bench.trunk) === true, 'The trunk is not told to be reachable.');
      must(stateOf(line.bench.downTrunk) === false, 'The trunk that is down is not told to be so.');
      await line.bench.pass(SETTLE_MS);
    },
  },
  {
    name: 'a trunk that goes and comes back is told of and refuses calls meanwhile',
    skip: (bench, backend) => {
      if (!backend.capabilities.hasTrunkStates) return 'The backend knows no trunks.';
      return bench.setTrunkReachable === undefined ? 'The harness cannot take a trunk away.' : undefined;
    },
    run: async (line) => {
      const { trunk } = line.bench;
      await line.bench.setTrunkReachable?.(false);
      await seen(line, 'trunk-changed', (event) => event.trunk === trunk && !event.isReachable);
      await line.bench.setTrunkReachable?.(true);
      await seen(line, 'trunk-changed', (event) => event.trunk === trunk && event.isReachable);
      const call = freshCall();
      await order(line, dial(line, 'answers-at-once', call));
      await seen(line, 'call-answered', (event) => event.callId === call);
      await hangUp(line, call);
    },
  },
];
