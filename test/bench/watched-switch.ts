import type { Switch, SwitchCapabilities, SwitchCommand, SwitchEvent } from '../../src/telephony/switch.js';
import type { CallId } from '../../src/units/ids.js';

/** Instants of one call's way into an agent's bridge, by `performance.now()`. */
export interface JoinStamps {
  /** The service asked for it. */
  bridgeAskedAtMs?: number;
  /** The switch has answered the request. */
  bridgeDoneAtMs?: number;
  /** The switch has told that the call is in the bridge. */
  bridgedAtMs?: number;
}

/** A switch as it is, with its traffic looked at: which number a call went to, and when it was joined. */
export class WatchedSwitch implements Switch {
  readonly #real: Switch;
  readonly #numbers = new Map<CallId, string>();
  readonly #stamps = new Map<CallId, JoinStamps>();

  constructor(real: Switch) {
    this.#real = real;
  }

  get name(): string {
    return this.#real.name;
  }

  get capabilities(): SwitchCapabilities {
    return this.#real.capabilities;
  }

  /** The number that this call was placed to; undefined for other calls. */
  numberOf(callId: CallId): string | undefined {
    return this.#numbers.get(callId);
  }

  /** What was seen of the call's joining so far. */
  stampsOf(callId: CallId): JoinStamps {
    return this.#stamps.get(callId) ?? {};
  }

  start(onEvent: (event: SwitchEvent) => void, signal: AbortSignal): Promise<void> {
    return this.#real.start((event) => {
      if (event.type === 'call-bridged') this.#stamp(event.callId, 'bridgedAtMs');
      if (event.type === 'command-done' && event.command.type === 'bridge') this.#stamp(event.command.callId, 'bridgeDoneAtMs');
      onEvent(event);
    }, signal);
  }

  perform(command: SwitchCommand): void {
    if (command.type === 'originate') this.#numbers.set(command.callId, command.destination);
    if (command.type === 'bridge') this.#stamp(command.callId, 'bridgeAskedAtMs');
    this.#real.perform(command);
  }

  close(): Promise<void> {
    return this.#real.close();
  }

  #stamp(callId: CallId, what: keyof JoinStamps): void {
    const stamps = this.#stamps.get(callId) ?? {};
    stamps[what] ??= performance.now();
    this.#stamps.set(callId, stamps);
  }
}
