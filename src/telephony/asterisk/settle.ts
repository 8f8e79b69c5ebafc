import { assertNever } from '../../units/assert-never.js';
import type { CommandReplies } from '../pending-commands.js';
import type { SwitchCommand } from '../switch.js';
import type { AriReply } from './ari-connection.js';
import type { AriOperationName } from './ari-types.js';
import { failureOfStatus } from './asterisk-causes.js';

/** Gives a command the one reply that the outcome of its request comes to. */
export function settle(replies: CommandReplies, command: SwitchCommand, reply: AriReply<AriOperationName>): void {
  switch (reply.kind) {
    case 'done':
      return replies.done(command);
    case 'refused':
      return replies.fail(command, failureOfStatus(reply.status), `${reply.status} ${reply.words}`);
    case 'overflow':
      return replies.fail(command, 'overloaded', 'Too many requests wait for the switch.');
    case 'lost':
      return replies.fail(command, 'switch-lost', 'The connection went before a reply came.');
    default:
      return assertNever(reply);
  }
}
