/**
 * When the readings were made that one connection's messages tell of, such that storing them in any order leaves the
 * latest: a time ahead of the bridge's clock is taken as now, and readings that come so do not fall into one time.
 */
export class ReadingTimes {
  #latest: { told: number; taken: number } | undefined;

  /** The time to go by for a reading told at `toldMs`, while the bridge's clock shows `nowMs`. */
  take(toldMs: number, nowMs: number): number {
    const latest = this.#latest;
    if (latest?.told === toldMs) return latest.taken;
    if (latest !== undefined && toldMs < latest.taken) return toldMs;
    const taken = Math.min(toldMs, latest === undefined ? nowMs : Math.max(nowMs, latest.taken + 1));
    this.#latest = { told: toldMs, taken };
    return taken;
  }
}
