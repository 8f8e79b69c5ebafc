import type { ReactNode } from 'react';
import type { TrunkBoard, Wallboard } from '../../api/contract.js';
import { clockText, ratioText } from './format.js';
import { LinkShape } from './shapes.js';

/** Name, the ways to the outside, and the time. */
export function BoardHeader({ board, clockMs }: { readonly board: Wallboard; readonly clockMs: number }): ReactNode {
  const trunks = Object.values(board.trunks).sort((a, b) => a.name.localeCompare(b.name));
  return (
    <header className="header">
      <h1>
        <img src="./icon.svg" alt="" /> Outdial
      </h1>
      <ul className="links" aria-label="Switch and trunks">
        <Link name="Switch" isUp={board.floor.isSwitchConnected} up="connected" down="lost" />
        {trunks.map((trunk) => (
          <Link key={trunk.name} name={trunk.name} isUp={trunk.isReachable} up="reachable" down="down" note={falseAnswersText(trunk)} />
        ))}
      </ul>
      <time className="clock" dateTime={new Date(clockMs).toISOString()}>
        {clockText(clockMs, board.floor.timeZone)}
      </time>
    </header>
  );
}

/** Undefined while there are none. */
function falseAnswersText({ answeredCount, falseAnswerCount }: TrunkBoard): string | undefined {
  return falseAnswerCount === 0 ? undefined : `${ratioText(falseAnswerCount / answeredCount)} false answers`;
}

function Link(props: {
  readonly name: string;
  readonly isUp: boolean;
  readonly up: string;
  readonly down: string;
  readonly note?: string | undefined;
}): ReactNode {
  const { name, isUp, up, down, note } = props;
  return (
    <li className={isUp ? 'link' : 'link down'}>
      <LinkShape isUp={isUp} />
      <span className="link-name">{name}</span> <span>{isUp ? up : down}</span>
      {note === undefined ? null : <span className="link-note"> {note}</span>}
    </li>
  );
}
