import type { JSX } from 'preact';

export type Table = { columns: readonly string[]; rows: readonly (readonly string[])[] };

/** The numbers of a chart, the newest first; it scrolls by itself where they are many. */
export const ChartTable = ({ title, table: { columns, rows } }: { title: string; table: Table }): JSX.Element => (
  <div class="chart-table" role="region" tabIndex={0} aria-label={title}>
    <table>
      <thead>
        <tr>{columns.map((column) => <th key={column} scope="col">{column}</th>)}</tr>
      </thead>
      <tbody>
        {rows.map(([first, ...others]) => (
          <tr key={first}>
            <th scope="row"><bdi>{first}</bdi></th>
            {others.map((text, index) => <td key={index}><bdi class="amount">{text}</bdi></td>)}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
