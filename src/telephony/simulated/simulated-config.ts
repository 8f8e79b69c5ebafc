import type { Ms } from '../../units/time.js';
import type { SwitchCapabilities } from '../switch.js';

/** How the simulated switch's connection behaves. */
export interface SimulatedSwitchConfig {
  /** From `perform` to the exchange. */
  readonly commandMs: Ms;
  /** From the exchange to the event. */
  readonly eventMs: Ms;
  /** Each way takes up to so much longer, drawn anew each time; order is kept. */
  readonly jitterMsMax: Ms;
  /** From one try to connect to the next. */
  readonly reconnectMs: Ms;
  /**
   * Whether the reply to a command comes before the news that it made, or
   * after. Both happen on real switches.
   */
  readonly replyOrder: 'before-news' | 'after-news';
  /** Seed of the jitter. */
  readonly seed: number;
  /** What this switch cannot do although a simulated one could. Default: nothing. */
  readonly lacks?: readonly (keyof SwitchCapabilities)[];
}

/** A quick local switch; latencies as measured on Asterisk 22 over one WebSocket at 100 calls/s. */
export const SIMULATED_SWITCH_DEFAULTS: SimulatedSwitchConfig = {
  commandMs: 0.5,
  eventMs: 0.5,
  jitterMsMax: 2,
  reconnectMs: 500,
  replyOrder: 'before-news',
  seed: 1,
};

/** The world itself hears the calls and gives the verdicts, so a tap is taken as on any switch. */
export const SIMULATED_SWITCH_CAPABILITIES: SwitchCapabilities = {
  isOrderedStream: true,
  hasSipCodes: true,
  hasAudioTap: true,
  hasTapWhileBridged: true,
  hasWhisper: true,
  hasStereoRecording: true,
  hasPhoneStates: true,
  hasTrunkStates: true,
  hasEarlyMedia: true,
  hasHoldingAudio: true,
  hasSupervision: true,
  hasAudioReturn: true,
  hasBeepDetection: false,
};
