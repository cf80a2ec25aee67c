import { dayAxis, valueAxis } from './axes.ts';
import type { Colours } from './colours.ts';
import type { DayDrawing } from './drawing.ts';
import { hatched, inside } from './on-canvas.ts';
import { bars, rangeNum, type Plot, type PlotData, type PlotOptions } from './uplot.ts';

const BAR_SHARE = 0.62;
const WIDEST_BAR_PX = 56;
const PADDED = 0.1;

/** A bar for each day as uPlot draws it: what was fed by hand stands, hatched, on top of the rest. */
export function dayPlot({ days }: DayDrawing, colours: Colours): { options: PlotOptions; data: PlotData } {
  const highest = Math.max(0, ...days.map(({ planned }) => planned ?? 0));
  const paths = bars(BAR_SHARE, WIDEST_BAR_PX);
  const bar = { points: { show: false }, stroke: colours.accent, width: 1, ...(paths && { paths }) };
  const options: PlotOptions = {
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { time: false, range: () => [-0.5, days.length - 0.5] },
      y: { range: (_plot, _least, most): [number, number] => [0, rangeNum(0, Math.max(most, highest, 1), PADDED)[1]] },
    },
    axes: [dayAxis(colours, days.map(({ label }) => label)), valueAxis(colours)],
    series: [{}, { ...bar, fill: () => hatched(colours.accent, colours.surface) }, { ...bar, fill: colours.accent }],
    hooks: { draw: [(plot) => drawPlans(plot, days, colours)] },
  };
  const data: PlotData = [
    days.map((_, index) => index),
    days.map(({ total }) => total),
    days.map(({ total, byHand }) => (total === null ? null : total - (byHand ?? 0))),
  ];
  return { options, data };
}

function drawPlans(plot: Plot, days: DayDrawing['days'], colours: Colours): void {
  inside(plot, (canvas) => {
    const half = Math.min((plot.bbox.width / days.length) * 0.46, (WIDEST_BAR_PX / 2 + 6) * devicePixelRatio);
    // With a rim, so that it is seen on a bar as well as beside it.
    for (const [colour, width] of [[colours.surface, colours.lineWidth + 3], [colours.text, colours.lineWidth + 0.5]] as const) {
      canvas.strokeStyle = colour;
      canvas.lineWidth = width * devicePixelRatio;
      canvas.beginPath();
      days.forEach(({ planned }, index) => {
        if (planned === null) return;
        const x = plot.valToPos(index, 'x', true);
        const y = plot.valToPos(planned, 'y', true);
        canvas.moveTo(x - half, y);
        canvas.lineTo(x + half, y);
      });
      canvas.stroke();
    }
  });
}
