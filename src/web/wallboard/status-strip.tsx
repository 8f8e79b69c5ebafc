import type { ReactNode } from 'react';
import type { AlarmBoard, Wallboard } from '../../api/contract.js';
import type { FeedView } from '../feed-client.js';
import { clockText, timerText } from './format.js';
import { SeverityShape } from './shapes.js';

const ALARM_TITLES: Readonly<Record<string, string>> = {
  'switch-lost': 'Switch lost',
  'store-failed': 'Store cannot write',
  'trunk-down': 'Trunk down',
  'impossible-event': 'Impossible event',
  'analysis-degraded': 'Answers are analysed worse',
};

/** One line that is always there, so that trouble moves nothing: the lost connection first, then alarms, else that all is well. */
export function StatusStrip(props: {
  readonly board: Wallboard;
  readonly link: FeedView['link'];
  readonly lostAtMs: number | undefined;
  readonly clockMs: number;
}): ReactNode {
  const { board, link, lostAtMs, clockMs } = props;
  const alarms = Object.values(board.alarms).sort((a, b) => b.sinceMs - a.sinceMs);
  if (link === 'lost' && lostAtMs !== undefined) {
    return (
      <div className="strip lost" role="alert">
        <SeverityShape severity="lost" />
        <strong>Connection lost.</strong>
        <span>
          Figures are of {clockText(lostAtMs, board.floor.timeZone)}, {timerText(lostAtMs, clockMs)} ago. Reconnecting…
        </span>
      </div>
    );
  }
  if (alarms.length > 0) {
    return (
      <div className="strip alarm" role="alert">
        <SeverityShape severity="alarm" />
        {alarms.map((alarm) => (
          <Alarm key={alarm.alarm} alarm={alarm} clockMs={clockMs} />
        ))}
      </div>
    );
  }
  const dialling = Object.values(board.campaigns).filter((campaign) => campaign.state === 'running').length;
  return (
    <div className="strip well" role="status">
      <SeverityShape severity="well" />
      <span>No alarms. {dialling === 0 ? 'No campaign is dialling.' : dialling === 1 ? '1 campaign is dialling.' : `${String(dialling)} campaigns are dialling.`}</span>
    </div>
  );
}

function Alarm({ alarm, clockMs }: { readonly alarm: AlarmBoard; readonly clockMs: number }): ReactNode {
  return (
    <span className="alarm-item">
      <strong>{ALARM_TITLES[alarm.alarm] ?? alarm.alarm}</strong> <span className="alarm-detail">{alarm.detail}</span>{' '}
      <span className="timer" aria-hidden="true">
        {timerText(alarm.sinceMs, clockMs)}
      </span>
    </span>
  );
}
