/** Text for what a base is missing of. */
const NOTHING = '–';

/** `1,234`. */
export const countText = (count: number): string => count.toLocaleString('en-US');

/** `2.4 %`; with a base of none, a dash. */
export function ratioText(ratio: number | undefined): string {
  return ratio === undefined ? NOTHING : `${(ratio * 100).toFixed(1)} %`;
}

/** Short spans to the hundredth of a second (`0.42 s`), longer ones to the tenth. */
export function shortSpanText(spanMs: number | undefined): string {
  if (spanMs === undefined) return NOTHING;
  return spanMs < 10_000 ? `${(spanMs / 1000).toFixed(2)} s` : `${(spanMs / 1000).toFixed(1)} s`;
}

/** How long since: `0:07`, `12:34`, `1:02:03`; never negative. */
export function timerText(sinceMs: number | undefined, nowMs: number): string {
  if (sinceMs === undefined) return '';
  const seconds = Math.max(0, Math.floor((nowMs - sinceMs) / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${String(hours)}:${two(minutes)}:${two(seconds % 60)}` : `${String(minutes)}:${two(seconds % 60)}`;
}

/** Time of day in the service's zone, `14:05:09`. */
export function clockText(nowMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(nowMs);
}
