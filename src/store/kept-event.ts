import type { DialerEvent } from '../dialer/event.js';

/**
 * Whether the store keeps events of this type. The others live in the feed and
 * the log alone: they say what is so at the moment, and a start learns it anew.
 */
export function isKept(event: DialerEvent): boolean {
  switch (event.type) {
    case 'pacing-decided':
    case 'recording-started':
    case 'trunk-changed':
    case 'phone-changed':
    case 'switch-changed':
    case 'quality-noted':
    case 'late-noted':
      return false;
    default:
      return true;
  }
}
