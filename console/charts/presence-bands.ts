import type { PresenceDay } from '../api/shapes.ts';
import type { TimeSpan } from './site-days.ts';

/** A stretch of time in which a feeder was online or offline; what is in none, nobody knows. */
export type PresenceBand = TimeSpan & { state: 'online' | 'offline' };

/** The stretches of all days within a span, oldest first; those that midnight cut are one again. */
export function bandsOf(days: readonly PresenceDay[], { fromMs, toMs }: TimeSpan): PresenceBand[] {
  const bands: PresenceBand[] = [];
  const cut = days
    .flatMap(({ spans }) => spans.map(({ state, from, to }) => ({ state, fromMs: Math.max(fromMs, Date.parse(from)), toMs: Math.min(toMs, Date.parse(to)) })))
    .filter((band) => band.fromMs < band.toMs)
    .sort((one, other) => one.fromMs - other.fromMs);
  for (const band of cut) {
    const last = bands.at(-1);
    if (last?.state === band.state && last.toMs === band.fromMs) last.toMs = band.toMs;
    else bands.push(band);
  }
  return bands;
}

export type PresenceSummary = { onlineShare: number; offlineCount: number; unknownSeconds: number };

/** How much of the time that is known it was online; undefined where nothing is known. */
export function presenceSummaryOf(bands: readonly PresenceBand[], span: TimeSpan): PresenceSummary | undefined {
  const lengthOf = (some: readonly PresenceBand[]): number => some.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const knownMs = lengthOf(bands);
  if (knownMs === 0) return undefined;
  return {
    onlineShare: lengthOf(bands.filter(({ state }) => state === 'online')) / knownMs,
    offlineCount: bands.filter(({ state }) => state === 'offline').length,
    unknownSeconds: (span.toMs - span.fromMs - knownMs) / 1000,
  };
}
