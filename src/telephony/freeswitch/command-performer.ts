import { randomUUID } from 'node:crypto';
import type { CommandReplies } from '../pending-commands.js';
import type { BridgeId, CallId } from '../../units/ids.js';
import { assertNever } from '../../units/assert-never.js';
import type { SwitchCommand } from '../switch.js';
import { CallHearing } from './call-hearing.js';
import type { AudioWay, HearingOutcome } from './call-hearing.js';
import type { CallRecorder } from './call-recorder.js';
import type { EslConnection, EslReply } from './esl-connection.js';
import { failureOf, failureOfOriginate, isDone } from './freeswitch-causes.js';
import {
  eavesdropCommand, hangUpCommand, holdCommand, joinCommand, originateCommand, parkCommand, sendDigitsCommand, whisperCommand,
} from './freeswitch-commands.js';
import type { FreeswitchNaming } from './freeswitch-config.js';
import type { LegTracker } from './leg-tracker.js';
import { isSettled } from './leg.js';
import type { Leg, LegTask } from './leg.js';
import type { Playbacks } from './playbacks.js';

type CommandOf<Type extends SwitchCommand['type']> = Extract<SwitchCommand, { readonly type: Type }>;

/** What commands work on. */
export interface PerformerParts {
  readonly naming: FreeswitchNaming;
  readonly legs: LegTracker;
  readonly playbacks: Playbacks;
  /** Left out, no call is heard. */
  readonly audioWay: AudioWay | undefined;
  readonly recorder: CallRecorder | undefined;
  /** Bridges that were opened, empty ones too. */
  readonly openedBridges: Set<BridgeId>;
}

/** Turns each command into what it takes on the switch, and the outcome into its reply. */
export class CommandPerformer {
  readonly #parts: PerformerParts;
  readonly #replies: CommandReplies;
  /** Originates whose leg has not been seen yet. */
  readonly #originates = new Map<CallId, CommandOf<'originate'>>();

  constructor(parts: PerformerParts, replies: CommandReplies) {
    this.#parts = parts;
    this.#replies = replies;
  }

  /** Puts the command to the switch; its one reply comes later, or at once when it cannot be done. */
  carryOut(command: SwitchCommand, connection: EslConnection): void {
    switch (command.type) {
      case 'originate':
        return this.#originate(command, connection);
      case 'open-bridge':
        this.#parts.openedBridges.add(command.bridgeId);
        return this.#replies.done(command);
      case 'close-bridge':
        return this.#closeBridge(command, connection);
      case 'stop-playing':
        if (!this.#parts.playbacks.stop(command.playbackId, this.#settler(command))) this.#replies.fail(command, 'gone', 'There is no such playback.');
        return;
      default: {
        const leg = this.#parts.legs.get(command.callId);
        if (leg === undefined) return this.#noLeg(command, command.callId, connection);
        return this.#onLeg(command, leg, connection);
      }
    }
  }

  /** We know of no such call, and the switch is asked all the same: it may be gone itself. */
  #noLeg(command: SwitchCommand, callId: CallId, connection: EslConnection): void {
    connection.api(`uuid_exists ${callId}`, (reply) => {
      if (reply.kind === 'lost') this.#replies.fail(command, 'switch-lost', 'The connection went before a reply came.');
      else this.#replies.fail(command, 'gone', 'There is no such call of ours.');
    });
  }

  /** The leg of an originate has been seen: the originate is done. */
  created(leg: Leg): void {
    const command = this.#originates.get(leg.callId);
    if (command === undefined) return;
    this.#originates.delete(leg.callId);
    this.#replies.done(command);
    this.#parts.legs.originateDone(leg);
  }

  /** The connection is gone, and with it what waited for a leg. */
  disconnect(): void {
    this.#originates.clear();
  }

  #onLeg(
    command: Exclude<SwitchCommand, { readonly type: 'originate' | 'open-bridge' | 'close-bridge' | 'stop-playing' }>,
    leg: Leg,
    connection: EslConnection,
  ): void {
    const settle = this.#settler(command);
    switch (command.type) {
      case 'answer':
        return connection.api(`uuid_answer ${leg.callId}`, settle);
      case 'hang-up':
        leg.isEnding = true;
        return connection.api(hangUpCommand(leg.callId, command.q850), settle);
      case 'bridge':
        return this.#bridge(command, leg, connection, settle);
      case 'unbridge':
        if (leg.headedFor === undefined && leg.bridgeId === undefined) return this.#replies.fail(command, 'gone', 'The call is in no bridge.');
        return this.#park(leg, connection, settle);
      case 'hold':
        if (!this.#mayMove(command, leg)) return;
        this.#leave(leg, 'hold');
        return connection.api(holdCommand(leg.callId, this.#parts.naming.holdingMusic), settle);
      case 'unhold':
        if (leg.task !== 'hold') return this.#replies.fail(command, 'gone', 'The call is not on hold.');
        return this.#park(leg, connection, settle);
      case 'tap':
        return this.#tap(command, leg, connection);
      case 'untap':
        if (leg.hearing === undefined) return this.#replies.fail(command, 'gone', 'The call is not tapped.');
        return this.#park(leg, connection, settle);
      case 'send-digits':
        if (!this.#mayMove(command, leg)) return;
        return connection.api(sendDigitsCommand(leg.callId, command.digits), settle);
      case 'supervise':
        return this.#supervise(command, leg, connection, settle);
      case 'stop-supervising':
        if (leg.supervision === undefined) return this.#replies.fail(command, 'gone', 'The call follows nobody.');
        return this.#park(leg, connection, settle);
      case 'play':
        return this.#parts.playbacks.play(leg, command.playbackId, command.sounds, command.mixing, settle);
      case 'start-recording':
      case 'stop-recording':
        return this.#record(command, leg, settle);
      default:
        return assertNever(command);
    }
  }

  #originate(command: CommandOf<'originate'>, connection: EslConnection): void {
    const { naming, legs } = this.#parts;
    const trunk = naming.trunk(command.trunk);
    if (trunk === undefined) return this.#replies.fail(command, 'refused', `There is no trunk ${command.trunk}.`);
    const leg = legs.beginOriginate(command.callId);
    if (leg === undefined) return this.#replies.fail(command, 'refused', 'A call of this id is alive.');
    this.#originates.set(command.callId, command);
    if (command.wantsEarlyMedia === true) {
      legs.limitRinging(leg, command.ringTimeoutMs, () => connection.api(`uuid_kill ${leg.callId} NO_ANSWER`, () => undefined));
    }
    connection.background(randomUUID(), originateCommand(command, trunk, naming), (reply) => this.#originated(command, leg, reply));
  }

  /** The job is over long after the leg was seen, or without one: then nothing was dialled. */
  #originated(command: CommandOf<'originate'>, leg: Leg, reply: EslReply): void {
    if (this.#originates.get(command.callId) !== command) return;
    if (reply.kind === 'said' && isDone(reply.words)) return this.created(leg);
    this.#originates.delete(command.callId);
    this.#parts.legs.originateFailed(leg);
    if (reply.kind === 'lost') this.#replies.fail(command, 'switch-lost', 'The connection went before a reply came.');
    else this.#replies.fail(command, failureOfOriginate(reply.words), reply.words);
  }

  /** Its calls stay up, in none; a conference without members is none. */
  #closeBridge(command: CommandOf<'close-bridge'>, connection: EslConnection): void {
    const members = this.#parts.legs.all().filter((leg) => (leg.headedFor ?? leg.bridgeId) === command.bridgeId);
    const wasOpen = this.#parts.openedBridges.delete(command.bridgeId);
    if (!wasOpen && members.length === 0) return this.#replies.fail(command, 'gone', 'There is no such bridge.');
    for (const leg of members) this.#park(leg, connection, () => undefined);
    this.#replies.done(command);
  }

  #bridge(command: CommandOf<'bridge'>, leg: Leg, connection: EslConnection, settle: (reply: EslReply) => void): void {
    if (command.isTapped === true) return this.#replies.fail(command, 'unsupported', 'A call in a conference cannot be heard by a tap.');
    if (!this.#mayMove(command, leg)) return;
    if ((leg.headedFor ?? leg.bridgeId) === command.bridgeId && leg.task === 'bridge') return this.#replies.done(command);
    this.#leave(leg, 'bridge');
    leg.headedFor = command.bridgeId;
    connection.api(joinCommand(leg.callId, this.#parts.naming.roomWithProfile(command.bridgeId)), settle);
  }

  /** A leg that is being dialled would be parked by its originate, over any other order. */
  #mayMove(command: SwitchCommand, leg: Leg): boolean {
    if (leg.isAnsweredTold) return true;
    this.#replies.fail(command, 'refused', 'The call has not been answered.');
    return false;
  }

  #park(leg: Leg, connection: EslConnection, settle: (reply: EslReply) => void): void {
    this.#leave(leg, 'park');
    connection.api(parkCommand(leg.callId), settle);
  }

  /** Ends what the leg is doing, as far as we have to say it. */
  #leave(leg: Leg, task: LegTask): void {
    this.#parts.playbacks.abandon(leg);
    const { hearing } = leg;
    leg.hearing = undefined;
    hearing?.end();
    leg.headedFor = undefined;
    leg.task = task;
    leg.isParked = false;
    leg.isAudioReady = false;
    leg.leftTarget ??= task === 'supervise' ? undefined : leg.supervision?.targetCallId;
    leg.supervision = undefined;
  }

  #tap(command: CommandOf<'tap'>, leg: Leg, connection: EslConnection): void {
    const way = this.#parts.audioWay;
    if (way === undefined) return this.#replies.fail(command, 'unsupported', 'No place to send call audio to was given.');
    // A leg without audio must never be asked for it: the switch would abort.
    const hasAudio = leg.isAnsweredTold || (leg.hasEarlyMedia && leg.isParked);
    if (!hasAudio) return this.#replies.fail(command, 'refused', 'The call has no audio yet.');
    if (leg.hearing !== undefined) return this.#replies.done(command);
    if (!leg.isAudioReady) this.#leave(leg, 'park');
    const hearing = new CallHearing(leg, way, connection, (outcome) => this.#settleTap(command, outcome));
    leg.hearing = hearing;
    hearing.begin();
  }

  #settleTap(command: CommandOf<'tap'>, outcome: HearingOutcome): void {
    switch (outcome.kind) {
      case 'heard':
        return this.#replies.done(command);
      case 'lost':
        return this.#replies.fail(command, 'switch-lost', 'The connection went before a reply came.');
      case 'withdrawn':
        return this.#replies.fail(command, 'gone', 'The call went elsewhere before it could be heard.');
      case 'no-room':
        return this.#replies.fail(command, 'overloaded', 'All ports for call audio are taken.');
      case 'refused':
        return this.#replies.fail(command, failureOf(outcome.words), outcome.words);
      case 'silent':
        return this.#replies.fail(command, 'refused', 'The switch sends no audio from any of its ports: check audioPorts and the media host.');
      default:
        return assertNever(outcome);
    }
  }

  #supervise(command: CommandOf<'supervise'>, leg: Leg, connection: EslConnection, settle: (reply: EslReply) => void): void {
    if (!this.#mayMove(command, leg)) return;
    if (command.targetCallId === leg.callId) return this.#replies.fail(command, 'refused', 'A call cannot follow itself.');
    const follow = (): void => this.#follow(command, leg, connection, settle);
    // One that has not begun yet would tell its end when the next has begun.
    if (isSettled(leg)) follow();
    else leg.whenSettled.push(follow);
  }

  #follow(command: CommandOf<'supervise'>, leg: Leg, connection: EslConnection, settle: (reply: EslReply) => void): void {
    const target = this.#parts.legs.get(command.targetCallId);
    if (leg.isEnding || target === undefined) return this.#replies.fail(command, 'gone', 'There is no call to follow, or none that could.');
    if (!target.isAnsweredTold) return this.#replies.fail(command, 'refused', 'The call to follow has not been answered.');
    this.#leave(leg, 'supervise');
    leg.supervision = { targetCallId: command.targetCallId, executionId: undefined };
    connection.api(whisperCommand(leg.callId, command.mode), () => undefined);
    connection.api(eavesdropCommand(leg.callId, command.targetCallId), settle);
  }

  #record(command: CommandOf<'start-recording' | 'stop-recording'>, leg: Leg, settle: (reply: EslReply) => void): void {
    const { recorder } = this.#parts;
    if (recorder === undefined) return this.#replies.fail(command, 'unsupported', 'Recording needs a recordings folder.');
    if (command.type === 'start-recording') return recorder.start(leg.callId, command.path, settle);
    if (!recorder.isRecording(leg.callId)) return this.#replies.fail(command, 'gone', 'This call is not being recorded.');
    recorder.stop(leg.callId, settle);
  }

  #settler(command: SwitchCommand): (reply: EslReply) => void {
    return (reply) => {
      if (reply.kind === 'lost') this.#replies.fail(command, 'switch-lost', 'The connection went before a reply came.');
      else if (isDone(reply.words)) this.#replies.done(command);
      else this.#replies.fail(command, failureOf(reply.words), reply.words);
    };
  }
}
