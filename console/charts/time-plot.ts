import { timeAxis, valueAxis } from './axes.ts';
import { lonelyPoints } from './bucket-cells.ts';
import type { Colours } from './colours.ts';
import type { LimitLine, TimeDrawing } from './drawing.ts';
import { dashed, inside } from './on-canvas.ts';
import { rangeNum, shownDate, type Plot, type PlotData, type PlotOptions } from './uplot.ts';

const PADDED = 0.1;
/** So that the name of the highest limit has room above it. */
const PADDED_FOR_NAMES = 0.2;

/** A value over time as uPlot draws it. */
export function timePlot(drawing: TimeDrawing, colours: Colours): { options: PlotOptions; data: PlotData } {
  const { span, timeZone, points, limits, forecast, isFromZero } = drawing;
  const averages = points.map(({ avg }) => avg);
  const lonely = lonelyPoints(averages);
  const beside = [...limits.map(({ value }) => value), ...(forecast ? [forecast.fromValue, forecast.toValue] : []), ...(isFromZero ? [0] : [])];
  const options: PlotOptions = {
    tzDate: (seconds) => shownDate(seconds, timeZone),
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 4 * colours.lineWidth } },
    scales: {
      x: { time: true, range: () => [span.fromMs / 1000, Math.max(span.toMs, forecast?.toMs ?? 0) / 1000] },
      y: {
        range: (_plot, least, most): [number, number] => {
          const [from, to] = rangeNum(Math.min(least, ...beside), Math.max(most, ...beside), limits.length > 0 ? PADDED_FOR_NAMES : PADDED);
          return [isFromZero ? 0 : from, to];
        },
      },
    },
    axes: [timeAxis(colours, timeZone), valueAxis(colours)],
    series: [
      {},
      { stroke: 'transparent', width: 0, points: { show: false } },
      { stroke: 'transparent', width: 0, points: { show: false } },
      { stroke: colours.accent, width: colours.lineWidth, points: { show: lonely.length > 0, filter: lonely, size: 3 * colours.lineWidth, fill: colours.accent } },
    ],
    bands: [{ series: [2, 1], fill: colours.accentSoft }],
    hooks: {
      draw: [
        (plot) => {
          if (forecast) drawForecast(plot, forecast, colours);
          for (const limit of limits) drawLimit(plot, limit, colours);
          // Over all lines, so that none goes through a name.
          for (const limit of limits) nameLimit(plot, limit, colours);
        },
      ],
    },
  };
  const data: PlotData = [points.map(({ atMs }) => atMs / 1000), points.map(({ min }) => min), points.map(({ max }) => max), averages];
  return { options, data };
}

function drawForecast(plot: Plot, forecast: NonNullable<TimeDrawing['forecast']>, colours: Colours): void {
  inside(plot, (canvas) => {
    dashed(canvas, colours.accent, colours.lineWidth);
    canvas.beginPath();
    canvas.moveTo(plot.valToPos(forecast.fromMs / 1000, 'x', true), plot.valToPos(forecast.fromValue, 'y', true));
    canvas.lineTo(plot.valToPos(forecast.toMs / 1000, 'x', true), plot.valToPos(forecast.toValue, 'y', true));
    canvas.stroke();
  });
}

function drawLimit(plot: Plot, { value, tone }: LimitLine, colours: Colours): void {
  inside(plot, (canvas) => {
    const y = Math.round(plot.valToPos(value, 'y', true));
    const { left, width } = plot.bbox;
    dashed(canvas, colours[tone], colours.lineWidth);
    canvas.beginPath();
    canvas.moveTo(left, y);
    canvas.lineTo(left + width, y);
    canvas.stroke();
  });
}

/** The name of a limit above its line, or below it where there is no room. */
function nameLimit(plot: Plot, { value, label, tone }: LimitLine, colours: Colours): void {
  inside(plot, (canvas) => {
    const y = Math.round(plot.valToPos(value, 'y', true));
    const { left, top, width } = plot.bbox;
    const room = 6 * devicePixelRatio;
    const isAbove = y - top > 1.4 * colours.remPx * devicePixelRatio;
    canvas.font = scaled(colours.font);
    // Those of the bridge on one side, those of the PLC on the other: where both are near each other, both can be read.
    canvas.textAlign = tone === 'warn' ? 'left' : 'right';
    canvas.textBaseline = isAbove ? 'bottom' : 'top';
    const at = { x: tone === 'warn' ? left + room : left + width - room, y: y + (isAbove ? -3 : 3) * devicePixelRatio };
    // The name stays readable where it lies on the line of data.
    canvas.lineWidth = 4 * devicePixelRatio;
    canvas.lineJoin = 'round';
    canvas.strokeStyle = colours.surface;
    canvas.strokeText(label, at.x, at.y);
    canvas.fillStyle = colours[tone];
    canvas.fillText(label, at.x, at.y);
  });
}

const scaled = (font: string): string => font.replace(/(\d+)px/, (_all, px: string) => `${Number(px) * devicePixelRatio}px`);
