import type { CallId, PhoneName, PlaybackId, TrunkName } from '../units/ids.js';
import { callId as asCallId } from '../units/ids.js';
import type { Ms } from '../units/time.js';
import type { SwitchCommandBody, SwitchSnapshot } from '../telephony/switch.js';
import type { PbxCall } from './pbx-call.js';
import { gone, refused, withAnswered } from './pbx-refusals.js';
import type { PbxConfig, PbxConnection, PbxEvent, PbxRefusal } from './pbx-config.js';
import { PbxPlaybacks } from './pbx-playbacks.js';
import { PbxRoomOrders } from './pbx-room-orders.js';
import { PbxRooms } from './pbx-rooms.js';
import type { Party, PartyLine, PublicNetwork, Refusal } from './party.js';
import type { VirtualClock } from './virtual-clock.js';

type Order<Type extends SwitchCommandBody['type']> = Extract<SwitchCommandBody, { readonly type: Type }>;

/** Q.850 44, which Asterisk gives when the audio of a leg stays away. */
const VANISHED_Q850 = 44;

/**
 * A telephone exchange in virtual time: calls, bridges, playbacks and
 * recordings live here whether or not a driver is connected, as on a real one.
 * Orders take effect at once; a refusal is given back, everything else is news.
 */
export class SimulatedPbx {
  /** Orders about where calls are and who hears whom. */
  readonly rooms: PbxRoomOrders;
  readonly #clock: VirtualClock;
  readonly #config: PbxConfig;
  readonly #network: PublicNetwork;
  readonly #connections = new Set<PbxConnection>();
  readonly #calls = new Map<CallId, PbxCall>();
  readonly #rooms: PbxRooms;
  readonly #playbacks: PbxPlaybacks;
  readonly #isReachable = new Map<TrunkName, boolean>();
  readonly #lineCount = new Map<TrunkName, number>();
  readonly #isRegistered = new Map<PhoneName, boolean>();
  readonly #recordings = new Map<string, Ms>();
  #isConnectable = true;
  #offeredCount = 0;
  #restartCount = 0;

  constructor(clock: VirtualClock, config: PbxConfig, network: PublicNetwork) {
    this.#clock = clock;
    this.#config = config;
    this.#network = network;
    for (const { trunk } of config.trunks) this.#isReachable.set(trunk, true);
    for (const phone of config.phones) this.#isRegistered.set(phone, true);
    this.#playbacks = new PbxPlaybacks(clock, config.soundMs, {
      finished: (playback, outcome) => {
        this.#tell({
          type: 'playback-finished',
          playbackId: playback.playbackId,
          callId: playback.call.callId,
          outcome,
        });
      },
      hearingChanged: (call) => {
        this.#rooms.tellHearing(call);
      },
      whispered: (call, sound) => {
        call.party.hears({ kind: 'whisper', sound });
      },
    });
    this.#rooms = new PbxRooms({
      tell: (event) => {
        this.#tell(event);
      },
      soundHeardBy: (call) => this.#playbacks.soundHeardBy(call),
      tapChanged: ({ callId, isTapped }) => {
        config.onTapped?.(callId, isTapped);
      },
    });
    this.rooms = new PbxRoomOrders(this.#calls, this.#rooms);
  }

  /** Opens a driver's line; undefined while connections are cut. Gives the way to close it. */
  connect(connection: PbxConnection): (() => void) | undefined {
    if (!this.#isConnectable) return undefined;
    this.#connections.add(connection);
    return () => {
      this.#connections.delete(connection);
    };
  }

  /** Cuts every driver's line and refuses new ones; calls go on. */
  cutConnections(reason: string): void {
    this.#isConnectable = false;
    const cut = [...this.#connections];
    this.#connections.clear();
    for (const connection of cut) connection.onCut(reason);
  }

  /** Drivers may connect again. */
  allowConnections(): void {
    this.#isConnectable = true;
  }

  /** The exchange ends and begins anew: every call and bridge on it is gone, and nobody is told by it. */
  restart(): void {
    this.cutConnections('The switch was restarted.');
    this.#restartCount++;
    for (const call of [...this.#calls.values()]) this.#remove(call);
    this.#rooms.clear();
    this.allowConnections();
  }

  snapshot(): SwitchSnapshot {
    return {
      calls: [...this.#calls.values()].map((call) => ({
        callId: call.callId,
        state: call.state,
        ...(call.phone === undefined ? {} : { phone: call.phone }),
        createdAtMs: call.createdAtMs,
      })),
      bridges: this.#rooms.bridges,
      phones: [...this.#isRegistered].map(([phone, isRegistered]) => ({ phone, isRegistered })),
      trunks: [...this.#isReachable].map(([trunk, isReachable]) => ({ trunk, isReachable })),
    };
  }

  /** Length of a finished recording; undefined when there is no such file. */
  recordedMs(path: string): Ms | undefined {
    return this.#recordings.get(path);
  }

  get liveCallCount(): number {
    return this.#calls.size;
  }

  setTrunkReachable(trunk: TrunkName, isReachable: boolean): void {
    if (this.#isReachable.get(trunk) === isReachable) return;
    this.#isReachable.set(trunk, isReachable);
    this.#tell({ type: 'trunk-changed', trunk, isReachable });
  }

  setRegistered(phone: PhoneName, isRegistered: boolean): void {
    if (this.#isRegistered.get(phone) === isRegistered) return;
    this.#isRegistered.set(phone, isRegistered);
    this.#tell({ type: 'phone-changed', phone, isRegistered });
  }

  /** A phone dials a feature code. Undefined when the phone may not call or no service is connected. */
  dialFeature(phone: PhoneName, feature: string, party: Party): PartyLine | undefined {
    if (this.#isRegistered.get(phone) !== true || this.#connections.size === 0) return undefined;
    this.#offeredCount++;
    const callId = asCallId(`offered-${String(this.#restartCount)}-${String(this.#offeredCount)}`);
    const call = this.#newCall(callId, party, undefined, phone, false);
    call.state = 'ringing';
    this.#tell({ type: 'call-offered', callId, phone, callerNumber: phone, request: { kind: 'feature', feature } });
    const line = this.#lineOf(call);
    party.reached(line);
    return line;
  }

  originate(order: Order<'originate'>): PbxRefusal | undefined {
    const isReachable = this.#isReachable.get(order.trunk);
    if (isReachable === undefined) return refused(`There is no trunk ${order.trunk}.`);
    if (this.#calls.has(order.callId)) return refused('A call of this id is there already.');
    if (!isReachable) return { failure: 'trunk-down', detail: 'The trunk has no reachable peer.' };
    const party = this.#network.partyAt(order.trunk, order.destination, order.callId);
    const call = this.#newCall(order.callId, party, order.trunk, undefined, order.wantsEarlyMedia === true);
    const lineCount = (this.#lineCount.get(order.trunk) ?? 0) + 1;
    this.#lineCount.set(order.trunk, lineCount);
    const linesMax = this.#config.trunks.find(({ trunk }) => trunk === order.trunk)?.linesMax ?? 0;
    if (lineCount > linesMax) {
      this.#clock.after(0, () => {
        this.#end(call, { q850: 34, sipCode: 503, nativeCause: 'The carrier has no free line.' });
      });
      return undefined;
    }
    call.ringLimit = this.#clock.after(order.ringTimeoutMs, () => {
      this.#end(call, { q850: 19, sipCode: 487, nativeCause: 'Nobody answered in time.' });
    });
    party.reached(this.#lineOf(call));
    return undefined;
  }

  answer(order: Order<'answer'>): PbxRefusal | undefined {
    const call = this.#calls.get(order.callId);
    if (call === undefined) return gone('such call');
    if (call.trunk !== undefined) return refused('Only an offered call can be answered.');
    if (call.state === 'answered') return undefined;
    call.state = 'answered';
    this.#tell({ type: 'call-answered', callId: call.callId });
    call.party.answered();
    return undefined;
  }

  hangUp(order: Order<'hang-up'>): PbxRefusal | undefined {
    const call = this.#calls.get(order.callId);
    if (call === undefined) return gone('such call');
    this.#end(call, { q850: order.q850, sipCode: undefined, nativeCause: 'Ended by the service.' });
    return undefined;
  }

  /** What the media plane would do: audio back to a call, heard while it is tapped. */
  speakTo(callId: CallId, isSpeaking: boolean): void {
    const call = this.#calls.get(callId);
    if (call !== undefined) this.#rooms.speakTo(call, isSpeaking);
  }

  play(order: Order<'play'>): PbxRefusal | undefined {
    return withAnswered(this.#calls, order.callId, (call) => {
      this.#playbacks.start(call, order.playbackId, order.sounds, order.mixing);
      return undefined;
    });
  }

  stopPlaying(order: { readonly playbackId: PlaybackId }): PbxRefusal | undefined {
    return this.#playbacks.stop(order.playbackId) ? undefined : gone('such playback');
  }

  startRecording(order: Order<'start-recording'>): PbxRefusal | undefined {
    const call = this.#calls.get(order.callId);
    if (call === undefined) return gone('such call');
    if (call.recording !== undefined) return refused('This call is being recorded already.');
    call.recording = { path: order.path, startedAtMs: this.#clock.monotonicMs };
    return undefined;
  }

  stopRecording(order: Order<'stop-recording'>): PbxRefusal | undefined {
    const call = this.#calls.get(order.callId);
    if (call?.recording === undefined) return gone('such recording');
    this.#finishRecording(call);
    return undefined;
  }

  #newCall(
    callId: CallId,
    party: Party,
    trunk: TrunkName | undefined,
    phone: PhoneName | undefined,
    wantsEarlyMedia: boolean,
  ): PbxCall {
    const call: PbxCall = {
      callId,
      party,
      trunk,
      phone,
      createdAtMs: this.#clock.epochMs,
      state: 'dialling',
      wantsEarlyMedia,
      hasEarlyMedia: false,
      bridgeId: undefined,
      isHeld: false,
      isTapped: false,
      isSpokenTo: false,
      supervision: undefined,
      ringLimit: undefined,
      vanishing: undefined,
      recording: undefined,
      replacing: [],
      whispers: [],
    };
    this.#calls.set(callId, call);
    return call;
  }

  #lineOf(call: PbxCall): PartyLine {
    const isLive = (): boolean => this.#calls.get(call.callId) === call;
    return {
      callId: call.callId,
      ring: () => {
        if (!isLive() || call.state !== 'dialling') return;
        call.state = 'ringing';
        this.#tell({ type: 'call-ringing', callId: call.callId });
      },
      answer: () => {
        if (!isLive() || call.state === 'answered' || call.trunk === undefined) return;
        call.state = 'answered';
        call.ringLimit?.cancel();
        this.#tell({ type: 'call-answered', callId: call.callId });
      },
      sendEarlyMedia: () => {
        if (!isLive() || call.state === 'answered' || call.hasEarlyMedia || !call.wantsEarlyMedia) return;
        call.hasEarlyMedia = true;
        this.#tell({ type: 'call-early-media', callId: call.callId });
      },
      refuse: (refusal) => {
        if (isLive() && call.state !== 'answered') this.#end(call, refusal);
      },
      key: (digit) => {
        if (isLive() && call.state === 'answered') this.#tell({ type: 'digit-received', callId: call.callId, digit });
      },
      hangUp: () => {
        if (isLive()) this.#end(call, { q850: 16, sipCode: undefined, nativeCause: 'Normal clearing' });
      },
      vanish: () => {
        if (!isLive() || call.vanishing !== undefined) return;
        call.vanishing = this.#clock.after(this.#config.vanishedAfterMs, () => {
          this.#end(call, { q850: VANISHED_Q850, sipCode: undefined, nativeCause: 'No audio any more' });
        });
      },
    };
  }

  #end(call: PbxCall, cause: Omit<Refusal, 'sipCode'> & { readonly sipCode: number | undefined }): void {
    if (this.#calls.get(call.callId) !== call) return;
    this.#rooms.ended(call);
    this.#playbacks.abandon(call);
    this.#finishRecording(call);
    this.#remove(call);
    this.#tell({
      type: 'call-ended',
      callId: call.callId,
      q850: cause.q850,
      ...(cause.sipCode === undefined ? {} : { sipCode: cause.sipCode }),
      nativeCause: cause.nativeCause,
    });
  }

  #remove(call: PbxCall): void {
    this.#calls.delete(call.callId);
    this.#playbacks.drop(call);
    call.ringLimit?.cancel();
    call.vanishing?.cancel();
    if (call.trunk !== undefined) this.#lineCount.set(call.trunk, (this.#lineCount.get(call.trunk) ?? 1) - 1);
    call.party.ended();
  }

  #finishRecording(call: PbxCall): void {
    if (call.recording === undefined) return;
    const { path, startedAtMs } = call.recording;
    const audioMs = this.#clock.monotonicMs - startedAtMs;
    call.recording = undefined;
    this.#recordings.set(path, audioMs);
    this.#tell({ type: 'recording-finished', callId: call.callId, path, outcome: 'recorded', audioMs });
  }

  #tell(event: PbxEvent): void {
    for (const connection of this.#connections) connection.onEvent(event);
  }
}
