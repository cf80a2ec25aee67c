/**
 * When the readings were made that one connection's messages tell of. What is told as ahead of the bridge's clock is
 * taken as now, and yet two such readings never share a time: stored in any order, the one told last stands.
 */
export class ReadingTimes {
  #latest: { told: number; taken: number } | undefined;

  /** The time to go by for a reading told at `toldMs`, while the bridge's clock shows `nowMs`. */
  take(toldMs: number, nowMs: number): number {
    const latest = this.#latest;
    // An ack and the report after it tell of the same reading.
    if (latest?.told === toldMs) return latest.taken;
    // An older one, such as an ack that is sent again.
    if (latest !== undefined && toldMs < latest.taken) return toldMs;
    const taken = Math.min(toldMs, Math.max(nowMs, (latest?.taken ?? -Infinity) + 1));
    this.#latest = { told: toldMs, taken };
    return taken;
  }
}
