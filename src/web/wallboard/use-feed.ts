import { useEffect, useState } from 'react';
import { FeedClient, type FeedView } from '../feed-client.js';

/** Keeps a page from loading itself over and over while a proxy still serves the old one. */
const RELOAD_PAUSE_MS = 30_000;

/** What the feed says, for a component that lives as long as the page. */
export function useFeed(url: string): FeedView {
  const [view, setView] = useState<FeedView>({
    board: undefined,
    link: 'connecting',
    lostAtMs: undefined,
    clockOffsetMs: 0,
  });
  useEffect(() => {
    let reloadTimer: ReturnType<typeof setTimeout> | undefined;
    const client = new FeedClient({
      url,
      onView: setView,
      onOutdated: () => {
        reloadTimer ??= setTimeout(() => {
          window.location.reload();
        }, RELOAD_PAUSE_MS);
      },
    });
    const retry = (): void => {
      client.retryNow();
    };
    window.addEventListener('online', retry);
    document.addEventListener('visibilitychange', retry);
    return () => {
      window.removeEventListener('online', retry);
      document.removeEventListener('visibilitychange', retry);
      clearTimeout(reloadTimer);
      client.close();
    };
  }, [url]);
  return view;
}
