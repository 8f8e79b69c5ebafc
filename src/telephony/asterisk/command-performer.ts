import type { CallId } from '../../units/ids.js';
import { assertNever } from '../../units/assert-never.js';
import type { CommandFailure, SwitchCommand } from '../switch.js';
import type { AmiReply } from './ami-client.js';
import type { AriConnection, AriReply } from './ari-connection.js';
import type { AriOperationName } from './ari-types.js';
import { failureOfStatus } from './asterisk-causes.js';
import { hangUpRequest, moveRequest, openBridgeRequest, originateRequest } from './asterisk-commands.js';
import type { AsteriskNaming } from './asterisk-config.js';
import type { CallRecorder } from './call-recorder.js';
import type { CallTracker } from './call-tracker.js';
import type { Playbacks } from './playbacks.js';
import type { TapOutcome, TapPool } from './tap-pool.js';

type CommandOf<Type extends SwitchCommand['type']> = Extract<SwitchCommand, { readonly type: Type }>;
type OnReply = (reply: AriReply<AriOperationName>) => void;

/** Where the one reply of a command goes. */
export interface CommandReplies {
  done(command: SwitchCommand): void;
  fail(command: SwitchCommand, failure: CommandFailure, detail: string): void;
}

/** What commands work on. */
export interface PerformerParts {
  readonly naming: AsteriskNaming;
  readonly calls: CallTracker;
  readonly playbacks: Playbacks;
  readonly taps: TapPool | undefined;
  readonly recorder: CallRecorder | undefined;
}

/** Turns each command into the requests it takes, and their outcome into its reply. */
export class CommandPerformer {
  readonly #parts: PerformerParts;
  readonly #replies: CommandReplies;

  constructor(parts: PerformerParts, replies: CommandReplies) {
    this.#parts = parts;
    this.#replies = replies;
  }

  /** Puts the command to the switch; its one reply comes later, or at once when it cannot be done. */
  carryOut(command: SwitchCommand, connection: AriConnection): void {
    const onReply: OnReply = (reply) => this.#settle(command, reply);
    switch (command.type) {
      case 'originate':
        return this.#originate(command, connection);
      case 'answer':
        return connection.send('channels.answer', { channelId: command.callId }, onReply);
      case 'hang-up': {
        this.#parts.taps?.withdraw(command.callId);
        const { operation, parameters } = hangUpRequest(command.callId, command.q850);
        return connection.send(operation, parameters, onReply);
      }
      case 'open-bridge':
        return this.#openBridge(command, connection);
      case 'close-bridge':
        return connection.send('bridges.destroy', { bridgeId: this.#parts.naming.roomId(command.bridgeId) }, onReply);
      case 'bridge':
        return this.#bridge(command, connection, onReply);
      case 'unbridge':
        return this.#unbridge(command, connection, onReply);
      case 'tap':
        return this.#tap(command);
      case 'untap':
        return this.#untap(command, connection, onReply);
      case 'play': {
        const call = this.#parts.calls.get(command.callId);
        if (call === undefined) return this.#replies.fail(command, 'gone', 'There is no such call.');
        return this.#parts.playbacks.play(call, command.playbackId, command.sounds, command.mixing, onReply);
      }
      case 'stop-playing':
        return this.#parts.playbacks.stop(command.playbackId, onReply);
      case 'start-recording':
      case 'stop-recording':
        return this.#record(command);
      default:
        return assertNever(command);
    }
  }

  #originate(command: CommandOf<'originate'>, connection: AriConnection): void {
    const trunk = this.#parts.naming.trunk(command.trunk);
    if (trunk === undefined) return this.#replies.fail(command, 'refused', `There is no trunk ${command.trunk}.`);
    if (!this.#parts.calls.beginOriginate(command.callId)) return this.#replies.fail(command, 'refused', 'A call of this id is alive.');
    const { operation, parameters } = originateRequest(command, trunk, this.#parts.naming);
    connection.send(operation, parameters, (reply) => {
      if (reply.kind === 'done') {
        this.#parts.calls.nameChannel(command.callId, reply.response.name);
        this.#replies.done(command);
        this.#parts.calls.originateDone(command.callId);
        return;
      }
      this.#parts.calls.originateFailed(command.callId);
      // 500 says only that no channel could be made; why, the endpoint tells.
      if (reply.kind === 'refused' && reply.status === 500) this.#explain(command, trunk.endpoint, reply.words, connection);
      else if (reply.kind === 'refused') this.#replies.fail(command, 'refused', reply.words);
      else this.#settle(command, reply);
    });
  }

  #explain(command: SwitchCommand, endpoint: string, words: string, connection: AriConnection): void {
    connection.send('endpoints.get', { tech: 'PJSIP', resource: endpoint }, (reply) => {
      if (reply.kind === 'done' && reply.response.state === 'online') this.#replies.fail(command, 'overloaded', words);
      else if (reply.kind === 'done') this.#replies.fail(command, 'trunk-down', `${words}; the endpoint ${endpoint} is ${reply.response.state ?? 'unknown'}`);
      else if (reply.kind === 'refused') this.#replies.fail(command, 'refused', `There is no PJSIP endpoint ${endpoint}.`);
      else this.#settle(command, reply);
    });
  }

  #openBridge(command: CommandOf<'open-bridge'>, connection: AriConnection): void {
    const roomId = this.#parts.naming.roomId(command.bridgeId);
    const { operation, parameters } = openBridgeRequest(roomId, this.#parts.naming);
    connection.send(operation, parameters, (reply) => {
      if (reply.kind !== 'refused') return this.#settle(command, reply);
      // Refused, with a status that differs by version, when it is there already.
      connection.send('bridges.get', { bridgeId: roomId }, (found) => {
        if (found.kind === 'done') this.#replies.done(command);
        else this.#replies.fail(command, 'refused', `${reply.status} ${reply.words}`);
      });
    });
  }

  /**
   * A channel that is played to is moved only when the sound ends, and the
   * switch carries out no other request meanwhile: the sound is stopped first.
   */
  #bridge(command: CommandOf<'bridge'>, connection: AriConnection, onReply: OnReply): void {
    const call = this.#parts.calls.get(command.callId);
    if (call === undefined) return this.#replies.fail(command, 'gone', 'There is no such call.');
    this.#parts.taps?.withdraw(command.callId);
    call.headedFor = command.bridgeId;
    this.#parts.playbacks.whenQuiet(call, () => {
      const { operation, parameters } = moveRequest(this.#parts.naming.roomId(command.bridgeId), command.callId);
      connection.send(operation, parameters, onReply);
    });
  }

  #unbridge(command: CommandOf<'unbridge'>, connection: AriConnection, onReply: OnReply): void {
    const call = this.#parts.calls.get(command.callId);
    const bridgeId = call?.headedFor ?? call?.bridgeId;
    if (call === undefined || bridgeId === undefined) return this.#replies.fail(command, 'gone', 'The call is in no bridge.');
    call.headedFor = undefined;
    this.#leave(call.callId, this.#parts.naming.roomId(bridgeId), connection, onReply);
  }

  #tap(command: CommandOf<'tap'>): void {
    const taps = this.#parts.taps;
    const call = this.#parts.calls.get(command.callId);
    if (taps === undefined) return this.#replies.fail(command, 'unsupported', 'No place to send call audio to was given.');
    if (call === undefined) return this.#replies.fail(command, 'gone', 'There is no such call.');
    call.headedFor = undefined;
    this.#parts.playbacks.whenQuiet(call, () => taps.take(command.callId, (outcome) => this.#settleTap(command, outcome)));
  }

  #settleTap(command: CommandOf<'tap'>, outcome: TapOutcome): void {
    switch (outcome.kind) {
      case 'tapped':
        return this.#replies.done(command);
      case 'failed':
        return this.#settle(command, outcome.reply);
      case 'no-room':
        return this.#replies.fail(command, 'overloaded', 'All taps are taken.');
      case 'withdrawn':
        return this.#replies.fail(command, 'gone', 'The call went elsewhere before a tap was free.');
      default:
        return assertNever(outcome);
    }
  }

  #untap(command: CommandOf<'untap'>, connection: AriConnection, onReply: OnReply): void {
    this.#parts.taps?.withdraw(command.callId);
    const bridgeId = this.#parts.taps?.tapBridgeOf(command.callId);
    if (bridgeId === undefined) return this.#replies.fail(command, 'gone', 'The call is not tapped.');
    this.#leave(command.callId, bridgeId, connection, onReply);
  }

  #leave(callId: CallId, roomId: string, connection: AriConnection, onReply: OnReply): void {
    const call = this.#parts.calls.get(callId);
    if (call === undefined) return;
    this.#parts.playbacks.whenQuiet(call, () => connection.send('bridges.removeChannel', { bridgeId: roomId, channel: callId }, onReply));
  }

  #record(command: CommandOf<'start-recording' | 'stop-recording'>): void {
    const recorder = this.#parts.recorder;
    const call = this.#parts.calls.get(command.callId);
    if (recorder === undefined) return this.#replies.fail(command, 'unsupported', 'Recording needs AMI and a recordings folder.');
    if (call === undefined) return this.#replies.fail(command, 'gone', 'There is no such call.');
    const onReply = (reply: AmiReply): void => {
      if (reply.kind === 'done') this.#replies.done(command);
      else if (reply.kind === 'lost') this.#replies.fail(command, 'refused', 'There is no AMI connection.');
      else this.#replies.fail(command, this.#parts.calls.get(command.callId) === undefined ? 'gone' : 'refused', reply.words);
    };
    if (command.type === 'start-recording') return recorder.start(call.callId, call.channelName, command.path, onReply);
    if (!recorder.isRecording(call.callId)) return this.#replies.fail(command, 'gone', 'This call is not being recorded.');
    recorder.stop(call.callId, call.channelName, onReply);
  }

  #settle(command: SwitchCommand, reply: AriReply<AriOperationName>): void {
    switch (reply.kind) {
      case 'done':
        return this.#replies.done(command);
      case 'refused':
        return this.#replies.fail(command, failureOfStatus(reply.status), `${reply.status} ${reply.words}`);
      case 'overflow':
        return this.#replies.fail(command, 'overloaded', 'Too many requests wait for the switch.');
      case 'lost':
        return this.#replies.fail(command, 'switch-lost', 'The connection went before a reply came.');
      default:
        return assertNever(reply);
    }
  }
}
