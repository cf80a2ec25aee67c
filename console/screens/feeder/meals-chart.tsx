import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { axisUnitOf } from '../../charts/axis-unit.ts';
import { ChartFigure, type LegendMark } from '../../charts/chart-figure.tsx';
import type { DayDrawing } from '../../charts/drawing.ts';
import { barsOf, mealSummaryOf, type DayBar } from '../../charts/meal-bars.ts';
import { isolated } from '../../format/isolate.ts';
import { formatGrams, formatShare } from '../../format/numbers.ts';
import { formatDay, formatShortDay } from '../../format/times.ts';
import { language } from '../../words/language.ts';
import { words } from '../../words/words.ts';
import type { FeederHistory } from './read-history.ts';

/** A date of a calendar has no time zone of its own. */
const dayOf = (date: string): string => formatDay(date, 'UTC');
const gramsOf = (grams: number | null | undefined): string => (grams === null || grams === undefined ? words.value.common.unknown : isolated(formatGrams(grams)));

function summaryIn(bars: readonly DayBar[]): string | undefined {
  const { meals } = words.value.charts;
  const sum = mealSummaryOf(bars);
  if (sum === undefined) return undefined;
  const { grams, plannedGrams, feedNowGrams, count } = sum;
  return [
    meals.summary(gramsOf(grams), count),
    ...(plannedGrams !== null && plannedGrams > 0 ? [meals.ofPlan(gramsOf(plannedGrams), isolated(formatShare(grams / plannedGrams)))] : []),
    ...(feedNowGrams > 0 ? [meals.feedNowPart(gramsOf(feedNowGrams))] : []),
  ].join(' ');
}

function pointIn({ date, fed }: DayBar): string {
  const { charts } = words.value;
  const day = isolated(dayOf(date));
  if (fed === null) return charts.pointAt(day, words.value.common.unknown);
  const [grams, planned] = [gramsOf(fed.grams), gramsOf(fed.plannedGrams)];
  return fed.feedNowGrams > 0 ? charts.meals.pointWithFeedNow(day, grams, planned, gramsOf(fed.feedNowGrams)) : charts.meals.point(day, grams, planned);
}

/** What was fed on each day, against what was planned. */
export function MealsChart({ history, timeZone }: { history: FeederHistory; timeZone: string }): JSX.Element {
  const { meals, day } = words.value.charts;
  const bars = useMemo(() => barsOf(history.days, history.span, timeZone), [history]);
  const { divisor, unit } = axisUnitOf('mealGrams', Math.max(0, ...bars.map(({ fed }) => Math.max(fed?.grams ?? 0, fed?.plannedGrams ?? 0))));
  const drawing = useMemo((): DayDrawing => ({
    kind: 'days',
    days: bars.map(({ date, fed }) => ({
      label: formatShortDay(date, 'UTC'),
      total: fed && fed.grams / divisor,
      byHand: fed && fed.feedNowGrams / divisor,
      planned: fed?.plannedGrams === undefined || fed.plannedGrams === null ? null : fed.plannedGrams / divisor,
    })),
  }), [bars, divisor, language.value]);
  const hasFeedNow = bars.some(({ fed }) => fed !== null && fed.feedNowGrams > 0);
  const legend: LegendMark[] = [
    { look: 'bar', text: hasFeedNow ? meals.bySchedule : meals.fed },
    ...(hasFeedNow ? [{ look: 'hatched' as const, text: meals.feedNow }] : []),
    { look: 'plan', text: meals.planned },
  ];
  return (
    <ChartFigure
      title={meals.title}
      unit={unit}
      summary={summaryIn(bars)}
      legend={legend}
      drawing={drawing}
      points={{
        count: bars.length,
        say: (index) => {
          const bar = bars[index];
          return bar === undefined ? '' : pointIn(bar);
        },
      }}
      table={() => ({
        columns: [day, meals.fed, meals.planned, meals.feedNow, meals.count],
        rows: bars.toReversed().map(({ date, fed }) => [
          formatDay(date, 'UTC'),
          ...(fed === null ? ['–', '–', '–', '–'] : [formatGrams(fed.grams), fed.plannedGrams === null ? '–' : formatGrams(fed.plannedGrams), formatGrams(fed.feedNowGrams), String(fed.count)]),
        ]),
      })}
    />
  );
}
