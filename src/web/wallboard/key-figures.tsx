import type { ReactNode } from 'react';
import type { FloorBoard } from '../../api/contract.js';
import { countText, ratioText, shortSpanText } from './format.js';
import { SeverityShape } from './shapes.js';

/** Share of people who may be left without an agent: 3 % by 47 CFR 64.1200(a)(7) and Ofcom's policy on persistent misuse. */
const ABANDON_RATIO_MAX = 0.03;

/** From here the ratio is shown as near its limit. Chosen: four fifths of it, while there is still time to pace down. */
const ABANDON_RATIO_NEAR = 0.024;

/** The gauge's full width. Chosen: twice the limit, which then stands in the middle. */
const ABANDON_GAUGE_RATIO = 0.06;

/** The day in six figures. */
export function KeyFigures({ floor }: { readonly floor: FloorBoard }): ReactNode {
  const { counts, abandonRatio, answerRatio, answerToAgentMsP50, answerToAgentMsP95 } = floor.today;
  return (
    <section className="figures" aria-label="Today">
      <Figure name="talking" label="Talking now" value={countText(floor.callsByState.talking ?? 0)} note="contacts with an agent" />
      <Figure name="connected" label="Connected" value={countText(counts.connectedCount)} note={`of ${countText(counts.personCount + counts.unsureCount)} people reached`} />
      <AbandonFigure ratio={abandonRatio} />
      <Figure
        name="answer-ratio"
        label="Answer ratio"
        value={ratioText(answerRatio)}
        note={`${countText(counts.answeredCount)} answered`}
      />
      <Figure name="dialled" label="Dialled" value={countText(counts.dialledCount)} note={`${floor.callsPerSecond.toFixed(1)} a second now`} />
      <Figure
        name="answer-to-agent"
        label="Answer to agent"
        value={shortSpanText(answerToAgentMsP50)}
        note={`95 % within ${shortSpanText(answerToAgentMsP95)}`}
      />
    </section>
  );
}

function Figure(props: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly note: string;
}): ReactNode {
  return (
    <div className="figure" data-figure={props.name}>
      <h2>{props.label}</h2>
      <Value text={props.value} />
      <p className="note">{props.note}</p>
    </div>
  );
}

function AbandonFigure(props: { readonly ratio: number | undefined }): ReactNode {
  const { ratio = 0 } = props;
  const severity = ratio > ABANDON_RATIO_MAX ? 'alarm' : ratio >= ABANDON_RATIO_NEAR ? 'near' : 'well';
  const words = { alarm: 'Over the 3 % limit', near: 'Near the 3 % limit', well: 'Within the 3 % limit' }[severity];
  return (
    <div className={`figure abandon ${severity}`} data-figure="abandon-ratio">
      <h2>
        Abandon ratio <SeverityShape severity={severity} />
      </h2>
      <Value text={ratioText(props.ratio)} />
      <div className="gauge" aria-hidden="true">
        <span className="gauge-fill" style={{ width: `${String(Math.min(1, ratio / ABANDON_GAUGE_RATIO) * 100)}%` }} />
        <span className="gauge-limit" />
      </div>
      <p className="note">
        <strong>{words}</strong>
      </p>
    </div>
  );
}

/** The number large, its unit small. */
function Value({ text }: { readonly text: string }): ReactNode {
  const [number, unit] = text.split(' ');
  return (
    <p className="value">
      {number}
      {unit === undefined ? null : <span className="unit"> {unit}</span>}
    </p>
  );
}
