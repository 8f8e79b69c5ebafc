import type { CommandFailure, SwitchCommand, SwitchEvent } from './switch.js';

/** Where the one reply of a command goes. */
export interface CommandReplies {
  done(command: SwitchCommand): void;
  fail(command: SwitchCommand, failure: CommandFailure, detail: string): void;
}

/** The commands that have no reply yet: each gets one, and a second one is not told. */
export class PendingCommands implements CommandReplies {
  readonly #commands = new Map<number, SwitchCommand>();
  readonly #onReply: (event: SwitchEvent) => void;

  constructor(onReply: (event: SwitchEvent) => void) {
    this.#onReply = onReply;
  }

  add(command: SwitchCommand): void {
    this.#commands.set(command.commandId, command);
  }

  done(command: SwitchCommand): void {
    if (this.#commands.delete(command.commandId)) this.#onReply({ type: 'command-done', command });
  }

  fail(command: SwitchCommand, failure: CommandFailure, detail: string): void {
    if (this.#commands.delete(command.commandId)) this.#onReply({ type: 'command-failed', command, failure, detail });
  }

  /** Fails the command, but never before the caller that gave it goes on. */
  failSoon(command: SwitchCommand, failure: CommandFailure, detail: string): void {
    queueMicrotask(() => this.fail(command, failure, detail));
  }

  /** The connection went: nobody will reply any more. */
  failAll(detail: string): void {
    for (const command of [...this.#commands.values()]) this.fail(command, 'switch-lost', detail);
  }
}
