import type { AnswerVerdict, VerdictStage } from '../../../src/call/answer-verdict.js';
import { Dialer } from '../../../src/dialer/dialer.js';
import type { Command, PlainSwitchCommand } from '../../../src/dialer/command.js';
import type { CampaignConfig, DialerConfig } from '../../../src/dialer/config.js';
import type { DialerEvent } from '../../../src/dialer/event.js';
import type { Input, SwitchAbilities } from '../../../src/dialer/input.js';
import type { SwitchEvent, SwitchSnapshot } from '../../../src/telephony/switch.js';
import {
  agentId,
  bridgeId,
  callId,
  campaignId,
  contactId,
  phoneName,
  soundName,
  tenantId,
  trunkName,
  type CallId,
} from '../../../src/units/ids.js';
import { epochMs, monotonicMs, type Ms } from '../../../src/units/time.js';

export const CAMPAIGN = campaignId('spring');
export const TRUNK = trunkName('carrier');
export const ANN = agentId('ann');
export const BOB = agentId('bob');
/** A Tuesday at noon in UTC. */
export const NOON_MS = Date.UTC(2026, 2, 3, 12);
export const EMPTY_SNAPSHOT: SwitchSnapshot = { calls: [], bridges: [], phones: [], trunks: [] };

export const campaignConfig = (changes: Partial<CampaignConfig> = {}): CampaignConfig => ({
  campaignId: CAMPAIGN,
  trunk: TRUNK,
  pacing: { mode: 'progressive' },
  callsPerSecondMax: 50,
  linesMax: 20,
  ringTimeoutMs: 20_000,
  callingHours: { timeZone: 'UTC', weekdays: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, toMinute: 1440 },
  isAnalysed: true,
  onMachine: 'hang-up',
  machineMessage: soundName('message'),
  answerHandling: 'hold',
  takeBackLimitMs: 10_000,
  onScreening: 'hang-up',
  onMenu: 'hang-up',
  onSilence: 'hang-up',
  lostPersonCost: 199,
  listensBeforeAnswer: true,
  keepsDisputedSnippets: false,
  agentWaitMaxMs: 2000,
  safeHarbourMessage: soundName('safe-harbour'),
  whisper: undefined,
  isRecorded: true,
  wrapUpMaxMs: 10_000,
  dispositionByDigit: {
    '1': { name: 'sale', effect: 'complete' },
    '2': { name: 'later', effect: 'redial' },
    '3': { name: 'never again', effect: 'do-not-call' },
  },
  defaultDisposition: { name: 'none', effect: 'redial' },
  attemptsMax: 3,
  recycle: {},
  ...changes,
});

export const dialerConfig = (changes: Partial<CampaignConfig> = {}): DialerConfig => ({
  tenantId: tenantId('acme'),
  trunks: [{ name: TRUNK, callsPerSecondMax: 50, linesMax: 20 }],
  agents: [
    { agentId: ANN, phone: phoneName('1001'), campaignId: CAMPAIGN },
    { agentId: BOB, phone: phoneName('1002'), campaignId: CAMPAIGN },
  ],
  campaigns: [campaignConfig(changes)],
  keypad: {
    pinDigitsMax: 4,
    pinAttemptsMax: 3,
    pauseReasonByDigit: { '1': 'break', '2': 'lunch' },
    sounds: {
      enterPin: soundName('enter-pin'),
      wrongPin: soundName('wrong-pin'),
      loggedIn: soundName('logged-in'),
      loggedOut: soundName('logged-out'),
      paused: soundName('paused'),
      resumed: soundName('resumed'),
      connectBeep: soundName('beep'),
      wrapUpTone: soundName('wrap-up'),
      notPossible: soundName('not-possible'),
    },
  },
});

/**
 * A dialer on the bench: the test plays the switch and the store by hand,
 * moves the clock, and reads what the dialer wanted and said.
 */
export class DialerBench {
  readonly dialer: Dialer;
  readonly events: DialerEvent[] = [];
  commands: Command[] = [];
  wakeAtMs: number | undefined;
  nowMs = 0;
  /** What the switch can do, told when it starts. */
  abilities: SwitchAbilities = { hasEarlyMedia: true, hasTapWhileBridged: true };

  constructor(config: DialerConfig = dialerConfig()) {
    this.dialer = new Dialer(config, 1);
  }

  input(input: Input): void {
    const now = { monotonicMs: monotonicMs(this.nowMs), epochMs: epochMs(NOON_MS + this.nowMs) };
    const output = this.dialer.handle(input, now);
    this.commands.push(...output.commands);
    this.events.push(...output.events);
    this.wakeAtMs = output.wakeAt?.monotonicMs;
  }

  say(event: SwitchEvent): void {
    this.input({ type: 'switch', event });
  }

  /** Moves the clock, waking the dialer whenever it asked to be. */
  pass(spanMs: Ms): void {
    const untilMs = this.nowMs + spanMs;
    while (this.wakeAtMs !== undefined && this.wakeAtMs <= untilMs) {
      this.nowMs = Math.max(this.nowMs, this.wakeAtMs);
      this.input({ type: 'woke' });
    }
    this.nowMs = untilMs;
  }

  /** Takes all commands of one type out of what has gathered. */
  take<T extends Command['type']>(type: T): Extract<Command, { type: T }>[] {
    const taken = this.commands.filter((command) => command.type === type);
    this.commands = this.commands.filter((command) => command.type !== type);
    return taken as Extract<Command, { type: T }>[];
  }

  /** Takes all plain switch commands of one type. */
  orders<T extends PlainSwitchCommand['type']>(type: T): Extract<PlainSwitchCommand, { type: T }>[] {
    const taken = this.commands.flatMap((each) =>
      each.type === 'switch' && each.command.type === type ? [each.command] : [],
    );
    this.commands = this.commands.filter((each) => !(each.type === 'switch' && each.command.type === type));
    return taken as Extract<PlainSwitchCommand, { type: T }>[];
  }

  said<T extends DialerEvent['type']>(type: T): Extract<DialerEvent, { type: T }>[] {
    return this.events.filter((event) => event.type === type) as Extract<DialerEvent, { type: T }>[];
  }

  /** The states an agent has gone through, in order. */
  statesOf(agent: typeof ANN): string[] {
    return this.said('agent-changed').flatMap((event) => (event.agentId === agent ? [event.state] : []));
  }

  /** The switch is there, the campaign runs and has so many contacts. */
  start(contactCount = 10): void {
    this.input({ type: 'switch-abilities', abilities: this.abilities });
    this.say({ type: 'switch-snapshot', snapshot: EMPTY_SNAPSHOT });
    this.input({ type: 'campaign-ordered', campaignId: CAMPAIGN, order: 'start' });
    this.offer(contactCount);
  }

  offer(contactCount: number): void {
    const contacts = Array.from({ length: contactCount }, (_, index) => ({
      contactId: contactId(String(index + 1)),
      attemptCount: 0,
      countByCause: {},
    }));
    this.input({ type: 'contacts-offered', campaignId: CAMPAIGN, contacts, nextDueAtMs: undefined });
  }

  /** An agent calls the log-in code from his phone, keys his PIN and is seated. */
  logIn(agent: typeof ANN, phone = '1001'): CallId {
    const line = callId(`line-${agent}`);
    this.say({
      type: 'call-offered',
      callId: line,
      phone: phoneName(phone),
      callerNumber: phone,
      request: { kind: 'feature', feature: 'log-in' },
    });
    for (const digit of '4711') this.say({ type: 'digit-received', callId: line, digit });
    this.input({ type: 'pin-checked', callId: line, isRight: true });
    this.say({ type: 'call-bridged', bridgeId: bridgeId(`agent-${agent}`), callId: line });
    return line;
  }

  keys(call: CallId, digits: string): void {
    for (const digit of digits) this.say({ type: 'digit-received', callId: call, digit });
  }

  /** Confirms the attempts written since; returns the calls that were originated. */
  write(): CallId[] {
    for (const { callId: id } of this.take('write-attempt')) this.input({ type: 'attempt-written', callId: id });
    return this.take('originate').map((originate) => originate.callId);
  }

  /** One call written, originated and answered. */
  answer(): CallId {
    const [id] = this.write();
    if (id === undefined) throw new Error('Nothing was dialled.');
    this.say({ type: 'call-ringing', callId: id });
    this.say({ type: 'call-answered', callId: id });
    return id;
  }

  verdict(call: CallId, verdict: AnswerVerdict, stage: VerdictStage = 'decided'): void {
    this.input({
      type: 'answer-analysed',
      callId: call,
      stage,
      verdict,
      probabilityRatio: 0.9,
      machineProbabilityRatio: 0.1,
      reason: 'short greeting, then silence',
      decidedAfterMs: 1200,
      silentForMs: 600,
      detail: undefined,
      modelName: 'lengths',
      features: { talkMs: 600 },
    });
  }

  /** The person is put through and the switch confirms. */
  connect(call: CallId): void {
    const [order] = this.orders('bridge').filter((each) => each.callId === call);
    if (order === undefined) throw new Error('The call was not given to an agent.');
    this.say({ type: 'call-bridged', bridgeId: order.bridgeId, callId: call });
  }

  /** An agent logs in and talks to the first contact. */
  talk(agent: typeof ANN): { readonly line: CallId; readonly call: CallId } {
    this.start();
    const line = this.logIn(agent);
    const call = this.answer();
    this.verdict(call, 'person');
    this.connect(call);
    return { line, call };
  }

  end(call: CallId, q850 = 16, sipCode?: number): void {
    const event = { type: 'call-ended', callId: call, q850, nativeCause: 'test' } as const;
    this.say(sipCode === undefined ? event : { ...event, sipCode });
  }
}
