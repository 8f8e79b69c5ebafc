import type { CommandFailure } from '../switch.js';

/** How a call ended, in Q.850 with the switch's own words beside it. */
export interface EndedCause {
  readonly q850: number;
  readonly nativeCause: string;
  readonly sipCode?: number;
}

/**
 * Causes of Asterisk are Q.850 already, but for a few of its own that lie
 * outside its 1..127 or mean nothing there.
 * @param farSipCode SIP status that the far end sent, where it sent one: a
 *   status in the switch's own end event may be what *we* sent (480 for our
 *   own ring time-out), so it is not asked.
 */
export function endedCause(cause: number, causeText: string, farSipCode: number | undefined): EndedCause {
  const q850 = cause >= 1 && cause <= 127 ? cause : 0;
  const nativeCause = `${cause} ${causeText === '' ? 'no words' : causeText}`;
  // 0 and 200 are no refusal: an orderly BYE.
  if (farSipCode === undefined || farSipCode < 300) return { q850, nativeCause };
  return { q850, nativeCause, sipCode: farSipCode };
}

/**
 * What a refused ARI request means. `addChannel` and `removeChannel` answer
 * 400 for a channel that is not there; 404, 409, 412 and 422 say that channel,
 * bridge or playback is gone or no longer in the application.
 */
export function failureOfStatus(status: number): CommandFailure {
  switch (status) {
    case 400:
    case 404:
    case 409:
    case 412:
    case 422:
      return 'gone';
    case 429:
    case 503:
      return 'overloaded';
    case 501:
      return 'unsupported';
    default:
      return 'refused';
  }
}
