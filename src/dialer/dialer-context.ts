import { CALL_TABLE, type CallNews, type CallState } from '../call/call-state.js';
import { AGENT_TABLE, type AgentNews } from '../agent/agent-state.js';
import type { CommandId } from '../telephony/switch.js';
import {
  bridgeId,
  callId,
  playbackId,
  type AgentId,
  type BridgeId,
  type CallId,
  type CampaignId,
  type PhoneName,
  type PlaybackId,
  type SoundName,
  type TrunkName,
} from '../units/ids.js';
import { monotonicAfter, monotonicMs, epochMs, type Ms, type Now } from '../units/time.js';
import { Random } from '../units/random.js';
import type { Command, PlainSwitchCommand } from './command.js';
import type { DialerConfig } from './config.js';
import type { Agent, Attempt, Campaign, Trunk } from './dialer-state.js';
import type { AlarmName, DialerEvent, DialerEventBody } from './event.js';
import type { SwitchAbilities } from './input.js';
import { Waits, type Wait } from './waits.js';

type WithoutId<T> = T extends unknown ? Omit<T, 'commandId'> : never;
/** A command to the switch before it has its number. */
export type SwitchOrder = WithoutId<PlainSwitchCommand>;

/**
 * All state of one dialer, and the few verbs by which the flows change it and
 * speak. It lives as long as the dialer; commands and events gather in it
 * while one Input is handled.
 */
export class DialerContext {
  readonly config: DialerConfig;
  readonly campaigns = new Map<CampaignId, Campaign>();
  readonly trunks = new Map<TrunkName, Trunk>();
  readonly agents = new Map<AgentId, Agent>();
  readonly agentByPhone = new Map<PhoneName, Agent>();
  readonly agentByLine = new Map<CallId, Agent>();
  readonly attempts = new Map<CallId, Attempt>();
  /** Short calls of a phone to a feature code, ended once their prompt was played. */
  readonly featureCalls = new Set<CallId>();
  readonly alarms = new Set<AlarmName>();
  readonly waits = new Waits();
  /** Campaigns whose pacing must be looked at before this Input is done. */
  readonly campaignsToPace = new Set<Campaign>();
  /** Calls that were given impossible news and must be ended before this Input is done. */
  readonly impossibleCalls = new Set<Attempt>();

  isSwitchConnected = false;
  /** What can be asked of the switch; nothing before it was told. */
  abilities: SwitchAbilities = { hasEarlyMedia: false, hasTapWhileBridged: false };
  isStoreWriting = true;
  isDraining = false;
  now: Now = { monotonicMs: monotonicMs(0), epochMs: epochMs(0) };

  readonly #random: Random;
  #commandId = 0;
  #commands: Command[] = [];
  #events: DialerEvent[] = [];

  /** @param seed makes ids; two runs on one switch must differ in it. */
  constructor(config: DialerConfig, seed: number) {
    this.config = config;
    this.#random = new Random(seed);
  }

  /** Hands over what has gathered and starts afresh. */
  take(): { readonly commands: readonly Command[]; readonly events: readonly DialerEvent[] } {
    const taken = { commands: this.#commands, events: this.#events };
    this.#commands = [];
    this.#events = [];
    return taken;
  }

  /** Tells the world, in the order in which things are decided. */
  say(event: DialerEventBody): void {
    this.#events.push({ atMs: this.now.epochMs, ...event });
  }

  /** Has a command performed, after those that came before. */
  command(command: Command): void {
    this.#commands.push(command);
  }

  /** Sends a plain command to the switch, under the next number. */
  order(order: SwitchOrder): void {
    const command = { ...order, commandId: this.nextCommandId() } as PlainSwitchCommand;
    this.#commands.push({ type: 'switch', command });
  }

  /** Counts from 1, never twice the same in one run. */
  nextCommandId(): CommandId {
    this.#commandId += 1;
    return this.#commandId;
  }

  /** An id never used before on this switch, short enough for a channel id. */
  mintCallId(): CallId {
    return callId(`od-${this.#hex()}${this.#hex()}`);
  }

  /** Starts sounds on a call; returns the playing's id. */
  play(call: CallId, sounds: readonly SoundName[], mixing: 'replace' | 'whisper'): PlaybackId {
    const id = playbackId(`odp-${this.#hex()}${this.#hex()}`);
    this.order({ type: 'play', playbackId: id, callId: call, sounds, mixing });
    return id;
  }

  /** Waits from now on; replaces an earlier wait of the same kind for the same thing. */
  waitFor(wait: Wait, spanMs: Ms): void {
    this.waits.set(wait, monotonicAfter(this.now.monotonicMs, spanMs));
  }

  /**
   * Gives a call its news by the table. True when the news led on; late news is
   * noted; an impossible one raises an alarm and ends the call with this Input.
   */
  moveCall(attempt: Attempt, news: CallNews): boolean {
    const row = CALL_TABLE[attempt.state][news];
    if (row.kind === 'to') {
      this.#changeCall(attempt, row.state);
      return true;
    }
    const what = `${news} while ${attempt.state}`;
    if (row.kind === 'late') {
      this.noteLate(attempt.callId, `${what}: ${row.why}`);
    } else {
      this.raise('impossible-event', `call ${attempt.callId}: ${what}`);
      this.impossibleCalls.add(attempt);
    }
    return false;
  }

  /** Puts a call that outlived a gap where the switch shows it; not a transition but a finding. */
  adoptCall(attempt: Attempt, state: CallState): void {
    if (attempt.state !== state) this.#changeCall(attempt, state);
  }

  #changeCall(attempt: Attempt, state: CallState): void {
    const from = attempt.state;
    attempt.state = state;
    this.say({
      type: 'call-changed',
      callId: attempt.callId,
      campaignId: attempt.campaign.config.campaignId,
      contactId: attempt.contact.contactId,
      state,
      from,
    });
  }

  /** Gives an agent his news by the table. True when the news led on; an impossible one raises an alarm and changes nothing. */
  moveAgent(agent: Agent, news: AgentNews, reason?: string): boolean {
    const row = AGENT_TABLE[agent.state][news];
    const agentId = agent.config.agentId;
    if (row.kind === 'impossible') {
      this.raise('impossible-event', `agent ${agentId}: ${news} while ${agent.state}`);
      return false;
    }
    if (row.kind === 'late') return false;
    const from = agent.state;
    agent.state = row.state;
    agent.stateSince = this.now.monotonicMs;
    if (row.state === 'available') agent.availableSince = this.now.monotonicMs;
    if (row.state !== 'wrap-up') this.waits.cancel({ kind: 'wrap-up', agentId });
    this.tellAgent(agent, from, reason);
    this.#touchCampaignOf(agent);
    return true;
  }

  /** Tells the world where an agent stands. */
  tellAgent(agent: Agent, from: Agent['state'], reason?: string): void {
    this.say({
      type: 'agent-changed',
      agentId: agent.config.agentId,
      campaignId: agent.config.campaignId,
      phone: agent.config.phone,
      state: agent.state,
      from,
      reason: reason ?? (agent.state === 'paused' ? agent.pauseReason : undefined),
      callId: agent.attempt?.callId,
      lineCallId: agent.line?.callId,
    });
  }

  #touchCampaignOf(agent: Agent): void {
    const campaign = this.campaigns.get(agent.config.campaignId);
    if (campaign !== undefined) this.campaignsToPace.add(campaign);
  }

  /** Notes what came too late, or could not be had, and changes nothing. */
  noteLate(call: CallId, what: string): void {
    this.say({ type: 'late-noted', callId: call, what });
  }

  /** Raises an alarm, or tells one that stands once more with a new detail. */
  raise(alarm: AlarmName, detail: string): void {
    this.alarms.add(alarm);
    this.say({ type: 'alarm-raised', alarm, detail });
  }

  /** Clears an alarm; silent when it was not raised. */
  clear(alarm: AlarmName): void {
    if (this.alarms.delete(alarm)) this.say({ type: 'alarm-cleared', alarm });
  }

  #hex(): string {
    return this.#random.uint32().toString(16).padStart(8, '0');
  }
}

/** The bridge in which an agent's phone is nailed up; its name tells whose it is after a restart. */
export const bridgeOf = (agent: AgentId): BridgeId => bridgeId(`agent-${agent}`);
