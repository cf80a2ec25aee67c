/** More readings than any PLC has; what is kept of each five minutes grows with them. */
const MOST_NAMES = 500;

/** Which readings each feeder has told of, by name, since the bridge was started. */
export class ReadingNames {
  readonly #byFeeder = new Map<string, Set<string>>();

  /** Whether a feeder may tell of readings with these names too. */
  take(feederId: string, names: readonly string[]): boolean {
    const known = this.#byFeeder.get(feederId) ?? new Set<string>();
    const news = names.filter((name) => !known.has(name));
    if (known.size + news.length > MOST_NAMES) return false;
    for (const name of news) known.add(name);
    this.#byFeeder.set(feederId, known);
    return true;
  }
}
