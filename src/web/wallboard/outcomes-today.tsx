import type { ReactNode } from 'react';
import type { DayCounts } from '../../api/contract.js';
import { countText } from './format.js';

const OUTCOMES: readonly { readonly label: string; readonly count: keyof DayCounts; readonly isAnswered: boolean }[] = [
  { label: 'Person', count: 'personCount', isAnswered: true },
  { label: 'Machine', count: 'machineCount', isAnswered: true },
  { label: 'Unsure', count: 'unsureCount', isAnswered: true },
  { label: 'Screening', count: 'screeningCount', isAnswered: true },
  { label: 'Menu', count: 'menuCount', isAnswered: true },
  { label: 'Fax', count: 'faxCount', isAnswered: true },
  { label: 'Silence', count: 'silenceCount', isAnswered: true },
  { label: 'Rang on', count: 'ringingCount', isAnswered: true },
  { label: 'Busy tone', count: 'busyToneCount', isAnswered: true },
  { label: 'Intercept', count: 'interceptCount', isAnswered: true },
  // Not one more kind of answer: the people among them whom no agent took in time, and what agents had that was no person.
  { label: 'Abandoned', count: 'abandonedCount', isAnswered: true },
  { label: 'Taken back', count: 'takenBackCount', isAnswered: true },
  { label: 'No answer', count: 'noAnswerCount', isAnswered: false },
  { label: 'Busy', count: 'busyCount', isAnswered: false },
  { label: 'Rejected', count: 'rejectedCount', isAnswered: false },
  { label: 'Bad number', count: 'badNumberCount', isAnswered: false },
  { label: 'Failed', count: 'failedCount', isAnswered: false },
  // Answered by the carrier's word alone.
  { label: 'False answer', count: 'falseAnswerCount', isAnswered: false },
];

/** What the day's calls came to: who answered on the left, why nobody did on the right. */
export function OutcomesToday({ counts }: { readonly counts: DayCounts }): ReactNode {
  const largest = Math.max(1, ...OUTCOMES.map(({ count }) => counts[count]));
  const list = (isAnswered: boolean): ReactNode =>
    OUTCOMES.filter((outcome) => outcome.isAnswered === isAnswered).map(({ label, count }) => (
      <li key={count} className={counts[count] === 0 ? 'outcome none' : 'outcome'} data-outcome={count}>
        <span className="outcome-label">{label}</span>
        <span className="outcome-count">{countText(counts[count])}</span>
        <span className="outcome-bar" aria-hidden="true">
          <span style={{ width: `${String((counts[count] / largest) * 100)}%` }} />
        </span>
      </li>
    ));
  return (
    <section className="panel outcomes" aria-label="Outcomes today">
      <div className="answered">
        <h2>Answered by</h2>
        <ul>{list(true)}</ul>
      </div>
      <div className="unanswered">
        <h2>Not answered</h2>
        <ul>{list(false)}</ul>
      </div>
    </section>
  );
}
