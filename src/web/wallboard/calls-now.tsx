import type { ReactNode } from 'react';
import type { CallsByState, LiveCallState } from '../../api/contract.js';
import { countText } from './format.js';

interface Stage {
  readonly name: string;
  readonly label: string;
  readonly states: readonly LiveCallState[];
}

/** A call's way from left to right; every stage keeps its place when nothing is in it. */
const STAGES: readonly Stage[] = [
  { name: 'dialling', label: 'Dialling', states: ['dialling'] },
  { name: 'ringing', label: 'Ringing', states: ['ringing'] },
  { name: 'analysing', label: 'Analysing', states: ['analysing'] },
  { name: 'waiting', label: 'Waiting', states: ['waiting'] },
  { name: 'talking', label: 'Talking', states: ['connecting', 'talking'] },
  { name: 'message', label: 'Message', states: ['greeting', 'playing-message', 'playing-safe-harbour'] },
];

/** Calls in progress by where they stand. */
export function CallsNow(props: { readonly callsByState: CallsByState; readonly callsPerSecond: number }): ReactNode {
  const counts = STAGES.map((stage) => ({
    ...stage,
    count: stage.states.reduce((sum, state) => sum + (props.callsByState[state] ?? 0), 0),
  }));
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  return (
    <section className="panel calls" aria-labelledby="calls-now">
      <h2 id="calls-now">
        Calls now <span className="total">{countText(total)}</span>
      </h2>
      <div className="bar" aria-hidden="true">
        {counts.map(({ name, count }) => (
          <span key={name} className={`segment ${name}`} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul className="stages">
        {counts.map(({ name, label, count }) => (
          <li key={name} className={count === 0 ? 'stage none' : 'stage'} data-stage={name}>
            <span className={`swatch ${name}`} aria-hidden="true" />
            <span className="stage-label">{label}</span>
            <span className="stage-count">{countText(count)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
