import type { Writable } from 'node:stream';
import type { Timers } from '../../machine/timers.ts';
import type { StoredEvent } from '../store/events.ts';
import { Follower, type EventFilter, type FollowerDeps, type Start } from './follower.ts';

/** Proxies and clients take a connection on which nothing comes for dead, mostly after 30 s or more. */
const COMMENT_MS = 15_000;

/** Everyone who follows the events. An event is rendered once, whoever gets it. */
export class Hub {
  readonly #deps: FollowerDeps;
  readonly #timers: Timers;
  readonly #followers = new Set<Follower>();
  #isClosed = false;
  #callOff: () => void;

  constructor(deps: FollowerDeps, timers: Timers) {
    this.#deps = { ...deps, render: orNothing(deps) };
    this.#timers = timers;
    this.#callOff = this.#nextTick();
  }

  /** How many follow. */
  get count(): number {
    return this.#followers.size;
  }

  /** Sends a client what it wants, from where it begins, until it is gone, is too slow or the hub is closed. */
  follow(out: Writable, filter: EventFilter, start: Start): void {
    const follower = new Follower(out, filter, this.#deps);
    if (this.#isClosed) follower.end();
    if (out.destroyed || out.writableEnded) return;
    this.#followers.add(follower);
    out.once('close', () => this.#followers.delete(follower));
    void follower.begin(start);
  }

  /** Something happened, in this order; it is stored. */
  publish(events: readonly StoredEvent[]): void {
    for (const event of events) {
      const takers = [...this.#followers].filter((follower) => follower.wants(event.type, event.feederId));
      const bytes = takers.length === 0 ? undefined : this.#deps.render(event);
      if (bytes) for (const follower of takers) follower.take(bytes);
    }
  }

  /** A feeder told its readings. */
  publishState(feederId: string): void {
    for (const follower of this.#followers) if (follower.wants('state', feederId)) follower.takeState(feederId);
  }

  /** Ends every stream, and each that is begun from now on. */
  close(): void {
    this.#isClosed = true;
    this.#callOff();
    for (const follower of this.#followers) follower.end();
  }

  #nextTick(): () => void {
    return this.#timers.after(COMMENT_MS, () => {
      for (const follower of this.#followers) follower.tick();
      this.#callOff = this.#nextTick();
    });
  }
}

/** What cannot be rendered is left out: everyone still hears of what comes after it. */
const orNothing = ({ render, onProblem }: FollowerDeps): FollowerDeps['render'] => (event) => {
  try {
    return render(event);
  } catch (error) {
    onProblem(error);
    return undefined;
  }
};
