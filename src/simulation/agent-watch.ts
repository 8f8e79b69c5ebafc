import type { AgentState } from '../agent/agent-state.js';
import type { AgentConfig } from '../dialer/config.js';
import type { DialerEvent } from '../dialer/event.js';
import type { AgentId, CallId, CampaignId } from '../units/ids.js';
import type { MonotonicMs, Ms } from '../units/time.js';

/** What the auditor holds about one agent, by the dialer's word. */
export interface AgentAudit {
  readonly agentId: AgentId;
  readonly campaignId: CampaignId;
  state: AgentState;
  sinceMs: MonotonicMs;
  lineCallId: CallId | undefined;
  callId: CallId | undefined;
  /** Since when his line is dead by the switch's word while he counts as online. */
  deadLineSinceMs: MonotonicMs | undefined;
}

/** What the watch must know of calls. */
export interface CallKnowledge {
  /** The contact's call still holds a line. */
  isOnLine(callId: CallId): boolean;
  /** The dialer has said that the attempt is over, or never said that it began. */
  hasEnded(callId: CallId): boolean;
  wrapUpMsMax(campaignId: CampaignId): Ms;
}

const LOG_IN_MS_MAX: Ms = 61_000;
const RESERVED_MS_MAX: Ms = 5_000;
/** A hang-up that the switch never confirms is given up after this. */
const END_MS_MAX: Ms = 12_000;

/** Follows every agent and says who is stuck. */
export class AgentWatch {
  readonly #agents = new Map<AgentId, AgentAudit>();
  /** Agents' own calls that are up, by the switch's word. */
  readonly liveLines = new Set<CallId>();
  readonly #calls: CallKnowledge;
  readonly #stuckMs: Ms;

  constructor(agents: readonly AgentConfig[], calls: CallKnowledge, stuckMs: Ms) {
    this.#calls = calls;
    this.#stuckMs = stuckMs;
    for (const { agentId, campaignId } of agents) {
      this.#agents.set(agentId, {
        agentId,
        campaignId,
        state: 'offline',
        sinceMs: 0 as MonotonicMs,
        lineCallId: undefined,
        callId: undefined,
        deadLineSinceMs: undefined,
      });
    }
  }

  availableCount(campaignId: CampaignId): number {
    return this.#count(campaignId, (state) => state === 'available');
  }

  loggedInCount(campaignId: CampaignId): number {
    return this.#count(campaignId, (state) => state !== 'offline' && state !== 'logging-in');
  }

  changed(event: Extract<DialerEvent, { readonly type: 'agent-changed' }>, atMs: MonotonicMs): void {
    const agent = this.#agents.get(event.agentId);
    if (agent === undefined) return;
    if (event.state !== agent.state) agent.sinceMs = atMs;
    agent.state = event.state;
    agent.callId = event.callId;
    agent.lineCallId = event.lineCallId;
    agent.deadLineSinceMs = undefined;
  }

  /** An agent got a contact: nobody else may have this one, and he no other. */
  connected(event: Extract<DialerEvent, { readonly type: 'call-connected' }>, tell: (what: string) => void): void {
    for (const agent of this.#agents.values()) {
      const isRival = agent.agentId !== event.agentId && agent.callId === event.callId;
      if (isRival) tell(`${event.callId} is with ${agent.agentId} and ${event.agentId}.`);
    }
    const other = this.#agents.get(event.agentId)?.callId;
    if (other !== undefined && other !== event.callId && !this.#calls.hasEnded(other)) {
      tell(`${event.agentId} has ${other} and gets ${event.callId}.`);
    }
  }

  /** The service that knew them is dead. */
  forgetAll(atMs: MonotonicMs): void {
    for (const agent of this.#agents.values()) {
      Object.assign(agent, { state: 'offline', sinceMs: atMs, lineCallId: undefined, callId: undefined, deadLineSinceMs: undefined });
    }
  }

  /** The gap is over: what lasted through it is measured from here. */
  beginAnew(atMs: MonotonicMs): void {
    for (const agent of this.#agents.values()) {
      agent.deadLineSinceMs = undefined;
      agent.sinceMs = atMs;
    }
  }

  /** Tells of each agent who is stuck, and measures him from here again. */
  sweep(atMs: MonotonicMs, tell: (agent: AgentAudit, what: string) => void): void {
    for (const agent of this.#agents.values()) {
      const limitMs = this.#limitMs(agent);
      const inStateMs = atMs - agent.sinceMs;
      if (limitMs !== undefined && inStateMs > limitMs + this.#stuckMs) {
        tell(agent, `${agent.agentId} is ${agent.state} for ${inStateMs.toFixed(0)} ms.`);
        agent.sinceMs = atMs;
      }
      const isOnline = agent.state !== 'offline';
      if (agent.lineCallId === undefined || !isOnline || this.liveLines.has(agent.lineCallId)) agent.deadLineSinceMs = undefined;
      else agent.deadLineSinceMs ??= atMs;
      if (agent.deadLineSinceMs !== undefined && atMs - agent.deadLineSinceMs > END_MS_MAX) {
        tell(agent, `${agent.agentId} is ${agent.state} on a line that is dead.`);
        agent.deadLineSinceMs = atMs;
      }
    }
  }

  #limitMs(agent: AgentAudit): Ms | undefined {
    switch (agent.state) {
      case 'logging-in':
        return LOG_IN_MS_MAX;
      case 'reserved':
        return RESERVED_MS_MAX;
      case 'wrap-up':
        return this.#calls.wrapUpMsMax(agent.campaignId);
      case 'on-call':
        // As long as the contact is there.
        return agent.callId !== undefined && this.#calls.isOnLine(agent.callId) ? undefined : END_MS_MAX;
      default:
        return undefined;
    }
  }

  #count(campaignId: CampaignId, fits: (state: AgentState) => boolean): number {
    let count = 0;
    for (const agent of this.#agents.values()) if (agent.campaignId === campaignId && fits(agent.state)) count++;
    return count;
  }
}
