import type { PresenceChange } from '../store/presence-changes.ts';
import { addOlderSpan, heldUntilMs, type PresenceSpan } from './presence-spans.ts';
import type { SiteDay } from './site-days.ts';

type Change = Pick<PresenceChange, 'atMs' | 'state' | 'reason' | 'unwatchedSinceMs'>;

/**
 * How long a feeder was online on a day, of the time that its presence is known for; its changes, newest first; and when it was
 * what, oldest first, with a gap where nobody knows.
 */
export type PresenceDay = { date: string; onlineMs: number; knownMs: number; changes: Change[]; spans: PresenceSpan[] };

/** The most changes that are shown of one day, and the most spans: the newest ones; a feeder that comes and goes all day has more. */
export const MAX_CHANGES_SHOWN = 500;

/**
 * Presence by day, up to now. `days` and `changes` are newest first; the changes are all of those before the end of the
 * newest day, and are read no further than the days go back. Days before the first change are left out, and so are those on
 * which no bridge was there to watch.
 */
export async function presenceDays(days: readonly SiteDay[], changes: AsyncIterable<Change>, nowMs: number): Promise<PresenceDay[]> {
  const shown = days.map(({ date }): PresenceDay => ({ date, onlineMs: 0, knownMs: 0, changes: [], spans: [] }));
  const oldestMs = days.at(-1)?.fromMs ?? Infinity;
  let untilMs = Math.min(nowMs, days[0]?.toMs ?? -Infinity);
  let newest = 0;
  for await (const change of changes) {
    for (let index = newest; index < days.length; index += 1) {
      const [day, sum] = [days[index], shown[index]];
      if (day === undefined || sum === undefined || day.toMs <= change.atMs) break;
      const held = { state: change.state, fromMs: Math.max(change.atMs, day.fromMs), toMs: Math.min(untilMs, day.toMs) };
      const heldMs = Math.max(0, held.toMs - held.fromMs);
      sum.knownMs += heldMs;
      if (change.state === 'online') sum.onlineMs += heldMs;
      if (sum.spans.length < MAX_CHANGES_SHOWN) addOlderSpan(sum.spans, held);
      if (change.atMs >= day.fromMs && sum.changes.length < MAX_CHANGES_SHOWN) sum.changes.push(change);
      // Older changes say nothing more of this day.
      if (change.atMs < day.fromMs) newest = index + 1;
    }
    untilMs = Math.min(nowMs, heldUntilMs(change));
    if (change.atMs <= oldestMs) break;
  }
  for (const { spans } of shown) spans.reverse();
  return shown.filter(({ knownMs, changes: some }) => knownMs > 0 || some.length > 0);
}
