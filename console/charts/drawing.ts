import type { PresenceBand } from './presence-bands.ts';
import type { TimeSpan } from './site-days.ts';

/** A horizontal line that must not be passed, with its name. */
export type LimitLine = { value: number; label: string; tone: 'bad' | 'warn' };

/** A value over time: its average as a line, from the least to the most of it as a band. Null is a gap. */
export type TimeDrawing = {
  kind: 'time';
  span: TimeSpan;
  timeZone: string;
  points: readonly { atMs: number; min: number | null; avg: number | null; max: number | null }[];
  limits: readonly LimitLine[];
  /** How it is thought to go on. */
  forecast: { fromMs: number; fromValue: number; toMs: number; toValue: number } | undefined;
  isFromZero: boolean;
};

/** A bar for each day, with a mark for what was planned. */
export type DayDrawing = {
  kind: 'days';
  days: readonly { label: string; total: number | null; byHand: number | null; planned: number | null }[];
};

/** What held when. */
export type BandDrawing = { kind: 'bands'; span: TimeSpan; timeZone: string; bands: readonly PresenceBand[] };

/** What a chart shows, apart from how it is drawn. Values are in the unit that its axis is labelled with. */
export type Drawing = TimeDrawing | DayDrawing | BandDrawing;
