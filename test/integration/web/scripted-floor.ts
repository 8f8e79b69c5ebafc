import type { EndCauseName } from '../../../src/call/end-cause.js';
import type { DialerEvent } from '../../../src/dialer/event.js';
import { callId, campaignId, phoneName, trunkName } from '../../../src/units/ids.js';
import { Random } from '../../../src/units/random.js';
import { EventScript } from '../../unit/api/event-script.js';

export interface FloorPlan {
  readonly seed: number;
  readonly startMs: number;
  readonly campaigns: readonly string[];
  /** Agents by campaign, in turn. */
  readonly agents: readonly string[];
  /** Lines dialled for each free agent. */
  readonly linesPerAgentRatio: number;
}

interface Due {
  readonly atMs: number;
  readonly run: () => void;
}

/**
 * The events of a busy floor, drawn from a seed: calls that ring, are busy, are
 * answered by people and machines, agents who talk, wrap up and take breaks.
 * Not a dialer: it only has to look like one from where the wallboard stands.
 */
export class ScriptedFloor {
  readonly #random: Random;
  readonly #plan: FloorPlan;
  readonly #scripts: ReadonlyMap<string, EventScript>;
  readonly #campaignOf = new Map<string, string>();
  readonly #free = new Set<string>();
  readonly #waiting: { readonly call: string; readonly campaign: string; readonly answeredAtMs: number }[] = [];
  #due: Due[] = [];
  #nowMs: number;
  #callCount = 0;
  #linesUp = 0;

  constructor(plan: FloorPlan, emit: (event: DialerEvent) => void) {
    this.#plan = plan;
    this.#random = new Random(plan.seed);
    this.#nowMs = plan.startMs;
    this.#scripts = new Map(plan.campaigns.map((name) => [name, new EventScript(plan.startMs, name, emit)]));
    const first = plan.campaigns[0] ?? '';
    this.#script(first).event({ type: 'switch-changed', isConnected: true, adoptedCount: 0, lostCount: 0 });
    for (const name of ['carrier-east', 'carrier-west']) {
      this.#script(first).event({ type: 'trunk-changed', trunk: trunkName(name), isReachable: true });
    }
    for (const name of plan.campaigns) {
      this.#script(name).event({ type: 'campaign-changed', campaignId: campaignId(name), state: 'running', hint: '' });
    }
    for (const [index, agent] of plan.agents.entries()) {
      const campaign = plan.campaigns[index % plan.campaigns.length] ?? first;
      this.#campaignOf.set(agent, campaign);
      this.#script(first).event({ type: 'phone-changed', phone: phoneName(`10${agent.replace(/\D/g, '').padStart(2, '0')}`), isRegistered: true });
      this.#in(this.#random.between(0, 60_000), () => { this.#logIn(agent); });
    }
    for (const name of plan.campaigns) this.#in(1_000, () => { this.#pace(name); });
  }

  /** Plays everything up to this instant. */
  playTo(untilMs: number): void {
    for (;;) {
      this.#due.sort((a, b) => a.atMs - b.atMs);
      const next = this.#due[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.#due.shift();
      this.#nowMs = next.atMs;
      next.run();
    }
    this.#nowMs = untilMs;
  }

  /** The script of a campaign, set to now, for events of one's own. */
  script(campaign: string): EventScript {
    return this.#script(campaign);
  }

  #script(campaign: string): EventScript {
    const script = this.#scripts.get(campaign);
    if (script === undefined) throw new TypeError(`The plan has no campaign ${campaign}.`);
    script.nowMs = this.#nowMs;
    return script;
  }

  #in(spanMs: number, run: () => void): void {
    this.#due.push({ atMs: this.#nowMs + spanMs, run });
  }

  #agent(agent: string, ...change: Parameters<EventScript['agent']> extends [string, ...infer Rest] ? Rest : never): void {
    this.#script(this.#campaignOf.get(agent) ?? '').agent(agent, ...change);
  }

  #logIn(agent: string): void {
    if (this.#random.chance(0.06)) return;
    this.#agent(agent, 'logging-in');
    this.#in(4_000, () => { this.#free_(agent); });
  }

  #free_(agent: string): void {
    if (this.#random.chance(0.035)) {
      this.#agent(agent, 'paused', { reason: this.#random.pick(['lunch', 'break', 'training', 'coaching']) });
      this.#in(this.#random.logNormal(420_000, 0.8), () => { this.#free_(agent); });
      return;
    }
    this.#agent(agent, 'available');
    this.#free.add(agent);
    const index = this.#waiting.findIndex((waiting) => waiting.campaign === this.#campaignOf.get(agent));
    const [waiting] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (waiting !== undefined) this.#connect(waiting.call, waiting.campaign, agent, waiting.answeredAtMs);
  }

  #pace(campaign: string): void {
    this.#in(1_000, () => { this.#pace(campaign); });
    const free = [...this.#free].filter((agent) => this.#campaignOf.get(agent) === campaign).length;
    const place = Math.max(0, Math.round(free * this.#plan.linesPerAgentRatio) - this.#linesUp / this.#plan.campaigns.length);
    this.#script(campaign).event({
      type: 'pacing-decided',
      campaignId: campaignId(campaign),
      placeCount: Math.round(place),
      availableAgentCount: free,
      callsInFlightCount: this.#linesUp,
      reason: free === 0 ? 'no agent free: nothing to dial' : `${this.#plan.linesPerAgentRatio.toFixed(1)} lines for each of ${String(free)} free agents`,
    });
    for (let line = 0; line < place; line += 1) this.#dial(campaign);
  }

  #dial(campaign: string): void {
    this.#callCount += 1;
    this.#linesUp += 1;
    const call = `c${String(this.#callCount)}`;
    this.#script(campaign).dial(call);
    const draw = this.#random.unit();
    if (draw < 0.03) this.#fail(campaign, call, 800, 'congestion', 34);
    else if (draw < 0.06) this.#fail(campaign, call, 1_200, 'unallocated-number', 1);
    else {
      this.#in(1_500, () => { this.#script(campaign).move(call, 'ringing'); });
      if (draw < 0.14) this.#fail(campaign, call, 2_500, 'busy', 17);
      else if (draw < 0.5) this.#fail(campaign, call, 25_000, 'no-answer', 19);
      else if (draw < 0.52) this.#fail(campaign, call, 9_000, 'rejected', 21);
      else this.#in(this.#random.between(4_000, 20_000), () => { this.#answer(campaign, call); });
    }
  }

  #fail(campaign: string, call: string, spanMs: number, cause: EndCauseName, q850: number): void {
    this.#in(spanMs, () => {
      this.#linesUp -= 1;
      this.#script(campaign).end(call, cause, q850);
    });
  }

  #answer(campaign: string, call: string): void {
    const answeredAtMs = this.#nowMs;
    this.#script(campaign).answer(call);
    this.#in(this.#random.between(600, 2_600), () => {
      const script = this.#script(campaign);
      const draw = this.#random.unit();
      script.analyse(call, draw < 0.6 ? 'person' : draw < 0.95 ? 'machine' : draw < 0.98 ? 'silence' : 'fax');
      if (draw >= 0.6 && draw < 0.7) {
        script.move(call, 'playing-message');
        this.#fail(campaign, call, 14_000, 'message-left', 16);
      } else if (draw >= 0.6) {
        this.#linesUp -= 1;
        script.end(call, draw < 0.95 ? 'machine-hung-up' : draw < 0.98 ? 'false-answer' : 'fax');
      } else {
        this.#connectOrWait(call, campaign, answeredAtMs);
      }
    });
  }

  #connectOrWait(call: string, campaign: string, answeredAtMs: number): void {
    const agent = [...this.#free].find((candidate) => this.#campaignOf.get(candidate) === campaign);
    if (agent !== undefined) {
      this.#connect(call, campaign, agent, answeredAtMs);
      return;
    }
    this.#script(campaign).move(call, 'waiting');
    this.#waiting.push({ call, campaign, answeredAtMs });
    this.#in(2_000, () => {
      const index = this.#waiting.findIndex((waiting) => waiting.call === call);
      if (index < 0) return;
      this.#waiting.splice(index, 1);
      const script = this.#script(campaign);
      script.event({ type: 'call-abandoned', callId: callId(call), waitedMs: 2_000 });
      script.move(call, 'playing-safe-harbour');
      this.#fail(campaign, call, 8_000, 'abandoned', 16);
    });
  }

  #connect(call: string, campaign: string, agent: string, answeredAtMs: number): void {
    this.#linesUp -= 1;
    this.#free.delete(agent);
    this.#script(campaign).connect(call, agent, this.#nowMs - answeredAtMs + 40);
    this.#in(this.#random.logNormal(95_000, 0.9), () => {
      this.#script(campaign).end(call, 'contact-hung-up');
      this.#agent(agent, 'wrap-up', { call });
      this.#in(this.#random.between(5_000, 30_000), () => { this.#free_(agent); });
    });
  }
}
