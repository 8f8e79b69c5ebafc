import { useEffect, useState } from 'react';

/**
 * The service's time, told once a second, just after each of its seconds
 * begins, so that all timers on the page step together.
 */
export function useServiceClock(clockOffsetMs: number): number {
  const [nowMs, setNowMs] = useState(() => Date.now() + clockOffsetMs);
  // Jitter of some milliseconds must not restart the timer.
  const offsetMs = Math.round(clockOffsetMs / 50) * 50;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      const now = Date.now() + offsetMs;
      setNowMs(now);
      timer = setTimeout(tell, 1000 - (now % 1000) + 5);
    };
    tell();
    return () => {
      clearTimeout(timer);
    };
  }, [offsetMs]);
  return nowMs;
}
