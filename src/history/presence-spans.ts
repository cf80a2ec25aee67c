import type { PresenceChange } from '../store/presence-changes.ts';

/** A time through which a feeder's presence is known, and was the same. */
export type PresenceSpan = { state: PresenceChange['state']; fromMs: number; toMs: number };

type Change = Pick<PresenceChange, 'atMs' | 'state' | 'unwatchedSinceMs'>;

/** Until when the state before a change is known to have held: no longer than a bridge was there to watch. */
export const heldUntilMs = ({ atMs, unwatchedSinceMs }: Omit<Change, 'state'>): number => Math.min(atMs, unwatchedSinceMs ?? Infinity);

/** Puts a span before those that are there, which are newest first and all later; with the next one where they are one. */
export function addOlderSpan(spans: PresenceSpan[], { state, fromMs, toMs }: PresenceSpan): void {
  if (fromMs >= toMs) return;
  const next = spans.at(-1);
  if (next?.state === state && next.fromMs === toMs) next.fromMs = fromMs;
  else spans.push({ state, fromMs, toMs });
}

/**
 * A feeder's presence in `fromMs` ≤ t < `toMs`, oldest first. The changes are newest first and go back beyond the span, or as
 * far as they are known. What nobody knows is in no span: the time before the first change, and while no bridge was there to
 * watch.
 */
export function presenceSpans(changes: Iterable<Change>, { fromMs, toMs }: { fromMs: number; toMs: number }): PresenceSpan[] {
  const spans: PresenceSpan[] = [];
  let untilMs = toMs;
  for (const change of changes) {
    addOlderSpan(spans, { state: change.state, fromMs: Math.max(change.atMs, fromMs), toMs: untilMs });
    if (change.atMs <= fromMs) break;
    untilMs = Math.min(toMs, heldUntilMs(change));
  }
  return spans.reverse();
}
