import { assertNever } from '../../units/assert-never.js';
import type { SwitchCapabilities, SwitchCommand } from '../switch.js';
import type { AmiReply } from './ami-client.js';
import type { AriConnection, AriReply } from './ari-connection.js';
import type { AriOperationName } from './ari-types.js';
import { digitsRequest, hangUpRequest, openBridgeRequest } from './asterisk-commands.js';
import type { AsteriskNaming } from './asterisk-config.js';
import { CallMoves } from './call-moves.js';
import type { CallRecorder } from './call-recorder.js';
import type { CallTracker } from './call-tracker.js';
import type { CommandReplies } from '../pending-commands.js';
import { settle } from './settle.js';
import { Originating } from './originating.js';
import type { Playbacks } from './playbacks.js';
import type { Supervisions } from './supervisions.js';
import type { TapPool } from './tap-pool.js';

type CommandOf<Type extends SwitchCommand['type']> = Extract<SwitchCommand, { readonly type: Type }>;
type OnReply = (reply: AriReply<AriOperationName>) => void;

/** What commands work on. */
export interface PerformerParts {
  readonly naming: AsteriskNaming;
  readonly calls: CallTracker;
  readonly playbacks: Playbacks;
  readonly supervisions: Supervisions;
  readonly taps: TapPool | undefined;
  readonly recorder: CallRecorder | undefined;
  /** What the switch offers, as far as it is known. */
  readonly capabilities: () => SwitchCapabilities;
}

/** Turns each command into the requests it takes, and their outcome into its reply. */
export class CommandPerformer {
  readonly #parts: PerformerParts;
  readonly #replies: CommandReplies;
  readonly #moves: CallMoves;
  readonly #originating: Originating;

  constructor(parts: PerformerParts, replies: CommandReplies) {
    this.#parts = parts;
    this.#replies = replies;
    this.#moves = new CallMoves(parts, replies);
    this.#originating = new Originating(parts, replies);
  }

  /** Puts the command to the switch; its one reply comes later, or at once when it cannot be done. */
  carryOut(command: SwitchCommand, connection: AriConnection): void {
    const onReply: OnReply = (reply) => settle(this.#replies, command, reply);
    switch (command.type) {
      case 'originate':
        return this.#originating.originate(command, connection);
      case 'answer':
        return connection.send('channels.answer', { channelId: command.callId }, onReply);
      case 'hang-up': {
        this.#moves.withdraw(command.callId);
        const call = this.#parts.calls.get(command.callId);
        if (call !== undefined) call.isHungUp = true;
        const { operation, parameters } = hangUpRequest(command.callId, command.q850);
        return connection.send(operation, parameters, onReply);
      }
      case 'open-bridge':
        return this.#openBridge(command, connection);
      case 'close-bridge':
        return this.#moves.close(command, connection);
      case 'bridge':
      case 'unbridge':
      case 'hold':
      case 'unhold':
      case 'tap':
      case 'untap':
      case 'supervise':
      case 'stop-supervising':
        return this.#moves.carryOut(command, connection);
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
      case 'send-digits':
        return this.#sendDigits(command, connection, onReply);
      default:
        return assertNever(command);
    }
  }

  #openBridge(command: CommandOf<'open-bridge'>, connection: AriConnection): void {
    const roomId = this.#parts.naming.roomId(command.bridgeId);
    const { operation, parameters } = openBridgeRequest(roomId, this.#parts.naming);
    connection.send(operation, parameters, (reply) => {
      if (reply.kind !== 'refused') return settle(this.#replies, command, reply);
      // Refused, with a status that differs by version, when it is there already.
      connection.send('bridges.get', { bridgeId: roomId }, (found) => {
        if (found.kind === 'done') this.#replies.done(command);
        else this.#replies.fail(command, 'refused', `${reply.status} ${reply.words}`);
      });
    });
  }

  #sendDigits(command: CommandOf<'send-digits'>, connection: AriConnection, onReply: OnReply): void {
    const call = this.#parts.calls.get(command.callId);
    if (call === undefined) return this.#replies.fail(command, 'gone', 'There is no such call.');
    if (!call.isAnswered) return this.#replies.fail(command, 'refused', 'The call has not been answered.');
    const { operation, parameters } = digitsRequest(call.callId, command.digits);
    connection.send(operation, parameters, onReply);
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
}
