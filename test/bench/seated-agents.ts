import type { Switch, SwitchCapabilities, SwitchCommand, SwitchEvent } from '../../src/telephony/switch.js';
import { callId, phoneName, type CallId } from '../../src/units/ids.js';

/** A seat that a bench fills: agent, phone and PIN as configured. */
export interface BenchSeat {
  readonly agentId: string;
  readonly phone: string;
  readonly pin: string;
}

/**
 * A switch with agents at phones that are not there. Everything about the
 * contacts' calls is the real switch's, the agents' bridges included; their own
 * lines, which carry nothing while no person is put through, are answered here. So a bench can
 * load trunk, analysis and service without spending its two cores on phones.
 */
export class SeatedAgents implements Switch {
  readonly #real: Switch;
  readonly #seats: ReadonlyMap<CallId, BenchSeat>;
  #emit: (event: SwitchEvent) => void = () => undefined;
  #areSeated = false;

  constructor(real: Switch, seats: readonly BenchSeat[]) {
    this.#real = real;
    this.#seats = new Map(seats.map((seat) => [callId(`seat-${seat.agentId}`), seat]));
  }

  get name(): string {
    return this.#real.name;
  }

  get capabilities(): SwitchCapabilities {
    return this.#real.capabilities;
  }

  start(onEvent: (event: SwitchEvent) => void, signal: AbortSignal): Promise<void> {
    this.#emit = onEvent;
    return this.#real.start((event) => {
      // Phones that are not there never register; the agents are not to be taken out for it.
      if (event.type === 'phone-changed') return;
      onEvent(event.type === 'switch-snapshot' ? { ...event, snapshot: { ...event.snapshot, phones: [] } } : event);
      if (event.type === 'switch-snapshot' && !this.#areSeated) this.#seatAll();
    }, signal);
  }

  perform(command: SwitchCommand): void {
    if (!this.#isOfSeat(command)) {
      this.#real.perform(command);
      return;
    }
    queueMicrotask(() => {
      this.#emit({ type: 'command-done', command });
      if (command.type === 'bridge') {
        this.#emit({ type: 'call-bridged', bridgeId: command.bridgeId, callId: command.callId });
      }
    });
  }

  close(): Promise<void> {
    return this.#real.close();
  }

  #isOfSeat(command: SwitchCommand): boolean {
    return 'callId' in command && this.#seats.has(command.callId);
  }

  /** Each calls the log-in code and keys his PIN. */
  #seatAll(): void {
    this.#areSeated = true;
    for (const [line, seat] of this.#seats) {
      this.#emit({
        type: 'call-offered',
        callId: line,
        phone: phoneName(seat.phone),
        callerNumber: seat.phone,
        request: { kind: 'feature', feature: 'log-in' },
      });
      for (const digit of `${seat.pin}#`) this.#emit({ type: 'digit-received', callId: line, digit });
    }
  }
}
