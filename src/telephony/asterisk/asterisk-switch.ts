import { randomBytes } from 'node:crypto';
import type { CallId } from '../../units/ids.js';
import { commandFault } from '../command-fault.js';
import { PendingCommands } from '../pending-commands.js';
import type { Switch, SwitchCapabilities, SwitchCommand, SwitchEvent } from '../switch.js';
import { AmiClient } from './ami-client.js';
import type { AmiMessage } from './ami-client.js';
import type { AriConnection } from './ari-connection.js';
import { AriLink } from './ari-link.js';
import type { AriEvent } from './ari-types.js';
import { ASTERISK_TUNING_DEFAULTS, AsteriskNaming } from './asterisk-config.js';
import type { AsteriskConfig, AsteriskParts } from './asterisk-config.js';
import { translateEvent } from './asterisk-events.js';
import { CallRecorder } from './call-recorder.js';
import { CallTracker } from './call-tracker.js';
import { CommandPerformer } from './command-performer.js';
import { EndpointStates, peerStatus } from './endpoint-states.js';
import { Playbacks } from './playbacks.js';
import { resync } from './resync.js';
import { RtcpQuality } from './rtcp-quality.js';
import type { SwitchOffer } from './switch-offer.js';
import { Supervisions } from './supervisions.js';
import { TapPool } from './tap-pool.js';

/** Chosen: two seconds in all; the switch has made up its mind within one. */
const CONFIRM_COUNT_MAX = 20;
const CONFIRM_AGAIN_AFTER_MS = 100;

/**
 * The customer's Asterisk: commands and events over ARI, phones, trunks,
 * quality and recording over AMI. It only translates. Two connections, one
 * truth: ARI decides whether the switch is there; without AMI calls go on.
 */
export class AsteriskSwitch implements Switch {
  readonly name: string;
  /** Follows what the switch turns out to offer. */
  readonly capabilities: SwitchCapabilities;
  readonly #config: AsteriskConfig;
  readonly #parts: AsteriskParts;
  readonly #naming: AsteriskNaming;
  readonly #link: AriLink;
  readonly #calls: CallTracker;
  readonly #endpoints: EndpointStates;
  readonly #playbacks: Playbacks;
  readonly #supervisions: Supervisions;
  readonly #taps: TapPool | undefined;
  readonly #ami: AmiClient | undefined;
  readonly #recorder: CallRecorder | undefined;
  readonly #performer: CommandPerformer;
  readonly #quality = new RtcpQuality();
  readonly #pending = new PendingCommands((event) => this.#onEvent(event));
  readonly #abort = new AbortController();
  #offer: SwitchOffer | undefined;
  #connection: AriConnection | undefined;
  /** Events of the switch wait while its lists are being read. */
  #heldEvents: AriEvent[] | undefined;
  #isInStep = false;
  #onEvent: (event: SwitchEvent) => void = () => undefined;
  #whenInStep: () => void = () => undefined;

  constructor(config: AsteriskConfig, parts: AsteriskParts = {}) {
    const tuning = { ...ASTERISK_TUNING_DEFAULTS, ...config.tuning };
    const instance = randomBytes(4).toString('hex');
    this.name = config.name;
    this.#config = config;
    this.#parts = parts;
    this.#naming = new AsteriskNaming(config);
    this.#endpoints = new EndpointStates(this.#naming);
    this.#link = new AriLink(config, tuning, {
      onUp: (connection, offer) => this.#onUp(connection, offer),
      onEvent: (event) => this.#onAriEvent(event),
      onLost: (reason) => this.#onLost(reason),
      onWaiting: (reason) => this.#trouble(reason),
    });
    this.#playbacks = new Playbacks(this.#naming, config.soundsPrefix, instance, (playbackId, callId, outcome) =>
      this.#emit({ type: 'playback-finished', playbackId, callId, outcome }),
    );
    this.#supervisions = new Supervisions(this.#naming, instance, (callId, targetCallId) =>
      this.#emit({ type: 'supervision-ended', callId, targetCallId }),
    );
    this.#taps = parts.taps === undefined ? undefined : new TapPool(this.#naming, tuning, parts.taps, instance, (callId, reason) => this.#onTapLost(callId, reason));
    this.#ami = config.ami === undefined ? undefined : this.#createAmi(config.ami);
    this.#recorder = this.#createRecorder();
    this.#calls = new CallTracker(this.#naming, {
      emit: (event) => this.#emit(event),
      onCallEnded: (call) => {
        this.#taps?.onCallEnded(call.callId);
        this.#supervisions.onCallEnded(call.callId);
        this.#playbacks.onCallEnded(call);
        this.#quality.forget(call.callId);
        this.#recorder?.onCallEnded(call.callId);
      },
      onArrived: (callId) => this.#watch(callId),
      onEnteredTap: (tapId, callId) => this.#taps?.onCallEntered(tapId, callId),
      onLeftTap: (tapId, callId) => this.#taps?.onCallLeft(tapId, callId),
      onUndialled: (callId) => this.#connection?.send('channels.hangup', { channelId: callId }, () => undefined),
      onLeftWatch: (bridgeId, callId) => this.#supervisions.onSupervisorLeft(bridgeId, callId),
    });
    this.#performer = new CommandPerformer(
      {
        naming: this.#naming, calls: this.#calls, playbacks: this.#playbacks, supervisions: this.#supervisions, taps: this.#taps,
        recorder: this.#recorder, capabilities: () => this.capabilities,
      },
      this.#pending,
    );
    this.capabilities = this.#describeCapabilities();
  }

  start(onEvent: (event: SwitchEvent) => void, signal: AbortSignal): Promise<void> {
    this.#onEvent = onEvent;
    const abort = (): void => this.#abort.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    this.#ami?.start();
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
    else this.#performer.carryOut(command, this.#connection);
  }

  async close(): Promise<void> {
    this.#ami?.close();
    this.#recorder?.close();
    if (this.#isInStep) await this.#taps?.removeAll();
    this.#isInStep = false;
    this.#abort.abort(new Error('The switch was closed.'));
    this.#link.close();
    this.#pending.failAll('The connection to the switch was closed.');
  }

  /** News of a switch that is not in step would contradict the snapshot to come. */
  #emit(event: SwitchEvent): void {
    if (this.#isInStep) this.#onEvent(event);
  }

  #onUp(connection: AriConnection, offer: SwitchOffer): void {
    this.#connection = connection;
    this.#offer = offer;
    this.#heldEvents = [];
    const parts = { naming: this.#naming, calls: this.#calls, endpoints: this.#endpoints };
    resync(connection, parts, (found) => {
      if (this.#connection !== connection) return;
      if (found === undefined) return connection.drop('The switch did not say what is alive on it.');
      this.#isInStep = true;
      this.#onEvent({ type: 'switch-snapshot', snapshot: found.snapshot });
      this.#playbacks.connect(connection, found.channels, (callId) => this.#calls.get(callId) !== undefined);
      this.#supervisions.connect(connection, found.channels, found.bridges);
      this.#taps?.connect(connection, found.channels, found.bridges);
      for (const call of found.waiting) this.#calls.enter(call);
      const held = this.#heldEvents ?? [];
      this.#heldEvents = undefined;
      for (const event of held) this.#onAriEvent(event);
      this.#resumeRecordings();
      this.#whenInStep();
    });
  }

  #resumeRecordings(): void {
    this.#recorder
      ?.resume((callId) => this.#calls.get(callId) !== undefined)
      .catch((error: unknown) => this.#trouble(`Left-over recordings could not be looked for: ${String(error)}`));
  }

  #onLost(reason: string): void {
    const wasInStep = this.#isInStep;
    this.#connection = undefined;
    this.#heldEvents = undefined;
    this.#taps?.disconnect();
    this.#supervisions.disconnect();
    this.#playbacks.disconnect();
    this.#pending.failAll(reason);
    this.#isInStep = false;
    if (wasInStep) this.#onEvent({ type: 'switch-lost', reason });
  }

  #onAriEvent(event: AriEvent): void {
    if (this.#heldEvents !== undefined) {
      this.#heldEvents.push(event);
      return;
    }
    const fact = translateEvent(event, this.#naming);
    if (fact === undefined) return;
    switch (fact.type) {
      case 'helper-ready':
        if (fact.role === 'tap') this.#taps?.onChannelReady(fact.channelId);
        else if (fact.role === 'ear') this.#taps?.onEarReady(fact.channelId);
        else if (fact.role === 'spy') this.#supervisions.onSpyReady(fact.channelId);
        else this.#playbacks.onWhisperReady(fact.channelId);
        return;
      case 'helper-gone':
        if (fact.role === 'tap') this.#taps?.onChannelGone(fact.channelId);
        else if (fact.role === 'ear') this.#taps?.onEarGone(fact.channelId);
        else if (fact.role === 'spy') this.#supervisions.onSpyGone(fact.channelId);
        else this.#playbacks.onWhisperGone(fact.channelId);
        return;
      case 'playback-finished':
        return this.#playbacks.onPlaybackFinished(fact.playbackId, fact.isFailed);
      case 'application-taken':
        this.#connection?.drop(`Another program has taken the application ${this.#naming.app}; only one may use it.`);
        return;
      default:
        return this.#calls.onFact(fact);
    }
  }

  /** Of a call that came by the dialplan the switch tells only while it is in the application, unless asked. */
  #watch(callId: CallId): void {
    const parameters = { applicationName: this.#naming.app, eventSource: `channel:${callId}` };
    this.#connection?.send('applications.subscribe', parameters, (reply) => {
      if (reply.kind === 'done') this.#calls.watched(callId);
    });
  }

  /** A call that is ending takes what listens to it along, and that first. */
  #onTapLost(callId: CallId, reason: string): void {
    const call = this.#calls.get(callId);
    if (call !== undefined && !call.isEnding && !call.isHungUp) this.#emit({ type: 'tap-lost', callId, reason });
  }

  #createAmi(login: NonNullable<AsteriskConfig['ami']>): AmiClient {
    return new AmiClient(login, {
      onUp: () => this.#readEndpoints(),
      onDown: (reason) => this.#trouble(reason),
      onEvent: (message) => this.#onAmiEvent(message),
    });
  }

  #createRecorder(): CallRecorder | undefined {
    const { recordings } = this.#config;
    const { merger } = this.#parts;
    if (this.#ami === undefined || recordings === undefined || merger === undefined) return undefined;
    return new CallRecorder(
      recordings,
      merger,
      this.#ami,
      (callId, path, outcome, audioMs) => this.#emit({ type: 'recording-finished', callId, path, outcome, audioMs }),
      (sentence) => this.#trouble(sentence),
    );
  }

  /** What changed while AMI was away is read from ARI's list. */
  #readEndpoints(): void {
    this.#connection?.send('endpoints.listByTech', { tech: 'PJSIP' }, (reply) => {
      if (reply.kind === 'done') for (const event of this.#endpoints.replace(reply.response)) this.#emit(event);
    });
  }

  #onAmiEvent(message: AmiMessage): void {
    const status = message['event'] === 'PeerStatus' ? peerStatus(message) : undefined;
    if (status?.isOnline === false) this.#setEndpoint(status.endpoint, false);
    if (status?.isOnline === true) this.#confirmOnline(status.endpoint, CONFIRM_COUNT_MAX);
    if (message['event'] === 'PeerStatus') return;
    const report = this.#quality.onMessage(message, (callId) => this.#calls.get(callId)?.isAnswered === true);
    if (report !== undefined) this.#emit(report);
  }

  #setEndpoint(endpoint: string, isOnline: boolean): void {
    for (const event of this.#endpoints.set(endpoint, isOnline)) this.#emit(event);
  }

  /** AMI tells that an endpoint is back a moment before it can be called (seen on 16); it is told when it can. */
  #confirmOnline(endpoint: string, countLeft: number): void {
    this.#connection?.send('endpoints.get', { tech: 'PJSIP', resource: endpoint }, (reply) => {
      if (reply.kind !== 'done') return;
      if (reply.response.state === 'online') this.#setEndpoint(endpoint, true);
      else if (countLeft > 0) setTimeout(() => this.#confirmOnline(endpoint, countLeft - 1), CONFIRM_AGAIN_AFTER_MS);
    });
  }

  #describeCapabilities(): SwitchCapabilities {
    const offer = (): SwitchOffer | undefined => this.#offer;
    const isHttp = this.#config.transport === 'http';
    const hasAmi = this.#ami !== undefined;
    const hasTaps = this.#taps !== undefined;
    return {
      get isOrderedStream() {
        return !isHttp && offer()?.hasRestOverWebSocket !== false;
      },
      get hasSipCodes() {
        return offer()?.hasTechCauses !== false;
      },
      hasAudioTap: this.#taps !== undefined,
      get hasTapWhileBridged() {
        return hasTaps && offer()?.hasSnoop !== false;
      },
      get hasWhisper() {
        return offer()?.hasSnoop !== false;
      },
      hasStereoRecording: this.#recorder !== undefined,
      hasPhoneStates: hasAmi,
      hasTrunkStates: hasAmi,
      hasEarlyMedia: this.#taps !== undefined,
      get hasHoldingAudio() {
        return offer()?.hasHoldingMusic !== false;
      },
      get hasSupervision() {
        return offer()?.hasSnoop !== false;
      },
      hasAudioReturn: this.#taps !== undefined,
      hasBeepDetection: false,
    };
  }

  #trouble(sentence: string): void {
    this.#parts.onTrouble?.(sentence);
  }
}
