import { isPersonVerdict, type AnswerVerdict } from '../call/answer-verdict.js';
import type { CampaignConfig } from '../dialer/config.js';
import type { DialerEvent } from '../dialer/event.js';
import type { Input } from '../dialer/input.js';
import type { AgentId, CallId } from '../units/ids.js';
import type { Ms } from '../units/time.js';
import type { AuditRule } from './audit-log.js';

type TellFault = (rule: AuditRule, what: string, callId: CallId) => void;

/** Where an agent stands, by the dialer's word. */
interface SeatedAgent {
  readonly state: string;
  readonly callId: CallId | undefined;
  readonly lineCallId: CallId | undefined;
}

/** Sums of fractional milliseconds differ in their last bits. */
const ROUNDING_MS = 1e-6;

/**
 * Watches calls that agents have on trial: what is taken back is taken back by
 * a verdict, in time, from an agent who has not acted, and frees him at once.
 */
export class TrialWatch {
  readonly #tell: TellFault;
  /** Of the campaign that takes calls back the longest. */
  readonly #takeBackLimitMs: Ms;
  readonly #agents = new Map<AgentId, SeatedAgent>();
  readonly #verdicts = new Map<CallId, AnswerVerdict>();
  /** Calls on which their agent has acted. */
  readonly #acted = new Set<CallId>();
  /** Calls that the network said it would not put through. */
  readonly #intercepted = new Set<CallId>();
  /** Agents who lost a call with this Input, and which. */
  readonly #freed = new Map<AgentId, CallId>();

  constructor(campaigns: readonly CampaignConfig[], tell: TellFault) {
    this.#takeBackLimitMs = Math.max(0, ...campaigns.map((campaign) => campaign.takeBackLimitMs));
    this.#tell = tell;
  }

  input(input: Input): void {
    switch (input.type) {
      case 'answer-analysed':
        if (input.stage !== 'probable') this.#verdicts.set(input.callId, input.verdict);
        return;
      case 'early-media-analysed':
        if (input.heard === 'intercept') this.#intercepted.add(input.callId);
        return;
      case 'agent-ordered':
        this.#act(this.#agents.get(input.agentId));
        return;
      case 'switch':
        if (input.event.type !== 'digit-received') return;
        for (const agent of this.#agents.values()) if (agent.lineCallId === input.event.callId) this.#act(agent);
        return;
      default:
    }
  }

  event(event: DialerEvent): void {
    switch (event.type) {
      case 'agent-changed':
        this.#agents.set(event.agentId, event);
        return;
      case 'call-taken-back':
        this.#takenBack(event);
        return;
      case 'call-connected':
        if (this.#intercepted.has(event.callId)) {
          this.#tell('intercepted-never-connected', `${event.callId} was intercepted and is with ${event.agentId}.`, event.callId);
        }
        return;
      case 'contact-settled':
        for (const calls of [this.#verdicts, this.#acted, this.#intercepted]) calls.delete(event.callId);
        return;
      default:
    }
  }

  /** All that one Input has brought about is told. */
  settle(): void {
    for (const [agentId, callId] of this.#freed) {
      const agent = this.#agents.get(agentId);
      const isFree = agent?.callId !== callId && agent?.state !== 'on-call' && agent?.state !== 'wrap-up';
      if (!isFree) this.#tell('taken-back-frees-agent', `${agentId} lost ${callId} and is ${agent?.state ?? 'unknown'}.`, callId);
    }
    this.#freed.clear();
  }

  #act(agent: SeatedAgent | undefined): void {
    const hasCall = agent?.state === 'reserved' || agent?.state === 'on-call';
    if (hasCall && agent.callId !== undefined) this.#acted.add(agent.callId);
  }

  #takenBack({ callId, agentId, heldMs }: Extract<DialerEvent, { type: 'call-taken-back' }>): void {
    this.#freed.set(agentId, callId);
    if (this.#acted.has(callId)) this.#tell('taken-back-before-acting', `${agentId} had acted on ${callId}.`, callId);
    if (heldMs > this.#takeBackLimitMs + ROUNDING_MS) this.#tell('taken-back-in-time', `${agentId} had ${callId} for ${heldMs.toFixed(0)} ms.`, callId);
    const verdict = this.#verdicts.get(callId);
    if (verdict === undefined || isPersonVerdict(verdict)) {
      this.#tell('taken-back-by-verdict', `${callId} is taken back by ${verdict ?? 'no verdict'}.`, callId);
    }
  }
}
