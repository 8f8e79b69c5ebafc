import { describe, expect, it } from 'vitest';
import { dumpedLeg, findOurs, listedCallIds, liveBridges, liveCall, roomMembers } from '../../../../src/telephony/freeswitch/freeswitch-snapshot.js';
import type { FoundLeg } from '../../../../src/telephony/freeswitch/freeswitch-events.js';
import { isGatewayUp, registeredPhones } from '../../../../src/telephony/freeswitch/reachability.js';
import { bridgeId, callId } from '../../../../src/units/ids.js';
import type { CallId } from '../../../../src/units/ids.js';
import { recordedFlow } from '../../../support/freeswitch-double/recorded/recorded-flow.js';
import { NAMING } from './naming.js';

const answer = (flow: string, command: string): string => {
  const [first] = recordedFlow(flow).answers.get(command) ?? [];
  if (first === undefined) throw new Error(`${flow} holds no answer to ${command}.`);
  return first;
};

describe('the switch\'s lists as they were recorded', () => {
  it('an empty list of channels has no rows, and is a list', () => {
    expect(listedCallIds('{"row_count":0}')).toEqual([]);
    expect(listedCallIds('-ERR no reply')).toBeUndefined();
    expect(listedCallIds(answer('16-reconnect', 'show channels as json'))).toHaveLength(3);
  });

  it('a dump tells what a leg is, and that of a leg that is gone tells nothing', () => {
    const [talking] = [...recordedFlow('16-reconnect').answers].filter(([command]) => command.startsWith('uuid_dump ed8755e4'));
    expect(dumpedLeg(talking?.[1][0] ?? '')).toMatchObject({ isAnswered: true, app: undefined });
    expect(dumpedLeg('-ERR No such channel!')).toBeUndefined();
  });

  it('members of conferences that are not ours are not ours', () => {
    const words = answer('09-agent-conference', 'conference agent-1000 json_list');
    expect(roomMembers(words, NAMING)).toEqual([]);
    const ours = words.replaceAll('agent-1000', 'outdial-room-agent-1');
    expect(roomMembers(ours, NAMING)).toEqual([{ callId: expect.any(String) as CallId, bridgeId: 'agent-1', memberId: '1' }]);
    expect(roomMembers('No active conferences.', NAMING)).toEqual([]);
  });

  it('gateways and registrations', () => {
    expect(isGatewayUp(answer('17-health', 'sofia xmlstatus gateway carrier'))).toBe(true);
    expect(isGatewayUp('Invalid Gateway!')).toBe(false);
    expect(registeredPhones('{"row_count":0}')).toEqual([]);
    expect(registeredPhones('{"row_count":2,"rows":[{"reg_user":"1001"},{"reg_user":"1001"}]}')).toEqual(['1001']);
  });
});

describe('what of all that is ours', () => {
  const leg = (more: Partial<FoundLeg>): FoundLeg => ({
    app: 'outdial', isOriginated: true, isAnswered: true, isRinging: false, phone: undefined, callerNumber: '', request: { kind: 'feature', feature: 'originated' },
    createdAtUs: 1_795_173_406_869_936, application: 'park', argument: '', ...more,
  });
  const dumps = new Map<CallId, FoundLeg>([
    [callId('ours'), leg({})],
    [callId('ringing'), leg({ isAnswered: false, isRinging: true })],
    [callId('dialling'), leg({ isAnswered: false })],
    [callId('theirs'), leg({ app: undefined })],
    [callId('other-outdial'), leg({ app: 'outdial-two' })],
    [callId('waiting'), leg({ isOriginated: false, isAnswered: false, phone: '1001' as never })],
  ]);
  const members = [
    { callId: callId('ours'), bridgeId: bridgeId('agent-1'), memberId: '1' },
    { callId: callId('theirs'), bridgeId: bridgeId('agent-1'), memberId: '2' },
  ];

  it('calls of others are left alone, and whoever waits unanswered is offered after the snapshot', () => {
    const found = findOurs(dumps, members, NAMING, () => false);
    expect(found.legs.map(liveCall).map(({ callId: id, state }) => `${id} ${state}`)).toEqual(['ours answered', 'ringing ringing', 'dialling dialling']);
    expect(found.waiting.map(({ callId: id }) => id)).toEqual(['waiting']);
    expect(found.members).toEqual([members[0]]);
    expect(liveCall(found.legs[0] ?? { callId: callId(''), leg: leg({}) }).createdAtMs).toBe(1_795_173_406_869);
  });

  it('one that was told of before is in the snapshot', () => {
    const found = findOurs(dumps, members, NAMING, (id) => id === 'waiting');
    expect(found.waiting).toEqual([]);
    expect(found.legs.map(({ callId: id }) => id)).toContain('waiting');
  });

  it('bridges that were opened are told empty, since the switch knows no empty conference', () => {
    expect(liveBridges([members[0]!], new Set([bridgeId('agent-2')]))).toEqual([
      { bridgeId: 'agent-2', callIds: [] },
      { bridgeId: 'agent-1', callIds: ['ours'] },
    ]);
  });
});
