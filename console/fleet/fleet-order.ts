import { effect, signal, type ReadonlySignal } from '@preact/signals';
import { arrange, countShown, isSameArrangement, type Group, type Wanted } from './arrangement.ts';
import type { Standing } from './standing.ts';

/** For how long the order stays after somebody was last seen in the list. A wall screen's forgotten mouse must not hold it for good. */
export const HELD_MS = { pointing: 10_000, focus: 60_000 } as const;

/** What the order needs of the page. Frames and waits tell how to call them off. */
export type Page = {
  nextFrame: (then: () => void) => () => void;
  after: (ms: number, then: () => void) => () => void;
  nowMs: () => number;
  /** Something is open that belongs to a feeder in the list, such as a sheet: it would go with its place. */
  isAnswering: () => boolean;
};

const LOOK_AGAIN_MS = 1_000;

/**
 * The order that the fleet is shown in. What somebody asks for is there at once; what the feeders change is taken in once a
 * frame at most, and waits while somebody is in the list: nothing jumps away from under a finger.
 */
export class FleetOrder {
  readonly shown = signal<readonly Group[]>([]);
  /** The order would be another by now. */
  readonly isWaiting = signal(false);
  readonly #standings: ReadonlySignal<readonly Standing[]>;
  readonly #wanted: ReadonlySignal<Wanted>;
  readonly #page: Page;
  readonly #heldUntilMs = { pointing: 0, focus: 0 };
  #callOffFrame: (() => void) | undefined;
  #callOffEnd: (() => void) | undefined;

  constructor(standings: ReadonlySignal<readonly Standing[]>, wanted: ReadonlySignal<Wanted>, page: Page) {
    this.#standings = standings;
    this.#wanted = wanted;
    this.#page = page;
    this.sortNow();
  }

  /** Follows the feeders, until what it returns is called. */
  start(): () => void {
    let sorted: { wanted: Wanted; standings: readonly Standing[] } | undefined;
    const stop = effect(() => {
      const next = { wanted: this.#wanted.value, standings: this.#standings.value };
      // Before the first feeders have come there is nothing to hold on to.
      if (next.wanted !== sorted?.wanted || countShown(this.shown.peek()) === 0) this.sortNow();
      else if (next.standings !== sorted.standings) this.#callOffFrame ??= this.#page.nextFrame(() => this.#follow());
      sorted = next;
    });
    return () => {
      stop();
      this.#callOffFrame?.();
      this.#callOffEnd?.();
      this.#callOffFrame = this.#callOffEnd = undefined;
    };
  }

  /** Somebody points, touches or has the focus in the list. */
  hold(by: keyof typeof HELD_MS): void {
    this.#heldUntilMs[by] = this.#page.nowMs() + HELD_MS[by];
  }

  /** They do so no more. */
  release(by: keyof typeof HELD_MS): void {
    this.#heldUntilMs[by] = 0;
    if (this.isWaiting.peek()) this.#follow();
  }

  /** Shows the order as it is now, whoever is in the list. */
  sortNow(): void {
    this.isWaiting.value = false;
    const latest = this.#latest();
    if (!isSameArrangement(latest, this.shown.peek())) this.shown.value = latest;
  }

  #latest = (): Group[] => arrange(this.#standings.peek(), this.#wanted.peek());

  #follow(): void {
    this.#callOffFrame = undefined;
    this.#callOffEnd?.();
    this.#callOffEnd = undefined;
    const { pointing, focus } = this.#heldUntilMs;
    const heldMs = Math.max(Math.max(pointing, focus) - this.#page.nowMs(), this.#page.isAnswering() ? LOOK_AGAIN_MS : 0);
    if (heldMs <= 0) {
      this.sortNow();
      return;
    }
    this.isWaiting.value = !isSameArrangement(this.#latest(), this.shown.peek());
    if (this.isWaiting.peek()) this.#callOffEnd = this.#page.after(heldMs, () => this.#follow());
  }
}
