import type { Timers } from '../../machine/timers.ts';

type Event = { atMs: number; order: number; work: (() => void) | undefined };

/** When every run begins, milliseconds since 1970. */
const BEGINNING_MS = Date.UTC(2026, 0, 1);

/**
 * The true time of a simulated world, and everything that is still to happen in it. It moves only from one event to the
 * next; what falls on the same moment happens in the order it was asked for.
 */
export class VirtualTime implements Timers {
  #nowMs = BEGINNING_MS;
  #count = 0;
  /** A binary heap, the next event first. */
  readonly #events: Event[] = [];

  /** Milliseconds since 1970. */
  get nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, work: () => void): () => void {
    const event: Event = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#count, work };
    this.#count += 1;
    this.#add(event);
    return () => (event.work = undefined);
  }

  /** Lets the next event happen, and all that follows from it before time goes on; false where nothing is left. */
  async step(): Promise<boolean> {
    for (let event = this.#take(); event !== undefined; event = this.#take()) {
      const { work } = event;
      if (work === undefined) continue;
      this.#nowMs = event.atMs;
      work();
      await settled();
      return true;
    }
    return false;
  }

  #add(event: Event): void {
    const events = this.#events;
    let place = events.length;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = events[above];
      if (parent === undefined || isSooner(parent, event)) break;
      events[place] = parent;
      place = above;
    }
    events[place] = event;
  }

  #take(): Event | undefined {
    const events = this.#events;
    const first = events[0];
    const last = events.pop();
    if (first === undefined || last === undefined || events.length === 0) return first;
    let place = 0;
    for (;;) {
      const [left, right] = [events[2 * place + 1], events[2 * place + 2]];
      const child = left !== undefined && right !== undefined && isSooner(right, left) ? right : left;
      if (child === undefined || isSooner(last, child)) break;
      events[place] = child;
      place = 2 * place + (child === left ? 1 : 2);
    }
    events[place] = last;
    return first;
  }
}

const isSooner = (a: Event, b: Event): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/** Resolves when no promise has anything left to do: Node turns to the next tick only then, and no timer is due meanwhile. */
const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
