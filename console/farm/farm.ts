import { batch, computed, signal, type Signal } from '@preact/signals';
import type { StreamedEvent } from '../api/event-stream.ts';
import type { Command, Config, Feeder, FeederOverview, State } from '../api/shapes.ts';
import { configAfter, plcLinkAfter, presenceAfter, readBackAfter, type FeederFacts } from './feeder-after.ts';
import { isNews, type News } from './news.ts';

/** A feeder as screens follow it: each part by itself, so that what has not changed is not drawn anew. */
export type FeederEntry = {
  readonly feederId: string;
  readonly facts: Signal<FeederFacts>;
  readonly state: Signal<State | null>;
  readonly overview: Signal<FeederOverview | undefined>;
};

/** How the page stands with the bridge. */
export type Link = { kind: 'connecting' } | { kind: 'live' } | { kind: 'lost'; sinceMs: number };

/** All that the device knows of the farm at a moment; what it keeps to show when it is offline. */
export type FarmSnapshot = { feeders: readonly Feeder[]; overviews: readonly FeederOverview[] };

const MOST_NEWS = 500;
/** The bridge's time is known here to a second or two. */
const CLOCK_SLACK_MS = 5_000;

/** The farm as the bridge told it last. */
export class Farm {
  /** By id; it changes when feeders come and go, and in no other case. */
  readonly feeders = signal<ReadonlyMap<string, FeederEntry>>(new Map());
  readonly link = signal<Link>({ kind: 'connecting' });
  /** Whether anything can be changed from here: only while the link is live. */
  readonly canChange = computed(() => this.link.value.kind === 'live');
  /** Whether the feeders have been read since the page was opened. */
  readonly isLoaded = signal(false);
  /** What happened, newest first. */
  readonly news = signal<readonly News[]>([]);
  /** As of when the feeders are: the bridge's time, milliseconds since 1970. */
  readonly asOfMs = signal<number | undefined>(undefined);
  readonly #needsOverview: (feederId: string) => void;
  readonly #needsAll: () => void;
  /** When the feeders were read last; what is older has shown in them already. */
  #readAtMs = 0;
  readonly #commandListeners = new Set<(command: Command) => void>();

  /** `needsOverview` is told of feeders whose overview has become old, `needsAll` when all must be read anew. */
  constructor(needsOverview: (feederId: string) => void, needsAll: () => void) {
    this.#needsOverview = needsOverview;
    this.#needsAll = needsAll;
  }

  /** Has all feeders read anew: who enrolled or removed one is told so by no event. */
  readAnew(): void {
    this.#needsAll();
  }

  /** Takes all feeders there are; whoever is not among them is gone. */
  setFeeders(feeders: readonly Feeder[], asOfMs: number): void {
    batch(() => {
      const known = this.feeders.peek();
      const next = new Map(feeders.map((feeder) => [feeder.feederId, this.#entryOf(known.get(feeder.feederId), feeder)]));
      const isSame = next.size === known.size && [...next.keys()].every((feederId) => known.has(feederId));
      if (!isSame) this.feeders.value = next;
      this.asOfMs.value = this.#readAtMs = asOfMs;
    });
  }

  setOverviews(overviews: readonly FeederOverview[]): void {
    batch(() => {
      for (const overview of overviews) {
        const entry = this.feeders.peek().get(overview.feederId);
        if (entry) entry.overview.value = overview;
      }
    });
  }

  find(feederId: string): FeederEntry | undefined {
    return this.feeders.value.get(feederId);
  }

  /** Tells of each command that the stream tells of, until the function that it returns is called. */
  followCommands(listener: (command: Command) => void): () => void {
    this.#commandListeners.add(listener);
    return () => this.#commandListeners.delete(listener);
  }

  /** Takes what was read back for a command that was applied: the bridge has stored it, and will tell of it by an event as well. */
  takeReadBack(command: Command): void {
    const entry = this.feeders.peek().get(command.feederId);
    if (entry) entry.facts.value = readBackAfter(entry.facts.peek(), command);
  }

  /** Takes a feeder's config as it was read just now, unless the stream has told a newer one. */
  takeConfig(feederId: string, config: Config): void {
    const entry = this.feeders.peek().get(feederId);
    if (entry) entry.facts.value = configAfter(entry.facts.peek(), config);
  }

  snapshot(): FarmSnapshot {
    const entries = [...this.feeders.peek().values()];
    return {
      feeders: entries.map(({ facts, state }) => ({ ...facts.peek(), state: state.peek() })),
      overviews: entries.flatMap(({ overview }) => overview.peek() ?? []),
    };
  }

  /** Takes events in their order. */
  apply(events: readonly StreamedEvent[]): void {
    batch(() => {
      const news: News[] = [];
      for (const event of events) {
        this.#apply(event);
        if (isNews(event)) news.push(event);
      }
      if (news.length > 0) this.news.value = [...news.reverse(), ...this.news.peek()].slice(0, MOST_NEWS);
    });
  }

  #apply({ type, data }: StreamedEvent): void {
    if (!('feederId' in data)) {
      if (type === 'reset') this.#needsAll();
      return;
    }
    const entry = this.feeders.peek().get(data.feederId);
    if (entry === undefined) {
      // It was enrolled meanwhile.
      this.#needsAll();
      return;
    }
    if ('state' in data) {
      entry.state.value = data.state;
      entry.facts.value = plcLinkAfter(entry.facts.peek(), data.plc);
      return;
    }
    if ('presence' in data) {
      // The stream begins with what happened before the feeders were read; they have been otherwise then.
      if (Date.parse(data.presence.at) < this.#readAtMs - CLOCK_SLACK_MS) return;
      entry.facts.value = presenceAfter(entry.facts.peek(), data.presence);
      this.#needsOverview(data.feederId);
    } else if ('config' in data) entry.facts.value = configAfter(entry.facts.peek(), data.config);
    else if ('command' in data) this.#commandListeners.forEach((tell) => tell(data.command));
    else if ('meal' in data || 'alarm' in data) this.#needsOverview(data.feederId);
  }

  #entryOf(known: FeederEntry | undefined, { state, ...facts }: Feeder): FeederEntry {
    if (known === undefined) return { feederId: facts.feederId, facts: signal(facts), state: signal(state), overview: signal(undefined) };
    // What was read may be older than what the stream told meanwhile.
    const { config } = known.facts.peek();
    known.facts.value = facts.config === null ? facts : configAfter({ ...facts, config }, facts.config);
    known.state.value = state;
    return known;
  }
}
