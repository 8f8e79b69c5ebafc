import type { CallId, ContactId, SoundName } from '../units/ids.js';
import type { Random } from '../units/random.js';
import type { MonotonicMs, Ms } from '../units/time.js';
import { assertNever } from '../units/assert-never.js';
import type { Hearing, Party, PartyLine } from './party.js';
import type { Appointment, VirtualClock } from './virtual-clock.js';
import type { WorldConfig } from './world-config.js';

/** What a dialled number really is; the analysis only guesses at it. */
export type ContactKind =
  | 'person'
  | 'machine'
  | 'no-answer'
  | 'busy'
  | 'unallocated'
  | 'congestion'
  | 'sit'
  | 'fax'
  | 'silence'
  | 'screening'
  | 'menu'
  | 'rings-on'
  | 'early-intercept'
  | 'early-announcement'
  | 'dead';

/** What one call to a contact will be like, drawn before it rings. */
export interface CallPlan {
  readonly kind: ContactKind;
  readonly setupMs: Ms;
  readonly ringMs: Ms;
  readonly greetingMs: Ms;
  readonly patienceMs: Ms;
  readonly talkMs: Ms;
  readonly isContactFirst: boolean;
  readonly keysNine: boolean;
  readonly hangsUpOnMessage: boolean;
  readonly hangsUpEarly: boolean;
  readonly recordsForMs: Ms;
  /** Its ringing is sent as audio. */
  readonly hasRingback: boolean;
}

/** Draws what this call will be like. */
export function planCall(world: WorldConfig, random: Random): CallPlan {
  const { people, machines, carrier } = world;
  const kind = random.chance(carrier.deadRatio) ? 'dead' : drawKind(world, random);
  const isMachine = kind === 'machine';
  return {
    kind,
    setupMs: random.logNormal(carrier.setupMs, 0.4),
    ringMs: random.logNormal(isMachine ? machines.ringMs : people.ringMs, 0.5),
    greetingMs: random.logNormal(isMachine ? machines.greetingMs : people.greetingMs, 0.4),
    patienceMs: random.logNormal(people.patienceMs, 0.6),
    talkMs: random.logNormal(people.talkMs, 1),
    isContactFirst: random.chance(people.contactHangsUpFirstRatio),
    keysNine: random.chance(people.keysNineRatio),
    hangsUpOnMessage: random.chance(people.hangsUpOnMessageRatio),
    hangsUpEarly: random.chance(people.hangsUpEarlyRatio),
    recordsForMs: machines.recordsForMs,
    hasRingback: random.chance(carrier.ringbackRatio),
  };
}

function drawKind(world: WorldConfig, random: Random): ContactKind {
  const { answers } = world;
  const shares: readonly (readonly [ContactKind, number])[] = [
    ['person', answers.person],
    ['machine', answers.machine],
    ['no-answer', answers.noAnswer],
    ['busy', answers.busy],
    ['unallocated', answers.unallocated],
    ['congestion', answers.congestion],
    ['sit', answers.sit],
    ['fax', answers.fax],
    ['silence', answers.silence],
    ['screening', answers.screening],
    ['menu', answers.menu],
    ['rings-on', answers.ringsOn],
    ['early-intercept', answers.earlyIntercept],
    ['early-announcement', answers.earlyAnnouncement],
  ];
  let rest = random.between(0, shares.reduce((sum, [, share]) => sum + share, 0));
  for (const [kind, share] of shares) {
    rest -= share;
    if (rest < 0) return kind;
  }
  return 'no-answer';
}

/** A carrier's announcement and a fax give up after so long. */
const ANNOUNCEMENT_MS: Ms = 15_000;
/** A person lets our message run so long before keying or leaving. */
const MESSAGE_HEARD_MS: Ms = 3_000;
/** A person stays so long in the silence after a conversation. */
const AFTER_TALK_MS: Ms = 4_000;

/** One call to a contact: whoever picks up behaves as the plan says. */
export class ContactParty implements Party {
  readonly callId: CallId;
  readonly contactId: ContactId;
  readonly plan: CallPlan;
  answeredAtMs: MonotonicMs | undefined;
  isOver = false;
  /** What the contact has heard of our messages. */
  readonly soundsHeard: SoundName[] = [];
  readonly #clock: VirtualClock;
  readonly #safeHarbour: ReadonlySet<SoundName>;
  readonly #pending: Appointment[] = [];
  #leaving: Appointment | undefined;
  #hasTalked = false;
  #line: PartyLine | undefined;

  constructor(
    callId: CallId,
    contactId: ContactId,
    plan: CallPlan,
    clock: VirtualClock,
    safeHarbour: ReadonlySet<SoundName>,
  ) {
    this.callId = callId;
    this.contactId = contactId;
    this.plan = plan;
    this.#clock = clock;
    this.#safeHarbour = safeHarbour;
  }

  reached(line: PartyLine): void {
    this.#line = line;
    const { plan } = this;
    switch (plan.kind) {
      case 'dead':
        return;
      case 'no-answer':
        this.#ringAfterSetup(line);
        return;
      case 'busy':
        this.#refuse(17, 486, 'Busy here');
        return;
      case 'unallocated':
        this.#refuse(1, 404, 'Not found');
        return;
      case 'congestion':
        this.#refuse(34, 503, 'Service unavailable');
        return;
      case 'person':
      case 'machine':
      case 'silence':
      case 'screening':
      case 'menu':
      case 'rings-on':
        this.#ringAfterSetup(line);
        this.#soon(plan.setupMs + plan.ringMs, () => {
          this.#pickUp(line);
        });
        return;
      case 'sit':
      case 'fax':
        this.#soon(plan.setupMs, () => {
          this.#pickUp(line);
        });
        return;
      case 'early-intercept':
      case 'early-announcement':
        this.#soon(plan.setupMs, line.sendEarlyMedia);
        this.#soon(plan.setupMs + ANNOUNCEMENT_MS, () => line.refuse({ q850: 31, sipCode: 480, nativeCause: 'Temporarily unavailable' }));
        return;
      default:
        assertNever(plan.kind);
    }
  }

  answered(): void {
    // Contacts do not call us.
  }

  hears(hearing: Hearing): void {
    if (this.plan.kind !== 'person' || this.isOver) return;
    switch (hearing.kind) {
      case 'calls':
        this.#hasTalked = true;
        if (this.plan.isContactFirst) this.#leaveIn(this.plan.talkMs);
        else this.#stay();
        return;
      case 'sound':
        this.soundsHeard.push(hearing.sound);
        if (this.#safeHarbour.has(hearing.sound)) this.#hearMessage();
        return;
      case 'silence':
        this.#leaveIn(this.#hasTalked ? AFTER_TALK_MS : this.plan.patienceMs);
        return;
      case 'holding-audio':
        this.#leaveIn(this.plan.patienceMs);
        return;
      case 'process':
        this.#stay();
        return;
      case 'whisper':
        this.soundsHeard.push(hearing.sound);
        return;
      case 'keys':
        return;
      default:
        assertNever(hearing);
    }
  }

  ended(): void {
    this.isOver = true;
    this.#leaving?.cancel();
    for (const appointment of this.#pending) appointment.cancel();
  }

  #pickUp(line: PartyLine): void {
    const { plan } = this;
    this.answeredAtMs = this.#clock.monotonicMs;
    line.answer();
    switch (plan.kind) {
      case 'person':
        this.#leaveIn(plan.hangsUpEarly ? 700 : plan.greetingMs + plan.patienceMs);
        return;
      case 'machine':
        this.#leaveIn(plan.greetingMs + plan.recordsForMs);
        return;
      default:
        this.#leaveIn(ANNOUNCEMENT_MS);
    }
  }

  #ringAfterSetup(line: PartyLine): void {
    this.#soon(this.plan.setupMs, () => {
      line.ring();
      if (this.plan.hasRingback) line.sendEarlyMedia();
    });
  }

  #hearMessage(): void {
    if (this.plan.keysNine) {
      this.#stay();
      this.#soon(MESSAGE_HEARD_MS, () => {
        this.#line?.key('9');
      });
    } else if (this.plan.hangsUpOnMessage) this.#leaveIn(MESSAGE_HEARD_MS);
    else this.#stay();
  }

  #refuse(q850: number, sipCode: number, nativeCause: string): void {
    this.#soon(this.plan.setupMs, () => {
      this.#line?.refuse({ q850, sipCode, nativeCause });
    });
  }

  #leaveIn(spanMs: Ms): void {
    this.#stay();
    this.#leaving = this.#clock.after(spanMs, () => {
      this.#line?.hangUp();
    });
  }

  #stay(): void {
    this.#leaving?.cancel();
    this.#leaving = undefined;
  }

  #soon(spanMs: Ms, run: () => void): void {
    this.#pending.push(this.#clock.after(spanMs, run));
  }
}
