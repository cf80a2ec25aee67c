import { formatNumber } from '../format/numbers.ts';
import { formatShortDay, formatTime } from '../format/times.ts';
import type { Colours } from './colours.ts';
import { dateAt } from './site-days.ts';
import type { PlotAxis } from './uplot.ts';

/** How much room values have beside the charts, in rem: the same for all, so that the same moment stands at the same place. */
const VALUES_REM = 3.25;
const DAY_SECONDS = 86_400;

const common = ({ quiet, line, font }: Colours, isRuled: boolean) => ({
  stroke: quiet,
  font,
  grid: { show: isRuled, stroke: line, width: 1 },
  ticks: { show: isRuled, stroke: line, width: 1 },
});

export const valueAxis = (colours: Colours, isShown = true): PlotAxis => ({
  ...common(colours, isShown),
  scale: 'y',
  size: VALUES_REM * colours.remPx,
  gap: 4,
  space: 2.2 * colours.remPx,
  values: (_plot, splits) => splits.map((value) => (isShown ? formatNumber(value, { maximumFractionDigits: 3 }) : '')),
});

/** Times in the site's time zone; the day as well where it is another than the one before. */
export const timeAxis = (colours: Colours, timeZone: string): PlotAxis => ({
  ...common(colours, true),
  space: 5 * colours.remPx,
  size: 2.9 * colours.remPx,
  gap: 4,
  values: (_plot, splits, _axisIndex, _space, stepSeconds) => {
    let shownDate: string | undefined;
    return splits.map((seconds) => {
      const atMs = seconds * 1000;
      if (stepSeconds >= DAY_SECONDS) return formatShortDay(atMs, timeZone);
      const date = dateAt(atMs, timeZone);
      const isNew = date !== shownDate;
      shownDate = date;
      return isNew ? `${formatTime(atMs, timeZone)}\n${formatShortDay(atMs, timeZone)}` : formatTime(atMs, timeZone);
    });
  },
});

/** A label for every day, or for every so many where they would not fit. */
export const dayAxis = (colours: Colours, labels: readonly string[]): PlotAxis => ({
  ...common(colours, false),
  size: 1.9 * colours.remPx,
  gap: 4,
  splits: (plot) => {
    const fitting = Math.max(1, Math.floor(plot.bbox.width / devicePixelRatio / (4 * colours.remPx)));
    const step = Math.max(1, Math.ceil(labels.length / fitting));
    // Counted from the newest, which is always told.
    return labels.flatMap((_, index) => ((labels.length - 1 - index) % step === 0 ? [index] : []));
  },
  values: (_plot, splits) => splits.map((index) => labels[index] ?? ''),
});
