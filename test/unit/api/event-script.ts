import type { CallState } from '../../../src/call/call-state.js';
import type { EndCauseName } from '../../../src/call/end-cause.js';
import type { AgentState } from '../../../src/agent/agent-state.js';
import type { DialerEvent, DialerEventBody } from '../../../src/dialer/event.js';
import type { AnswerVerdict, VerdictStage } from '../../../src/call/answer-verdict.js';
import { agentId, callId, campaignId, contactId, phoneName, trunkName } from '../../../src/units/ids.js';
import { epochMs } from '../../../src/units/time.js';

/** Writes the events of a call centre's day in the order and form in which a dialer gives them. */
export class EventScript {
  nowMs: number;
  readonly #emit: (event: DialerEvent) => void;
  readonly #states = new Map<string, CallState>();
  readonly #agentStates = new Map<string, AgentState>();
  readonly campaign: string;

  constructor(startMs: number, campaign: string, emit: (event: DialerEvent) => void) {
    this.nowMs = startMs;
    this.campaign = campaign;
    this.#emit = emit;
  }

  event(body: DialerEventBody): void {
    this.#emit({ atMs: epochMs(this.nowMs), ...body });
  }

  move(call: string, state: CallState): void {
    const from = this.#states.get(call) ?? 'writing';
    this.#states.set(call, state);
    this.event({
      type: 'call-changed',
      callId: callId(call),
      campaignId: campaignId(this.campaign),
      contactId: contactId(`contact-of-${call}`),
      state,
      from,
    });
  }

  dial(call: string): void {
    this.move(call, 'dialling');
    this.event({ type: 'call-originated', callId: callId(call), trunk: trunkName('carrier') });
  }

  answer(call: string): void {
    this.move(call, 'analysing');
    this.event({ type: 'call-answered', callId: callId(call) });
  }

  analyse(call: string, verdict: AnswerVerdict, stage: VerdictStage = 'decided'): void {
    this.event({
      type: 'call-analysed',
      callId: callId(call),
      stage,
      machineProbabilityRatio: 0.07,
      detail: undefined,
      modelName: 'lengths',
      features: {},
      verdict,
      probabilityRatio: 0.93,
      reason: 'a short greeting, then silence',
      decidedAfterMs: 1400,
    });
  }

  connect(call: string, agent: string, sinceAnswerMs: number): void {
    this.agent(agent, 'reserved', { call });
    this.move(call, 'talking');
    this.event({
      type: 'call-connected',
      callId: callId(call),
      agentId: agentId(agent),
      sinceAnswerMs,
      sinceVerdictMs: 40,
    });
    this.agent(agent, 'on-call', { call });
  }

  end(call: string, cause: EndCauseName, q850 = 16): void {
    this.event({
      type: 'attempt-ended',
      callId: callId(call),
      campaignId: campaignId(this.campaign),
      contactId: contactId(`contact-of-${call}`),
      cause,
      q850,
      sipCode: undefined,
      verdict: undefined,
      agentId: undefined,
      talkMs: 0,
    });
    this.move(call, 'ended');
  }

  agent(agent: string, state: AgentState, more: { readonly call?: string; readonly reason?: string } = {}): void {
    const from = this.#agentStates.get(agent) ?? 'offline';
    this.#agentStates.set(agent, state);
    this.event({
      type: 'agent-changed',
      agentId: agentId(agent),
      campaignId: campaignId(this.campaign),
      phone: phoneName(`10${agent.replace(/\D/g, '').padStart(2, '0')}`),
      state,
      from,
      reason: more.reason,
      callId: more.call === undefined ? undefined : callId(more.call),
      lineCallId: state === 'offline' ? undefined : callId(`line-of-${agent}`),
    });
  }
}
