import type { CallId } from '../../units/ids.js';
import type { Ms } from '../../units/time.js';
import type { SwitchEvent } from '../switch.js';
import type { AmiMessage } from './ami-client.js';

/** One side's view of what it receives. */
interface ReceptionReport {
  readonly lossRatio: number;
  readonly jitterMs: Ms;
}

/** RTP clock of G.711; jitter is counted in its ticks (RFC 3550, 6.4.1). */
const TICKS_PER_MS = 8;
/** Fraction lost is a count of 256ths (RFC 3550, 6.4.1). */
const LOST_FRACTIONS = 256;

/**
 * Quality of each call's audio in both directions, from `RTCPSent` (what we
 * receive) and `RTCPReceived` (what the far end receives); the worse of the
 * two is told, each time the far end reports.
 */
export class RtcpQuality {
  readonly #ours = new Map<CallId, ReceptionReport>();

  /** @param isOurs whether this channel is a call of ours that is up. */
  onMessage(message: AmiMessage, isOurs: (callId: CallId) => boolean): SwitchEvent | undefined {
    const callId = message['uniqueid'] as CallId | undefined;
    if (callId === undefined || !isOurs(callId)) return undefined;
    const report = reportOf(message);
    if (message['event'] === 'RTCPSent') {
      if (report !== undefined) this.#ours.set(callId, report);
      return undefined;
    }
    if (message['event'] !== 'RTCPReceived') return undefined;
    const ours = this.#ours.get(callId);
    if (report === undefined && ours === undefined) return undefined;
    return {
      type: 'quality-reported',
      callId,
      lossRatio: Math.max(report?.lossRatio ?? 0, ours?.lossRatio ?? 0),
      jitterMs: Math.max(report?.jitterMs ?? 0, ours?.jitterMs ?? 0),
      roundTripMs: numberOf(message['rtt']) * 1000,
    };
  }

  /** The call is over. */
  forget(callId: CallId): void {
    this.#ours.delete(callId);
  }
}

/** The first report block; undefined when the packet has none. */
function reportOf(message: AmiMessage): ReceptionReport | undefined {
  if (numberOf(message['reportcount']) === 0) return undefined;
  return {
    lossRatio: Math.min(1, numberOf(message['report0fractionlost']) / LOST_FRACTIONS),
    jitterMs: numberOf(message['report0iajitter']) / TICKS_PER_MS,
  };
}

function numberOf(text: string | undefined): number {
  const value = Number(text ?? 0);
  return Number.isFinite(value) && value > 0 ? value : 0;
}
