import type { EventHeaders } from '../recorded/switch-event-data.js';

const two = (value: number): string => String(value).padStart(2, '0');
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-11-20 11:12:51`, in UTC as the recorded switch ran. */
export function localTime(us: number): string {
  const at = new Date(us / 1000);
  return (
    `${String(at.getUTCFullYear())}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())} ` +
    `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`
  );
}

/** `Fri, 20 Nov 2026 11:12:51 GMT` */
function gmtTime(us: number): string {
  const at = new Date(us / 1000);
  const date = `${two(at.getUTCDate())} ${MONTHS[at.getUTCMonth()] ?? ''} ${String(at.getUTCFullYear())}`;
  return `${DAYS[at.getUTCDay()] ?? ''}, ${date} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} GMT`;
}

/** Marks an event with the server's life, the time and its number. */
export function stampEvent(headers: EventHeaders, coreUuid: string, us: number, sequence: number): void {
  headers.set('Core-UUID', coreUuid);
  headers.set('Event-Date-Local', localTime(us));
  headers.set('Event-Date-GMT', gmtTime(us));
  headers.set('Event-Date-Timestamp', String(us));
  headers.set('Event-Sequence', String(sequence));
}
