import type { FeederOverview } from '../api/shapes.ts';

const DAY_MS = 86_400_000;

/** A part of the 24 hours, as shares of them: 0 is 24 hours ago, 1 is now. */
export type Stretch = { state: 'online' | 'offline' | 'unknown'; from: number; to: number };

/** The last 24 hours without a gap, oldest first; `unknown` where nobody knows. */
export function stretchesOf({ at, presence }: Pick<FeederOverview, 'at' | 'presence'>): Stretch[] {
  const beginMs = Date.parse(at) - DAY_MS;
  const share = (instant: string): number => Math.min(1, Math.max(0, (Date.parse(instant) - beginMs) / DAY_MS));
  const stretches: Stretch[] = [];
  let reached = 0;
  for (const span of presence) {
    const from = Math.max(reached, share(span.from));
    const to = share(span.to);
    if (to <= from) continue;
    if (from > reached) stretches.push({ state: 'unknown', from: reached, to: from });
    stretches.push({ state: span.state, from, to });
    reached = to;
  }
  if (reached < 1) stretches.push({ state: 'unknown', from: reached, to: 1 });
  return stretches;
}

/** For how many minutes of the 24 hours it was in each state. They add up to 1440. */
export function minutesOf(stretches: readonly Stretch[]): Record<Stretch['state'], number> {
  const shareOf = (state: Stretch['state']): number => stretches.reduce((sum, each) => sum + (each.state === state ? each.to - each.from : 0), 0);
  const online = Math.round(shareOf('online') * 1440);
  const offline = Math.min(1440 - online, Math.round(shareOf('offline') * 1440));
  return { online, offline, unknown: 1440 - online - offline };
}
