import type { BridgeId } from '../../units/ids.js';
import { commandFault } from '../command-fault.js';
import { PendingCommands } from '../pending-commands.js';
import type { Switch, SwitchCapabilities, SwitchCommand, SwitchEvent } from '../switch.js';
import { CallAudioPorts } from './call-audio-ports.js';
import { CallRecorder } from './call-recorder.js';
import { CommandPerformer } from './command-performer.js';
import type { EslConnection, EslEvent } from './esl-connection.js';
import { EslLink } from './esl-link.js';
import type { FreeswitchOffer } from './esl-link.js';
import { FREESWITCH_TUNING_DEFAULTS, FreeswitchNaming } from './freeswitch-config.js';
import type { FreeswitchConfig, FreeswitchParts, FreeswitchTuning } from './freeswitch-config.js';
import { translateEvent } from './freeswitch-events.js';
import type { FreeswitchFact } from './freeswitch-events.js';
import { LegTracker } from './leg-tracker.js';
import { Playbacks } from './playbacks.js';
import { Reachability } from './reachability.js';
import { findLateLegs, resync } from './resync.js';

/**
 * The customer's FreeSWITCH over its event socket: commands, replies and news
 * on one ordered stream. It only translates. A bridge of the port is a
 * conference, so that a call goes into it and out of it by one order and an
 * agent's line stays in it alone; a call in no bridge is parked.
 */
export class FreeswitchSwitch implements Switch {
  readonly name: string;
  /** Follows what the switch turns out to offer. */
  readonly capabilities: SwitchCapabilities;
  readonly #parts: FreeswitchParts;
  readonly #tuning: FreeswitchTuning;
  readonly #naming: FreeswitchNaming;
  readonly #link: EslLink;
  readonly #legs: LegTracker;
  readonly #reachability: Reachability;
  readonly #playbacks: Playbacks;
  readonly #recorder: CallRecorder | undefined;
  readonly #performer: CommandPerformer;
  readonly #openedBridges = new Set<BridgeId>();
  readonly #pending = new PendingCommands((event) => this.#onEvent(event));
  readonly #abort = new AbortController();
  #offer: FreeswitchOffer | undefined;
  #connection: EslConnection | undefined;
  /** News of the switch waits while its lists are being read. */
  #heldEvents: EslEvent[] | undefined;
  #lateLook: NodeJS.Timeout | undefined;
  #isInStep = false;
  #onEvent: (event: SwitchEvent) => void = () => undefined;
  #whenInStep: () => void = () => undefined;

  constructor(config: FreeswitchConfig, parts: FreeswitchParts = {}) {
    this.name = config.name;
    this.#parts = parts;
    this.#tuning = { ...FREESWITCH_TUNING_DEFAULTS, ...config.tuning };
    this.#naming = new FreeswitchNaming(config);
    this.#reachability = new Reachability(this.#naming);
    this.#link = new EslLink(config.esl, this.#tuning, {
      onUp: (connection, offer) => this.#onUp(connection, offer),
      onEvent: (event) => this.#onSwitchEvent(event),
      onLost: (reason) => this.#onLost(reason),
      onWaiting: (reason) => this.#trouble(reason),
    });
    this.#playbacks = new Playbacks(this.#naming, (playbackId, callId, outcome) =>
      this.#emit({ type: 'playback-finished', playbackId, callId, outcome }),
    );
    this.#recorder = this.#createRecorder(config);
    this.#legs = new LegTracker(this.#naming, {
      emit: (event) => this.#emit(event),
      onCreated: (leg) => this.#performer.created(leg),
      onLeftRoom: (leg, bridgeId) => this.#playbacks.onLeftRoom(leg, bridgeId),
      onLegEnded: (leg) => {
        leg.hearing?.end();
        this.#playbacks.onLegEnded(leg);
        this.#recorder?.onLegEnded(leg.callId);
      },
    });
    this.#performer = new CommandPerformer(
      {
        naming: this.#naming,
        legs: this.#legs,
        playbacks: this.#playbacks,
        recorder: this.#recorder,
        openedBridges: this.#openedBridges,
        audioWay:
          parts.audio === undefined || config.audioPorts === undefined
            ? undefined
            : { audio: parts.audio, ports: new CallAudioPorts(config.audioPorts, Math.random()), onSwitch: config.audioPorts },
      },
      this.#pending,
    );
    this.capabilities = this.#describeCapabilities(config);
  }

  start(onEvent: (event: SwitchEvent) => void, signal: AbortSignal): Promise<void> {
    this.#onEvent = onEvent;
    const abort = (): void => this.#abort.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    return new Promise<void>((resolve, reject) => {
      this.#whenInStep = resolve;
      this.#link.run(this.#abort.signal).then(
        () => reject(this.#abort.signal.reason instanceof Error ? this.#abort.signal.reason : new Error('The start was aborted.')),
        reject,
      );
    });
  }

  perform(command: SwitchCommand): void {
    this.#pending.add(command);
    if (!this.#isInStep || this.#connection === undefined) {
      this.#pending.failSoon(command, 'switch-lost', 'There is no connection to the switch.');
      return;
    }
    const fault = commandFault(command);
    if (fault !== undefined) this.#pending.failSoon(command, 'refused', fault);
    else if (this.#connection.waitingCount >= this.#tuning.commandsWaitingMax) this.#pending.failSoon(command, 'overloaded', 'Too many commands wait for the switch.');
    else this.#performer.carryOut(command, this.#connection);
  }

  close(): Promise<void> {
    clearTimeout(this.#lateLook);
    this.#recorder?.close();
    for (const leg of this.#legs.all()) {
      clearTimeout(leg.ringLimit);
      leg.hearing?.end();
    }
    this.#isInStep = false;
    this.#abort.abort(new Error('The switch was closed.'));
    this.#link.close();
    this.#pending.failAll('The connection to the switch was closed.');
    return Promise.resolve();
  }

  /** News of a switch that is not in step would contradict the snapshot to come. */
  #emit(event: SwitchEvent): void {
    if (this.#isInStep) this.#onEvent(event);
  }

  #onUp(connection: EslConnection, offer: FreeswitchOffer): void {
    this.#connection = connection;
    this.#offer = offer;
    this.#heldEvents = [];
    this.#comeInStep(connection).catch((error: unknown) => connection.drop(`The switch's lists could not be read: ${String(error)}`));
  }

  async #comeInStep(connection: EslConnection): Promise<void> {
    const parts = { naming: this.#naming, legs: this.#legs, reachability: this.#reachability, openedBridges: this.#openedBridges };
    const resynced = await resync(connection, parts);
    if (this.#connection !== connection) return;
    if (resynced === undefined) return connection.drop('The switch did not say what is alive on it.');
    this.#isInStep = true;
    this.#onEvent({ type: 'switch-snapshot', snapshot: resynced.snapshot });
    this.#legs.tellMissedEnds();
    this.#playbacks.connect(connection);
    this.#recorder?.connect(connection);
    for (const { callId, leg } of resynced.found.waiting) this.#legs.offer(callId, leg);
    const held = this.#heldEvents ?? [];
    this.#heldEvents = undefined;
    for (const event of held) this.#onSwitchEvent(event);
    this.#lateLook = setTimeout(() => this.#lookAgain(connection), this.#tuning.listLagMs);
    this.#whenInStep();
    await this.#recorder?.resume((callId) => this.#legs.get(callId) !== undefined);
  }

  /** The list of channels lags: what was dialled just before a gap is in it only now. */
  #lookAgain(connection: EslConnection): void {
    findLateLegs(connection, this.#naming, this.#legs).then(
      (late) => {
        if (this.#connection === connection) for (const { callId, leg } of late) this.#legs.offer(callId, leg);
      },
      (error: unknown) => this.#trouble(`Late calls could not be looked for: ${String(error)}`),
    );
  }

  #onLost(reason: string): void {
    const wasInStep = this.#isInStep;
    clearTimeout(this.#lateLook);
    this.#connection = undefined;
    this.#heldEvents = undefined;
    this.#performer.disconnect();
    this.#playbacks.disconnect();
    this.#recorder?.disconnect();
    this.#pending.failAll(reason);
    this.#isInStep = false;
    if (wasInStep) this.#onEvent({ type: 'switch-lost', reason });
  }

  #onSwitchEvent(event: EslEvent): void {
    if (this.#heldEvents !== undefined) {
      this.#heldEvents.push(event);
      return;
    }
    const fact = translateEvent(event);
    if (fact !== undefined) this.#onFact(fact);
  }

  #onFact(fact: FreeswitchFact): void {
    switch (fact.type) {
      case 'room-sound-over':
        return this.#playbacks.onRoomSoundOver(fact.callId);
      case 'execution-begun':
        this.#playbacks.onExecutionBegun(fact.executionId);
        return this.#legs.onFact(fact);
      case 'sound-begun':
        return this.#playbacks.onSoundBegun(fact.callId);
      case 'execution-over':
        this.#playbacks.onExecutionOver(fact.executionId, fact.response, fact.isHangingUp);
        return this.#legs.onFact(fact);
      case 'recording-over':
        return this.#recorder?.onRecordingOver(fact.callId, fact.file);
      case 'phone':
        for (const news of this.#reachability.setPhone(fact.phone, fact.isRegistered)) this.#emit(news);
        return;
      case 'gateway':
        for (const news of this.#reachability.setGateway(fact.gateway, fact.isReachable)) this.#emit(news);
        return;
      default:
        return this.#legs.onFact(fact);
    }
  }

  #createRecorder({ recordings }: FreeswitchConfig): CallRecorder | undefined {
    if (recordings === undefined) return undefined;
    return new CallRecorder(
      recordings,
      (callId, path, outcome, audioMs) => this.#emit({ type: 'recording-finished', callId, path, outcome, audioMs }),
      (sentence) => this.#trouble(sentence),
    );
  }

  #describeCapabilities({ audioPorts, recordings }: FreeswitchConfig): SwitchCapabilities {
    const offer = (): FreeswitchOffer | undefined => this.#offer;
    const isHeard = this.#parts.audio !== undefined && audioPorts !== undefined;
    return {
      isOrderedStream: true,
      hasSipCodes: true,
      hasAudioTap: isHeard,
      // `unicast` hears parked legs only, and a bridged one is in a conference.
      hasTapWhileBridged: false,
      hasWhisper: true,
      hasStereoRecording: recordings !== undefined,
      hasPhoneStates: true,
      hasTrunkStates: true,
      hasEarlyMedia: true,
      hasHoldingAudio: true,
      hasSupervision: true,
      hasAudioReturn: isHeard,
      get hasBeepDetection() {
        return offer()?.hasBeepDetection === true;
      },
    };
  }

  #trouble(sentence: string): void {
    this.#parts.onTrouble?.(sentence);
  }
}
