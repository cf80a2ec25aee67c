import type { Writable } from 'node:stream';
import type { AskedEvents, EventPage, StoredEvent } from '../store/events.ts';

/** What may be followed: what is stored, and the latest readings, which are not. */
export const EVENT_TYPES = ['presence', 'command', 'config', 'state', 'meal', 'alarm'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Which events a client wants, and the sites of which it may have any; undefined for all. */
export type EventFilter = {
  feeders: ReadonlySet<string> | undefined;
  types: ReadonlySet<EventType> | undefined;
  sites: ReadonlySet<string> | undefined;
};

/**
 * Where a client begins: with what came after an event. It is the one that the client had last (`after`), or one that it is
 * told of: the newest there is, or was by the time it asks for, where it had none (`now`), or the newest where nobody knows any
 * more what came after that (`reset`).
 */
export type Start = { kind: 'now' | 'after' | 'reset'; eventId: number };

/** What may wait to be taken by a client. Whoever is behind by more is dropped, and goes on where it was when it comes back. */
const MAX_UNSENT_BYTES = 256 * 1024;
/** For how many comments a client may take nothing at all. */
const MAX_FULL_TICKS = 4;
/** When a client comes back: not all at once after a restart. */
const RETRY_MS = 1_000;
const RETRY_SPREAD_MS = 2_000;

export type FollowerDeps = {
  newestId: () => number;
  /** The next of the stored events that are asked for: a page, which may go less far than it was asked to. */
  read: (asked: AskedEvents) => Promise<EventPage>;
  /** An event as it is sent; undefined where it cannot be. */
  render: (event: StoredEvent) => Buffer | undefined;
  /** A feeder's latest readings, as they are sent; undefined where it told none. */
  renderState: (feederId: string) => Buffer | undefined;
  /** Every feeder there is, and the site of each that is or was. */
  feeders: { ids(): Iterable<string>; siteOf(feederId: string): string | undefined };
  onProblem: (error: unknown) => void;
  /** The client did not take what it was sent, and was cut off. */
  onDropped: () => void;
};

/** One client that events are sent to. It costs a bounded number of bytes, and nothing once it is gone. */
export class Follower {
  readonly #out: Writable;
  readonly #filter: EventFilter;
  readonly #deps: FollowerDeps;
  #isLive = false;
  /** Feeders whose latest readings are to be sent as soon as there is room. */
  readonly #states = new Set<string>();
  #fullTicks = 0;
  #onRoom: () => void = () => undefined;

  constructor(out: Writable, filter: EventFilter, deps: FollowerDeps) {
    this.#out = out;
    this.#filter = filter;
    this.#deps = deps;
    out.on('drain', () => {
      this.#fullTicks = 0;
      this.#onRoom();
      this.#sendStates();
    });
    // It is followed by `close`.
    out.on('error', () => undefined);
    out.once('close', () => this.#onRoom());
  }

  /** Sends what the client has missed, and from then on what happens. */
  async begin(start: Start): Promise<void> {
    const { onProblem } = this.#deps;
    const retryMs = RETRY_MS + Math.floor(Math.random() * RETRY_SPREAD_MS);
    const position = start.kind === 'after' ? '' : idLine(start.eventId);
    const reset = start.kind === 'reset' ? `event: reset\ndata: ${JSON.stringify({ newestId: start.eventId })}\n` : '';
    this.#send(Buffer.from(`retry: ${retryMs}\n${position}${reset}\n`));
    try {
      await this.#catchUp(start.eventId);
    } catch (error) {
      onProblem(error);
      this.#out.destroy();
    }
  }

  /** Whether an event that just happened is one for this client. */
  wants(type: EventType, feederId: string): boolean {
    const { types, feeders, sites } = this.#filter;
    if (!this.#isLive || !this.#isOpen || types?.has(type) === false || feeders?.has(feederId) === false) return false;
    if (sites === undefined) return true;
    const site = this.#deps.feeders.siteOf(feederId);
    return site !== undefined && sites.has(site);
  }

  /** Sends an event that it wants. */
  take(event: Buffer): void {
    this.#send(event);
  }

  /** Sends a feeder's latest readings, which are wanted; later, where there is no room: by then they may be newer. */
  takeState(feederId: string): void {
    this.#states.add(feederId);
    this.#sendStates();
  }

  /**
   * Sends a comment, so that both ends notice a dead connection, and how far the client has come, where it may know of all
   * that happens: what it did not ask for need not be looked through again.
   */
  tick(): void {
    if (!this.#isOpen) return;
    if (this.#out.writableNeedDrain) {
      this.#fullTicks += 1;
      if (this.#fullTicks >= MAX_FULL_TICKS) this.#drop();
      return;
    }
    this.#send(Buffer.from(`:\n${this.#isLive && this.#filter.sites === undefined ? idLine(this.#deps.newestId()) : ''}\n`));
  }

  /** Sends no more. A client that takes nothing is not waited for. */
  end(): void {
    if (this.#out.writableNeedDrain) this.#out.destroy();
    else this.#out.end();
  }

  get #isOpen(): boolean {
    return !this.#out.destroyed && !this.#out.writableEnded;
  }

  async #catchUp(fromId: number): Promise<void> {
    const { newestId, read, render, onProblem } = this.#deps;
    const { feeders, types, sites } = this.#filter;
    const wanted = { feederIds: feeders && [...feeders], types: types && [...types], sites: sites && [...sites] };
    for (let sentId = fromId; this.#isOpen && sentId < newestId(); ) {
      const { events, problems, throughId } = await read({ afterId: sentId, throughId: newestId(), ...wanted });
      for (const problem of problems) onProblem(problem);
      for (const event of events) {
        const bytes = render(event);
        if (bytes) this.#send(bytes);
        await this.#room();
      }
      // Whoever is cut off on the way need not have all looked through again.
      if (sites === undefined && events.at(-1)?.eventId !== throughId) this.#send(Buffer.from(`${idLine(throughId)}\n`));
      sentId = throughId;
    }
    // At this moment all up to the newest is sent, and all that is newer comes by `take`.
    this.#goLive();
  }

  #goLive(): void {
    this.#isLive = true;
    for (const feederId of this.#filter.feeders ?? this.#deps.feeders.ids()) if (this.wants('state', feederId)) this.#states.add(feederId);
    this.#sendStates();
  }

  #sendStates(): void {
    if (!this.#isLive) return;
    for (const feederId of this.#states) {
      if (!this.#isOpen || this.#out.writableNeedDrain) return;
      this.#states.delete(feederId);
      const state = this.#deps.renderState(feederId);
      if (state) this.#send(state);
    }
  }

  #send(bytes: Buffer): void {
    if (!this.#isOpen) return;
    this.#out.write(bytes);
    if (this.#out.writableLength > MAX_UNSENT_BYTES) this.#drop();
  }

  #drop(): void {
    this.#deps.onDropped();
    this.#out.destroy();
  }

  /** Resolves when the client has taken what was sent, or is gone. */
  async #room(): Promise<void> {
    if (!this.#isOpen || !this.#out.writableNeedDrain) return;
    await new Promise<void>((resolve) => (this.#onRoom = resolve));
  }
}

const idLine = (eventId: number): string => `id: ${eventId}\n`;
