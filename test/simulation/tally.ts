/** What is counted over a run, by name; names with a slash belong together. */
export type Counts = Record<string, number>;

export class Tally {
  readonly counts: Counts = {};

  add(name: string, count = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + count;
  }

  addAll(counts: Counts): void {
    for (const [name, count] of Object.entries(counts)) this.add(name, count);
  }
}
