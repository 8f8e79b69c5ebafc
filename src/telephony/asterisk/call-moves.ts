import { assertNever } from '../../units/assert-never.js';
import type { CallId } from '../../units/ids.js';
import type { SwitchCapabilities, SwitchCommand } from '../switch.js';
import type { AriConnection, AriReply } from './ari-connection.js';
import type { AriOperationName } from './ari-types.js';
import { moveRequest } from './asterisk-commands.js';
import type { AsteriskNaming } from './asterisk-config.js';
import type { CallTracker } from './call-tracker.js';
import { CallTurns } from './call-turns.js';
import type { CommandReplies } from '../pending-commands.js';
import { settle } from './settle.js';
import { HoldingMusic } from './holding-music.js';
import type { LiveCallRecord } from './live-calls.js';
import type { Playbacks } from './playbacks.js';
import type { Supervisions } from './supervisions.js';
import type { TapOutcome, TapPool } from './tap-pool.js';

/** The commands that say where a call is to be. */
export type MoveCommand = Extract<
  SwitchCommand,
  { readonly type: 'bridge' | 'unbridge' | 'hold' | 'unhold' | 'tap' | 'untap' | 'supervise' | 'stop-supervising' }
>;
type MoveOf<Type extends MoveCommand['type']> = Extract<MoveCommand, { readonly type: Type }>;
type OnReply = (reply: AriReply<AriOperationName>) => void;

/** What moving calls works on. */
export interface CallMovesParts {
  readonly naming: AsteriskNaming;
  readonly calls: CallTracker;
  readonly playbacks: Playbacks;
  readonly supervisions: Supervisions;
  readonly taps: TapPool | undefined;
  readonly capabilities: () => SwitchCapabilities;
}

const OVERTAKEN: AriReply<AriOperationName> = { kind: 'refused', status: 404, words: 'The call went elsewhere meanwhile.' };

/**
 * Puts calls where they are to be: bridges, hold, taps, supervision. What is
 * played on a call's own channel, sounds or music, is stopped before it is
 * moved: a sound would keep it from moving, and every other request with it,
 * and music would go on in the bridge.
 */
export class CallMoves {
  readonly #parts: CallMovesParts;
  readonly #replies: CommandReplies;
  readonly #turns = new CallTurns();
  readonly #holding = new HoldingMusic();

  constructor(parts: CallMovesParts, replies: CommandReplies) {
    this.#parts = parts;
    this.#replies = replies;
  }

  /** Begins a move as soon as the call's moves before it are over. */
  carryOut(command: MoveCommand, connection: AriConnection): void {
    const call = this.#movable(command);
    if (call === undefined) return;
    const isElsewhere = command.type !== 'tap' && command.type !== 'supervise' && command.type !== 'stop-supervising';
    if (isElsewhere) this.withdraw(call.callId);
    if (command.type === 'supervise') return this.#supervise(command, call, connection);
    const move = (done: () => void): void =>
      this.#move(command, call, connection, (reply) => {
        settle(this.#replies, command, reply);
        done();
      });
    this.#turns.take(call, move, command.type === 'bridge' ? command.bridgeId : undefined);
  }

  /**
   * Closes a bridge when nobody is on the way into it or out of it: destroyed
   * meanwhile, it was seen to leave a channel that no request reaches any more
   * (22.10, about one round in twenty under load).
   */
  close(command: Extract<SwitchCommand, { readonly type: 'close-bridge' }>, connection: AriConnection): void {
    const { bridgeId } = command;
    const concerned = this.#parts.calls.all().filter(
      (call) => call.moves.length > 0 && (call.headedFor === bridgeId || call.bridgeId === bridgeId || call.moves.some((move) => move.bridgeId === bridgeId)),
    );
    this.#turns.takeAll(concerned, (done) => {
      connection.send('bridges.destroy', { bridgeId: this.#parts.naming.roomId(bridgeId) }, (reply) => {
        settle(this.#replies, command, reply);
        done();
      });
    });
  }

  /** The call goes elsewhere or ends: it waits for no tap and no supervision any more. */
  withdraw(callId: CallId): void {
    this.#parts.taps?.withdraw(callId);
    this.#parts.supervisions.withdraw(callId);
  }

  #move(command: Exclude<MoveCommand, MoveOf<'supervise'>>, call: LiveCallRecord, connection: AriConnection, onReply: OnReply): void {
    switch (command.type) {
      case 'bridge': {
        call.headedFor = command.bridgeId;
        const { operation, parameters } = moveRequest(this.#parts.naming.roomId(command.bridgeId), call.callId);
        const { taps } = this.#parts;
        if (command.isTapped !== true) {
          taps?.letGo(call.callId);
          return this.#whenMovable(call, connection, () => connection.send(operation, parameters, onReply));
        }
        taps?.keep(call.callId);
        return this.#whenMovable(call, connection, () =>
          connection.send(operation, parameters, (reply) => {
            // One that could not be moved is where it was, and heard no more than before.
            if (reply.kind === 'done') taps?.listenIn(call.callId);
            else taps?.letGo(call.callId);
            onReply(reply);
          }),
        );
      }
      case 'unbridge': {
        const bridgeId = call.headedFor ?? call.bridgeId;
        call.headedFor = undefined;
        return this.#leave(call, bridgeId === undefined ? undefined : this.#parts.naming.roomId(bridgeId), connection, onReply);
      }
      case 'untap':
        if (this.#parts.taps?.letGo(call.callId) === true) return onReply({ kind: 'done', response: undefined });
        return this.#leave(call, this.#parts.taps?.tapBridgeOf(call.callId), connection, onReply);
      case 'hold':
        return this.#hold(call, connection, onReply);
      case 'unhold':
        if (!this.#holding.stop(call, connection, onReply)) onReply({ kind: 'refused', status: 404, words: 'The call is not on hold.' });
        return;
      case 'tap':
        return this.#tap(call, connection, onReply);
      case 'stop-supervising':
        if (!this.#parts.supervisions.stop(call.callId, onReply)) onReply({ kind: 'refused', status: 404, words: 'The call supervises nobody.' });
        return;
      default:
        return assertNever(command);
    }
  }

  #leave(call: LiveCallRecord, placeId: string | undefined, connection: AriConnection, onReply: OnReply): void {
    if (placeId === undefined) return onReply({ kind: 'refused', status: 404, words: 'The call is not there.' });
    this.#parts.playbacks.whenQuiet(call, () => {
      connection.send('bridges.removeChannel', { bridgeId: placeId, channel: call.callId }, onReply);
    });
  }

  #hold(call: LiveCallRecord, connection: AriConnection, onReply: OnReply): void {
    this.#parts.taps?.letGo(call.callId);
    const placeId = this.#placeOf(call);
    call.headedFor = undefined;
    this.#parts.playbacks.whenQuiet(call, () => {
      const start = (): void => this.#holding.start(call, connection, onReply);
      if (placeId === undefined) return start();
      // Refused when it has left by itself, which is as well.
      connection.send('bridges.removeChannel', { bridgeId: placeId, channel: call.callId }, start);
    });
  }

  /** Whatever bridge it is in: of the dialer, of a tap or of a supervisor. The leaving ends what it was there for. */
  #placeOf(call: LiveCallRecord): string | undefined {
    const { naming, taps, supervisions } = this.#parts;
    const bridgeId = call.headedFor ?? call.bridgeId;
    return bridgeId === undefined ? (taps?.tapBridgeOf(call.callId) ?? supervisions.bridgeOf(call.callId)) : naming.roomId(bridgeId);
  }

  #tap(call: LiveCallRecord, connection: AriConnection, onReply: OnReply): void {
    const { taps } = this.#parts;
    // It could wait long for a free tap, and what comes after it would wait too.
    if (taps === undefined || this.#turns.hasNext(call)) return onReply(OVERTAKEN);
    call.headedFor = undefined;
    this.#whenMovable(call, connection, () => taps.take(call.callId, (outcome) => onReply(replyOf(outcome))));
  }

  /** It takes its turn only when the spying channel is there: nothing waits for that. */
  #supervise(command: MoveOf<'supervise'>, call: LiveCallRecord, connection: AriConnection): void {
    this.#parts.taps?.withdraw(call.callId);
    let isOver = false;
    let endTurn = (): void => undefined;
    const whenMovable = (run: () => void): void =>
      this.#turns.take(call, (done) => {
        if (isOver) return done();
        endTurn = done;
        call.headedFor = undefined;
        this.#whenMovable(call, connection, run);
      });
    this.#parts.supervisions.begin(call.callId, command.targetCallId, command.mode, whenMovable, (reply) => {
      isOver = true;
      settle(this.#replies, command, reply);
      endTurn();
    });
  }

  /** Runs as soon as nothing plays on the call's own channel, neither sounds nor music. */
  #whenMovable(call: LiveCallRecord, connection: AriConnection, run: () => void): void {
    this.#parts.playbacks.whenQuiet(call, () => this.#holding.whenStopped(call, connection, run));
  }

  /** The call, when it can be moved so; else the command has failed. */
  #movable(command: MoveCommand): LiveCallRecord | undefined {
    const { calls, taps } = this.#parts;
    const call = calls.get(command.callId);
    const capability = command.type === 'bridge' && command.isTapped === true ? 'hasTapWhileBridged' : NEEDS[command.type];
    const needsAnswer = command.type === 'hold' || command.type === 'unhold' || command.type === 'supervise';
    if (capability !== undefined && !this.#parts.capabilities()[capability]) this.#replies.fail(command, 'unsupported', 'The switch lacks the module for it.');
    else if (command.type === 'tap' && taps === undefined) this.#replies.fail(command, 'unsupported', 'No place to send call audio to was given.');
    else if (call === undefined) this.#replies.fail(command, 'gone', 'There is no such call.');
    else if (needsAnswer && !call.isAnswered) this.#replies.fail(command, 'refused', 'The call has not been answered.');
    else if (command.type === 'supervise' && calls.get(command.targetCallId) === undefined) this.#replies.fail(command, 'gone', 'There is no call to supervise.');
    else return call;
    return undefined;
  }
}

/** What the switch must offer for it. */
const NEEDS: Readonly<Partial<Record<MoveCommand['type'], keyof SwitchCapabilities>>> = {
  hold: 'hasHoldingAudio',
  unhold: 'hasHoldingAudio',
  supervise: 'hasSupervision',
  'stop-supervising': 'hasSupervision',
};

function replyOf(outcome: TapOutcome): AriReply<AriOperationName> {
  switch (outcome.kind) {
    case 'tapped':
      return { kind: 'done', response: undefined };
    case 'failed':
      return outcome.reply;
    case 'no-room':
      return { kind: 'overflow' };
    case 'withdrawn':
      return OVERTAKEN;
    default:
      return assertNever(outcome);
  }
}
