import type { ComponentChildren, JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { words } from '../words/words.ts';
import { Chart } from './chart.tsx';
import { ChartTable, type Table } from './chart-table.tsx';
import type { Drawing } from './drawing.ts';
import './charts.css';

/** What a mark of the legend looks like in the chart. */
export type LegendMark = { look: 'line' | 'band' | 'bar' | 'hatched' | 'plan' | 'forecast' | 'limit-bad' | 'limit-warn' | 'online' | 'offline' | 'nothing'; text: string };

type ChartFigureProps = {
  title: string;
  unit?: string;
  /** What it comes to in a sentence or two. Undefined where nothing is known of this time. */
  summary: string | undefined;
  legend: readonly LegendMark[];
  drawing: Drawing;
  points?: { count: number; say: (index: number) => string };
  /** The same numbers as the chart shows, made when somebody asks for them. */
  table: () => Table;
  children?: ComponentChildren;
};

/** A chart with its name, what it comes to, its legend, and the same numbers as a table for whoever wants them. */
export function ChartFigure({ title, unit = '', summary, legend, drawing, points, table, children }: ChartFigureProps): JSX.Element {
  const { charts } = words.value;
  const [isTable, setTable] = useState(false);
  const titleId = useId();
  return (
    <figure class="card chart-figure" aria-labelledby={titleId}>
      <figcaption class="chart-head">
        <h3 id={titleId}>{title}{unit !== '' && <span class="quiet"> (<bdi>{unit}</bdi>)</span>}</h3>
        {summary !== undefined && <Button kind="quiet" pressed={isTable} onClick={() => setTable(!isTable)}>{charts.asTable}<span class="only-heard"> {title}</span></Button>}
      </figcaption>
      {children}
      {summary === undefined ? (
        <p class="chart-empty quiet">{charts.empty}</p>
      ) : (
        <>
          <p class="chart-summary">{summary}</p>
          {isTable ? (
            <ChartTable title={title} table={table()} />
          ) : (
            <>
              <Chart drawing={drawing} label={`${title}. ${summary}`} {...(points && { points })} />
              <Legend marks={legend} />
            </>
          )}
        </>
      )}
    </figure>
  );
}

const Legend = ({ marks }: { marks: readonly LegendMark[] }): JSX.Element => (
  <ul class="legend" aria-label={words.value.charts.legend}>
    {marks.map(({ look, text }) => (
      <li key={text}><span class={`legend-mark legend-${look}`} aria-hidden="true" />{text}</li>
    ))}
  </ul>
);
