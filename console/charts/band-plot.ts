import { timeAxis, valueAxis } from './axes.ts';
import type { Colours } from './colours.ts';
import type { BandDrawing } from './drawing.ts';
import { hatched, inside } from './on-canvas.ts';
import { shownDate, type Plot, type PlotData, type PlotOptions } from './uplot.ts';

/** Online and offline over time as uPlot draws it: told apart by height and hatching too, and what nobody knows stays empty. */
export function bandPlot({ span, timeZone, bands }: BandDrawing, colours: Colours): { options: PlotOptions; data: PlotData } {
  const ends = [span.fromMs / 1000, span.toMs / 1000];
  const options: PlotOptions = {
    tzDate: (seconds) => shownDate(seconds, timeZone),
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: true, range: () => [span.fromMs / 1000, span.toMs / 1000] }, y: { range: () => [0, 1] } },
    axes: [timeAxis(colours, timeZone), valueAxis(colours, false)],
    series: [{}, { points: { show: false } }],
    hooks: { draw: [(plot) => drawBands(plot, bands, colours)] },
  };
  return { options, data: [ends, [null, null]] };
}

const HEIGHT = { online: 1, offline: 0.5 } as const;

function drawBands(plot: Plot, bands: BandDrawing['bands'], colours: Colours): void {
  inside(plot, (canvas) => {
    const { left, top, width, height } = plot.bbox;
    canvas.strokeStyle = colours.line;
    canvas.lineWidth = devicePixelRatio;
    canvas.strokeRect(left, top, width, height);
    const fills = { online: colours.good, offline: hatched(colours.bad, colours.surface) };
    for (const { state, fromMs, toMs } of bands) {
      const from = plot.valToPos(fromMs / 1000, 'x', true);
      // However short it was, it is seen.
      const wide = Math.max(plot.valToPos(toMs / 1000, 'x', true) - from, devicePixelRatio * (state === 'offline' ? 2 : 0));
      canvas.fillStyle = fills[state];
      canvas.fillRect(from, top + height * (1 - HEIGHT[state]), wide, height * HEIGHT[state]);
    }
  });
}
