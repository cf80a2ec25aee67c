/** What a run of timed operations comes to; times in milliseconds. */
export type Figures = { count: number; perSecond: number; p50Ms: number; p95Ms: number; p99Ms: number; maxMs: number };

/**
 * The smallest value that at least `percent` of all values do not exceed (nearest rank): always one that was measured.
 * NaN where there are none.
 */
export function percentile(sorted: readonly number[], percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** The figures of operations that took `latenciesMs` each, in any order, and `elapsedMs` together. */
export function figuresOf(latenciesMs: readonly number[], elapsedMs: number): Figures {
  const sorted = [...latenciesMs].sort((a, b) => a - b);
  return {
    count: sorted.length,
    perSecond: sorted.length / (elapsedMs / 1000),
    p50Ms: percentile(sorted, 50),
    p95Ms: percentile(sorted, 95),
    p99Ms: percentile(sorted, 99),
    maxMs: percentile(sorted, 100),
  };
}
