import { ContactPool } from '../campaign/contact-pool.js';
import { AbandonmentLedger } from '../compliance/abandonment.js';
import { createPacing } from '../pacing/create-pacing.js';
import { RateLimit } from '../pacing/rate-limit.js';
import { assertNever } from '../units/assert-never.js';
import type { CampaignId } from '../units/ids.js';
import type { Now } from '../units/time.js';
import { disposeByDefault, orderAgent } from './agent-flow.js';
import { analysed, earlyMediaAnalysed, greetingEnded } from './answering.js';
import { endCall } from './call-ending.js';
import { callLimitPassed } from './call-limits.js';
import type { AgentConfig, CampaignConfig, DialerConfig, TrunkConfig } from './config.js';
import { DialerContext } from './dialer-context.js';
import type { Agent, Campaign } from './dialer-state.js';
import { dial, withdraw } from './dialling.js';
import { endImpossible } from './impossible-news.js';
import type { Input } from './input.js';
import { pinChecked } from './logging-in.js';
import type { DialerMachine, Output } from './output.js';
import { mayStillDial, pace } from './placing.js';
import { restore } from './restore.js';
import { switchSaid } from './switch-news.js';
import type { Wait } from './waits.js';

/** Contacts kept at hand for each campaign. Chosen: several seconds of dialling at 100 calls/s, yet hot inserts and do-not-call wishes take effect soon. */
const POOL_SIZE = { lowWaterCount: 100, fullCount: 400 };

const STATE_BY_ORDER = { start: 'running', pause: 'paused', stop: 'stopped' } as const;

/**
 * The one machine of a tenant: facts and the time go in, commands and events
 * come out. Synchronous and total; the same configuration, seed and Inputs
 * give the same Outputs to the byte.
 */
export class Dialer implements DialerMachine {
  readonly #ctx: DialerContext;

  /** Stopped campaigns, agents offline, and no switch until its first snapshot. @param seed makes the ids of calls; two runs on one switch must differ in it. */
  constructor(config: DialerConfig, seed: number) {
    this.#ctx = new DialerContext(config, seed);
    config.trunks.forEach((trunk) => this.#setTrunk(trunk));
    config.campaigns.forEach((campaign) => this.#setCampaign(campaign));
    config.agents.forEach((agent) => this.#setAgent(agent));
  }

  handle(input: Input, now: Now): Output {
    const ctx = this.#ctx;
    ctx.now = now;
    this.#dispatch(input);
    this.#passLimits();
    for (const attempt of ctx.impossibleCalls) endImpossible(ctx, attempt);
    ctx.impossibleCalls.clear();
    while (ctx.campaignsToPace.size > 0) {
      const campaigns = [...ctx.campaignsToPace];
      ctx.campaignsToPace.clear();
      for (const campaign of campaigns) pace(ctx, campaign);
    }
    return { ...ctx.take(), wakeAt: ctx.waits.wakeAt };
  }

  #dispatch(input: Input): void {
    const ctx = this.#ctx;
    switch (input.type) {
      case 'switch':
        switchSaid(ctx, input.event);
        return;
      case 'switch-abilities':
        ctx.abilities = input.abilities;
        return;
      case 'woke':
        return;
      case 'restored':
        restore(ctx, input.state);
        return;
      case 'contacts-offered':
        this.#contactsOffered(input);
        return;
      case 'contacts-changed':
        ctx.campaigns.get(input.campaignId)?.pool.storeChanged();
        this.#touch(input.campaignId);
        return;
      case 'attempt-written':
      case 'attempt-refused':
        this.#attemptAnswered(input);
        return;
      case 'store-failed':
        ctx.isStoreWriting = false;
        ctx.raise('store-failed', input.detail);
        this.#touchAll();
        return;
      case 'store-recovered':
        ctx.isStoreWriting = true;
        ctx.clear('store-failed');
        for (const campaign of ctx.campaigns.values()) campaign.pool.storeChanged();
        this.#touchAll();
        return;
      case 'pin-checked':
        pinChecked(ctx, input.callId, input.isRight);
        return;
      case 'answer-analysed': {
        const attempt = ctx.attempts.get(input.callId);
        if (attempt !== undefined) analysed(ctx, attempt, input);
        return;
      }
      case 'early-media-analysed': {
        const attempt = ctx.attempts.get(input.callId);
        if (attempt !== undefined) earlyMediaAnalysed(ctx, attempt, input);
        return;
      }
      case 'analysis-degraded':
        if (input.detail === undefined) ctx.clear('analysis-degraded');
        else ctx.raise('analysis-degraded', input.detail);
        return;
      case 'snippet-kept':
        ctx.say({ type: 'snippet-kept', callId: input.callId, path: input.path });
        return;
      case 'greeting-ended': {
        const attempt = ctx.attempts.get(input.callId);
        if (attempt !== undefined) greetingEnded(ctx, attempt);
        return;
      }
      case 'campaign-set':
        this.#setCampaign(input.campaign);
        return;
      case 'campaign-ordered':
        this.#orderCampaign(input.campaignId, input.order);
        return;
      case 'agent-set':
        this.#setAgent(input.agent);
        return;
      case 'agent-ordered': {
        const agent = ctx.agents.get(input.agentId);
        if (agent !== undefined) orderAgent(ctx, agent, input.order);
        return;
      }
      case 'drain-ordered':
        this.#drain();
        return;
      default:
        assertNever(input);
    }
  }

  /** A stopped campaign keeps none of the contacts that were still on their way. */
  #contactsOffered({ campaignId, contacts, nextDueAtMs }: Extract<Input, { type: 'contacts-offered' }>): void {
    const campaign = this.#ctx.campaigns.get(campaignId);
    if (campaign === undefined || campaign.order === 'stopped') {
      const contactIds = contacts.map((contact) => contact.contactId);
      campaign?.pool.offer([], nextDueAtMs);
      if (contactIds.length > 0) this.#ctx.command({ type: 'return-contacts', campaignId, contactIds });
      return;
    }
    campaign.pool.offer(contacts, nextDueAtMs);
    this.#touch(campaignId);
  }

  #attemptAnswered(input: Extract<Input, { type: 'attempt-written' | 'attempt-refused' }>): void {
    const ctx = this.#ctx;
    const attempt = ctx.attempts.get(input.callId);
    if (attempt === undefined) {
      ctx.noteLate(input.callId, input.type);
      return;
    }
    if (input.type === 'attempt-written') {
      dial(ctx, attempt, mayStillDial(ctx, attempt.campaign));
      return;
    }
    attempt.isDoNotCall = input.reason === 'do-not-call';
    withdraw(ctx, attempt, 'store-refused');
  }

  /** Handles every wait that is due, soonest first; one may bring about the next. */
  #passLimits(): void {
    const ctx = this.#ctx;
    for (;;) {
      const wait = ctx.waits.takeDue(ctx.now.monotonicMs);
      if (wait === undefined) return;
      this.#limitPassed(wait);
    }
  }

  #limitPassed(wait: Wait): void {
    const ctx = this.#ctx;
    switch (wait.kind) {
      case 'pace':
        this.#touch(wait.campaignId);
        return;
      case 'wrap-up': {
        const agent = ctx.agents.get(wait.agentId);
        if (agent !== undefined) disposeByDefault(ctx, agent);
        return;
      }
      case 'log-in-limit': {
        const agent = ctx.agents.get(wait.agentId);
        if (agent?.state === 'logging-in') orderAgent(ctx, agent, { type: 'log-out' });
        return;
      }
      default: {
        const attempt = ctx.attempts.get(wait.callId);
        if (attempt !== undefined) callLimitPassed(ctx, attempt, wait.kind);
      }
    }
  }

  #setTrunk(config: TrunkConfig): void {
    this.#ctx.trunks.set(config.name, {
      config,
      beginRate: new RateLimit(config.callsPerSecondMax),
      originateRate: new RateLimit(config.callsPerSecondMax),
      isReachable: true,
      isTold: false,
      lineCount: 0,
    });
  }

  #setCampaign(config: CampaignConfig): void {
    const existing = this.#ctx.campaigns.get(config.campaignId);
    if (existing === undefined) {
      this.#ctx.campaigns.set(config.campaignId, newCampaign(config));
      return;
    }
    const isPacedAnew = JSON.stringify(existing.config.pacing) !== JSON.stringify(config.pacing);
    if (isPacedAnew) existing.pacing = createPacing(config.pacing);
    existing.beginRate.changeTo(config.callsPerSecondMax);
    existing.originateRate.changeTo(config.callsPerSecondMax);
    existing.config = config;
    existing.hours = undefined;
    this.#touch(config.campaignId);
  }

  /** A new seat, or a change to one; a change of phone takes effect at the next log-in. */
  #setAgent(config: AgentConfig): void {
    const ctx = this.#ctx;
    const existing = ctx.agents.get(config.agentId);
    if (existing === undefined) {
      const agent = newAgent(config, ctx.now);
      ctx.agents.set(config.agentId, agent);
      ctx.agentByPhone.set(config.phone, agent);
      return;
    }
    if (ctx.agentByPhone.get(existing.config.phone) === existing) ctx.agentByPhone.delete(existing.config.phone);
    ctx.agentByPhone.set(config.phone, existing);
    this.#touch(existing.config.campaignId);
    existing.config = config;
    this.#touch(config.campaignId);
  }

  #orderCampaign(id: CampaignId, order: 'start' | 'pause' | 'stop'): void {
    const ctx = this.#ctx;
    const campaign = ctx.campaigns.get(id);
    if (campaign === undefined) return;
    campaign.order = STATE_BY_ORDER[order];
    if (order === 'start') campaign.pool.storeChanged();
    if (order === 'stop') {
      const contactIds = campaign.pool.clear();
      if (contactIds.length > 0) ctx.command({ type: 'return-contacts', campaignId: id, contactIds });
    }
    ctx.campaignsToPace.add(campaign);
  }

  /** Nobody will be here to take what rings now: better no call than silence at its other end. */
  #drain(): void {
    this.#ctx.isDraining = true;
    for (const attempt of [...this.#ctx.attempts.values()]) {
      const isRinging = attempt.state === 'dialling' || attempt.state === 'ringing';
      if (isRinging) endCall(this.#ctx, attempt, 'cancelled');
    }
    this.#touchAll();
  }

  #touch(id: CampaignId): void {
    const campaign = this.#ctx.campaigns.get(id);
    if (campaign !== undefined) this.#ctx.campaignsToPace.add(campaign);
  }

  #touchAll(): void {
    for (const campaign of this.#ctx.campaigns.values()) this.#ctx.campaignsToPace.add(campaign);
  }
}

function newCampaign(config: CampaignConfig): Campaign {
  return {
    config,
    order: 'stopped',
    pacing: createPacing(config.pacing),
    beginRate: new RateLimit(config.callsPerSecondMax),
    originateRate: new RateLimit(config.callsPerSecondMax),
    pool: new ContactPool(POOL_SIZE),
    ledger: new AbandonmentLedger(),
    attempts: new Map(),
    hours: undefined,
    told: '',
    toldPacing: '',
  };
}

function newAgent(config: AgentConfig, now: Now): Agent {
  return {
    config,
    state: 'offline',
    stateSince: now.monotonicMs,
    availableSince: now.monotonicMs,
    line: undefined,
    attempt: undefined,
    keys: '',
    keysSince: now.monotonicMs,
    pauseReason: undefined,
    leavingBecause: undefined,
    failedJoinCount: 0,
  };
}

