import type { ReactNode } from 'react';
import { AgentGrid } from './agent-grid.js';
import { BoardHeader } from './board-header.js';
import { CallsNow } from './calls-now.js';
import { CampaignList } from './campaign-list.js';
import { KeyFigures } from './key-figures.js';
import { OutcomesToday } from './outcomes-today.js';
import { StatusStrip } from './status-strip.js';
import { useFeed } from './use-feed.js';
import { useServiceClock } from './use-service-clock.js';

/** The floor at a glance, for a screen on a wall. */
export function WallboardPage({ feedUrl }: { readonly feedUrl: string }): ReactNode {
  const view = useFeed(feedUrl);
  const clockMs = useServiceClock(view.clockOffsetMs);
  const { board } = view;
  // A lost board stands still: timers that ran on would claim to know what they do not.
  const nowMs = view.lostAtMs ?? clockMs;
  if (board === undefined) {
    return (
      <main className="before-first" aria-busy="true">
        <p role="status">{view.link === 'lost' ? 'The service cannot be reached. Trying again…' : 'Connecting…'}</p>
      </main>
    );
  }
  return (
    <div className="wall" data-link={view.link}>
      <BoardHeader board={board} clockMs={clockMs} />
      <StatusStrip board={board} link={view.link} lostAtMs={view.lostAtMs} clockMs={clockMs} />
      <main className="floor">
        <KeyFigures floor={board.floor} />
        <div className="side">
          <CallsNow callsByState={board.floor.callsByState} callsPerSecond={board.floor.callsPerSecond} />
          <OutcomesToday counts={board.floor.today.counts} />
          <CampaignList campaigns={Object.values(board.campaigns)} />
        </div>
        <AgentGrid agents={Object.values(board.agents)} nowMs={nowMs} />
      </main>
    </div>
  );
}
