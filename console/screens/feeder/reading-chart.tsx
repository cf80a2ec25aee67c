import type { ComponentChildren, JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Readings } from '../../api/shapes.ts';
import { axisUnitOf } from '../../charts/axis-unit.ts';
import { cellsOf, middleOf, summaryOf, type Cell } from '../../charts/bucket-cells.ts';
import { ChartFigure, type LegendMark } from '../../charts/chart-figure.tsx';
import type { TimeDrawing } from '../../charts/drawing.ts';
import type { Forecast } from '../../charts/forecast.ts';
import type { Limit } from '../../charts/limits.ts';
import type { TimeSpan } from '../../charts/site-days.ts';
import { isolated } from '../../format/isolate.ts';
import { formatDateTime, formatDay, formatSpan } from '../../format/times.ts';
import { formatValue, nameOf } from '../../format/values.ts';
import { language } from '../../words/language.ts';
import { words } from '../../words/words.ts';

type ReadingChartProps = {
  name: string;
  /** What is known of this span, as of then. */
  shown: { readings: Readings; span: TimeSpan; asOfMs: number };
  timeZone: string;
  limits?: readonly Limit[];
  forecast?: Forecast | undefined;
  /** What the summary says besides. */
  also?: string | undefined;
  children?: ComponentChildren;
};

/** Averages have more digits than anybody can use. */
const rounded = (value: number): number => Number(value.toPrecision(3));

/** A reading over time with what it must not pass, or how it is thought to go on. */
export function ReadingChart({ name, shown, timeZone, limits = [], forecast, also, children }: ReadingChartProps): JSX.Element {
  const { charts } = words.value;
  const { readings, span, asOfMs } = shown;
  const cells = useMemo(() => cellsOf(readings, name, timeZone, asOfMs), [readings, name]);
  const summary = summaryOf(cells, asOfMs);
  const isLevel = name === 'hopperGrams';
  const { divisor, unit } = axisUnitOf(name, Math.max(summary?.max ?? 0, forecast?.fromGrams ?? 0));
  const drawing = useMemo((): TimeDrawing => ({
    kind: 'time',
    span,
    timeZone,
    points: cells.map((cell) => ({
      atMs: middleOf(cell, asOfMs),
      // A level that sinks is the same twice with its band.
      min: cell.read && cell.read[isLevel ? 'avg' : 'min'] / divisor,
      avg: cell.read && cell.read.avg / divisor,
      max: cell.read && cell.read[isLevel ? 'avg' : 'max'] / divisor,
    })),
    limits: limits.map(({ kind, value }) => ({ value: value / divisor, label: charts.limitNames[isStop(kind) ? 'stop' : 'alarm'], tone: isStop(kind) ? 'bad' : 'warn' })),
    forecast: forecast && { fromMs: forecast.fromMs, fromValue: forecast.fromGrams / divisor, toMs: forecast.toMs, toValue: forecast.toGrams / divisor },
    isFromZero: isLevel,
  }), [cells, limits, forecast, divisor, language.value]);
  const legend: LegendMark[] = [
    { look: 'line', text: isLevel ? charts.hopper.level : charts.average },
    ...(isLevel ? [] : [{ look: 'band' as const, text: charts.leastToMost }]),
    ...(forecast ? [{ look: 'forecast' as const, text: charts.hopper.forecast }] : []),
    ...limits.map((limit) => ({ look: isStop(limit.kind) ? ('limit-bad' as const) : ('limit-warn' as const), text: limitText(name, limit) })),
  ];
  const timeOf = ({ fromMs }: Cell): string => (readings.bucket === '1d' ? formatDay(fromMs, timeZone) : formatDateTime(fromMs, timeZone));
  const valueOf = (value: number): string => isolated(formatValue(name, value));
  const averageOf = (value: number): string => valueOf(rounded(value));
  return (
    <ChartFigure
      title={nameOf(name)}
      unit={unit}
      summary={summary && [
        isLevel ? charts.levelSummary(valueOf(summary.min), valueOf(summary.max)) : charts.readingSummary(valueOf(summary.min), valueOf(summary.max), averageOf(summary.avg)),
        ...(summary.missingSeconds >= 60 ? [charts.missing(isolated(formatSpan(summary.missingSeconds)))] : []),
        ...(also === undefined ? [] : [also]),
      ].join(' ')}
      legend={legend}
      drawing={drawing}
      points={{
        count: cells.length,
        say: (index) => {
          const cell = cells[index];
          if (cell === undefined) return '';
          const { read } = cell;
          const value = read === null ? charts.noReading : charts.valueWithRange(averageOf(read.avg), valueOf(read.min), valueOf(read.max));
          return charts.pointAt(isolated(timeOf(cell)), value);
        },
      }}
      table={() => ({
        columns: [charts.time, charts.average, charts.least, charts.most],
        rows: cells.toReversed().map((cell) => [timeOf(cell), ...(cell.read === null ? ['–', '–', '–'] : [averageOf(cell.read.avg), valueOf(cell.read.min), valueOf(cell.read.max)])]),
      })}
    >
      {children}
    </ChartFigure>
  );
}

const isStop = (kind: Limit['kind']): boolean => kind === 'stop-below' || kind === 'stop-above';

const limitText = (name: string, { kind, value }: Limit): string => words.value.charts.limits[kind](isolated(formatValue(name, value)));
