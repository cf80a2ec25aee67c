import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** The chart library, as this console uses it. It is loaded when the first chart is shown, and by nobody else. */

export type Plot = UPlot;
export type PlotOptions = Omit<UPlot.Options, 'width' | 'height'>;
export type PlotAxis = UPlot.Axis;
export type PlotData = UPlot.AlignedData;

export const createPlot = (options: PlotOptions, data: PlotData, place: HTMLElement, size: { width: number; height: number }): Plot =>
  new UPlot({ ...options, ...size }, data, place);

/** Rounded ends of a scale that shows these values, with some room beyond them. */
export const rangeNum = (least: number, most: number, padded: number): [number, number] => {
  const [from, to] = UPlot.rangeNum(least, most, padded, true);
  return [from ?? least, to ?? most];
};

/** A moment as a Date whose own fields are what clocks of the zone show. */
export const shownDate = (seconds: number, timeZone: string): Date => UPlot.tzDate(new Date(seconds * 1000), timeZone);

/** Bars that take so much of their place, and so many pixels at most. */
export const bars = (share: number, widestPx: number) => UPlot.paths.bars?.({ size: [share, widestPx] });
