import type { Command, PlainSwitchCommand } from '../dialer/command.js';
import type { CampaignConfig, DialerConfig } from '../dialer/config.js';
import type { DialerEvent } from '../dialer/event.js';
import type { Input, OpenAttempt } from '../dialer/input.js';
import type { SwitchEvent } from '../telephony/switch.js';
import type { BridgeId, CallId, CampaignId, ContactId, PlaybackId } from '../units/ids.js';
import type { MonotonicMs, Now } from '../units/time.js';
import { AgentWatch } from './agent-watch.js';
import type { AuditRule, AuditTolerances, Violation } from './audit-log.js';
import { AuditLog, callOf } from './audit-log.js';
import type { AttemptAudit } from './call-audit.js';
import { forgetHandling, hasRungTooShort, isOwned, linesOutFault, newAttemptAudit, noteVerdict, settledAttemptAudit } from './call-audit.js';
import type { ClosingTruth } from './closing-audit.js';
import { closingFaults } from './closing-audit.js';
import { BridgeWatch } from './bridge-watch.js';
import { CapWatch } from './cap-watch.js';
import { HoursOracle } from './hours-oracle.js';
import { TrialWatch } from './trial-watch.js';

/**
 * Watches what goes into and out of a dialer and holds it to what a call
 * centre must never do. It believes the switch about calls and the dialer
 * about its own states, and shares no rule with the dialer.
 */
export class Auditor {
  readonly #tolerances: AuditTolerances;
  readonly #log = new AuditLog();
  readonly #campaigns = new Map<CampaignId, CampaignConfig>();
  readonly #hours = new Map<CampaignId, HoursOracle>();
  readonly #attempts = new Map<CallId, AttemptAudit>();
  readonly #agents: AgentWatch;
  readonly #trials: TrialWatch;
  /** Attempts of which something was said while one Input was handled. */
  readonly #touched = new Set<AttemptAudit>();
  readonly #liveByContact = new Map<ContactId, CallId>();
  readonly #doNotCall = new Set<ContactId>();
  readonly #caps: CapWatch;
  readonly #bridges = new BridgeWatch();
  #isSwitchUp = false;
  #now: MonotonicMs = 0 as MonotonicMs;
  #writtenCount = 0;
  #endedCount = 0;
  #settledCount = 0;

  constructor(config: DialerConfig, tolerances: AuditTolerances) {
    this.#caps = new CapWatch(config.trunks);
    this.#tolerances = tolerances;
    for (const campaign of config.campaigns) this.#setCampaign(campaign);
    this.#trials = new TrialWatch(config.campaigns, (rule, what, callId) => this.#violate(rule, what, callId));
    this.#agents = new AgentWatch(
      config.agents,
      {
        isOnLine: (callId) => this.#attempts.get(callId)?.isOnLine === true,
        hasEnded: (callId) => this.#attempts.get(callId)?.endCount !== 0,
        wrapUpMsMax: (campaignId) => this.#campaigns.get(campaignId)?.wrapUpMaxMs ?? 0,
      },
      tolerances.stuckMs,
    );
  }

  get violations(): readonly Violation[] {
    return this.#log.violations;
  }

  /** How often each rule was broken, those without a story included. */
  get countByRule(): ReadonlyMap<AuditRule, number> {
    return this.#log.countByRule;
  }

  /** What the dialer is about to be told. */
  input(input: Input, now: Now): void {
    this.#now = now.monotonicMs;
    this.#log.note(callOf(input), this.#now, 'in', input);
    this.#trials.input(input);
    switch (input.type) {
      case 'switch':
        this.#switchSaid(input.event);
        return;
      case 'attempt-written':
        this.#own(input.callId, (attempt) => (attempt.isWritten = true));
        return;
      case 'campaign-set':
        this.#setCampaign(input.campaign);
        return;
      case 'answer-analysed':
        this.#own(input.callId, (attempt) => noteVerdict(attempt, input.stage, input.verdict));
        return;
      default:
    }
  }

  /** What the dialer has made of it: events first, for they tell where the commands come from. */
  output(commands: readonly Command[], events: readonly DialerEvent[], now: Now): void {
    this.#now = now.monotonicMs;
    for (const event of events) this.#event(event);
    this.#trials.settle();
    for (const command of commands) this.#command(command, now);
    for (const attempt of this.#touched) this.#watchOwner(attempt);
    this.#touched.clear();
  }

  /**
   * The service is dead: what it held in memory is no more, and the gap is
   * nobody's fault. What the store did not get to write was never said.
   */
  serviceDied(openAttempts: readonly OpenAttempt[], now: Now): void {
    this.#isSwitchUp = false;
    this.#agents.forgetAll(now.monotonicMs);
    const inStore = new Map(openAttempts.map((open) => [open.callId, open]));
    for (const attempt of this.#attempts.values()) {
      attempt.isAnalysed = false;
      forgetHandling(attempt);
      if (!inStore.has(attempt.callId) && attempt.endCount === 0 && !attempt.isDialled) this.#drop(attempt);
    }
    for (const open of openAttempts) this.#takeBack(open);
  }

  /** Back to where the store has it. */
  #takeBack(open: OpenAttempt): void {
    const { callId, campaignId, contact, isInWrapUp } = open;
    const trunk = this.#campaigns.get(campaignId)?.trunk;
    if (trunk === undefined) return;
    const attempt = this.#attempts.get(callId) ?? settledAttemptAudit(callId, campaignId, contact.contactId, trunk);
    this.#attempts.set(callId, attempt);
    this.#liveByContact.set(contact.contactId, callId);
    attempt.isWritten = true;
    this.#settledCount -= attempt.settleCount;
    attempt.settleCount = 0;
    if (isInWrapUp) return;
    this.#endedCount -= attempt.endCount;
    attempt.endCount = 0;
  }

  /** The world's truth: this contact's telephone is called while it is in a call of ours. */
  doubled(contactId: ContactId, callId: CallId, rivalCallId: CallId): void {
    this.#violate('one-live-attempt-a-contact', `${contactId} is in ${rivalCallId} and is called by ${callId}.`, rivalCallId);
  }

  /** To be called now and then: what has lasted too long. */
  sweep(now: Now): void {
    this.#now = now.monotonicMs;
    if (!this.#isSwitchUp) return;
    for (const attempt of this.#attempts.values()) this.#sweepAttempt(attempt);
    this.#agents.sweep(this.#now, (agent, what) => {
      this.#violate('agent-not-stuck', what, agent.lineCallId);
    });
  }

  /** All is over: nothing may be left open. */
  finish(now: Now, truth: ClosingTruth): void {
    this.#now = now.monotonicMs;
    const counts = { begun: this.#writtenCount, ended: this.#endedCount, settled: this.#settledCount };
    for (const { rule, what, callId } of closingFaults(this.#attempts.values(), counts, truth)) this.#violate(rule, what, callId);
  }

  #setCampaign(campaign: CampaignConfig): void {
    this.#campaigns.set(campaign.campaignId, campaign);
    this.#hours.set(campaign.campaignId, new HoursOracle(campaign.callingHours));
  }

  #switchSaid(event: SwitchEvent): void {
    switch (event.type) {
      case 'call-offered':
        this.#agents.liveLines.add(event.callId);
        return;
      case 'call-ringing':
        this.#own(event.callId, (attempt) => (attempt.rangAtMs ??= this.#now));
        return;
      case 'call-answered':
        this.#own(event.callId, (attempt) => (attempt.isAnswered = true));
        return;
      case 'call-ended':
        this.#callEnded(event.callId);
        return;
      case 'command-failed':
        if (event.command.type === 'originate' && event.failure !== 'switch-lost') this.#callEnded(event.command.callId);
        if (event.command.type === 'play') this.#played(event.command.callId, event.command.playbackId);
        return;
      case 'call-bridged':
        this.#bridged(event.bridgeId, event.callId);
        return;
      case 'call-unbridged':
        this.#bridges.leave(event.bridgeId, event.callId);
        this.#own(event.callId, (attempt) => (attempt.isInBridge = false));
        return;
      case 'playback-finished':
        this.#played(event.callId, event.playbackId);
        return;
      case 'switch-lost':
        this.#isSwitchUp = false;
        return;
      case 'switch-snapshot':
        this.#snapshot(event);
        return;
      default:
    }
  }

  #played(callId: CallId, playbackId: PlaybackId): void {
    this.#own(callId, (attempt) => attempt.playing.delete(playbackId));
  }

  #snapshot({ snapshot }: Extract<SwitchEvent, { readonly type: 'switch-snapshot' }>): void {
    this.#isSwitchUp = true;
    const live = new Map(snapshot.calls.map((call) => [call.callId, call]));
    this.#bridges.clear();
    this.#agents.liveLines.clear();
    for (const call of snapshot.calls) if (call.phone !== undefined) this.#agents.liveLines.add(call.callId);
    for (const attempt of this.#attempts.values()) {
      const call = live.get(attempt.callId);
      forgetHandling(attempt);
      this.#touched.add(attempt);
      if (call === undefined) this.#callEnded(attempt.callId);
      else attempt.isAnswered = call.state === 'answered';
    }
    for (const bridge of snapshot.bridges) {
      for (const callId of bridge.callIds) this.#bridged(bridge.bridgeId, callId);
    }
    this.#agents.beginAnew(this.#now);
  }

  #callEnded(callId: CallId): void {
    this.#agents.liveLines.delete(callId);
    this.#bridges.ended(callId);
    const attempt = this.#attempts.get(callId);
    if (attempt === undefined) return;
    if (attempt.isOnLine) {
      attempt.isOnLine = false;
      this.#caps.ended(attempt.trunk, attempt.campaignId);
    }
    attempt.isAnswered = false;
    attempt.isAnalysed = false;
    forgetHandling(attempt);
    this.#forgetIfDone(attempt);
  }

  #bridged(bridgeId: BridgeId, callId: CallId): void {
    this.#own(callId, (attempt) => (attempt.isInBridge = true));
    const contacts = this.#bridges.enter(bridgeId, callId).filter((member) => this.#attempts.get(member)?.isOnLine === true);
    if (contacts.length > 1) this.#violate('agent-on-one-call', `${bridgeId} holds ${contacts.join(' and ')}.`, callId);
  }

  #command(command: Command, now: Now): void {
    this.#log.note(callOf(command), this.#now, 'command', command);
    switch (command.type) {
      case 'write-attempt':
        this.#writeAttempt(command);
        return;
      case 'originate':
        this.#originate(command, now);
        return;
      case 'add-do-not-call':
        this.#doNotCall.add(command.contactId);
        return;
      case 'analyse-answer':
        this.#own(command.callId, (attempt) => (attempt.isAnalysed = attempt.isListenedTo = true));
        return;
      case 'stop-analysis':
        this.#own(command.callId, (attempt) => (attempt.isAnalysed = attempt.isListenedTo = false));
        return;
      case 'switch':
        this.#order(command.command);
        return;
      default:
    }
  }

  #order(order: PlainSwitchCommand): void {
    if (order.type === 'play') this.#own(order.callId, (attempt) => attempt.playing.add(order.playbackId));
    if (order.type === 'hang-up') this.#own(order.callId, (attempt) => (attempt.isHangUpOrdered = true));
  }

  #writeAttempt(command: Extract<Command, { readonly type: 'write-attempt' }>): void {
    const { callId, contactId, campaignId, trunk } = command;
    const live = this.#liveByContact.get(contactId);
    if (live !== undefined) this.doubled(contactId, callId, live);
    if (this.#attempts.has(callId)) this.#violate('dialled-once', `${callId} is begun a second time.`, callId);
    this.#writtenCount++;
    this.#liveByContact.set(contactId, callId);
    this.#attempts.set(callId, newAttemptAudit(callId, campaignId, contactId, trunk));
    this.#auditProgressive(campaignId, callId);
  }

  #auditProgressive(campaignId: CampaignId, callId: CallId): void {
    if (this.#campaigns.get(campaignId)?.pacing.mode !== 'progressive') return;
    const what = linesOutFault(this.#attempts.values(), campaignId, this.#agents.availableCount(campaignId));
    if (what !== undefined) this.#violate('progressive-lines', what, callId);
  }

  #originate(command: Extract<Command, { readonly type: 'originate' }>, now: Now): void {
    const { callId, campaignId, contactId } = command;
    const attempt = this.#attempts.get(callId);
    const campaign = this.#campaigns.get(campaignId);
    if (attempt?.isWritten !== true) this.#violate('written-before-dialled', `${callId} was never written.`, callId);
    if (attempt?.isDialled === true) this.#violate('dialled-once', `${callId} is dialled a second time.`, callId);
    if (this.#doNotCall.has(contactId)) this.#violate('do-not-call-kept', `${contactId} asked for no calls.`, callId);
    if (this.#hours.get(campaignId)?.isOpenAt(now.epochMs) !== true) {
      this.#violate('calling-hours-kept', `${callId} is dialled at ${new Date(now.epochMs).toISOString()}.`, callId);
    }
    if (this.#agents.loggedInCount(campaignId) === 0) this.#violate('agent-logged-in', 'No agent is logged in.', callId);
    if (attempt === undefined || campaign === undefined || attempt.isDialled) return;
    attempt.isDialled = true;
    attempt.isOnLine = true;
    this.#caps.dialled(attempt.trunk, campaign, this.#now, (rule, what) => {
      this.#violate(rule, what, callId);
    });
  }

  #event(event: DialerEvent): void {
    this.#log.note(callOf(event), this.#now, 'event', event);
    this.#trials.event(event);
    switch (event.type) {
      case 'call-changed':
        this.#own(event.callId, (attempt) => (attempt.state = event.state));
        return;
      case 'attempt-ended':
        this.#attemptEnded(event);
        return;
      case 'contact-settled':
        this.#settled(event);
        return;
      case 'agent-changed':
        this.#agents.changed(event, this.#now);
        return;
      case 'call-connected':
        this.#agents.connected(event, (what) => {
          this.#violate('agent-on-one-call', what, event.callId);
        });
        return;
      case 'alarm-raised':
        if (event.alarm === 'impossible-event') {
          this.#violate('nothing-impossible', `${event.alarm}: ${event.detail}`, /od-[0-9a-f]+/.exec(event.detail)?.[0]);
        }
        return;
      default:
    }
  }

  #attemptEnded(event: Extract<DialerEvent, { readonly type: 'attempt-ended' }>): void {
    const attempt = this.#attempts.get(event.callId);
    this.#endedCount++;
    if (attempt === undefined || ++attempt.endCount > 1) {
      this.#violate('attempt-ends-once', `${event.callId} ends a second time or never began.`, event.callId);
    }
    if (event.cause === 'no-answer' && attempt !== undefined && hasRungTooShort(attempt, this.#now)) {
      this.#violate('ring-time-lawful', `${event.callId} did not ring for 15 s.`, event.callId);
    }
    if (event.cause === 'impossible-event') {
      this.#violate('nothing-impossible', `${event.callId} ended by something impossible.`, event.callId);
    }
  }

  #settled(event: Extract<DialerEvent, { readonly type: 'contact-settled' }>): void {
    const attempt = this.#attempts.get(event.callId);
    this.#settledCount++;
    if (attempt === undefined || attempt.endCount === 0 || ++attempt.settleCount > 1) {
      this.#violate('contact-settled-once', `${event.callId} is settled twice, or before its end.`, event.callId);
      return;
    }
    if (this.#liveByContact.get(event.contactId) === event.callId) this.#liveByContact.delete(event.contactId);
    this.#forgetIfDone(attempt);
  }

  #sweepAttempt(attempt: AttemptAudit): void {
    if (attempt.unownedSinceMs === undefined) return;
    const limitMs = (this.#campaigns.get(attempt.campaignId)?.agentWaitMaxMs ?? 0) + this.#tolerances.unownedMs;
    const unownedMs = this.#now - attempt.unownedSinceMs;
    if (unownedMs <= limitMs) return;
    this.#violate('answered-call-owned', `${attempt.callId} was nobody's for ${unownedMs.toFixed(0)} ms.`, attempt.callId);
    attempt.unownedSinceMs = undefined;
  }

  #watchOwner(attempt: AttemptAudit): void {
    if (isOwned(attempt) || !this.#isSwitchUp) attempt.unownedSinceMs = undefined;
    else attempt.unownedSinceMs ??= this.#now;
  }

  #own(callId: CallId, change: (attempt: AttemptAudit) => unknown): void {
    const attempt = this.#attempts.get(callId);
    if (attempt === undefined) return;
    change(attempt);
    this.#touched.add(attempt);
  }

  #forgetIfDone(attempt: AttemptAudit): void {
    if (attempt.settleCount === 0 || attempt.isOnLine) return;
    this.#attempts.delete(attempt.callId);
    this.#log.forget(attempt.callId);
  }

  #drop(attempt: AttemptAudit): void {
    this.#writtenCount--;
    if (this.#liveByContact.get(attempt.contactId) === attempt.callId) this.#liveByContact.delete(attempt.contactId);
    this.#attempts.delete(attempt.callId);
  }

  #violate(rule: AuditRule, what: string, subject: string | undefined): void {
    this.#log.violate(this.#now, rule, what, subject);
  }
}
