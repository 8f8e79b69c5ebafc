import type { AnswerVerdict } from '../call/answer-verdict.js';
import type { CallState } from '../call/call-state.js';
import { FALSE_ANSWER_CAUSES } from '../call/end-cause.js';
import type { DialerEvent } from '../dialer/event.js';
import type { EpochMs } from '../units/time.js';
import type { AgentBoard, AlarmBoard, BoardUpdate, CampaignBoard, FloorBoard, Wallboard } from './contract.js';
import { dayStart } from './day-start.js';
import { DayTally, countedUnanswered, countedVerdict, joinedDays } from './day-tally.js';
import type { KnownAgent, KnownCampaign, LiveStateSeed } from './known-floor.js';
import { LiveCalls, type LiveCall } from './live-calls.js';
import { RateMeter } from './rate-meter.js';
import { TrunkBoards } from './trunk-boards.js';

interface Campaign {
  board: Omit<CampaignBoard, 'callsPerSecond' | 'callsByState' | 'today'>;
  tally: DayTally;
  readonly originated: RateMeter;
}

type EventOf<Type extends DialerEvent['type']> = Extract<DialerEvent, { readonly type: Type }>;

const FALSE_ANSWERS: ReadonlySet<string> = new Set(FALSE_ANSWER_CAUSES);

/** Shortest day there is (clocks put forward): before it is over no new one is looked for. */
const DAY_MS_MIN = 23 * 3_600_000;

/**
 * What a wallboard shows, folded from the dialer's events. Synchronous and
 * without a clock of its own: instants come with the events and with `tick`.
 * It remembers what changed since it was last asked (`takeUpdates`).
 */
export class LiveState {
  readonly #timeZone: string;
  readonly #campaigns = new Map<string, Campaign>();
  readonly #agents = new Map<string, AgentBoard>();
  readonly #trunks = new TrunkBoards();
  readonly #alarms = new Map<string, AlarmBoard>();
  readonly #phones = new Map<string, boolean>();
  readonly #calls = new LiveCalls();
  readonly #originated = new RateMeter();
  readonly #changed = { campaigns: new Set<string>(), agents: new Set<string>(), alarms: new Set<string>() };
  #isFloorChanged = false;
  #tally = new DayTally();
  #dayStartedAtMs: EpochMs;
  #isSwitchConnected = false;
  #switchChangedAtMs: number | undefined;
  #nowMs: EpochMs;

  constructor(seed: LiveStateSeed, nowMs: EpochMs) {
    this.#timeZone = seed.timeZone;
    this.#nowMs = nowMs;
    this.#dayStartedAtMs = dayStart(nowMs, seed.timeZone);
    const days = seed.campaigns.flatMap((campaign) => campaign.today ?? []);
    this.#tally = new DayTally(...(days.length === 0 ? [] : [joinedDays(days)]));
    for (const campaign of seed.campaigns) this.setCampaign(campaign);
    for (const agent of seed.agents) this.setAgent(agent);
    for (const { trunk, ...day } of seed.trunks) this.#trunks.put(trunk, nowMs, day);
    for (const { callId, campaignId, isAnswered } of seed.openCalls) this.#calls.remember(callId, campaignId, isAnswered);
    this.takeUpdates();
  }

  /** Makes a campaign known or renames it. */
  setCampaign(known: KnownCampaign): void {
    const { campaignId, name } = known;
    const present = this.#campaigns.get(campaignId);
    if (present === undefined) {
      this.#campaigns.set(campaignId, {
        board: { campaignId, name, state: 'stopped', hint: '', sinceMs: undefined, pacingReason: '' },
        tally: new DayTally(known.today),
        originated: new RateMeter(),
      });
    } else {
      present.board = { ...present.board, name };
    }
    this.#changed.campaigns.add(campaignId);
  }

  /** Makes an agent known, or changes name, phone or campaign. */
  setAgent(known: KnownAgent): void {
    const { agentId, name, phone, campaignId } = known;
    const present = this.#agents.get(agentId);
    this.#putAgent({
      state: 'offline',
      sinceMs: undefined,
      reason: undefined,
      callId: undefined,
      connectedCount: known.connectedTodayCount ?? 0,
      ...present,
      agentId,
      name,
      phone,
      campaignId,
      isPhoneRegistered: this.#phones.get(phone),
    });
  }

  /** An agent as shown now. */
  agent(agentId: string): AgentBoard | undefined {
    return this.#agents.get(agentId);
  }

  /** A campaign as shown now. */
  campaign(campaignId: string): CampaignBoard | undefined {
    const campaign = this.#campaigns.get(campaignId);
    return campaign === undefined ? undefined : this.#campaignBoard(campaign);
  }

  /** The floor as shown now. */
  floor(): FloorBoard {
    return {
      dayStartedAtMs: this.#dayStartedAtMs,
      timeZone: this.#timeZone,
      isSwitchConnected: this.#isSwitchConnected,
      switchChangedAtMs: this.#switchChangedAtMs,
      callsPerSecond: this.#originated.perSecond(this.#nowMs),
      callsByState: this.#calls.byState(undefined),
      today: this.#tally.figures(),
    };
  }

  /** The alarms that stand. */
  alarms(): readonly AlarmBoard[] {
    return [...this.#alarms.values()];
  }

  /** Everything as it stands now. */
  board(): Wallboard {
    return {
      floor: this.floor(),
      campaigns: Object.fromEntries([...this.#campaigns].map(([id, campaign]) => [id, this.#campaignBoard(campaign)])),
      agents: Object.fromEntries(this.#agents),
      trunks: this.#trunks.all(),
      alarms: Object.fromEntries(this.#alarms),
    };
  }

  /** What changed since this was last called, each piece once, with its value of now. */
  takeUpdates(): readonly BoardUpdate[] {
    const updates: BoardUpdate[] = this.#isFloorChanged ? [{ kind: 'floor', value: this.floor() }] : [];
    for (const id of this.#changed.campaigns) updates.push({ kind: 'campaigns', id, value: this.campaign(id) ?? null });
    for (const id of this.#changed.agents) updates.push({ kind: 'agents', id, value: this.#agents.get(id) ?? null });
    for (const id of this.#trunks.changed) updates.push({ kind: 'trunks', id, value: this.#trunks.get(id) ?? null });
    for (const id of this.#changed.alarms) updates.push({ kind: 'alarms', id, value: this.#alarms.get(id) ?? null });
    this.#isFloorChanged = false;
    for (const ids of [...Object.values(this.#changed), this.#trunks.changed]) ids.clear();
    return updates;
  }

  /** Time has passed: rates fall, and at midnight the counts begin anew. */
  tick(nowMs: EpochMs): void {
    if (nowMs <= this.#nowMs) return;
    const rates = [...this.#campaigns].map(([id, { originated }]) => ({ id, originated, before: originated.perSecond(this.#nowMs) }));
    const floorBefore = this.#originated.perSecond(this.#nowMs);
    this.#nowMs = nowMs;
    if (nowMs - this.#dayStartedAtMs >= DAY_MS_MIN) this.#beginDay();
    if (this.#originated.perSecond(nowMs) !== floorBefore) this.#isFloorChanged = true;
    for (const { id, originated, before } of rates) {
      if (originated.perSecond(nowMs) !== before) this.#changed.campaigns.add(id);
    }
  }

  /** Folds one event in. Events that say nothing a wallboard shows are passed over. */
  apply(event: DialerEvent): void {
    this.tick(event.atMs);
    switch (event.type) {
      case 'campaign-changed':
        this.#campaignChanged(event);
        break;
      case 'pacing-decided':
        this.#pacingDecided(event);
        break;
      case 'agent-changed':
        this.#agentChanged(event);
        break;
      case 'phone-changed':
        this.#phoneChanged(event);
        break;
      case 'trunk-changed':
        this.#trunks.put(event.trunk, event.atMs, { isReachable: event.isReachable, sinceMs: event.atMs });
        break;
      case 'switch-changed':
        this.#isSwitchConnected = event.isConnected;
        this.#switchChangedAtMs = event.atMs;
        this.#isFloorChanged = true;
        break;
      case 'alarm-raised':
        this.#alarmRaised(event);
        break;
      case 'alarm-cleared':
        if (this.#alarms.delete(event.alarm)) this.#changed.alarms.add(event.alarm);
        break;
      default:
        this.#applyToCall(event);
    }
  }

  #applyToCall(event: DialerEvent): void {
    switch (event.type) {
      case 'call-changed':
        this.#callChanged(event.callId, event.campaignId, event.state);
        break;
      case 'call-originated':
        this.#counted(event.callId, (call, tallies) => {
          if (call.isOriginated) return;
          call.isOriginated = true;
          call.trunk = event.trunk;
          for (const tally of tallies) tally.count('dialledCount');
          this.#originated.note(event.atMs);
          this.#campaign(call.campaignId).originated.note(event.atMs);
        });
        break;
      case 'call-answered':
        this.#counted(event.callId, (call, tallies) => {
          if (call.isAnswered) return;
          call.isAnswered = true;
          for (const tally of tallies) tally.count('answeredCount');
          this.#trunks.count(call.trunk, 'answeredCount', event.atMs);
        });
        break;
      case 'call-analysed':
        if (event.stage !== 'probable') this.#counted(event.callId, (call, tallies) => this.#countVerdict(call, tallies, event.verdict));
        break;
      case 'call-connected':
        this.#callConnected(event);
        break;
      case 'call-taken-back':
        this.#counted(event.callId, (_, tallies) => {
          for (const tally of tallies) {
            tally.count('connectedCount', event.heldMs > 0 ? -1 : 0);
            tally.count('takenBackCount');
          }
        });
        break;
      case 'call-abandoned':
        this.#counted(event.callId, (_, tallies) => {
          for (const tally of tallies) tally.count('abandonedCount');
        });
        break;
      case 'attempt-ended':
        this.#attemptEnded(event);
        break;
      default:
      // Messages, recordings, contacts and dispositions have no place on a wallboard.
    }
  }

  #campaignChanged(event: EventOf<'campaign-changed'>): void {
    const campaign = this.#campaign(event.campaignId);
    const { state, hint } = event;
    const sinceMs = campaign.board.state === state ? campaign.board.sinceMs : event.atMs;
    campaign.board = { ...campaign.board, state, hint, sinceMs };
    this.#changed.campaigns.add(event.campaignId);
  }

  #pacingDecided(event: EventOf<'pacing-decided'>): void {
    const campaign = this.#campaign(event.campaignId);
    if (campaign.board.pacingReason === event.reason) return;
    campaign.board = { ...campaign.board, pacingReason: event.reason };
    this.#changed.campaigns.add(event.campaignId);
  }

  #agentChanged(event: EventOf<'agent-changed'>): void {
    const { agentId, campaignId, phone, state, reason, callId } = event;
    const present = this.#agents.get(agentId);
    this.#putAgent({
      name: agentId,
      connectedCount: 0,
      ...present,
      agentId,
      campaignId,
      phone,
      state,
      reason,
      callId,
      sinceMs: present?.state === state && present.sinceMs !== undefined ? present.sinceMs : event.atMs,
      isPhoneRegistered: this.#phones.get(phone),
    });
  }

  #phoneChanged(event: EventOf<'phone-changed'>): void {
    this.#phones.set(event.phone, event.isRegistered);
    for (const agent of this.#agents.values()) {
      if (agent.phone === event.phone) this.#putAgent({ ...agent, isPhoneRegistered: event.isRegistered });
    }
  }

  #alarmRaised(event: EventOf<'alarm-raised'>): void {
    const { alarm, detail } = event;
    this.#alarms.set(alarm, { alarm, detail, sinceMs: this.#alarms.get(alarm)?.sinceMs ?? event.atMs });
    this.#changed.alarms.add(alarm);
  }

  #callChanged(callId: string, campaignId: string, state: CallState): void {
    this.#campaign(campaignId);
    this.#calls.move(callId, campaignId, state);
    this.#changed.campaigns.add(campaignId);
    this.#isFloorChanged = true;
  }

  #callConnected(event: EventOf<'call-connected'>): void {
    this.#counted(event.callId, (call, tallies) => {
      // Without analysis every answer counts as a person; a verdict that comes later puts it right.
      if (call.verdict === undefined) this.#countVerdict(call, tallies, 'person');
      for (const tally of tallies) tally.connected(event.sinceAnswerMs);
    });
    const agent = this.#agents.get(event.agentId);
    if (agent !== undefined) this.#putAgent({ ...agent, connectedCount: agent.connectedCount + 1 });
  }

  #attemptEnded(event: EventOf<'attempt-ended'>): void {
    this.#callChanged(event.callId, event.campaignId, 'ended');
    this.#counted(event.callId, (call, tallies) => {
      if (call.isAnswered) {
        if (!FALSE_ANSWERS.has(event.cause)) return;
        for (const tally of tallies) tally.count('falseAnswerCount');
        this.#trunks.count(call.trunk, 'falseAnswerCount', event.atMs);
        return;
      }
      const counted = countedUnanswered(event.cause);
      // Refused before it left us: an attempt that failed, or one that was never made.
      if (!call.isOriginated && counted !== 'failedCount') return;
      for (const tally of tallies) {
        if (!call.isOriginated) tally.count('dialledCount');
        tally.count(counted);
      }
    });
    this.#calls.forget(event.callId);
  }

  /** Under the last verdict, and under no other; what the store has counted stays as it is. */
  #countVerdict(call: LiveCall, tallies: readonly DayTally[], verdict: AnswerVerdict): void {
    if (call.verdict === 'earlier') return;
    for (const tally of tallies) {
      if (call.verdict !== undefined) tally.count(countedVerdict(call.verdict), -1);
      tally.count(countedVerdict(verdict));
    }
    call.verdict = verdict;
  }

  /** Counts for the call's campaign and the floor; a call never heard of is not counted. */
  #counted(callId: string, count: (call: LiveCall, tallies: readonly DayTally[]) => void): void {
    const call = this.#calls.find(callId);
    if (call === undefined) return;
    count(call, [this.#campaign(call.campaignId).tally, this.#tally]);
    this.#changed.campaigns.add(call.campaignId);
    this.#isFloorChanged = true;
  }

  #campaign(campaignId: string): Campaign {
    if (!this.#campaigns.has(campaignId)) this.setCampaign({ campaignId, name: campaignId });
    const campaign = this.#campaigns.get(campaignId);
    if (campaign === undefined) throw new TypeError(`Campaign ${campaignId} was set and is not there.`);
    return campaign;
  }

  #campaignBoard(campaign: Campaign): CampaignBoard {
    return {
      ...campaign.board,
      callsPerSecond: campaign.originated.perSecond(this.#nowMs),
      callsByState: this.#calls.byState(campaign.board.campaignId),
      today: campaign.tally.figures(),
    };
  }

  #putAgent(agent: AgentBoard): void {
    this.#agents.set(agent.agentId, agent);
    this.#changed.agents.add(agent.agentId);
  }

  #beginDay(): void {
    const startMs = dayStart(this.#nowMs, this.#timeZone);
    if (startMs === this.#dayStartedAtMs) return;
    this.#dayStartedAtMs = startMs;
    this.#tally = new DayTally();
    this.#isFloorChanged = true;
    for (const [id, campaign] of this.#campaigns) {
      campaign.tally = new DayTally();
      this.#changed.campaigns.add(id);
    }
    for (const agent of this.#agents.values()) this.#putAgent({ ...agent, connectedCount: 0 });
    this.#trunks.beginDay(this.#nowMs);
  }
}
