import type { SwitchCapabilities, SwitchCommand } from '../switch.js';
import type { AriConnection, AriReply } from './ari-connection.js';
import type { AriOperationName } from './ari-types.js';
import { createRequest, dialRequest, originateRequest } from './asterisk-commands.js';
import type { AsteriskNaming } from './asterisk-config.js';
import type { CallTracker } from './call-tracker.js';
import type { CommandReplies } from '../pending-commands.js';
import { settle } from './settle.js';

type Originate = Extract<SwitchCommand, { readonly type: 'originate' }>;

/** What placing calls works on. */
export interface OriginatingParts {
  readonly naming: AsteriskNaming;
  readonly calls: CallTracker;
  readonly capabilities: () => SwitchCapabilities;
}

/**
 * Places calls. A plain one is one request, and comes into the application
 * with its answer. One that is to be heard before that is made in the
 * application and dialled as soon as the switch has it there, which it tells
 * by an event that may come after the reply.
 */
export class Originating {
  readonly #parts: OriginatingParts;
  readonly #replies: CommandReplies;

  constructor(parts: OriginatingParts, replies: CommandReplies) {
    this.#parts = parts;
    this.#replies = replies;
  }

  /** @param command its one reply comes before anything that is told of the call. */
  originate(command: Originate, connection: AriConnection): void {
    const trunk = this.#parts.naming.trunk(command.trunk);
    if (trunk === undefined) return this.#replies.fail(command, 'refused', `There is no trunk ${command.trunk}.`);
    const isEarly = command.wantsEarlyMedia === true;
    if (isEarly && !this.#parts.capabilities().hasEarlyMedia) return this.#replies.fail(command, 'unsupported', 'There is nothing to hear early media with.');
    if (!this.#parts.calls.beginOriginate(command.callId, isEarly)) return this.#replies.fail(command, 'refused', 'A call of this id is alive.');
    const onMade = (reply: AriReply<'channels.originateWithId' | 'channels.create'>): void => {
      if (reply.kind !== 'done') return this.#originateFailed(command, trunk.endpoint, connection, reply);
      this.#parts.calls.nameChannel(command.callId, reply.response.name);
      if (isEarly) this.#parts.calls.whenEntered(command.callId, () => this.#dial(command, trunk.endpoint, connection));
      else this.#originateDone(command);
    };
    if (isEarly) {
      const { operation, parameters } = createRequest(command, trunk, this.#parts.naming);
      connection.send(operation, parameters, onMade);
    } else {
      const { operation, parameters } = originateRequest(command, trunk, this.#parts.naming);
      connection.send(operation, parameters, onMade);
    }
  }

  #dial(command: Originate, endpoint: string, connection: AriConnection): void {
    const { operation, parameters } = dialRequest(command);
    connection.send(operation, parameters, (reply) => {
      if (reply.kind === 'done') return this.#originateDone(command);
      connection.send('channels.hangup', { channelId: command.callId }, () => undefined);
      this.#originateFailed(command, endpoint, connection, reply);
    });
  }

  #originateDone(command: Originate): void {
    this.#replies.done(command);
    this.#parts.calls.originateDone(command.callId);
  }

  #originateFailed(
    command: Originate,
    endpoint: string,
    connection: AriConnection,
    reply: Exclude<AriReply<AriOperationName>, { readonly kind: 'done' }>,
  ): void {
    this.#parts.calls.originateFailed(command.callId, reply.kind === 'lost');
    // 500 says only that no channel could be made; why, the endpoint tells.
    if (reply.kind === 'refused' && reply.status === 500) this.#explain(command, endpoint, reply.words, connection);
    else if (reply.kind === 'refused') this.#replies.fail(command, 'refused', reply.words);
    else settle(this.#replies, command, reply);
  }

  #explain(command: Originate, endpoint: string, words: string, connection: AriConnection): void {
    connection.send('endpoints.get', { tech: 'PJSIP', resource: endpoint }, (reply) => {
      if (reply.kind === 'done' && reply.response.state === 'online') this.#replies.fail(command, 'overloaded', words);
      else if (reply.kind === 'done') this.#replies.fail(command, 'trunk-down', `${words}; the endpoint ${endpoint} is ${reply.response.state ?? 'unknown'}`);
      else if (reply.kind === 'refused') this.#replies.fail(command, 'refused', `There is no PJSIP endpoint ${endpoint}.`);
      else settle(this.#replies, command, reply);
    });
  }
}
