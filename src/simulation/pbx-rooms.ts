import { assertNever } from '../units/assert-never.js';
import type { BridgeId, CallId, SoundName } from '../units/ids.js';
import type { LiveBridge, SupervisionMode } from '../telephony/switch.js';
import type { Hearing } from './party.js';
import type { PbxCall } from './pbx-call.js';
import type { PbxEvent } from './pbx-config.js';

/** What the rooms need of their exchange. */
export interface RoomsListener {
  tell(event: PbxEvent): void;
  /** The sound that this call hears instead of everything else. */
  soundHeardBy(call: PbxCall): SoundName | undefined;
  /** The call's audio begins, or ceases, to reach the service. */
  tapChanged(call: PbxCall): void;
}

/**
 * Where the calls of the exchange are and who hears whom: in bridges, on hold,
 * tapped, or following another call. A call is in one place at a time; going to
 * another takes it out of the one before.
 */
export class PbxRooms {
  readonly #listener: RoomsListener;
  readonly #bridges = new Map<BridgeId, Set<PbxCall>>();
  readonly #supervisors = new Set<PbxCall>();

  constructor(listener: RoomsListener) {
    this.#listener = listener;
  }

  get bridges(): readonly LiveBridge[] {
    return [...this.#bridges].map(([bridgeId, calls]) => ({ bridgeId, callIds: idsOf(calls) }));
  }

  open(bridgeId: BridgeId): void {
    if (!this.#bridges.has(bridgeId)) this.#bridges.set(bridgeId, new Set());
  }

  has(bridgeId: BridgeId): boolean {
    return this.#bridges.has(bridgeId);
  }

  close(bridgeId: BridgeId): void {
    for (const call of [...(this.#bridges.get(bridgeId) ?? [])]) this.leave(call);
    this.#bridges.delete(bridgeId);
  }

  /** Everything is forgotten with no word. */
  clear(): void {
    this.#bridges.clear();
    this.#supervisors.clear();
  }

  /** @param isTapped whether the service hears it there. */
  enter(call: PbxCall, bridgeId: BridgeId, isTapped: boolean): void {
    const members = this.#bridges.get(bridgeId);
    if (members === undefined) return;
    if (call.bridgeId === bridgeId) {
      this.#setTapped(call, isTapped);
      return;
    }
    if (isTapped) this.leaveTapped(call);
    else this.leave(call);
    call.bridgeId = bridgeId;
    this.#setTapped(call, isTapped);
    members.add(call);
    this.#listener.tell({ type: 'call-bridged', bridgeId, callId: call.callId });
    this.#tellHearings(members);
  }

  /** Out of wherever it is, heard no more; nothing when it is nowhere. */
  leave(call: PbxCall): void {
    const wasTapped = call.isTapped;
    this.#setTapped(call, false);
    this.#leave(call, wasTapped);
  }

  /** Out of wherever it is; heard on where it was heard. */
  leaveTapped(call: PbxCall): void {
    this.#leave(call, false);
  }

  /** Heard no more, and where it is. */
  untap(call: PbxCall): void {
    const wasSpokenTo = call.isSpokenTo;
    this.#setTapped(call, false);
    call.isSpokenTo = false;
    if (wasSpokenTo) this.#tellHearings(new Set([call]));
  }

  #setTapped(call: PbxCall, isTapped: boolean): void {
    if (call.isTapped === isTapped) return;
    call.isTapped = isTapped;
    this.#listener.tapChanged(call);
  }

  #leave(call: PbxCall, wasTapped: boolean): void {
    const isElsewhere = call.isHeld || wasTapped;
    call.isHeld = false;
    call.isSpokenTo = false;
    this.stopSupervising(call);
    const { bridgeId } = call;
    if (bridgeId !== undefined) {
      const members = this.#bridges.get(bridgeId) ?? new Set();
      call.bridgeId = undefined;
      members.delete(call);
      this.#listener.tell({ type: 'call-unbridged', bridgeId, callId: call.callId });
      this.#tellHearings(new Set([call, ...members]));
    } else if (isElsewhere) this.#tellHearings(new Set([call]));
  }

  hold(call: PbxCall): void {
    this.leave(call);
    call.isHeld = true;
    this.#tellHearings(new Set([call]));
  }

  /** Nobody is told: a tapped call hears what it heard before, nothing, until it is spoken to. */
  tap(call: PbxCall): void {
    if (call.isTapped && call.bridgeId === undefined) return;
    this.leave(call);
    this.#setTapped(call, true);
  }

  /** The service begins or ceases to send audio back to a call; only tapped ones hear it. */
  speakTo(call: PbxCall, isSpeaking: boolean): void {
    if (!call.isTapped || call.bridgeId !== undefined || call.isSpokenTo === isSpeaking) return;
    call.isSpokenTo = isSpeaking;
    this.#tellHearings(new Set([call]));
  }

  supervise(call: PbxCall, target: PbxCall, mode: SupervisionMode): void {
    const former = call.supervision?.target;
    if (former === undefined) this.leave(call);
    call.supervision = { target, mode };
    this.#supervisors.add(call);
    const around = former === undefined ? [] : this.#companyOf(former);
    this.#tellHearings(new Set([call, ...around, ...this.#companyOf(target)]));
  }

  /** False when it follows nobody. */
  stopSupervising(call: PbxCall): boolean {
    const target = call.supervision?.target;
    if (target === undefined) return false;
    call.supervision = undefined;
    this.#supervisors.delete(call);
    this.#listener.tell({ type: 'supervision-ended', callId: call.callId, targetCallId: target.callId });
    this.#tellHearings(new Set([call, ...this.#companyOf(target)]));
    return true;
  }

  /** The call is ending: it leaves its place, and who followed it follows nobody. */
  ended(call: PbxCall): void {
    this.leave(call);
    for (const supervisor of [...this.#supervisors]) if (supervisor.supervision?.target === call) this.stopSupervising(supervisor);
  }

  tellHearing(call: PbxCall): void {
    call.party.hears(this.#hearing(call));
  }

  /** Those whose hearing changed by itself, and whoever follows one of them. */
  #tellHearings(calls: ReadonlySet<PbxCall>): void {
    const all = new Set(calls);
    for (const supervisor of this.#supervisors) {
      if (supervisor.supervision !== undefined && calls.has(supervisor.supervision.target)) all.add(supervisor);
    }
    for (const call of all) this.tellHearing(call);
  }

  #hearing(call: PbxCall): Hearing {
    const sound = this.#listener.soundHeardBy(call);
    if (sound !== undefined) return { kind: 'sound', sound };
    const { supervision } = call;
    if (supervision === undefined) return this.#hearingInPlace(call);
    const { target } = supervision;
    const followed = this.#hearingInPlace(target);
    const callIds = [target.callId, ...('callIds' in followed ? followed.callIds : [])].filter((callId) => callId !== call.callId);
    return followed.kind === 'holding-audio' ? { kind: 'holding-audio', callIds } : { kind: 'calls', callIds };
  }

  /** What is heard there, supervisors who speak included. */
  #hearingInPlace(call: PbxCall): Hearing {
    const callIds = [...this.#companyOf(call)].filter((other) => other !== call).map((other) => other.callId);
    callIds.push(...this.#heardSupervisors(call));
    if (call.isHeld) return { kind: 'holding-audio', callIds };
    if (callIds.length > 0) return { kind: 'calls', callIds };
    return call.isSpokenTo ? { kind: 'process' } : { kind: 'silence' };
  }

  /** The call and those in its bridge. */
  #companyOf(call: PbxCall): ReadonlySet<PbxCall> {
    const members = call.bridgeId === undefined ? undefined : this.#bridges.get(call.bridgeId);
    return members ?? new Set([call]);
  }

  #heardSupervisors(call: PbxCall): readonly CallId[] {
    const heard: CallId[] = [];
    for (const supervisor of this.#supervisors) {
      const { supervision } = supervisor;
      if (supervision === undefined || supervisor === call) continue;
      const isCompany = this.#companyOf(supervision.target).has(call);
      if (isHeard(supervision.mode, supervision.target === call, isCompany)) heard.push(supervisor.callId);
    }
    return heard;
  }
}

function isHeard(mode: SupervisionMode, isTarget: boolean, isCompany: boolean): boolean {
  switch (mode) {
    case 'listen':
      return false;
    case 'whisper':
      return isTarget;
    case 'barge':
      return isCompany;
    default:
      return assertNever(mode);
  }
}

const idsOf = (calls: Iterable<PbxCall>): readonly CallId[] => [...calls].map(({ callId }) => callId);
