import { bandPlot } from './band-plot.ts';
import { coloursNow, type Colours } from './colours.ts';
import { dayPlot } from './day-plot.ts';
import type { Drawing } from './drawing.ts';
import { timePlot } from './time-plot.ts';
import { createPlot, type PlotData, type PlotOptions } from './uplot.ts';

/** A chart that stands in the page. */
export type DrawnChart = {
  resize: (size: { width: number; height: number }) => void;
  /** Puts the cursor on a point, or takes it away. */
  pointAt: (index: number | undefined) => void;
  remove: () => void;
};

/** Draws a chart in the colours that are shown now. `onPoint` is told which point is pointed at with a mouse or finger. */
export function drawChart(
  place: HTMLElement,
  drawing: Drawing,
  size: { width: number; height: number },
  onPoint: (index: number | undefined) => void,
): DrawnChart {
  const { options, data } = plotOf(drawing, coloursNow());
  const hooks = { ...options.hooks, setCursor: [(plot: { cursor: { idx?: number | null } }) => onPoint(plot.cursor.idx ?? undefined)] };
  const plot = createPlot({ ...options, hooks }, data, place, size);
  return {
    resize: (next) => plot.setSize(next),
    pointAt: (index) => {
      const at = index === undefined ? undefined : data[0][index];
      plot.setCursor(at === undefined ? { left: -10, top: -10 } : { left: plot.valToPos(at, 'x'), top: plot.over.clientHeight / 2 });
    },
    remove: () => plot.destroy(),
  };
}

function plotOf(drawing: Drawing, colours: Colours): { options: PlotOptions; data: PlotData } {
  switch (drawing.kind) {
    case 'time':
      return timePlot(drawing, colours);
    case 'days':
      return dayPlot(drawing, colours);
    case 'bands':
      return bandPlot(drawing, colours);
  }
}
