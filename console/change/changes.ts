import { batch, computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { asked } from '../api/client.ts';
import type { Command, Values } from '../api/shapes.ts';
import { bridgeNowMs } from '../device/clock.ts';
import type { Farm } from '../farm/farm.ts';
import { api } from '../session/session.ts';
import { askBridge } from './ask-bridge.ts';
import { progressAfter, type Attempt, type Happening } from './attempt.ts';
import { carryThrough } from './carry-through.ts';
import type { Draft } from './draft.ts';
import { newKey } from './idempotency-key.ts';
import { isSameOrder, orderOf, type Order } from './order.ts';
import { pendingOf, type Pending } from './pending.ts';
import { isUnderWay, NOTHING_UNDER_WAY, underWayAfter, underWayRead, underWayWithout, type UnderWay } from './under-way.ts';

type OfFeeder = { attempts: Signal<readonly Attempt[]>; underWay: Signal<UnderWay>; pending: ReadonlySignal<readonly Pending[]> };

/** How often what is overdue is looked up, and how much of it at once: the stream told of the rest. */
const LOOK_EVERY_MS = 5_000;
const MOST_LOOKS = 10;
/** Of a feeder so many attempts that have ended are kept to be read. */
const MOST_ENDED = 5;

/** The changes of feeders: those that were asked for here, with what has become of each, and those that others have under way. */
export class Changes {
  /** What was asked for here and nobody has put aside yet, newest first. */
  readonly attempts = signal<readonly Attempt[]>([]);
  /** What is being filled in, by feeder: it outlives the screen on which it is. */
  readonly drafts = new Map<string, Draft>();
  readonly #ofFeeder = new Map<string, OfFeeder>();
  readonly #farm: Farm;
  readonly #me: string;
  readonly #signal: AbortSignal;
  readonly #startedMs = bridgeNowMs();
  readonly #wakers = new Set<() => void>();

  /** Works in the name of `me` until `signal` ends it. */
  constructor(farm: Farm, me: string, signal: AbortSignal) {
    this.#farm = farm;
    this.#me = me;
    this.#signal = signal;
    const endFollowing = farm.followCommands((command) => this.#hear(command));
    const endWaking = effect(() => {
      if (farm.link.value.kind === 'live') this.#wake();
    });
    const looking = setInterval(() => void this.#lookUpOverdue(), LOOK_EVERY_MS);
    signal.addEventListener('abort', () => {
      endFollowing();
      endWaking();
      clearInterval(looking);
      this.#wake();
    });
  }

  /** What was asked of a feeder here, newest first. */
  attemptsOf(feederId: string): readonly Attempt[] {
    return this.#of(feederId).attempts.value;
  }

  /** The changes of a feeder whose outcome is not known yet, whoever asked for them, oldest first. */
  pendingOf(feederId: string): readonly Pending[] {
    return this.#of(feederId).pending.value;
  }

  /** A change, ready to be sent: made when it is shown to be confirmed, so that confirming twice sends it once. */
  prepare(feederId: string, order: Order, seen?: { version: number; values: Values }): Attempt {
    return { feederId, order, key: newKey(), seen, askedAtMs: bridgeNowMs(), progress: { kind: 'sending' } };
  }

  /** Sends a change that was prepared. One that was sent already, or that asks for what is under way already, is not. */
  send(prepared: Attempt): void {
    const known = this.#of(prepared.feederId).attempts.peek();
    if (known.some(({ key, progress, order }) => key === prepared.key || (progress.kind !== 'ended' && isSameOrder(order, prepared.order)))) return;
    const attempt = { ...prepared, askedAtMs: bridgeNowMs() };
    this.#add(attempt);
    void this.#carryThrough(attempt);
  }

  /** Puts aside an attempt that has ended. */
  dismiss({ feederId, key }: Attempt): void {
    this.#set(feederId, (attempts) => attempts.filter((each) => each.key !== key || each.progress.kind !== 'ended'));
  }

  /** Reads what a feeder has under way, for whoever looks at it. Not being answered, it leaves things as they are. */
  async readUnderWay(feederId: string): Promise<void> {
    const askedAtMs = bridgeNowMs();
    const path = { feederId };
    const [sent, unresolved] = await Promise.all(
      (['sent', 'unresolved'] as const).map((state) =>
        asked(() => api.GET('/feeders/{feederId}/commands', { params: { path, query: { state, limit: 100 } }, signal: this.#signal })),
      ),
    );
    if (!sent?.ok || !unresolved?.ok || this.#signal.aborted) return;
    const commands = [...unresolved.data.items, ...sent.data.items];
    const { underWay } = this.#of(feederId);
    underWay.value = underWayRead(underWay.peek(), commands, askedAtMs);
    for (const command of underWay.peek().commands) this.#adopt(command);
  }

  /** Whether something is on its way of which nobody would know any more if the page were left now. */
  readonly isUnsafeToLeave = computed(() => this.attempts.value.some(({ progress }) => progress.kind === 'sending' || progress.kind === 'unsure'));

  #of(feederId: string): OfFeeder {
    const known = this.#ofFeeder.get(feederId);
    if (known) return known;
    const attempts = signal<readonly Attempt[]>([]);
    const underWay = signal(NOTHING_UNDER_WAY);
    const pending = computed(() => pendingOf(attempts.value, underWay.value.commands, this.#me));
    const made = { attempts, underWay, pending };
    this.#ofFeeder.set(feederId, made);
    return made;
  }

  #set(feederId: string, change: (attempts: readonly Attempt[]) => readonly Attempt[]): void {
    batch(() => {
      const { attempts } = this.#of(feederId);
      attempts.value = change(attempts.peek());
      const others = this.attempts.peek().filter((each) => each.feederId !== feederId);
      this.attempts.value = [...attempts.peek(), ...others].sort((a, b) => b.askedAtMs - a.askedAtMs);
    });
  }

  /** What was applied before needs no more reading once something new is asked for; what went wrong stays. */
  #add(attempt: Attempt): void {
    this.#set(attempt.feederId, (known) => {
      const kept = known.filter(({ progress }) => !(progress.kind === 'ended' && progress.ending.kind === 'applied'));
      const ended = kept.filter(({ progress }) => progress.kind === 'ended').slice(0, MOST_ENDED);
      return [attempt, ...kept.filter((each) => each.progress.kind !== 'ended' || ended.includes(each))];
    });
  }

  /** What whoever is signed in had asked for before this page was opened is followed as if it had been asked here. */
  #adopt(command: Command): void {
    if (!isUnderWay(command) || command.issuedBy !== this.#me || Date.parse(command.issuedAt) >= this.#startedMs) return;
    const { commandId, feederId, issuedAt } = command;
    if (this.#of(feederId).attempts.peek().some(({ key }) => key === commandId)) return;
    const attempt: Attempt = {
      feederId,
      order: orderOf(command),
      key: commandId,
      seen: undefined,
      askedAtMs: Date.parse(issuedAt),
      progress: { kind: 'pending', commandId, isOverdue: command.state === 'unresolved' },
    };
    this.#add(attempt);
    void this.#carryThrough(attempt);
  }

  #carryThrough({ feederId, key, ...attempt }: Attempt): Promise<void> {
    const [wallMs, monotonicMs] = [Date.now(), performance.now()];
    const current = (): Attempt | undefined => this.#of(feederId).attempts.peek().find((each) => each.key === key);
    return carryThrough(this.#signal, {
      ask: (asking) => askBridge({ feederId, key, ...attempt }, asking, this.#signal),
      look: (commandId) => this.#look(commandId),
      // A device that slept may have stopped one of its clocks meanwhile.
      ageMs: () => Math.max(Date.now() - wallMs, performance.now() - monotonicMs),
      pause: (ms) => this.#pause(ms),
      progress: () => current()?.progress ?? { kind: 'ended', ending: { kind: 'unknown' } },
      report: (happening) => this.#report(feederId, key, happening),
    });
  }

  #report(feederId: string, key: string, happening: Happening): void {
    batch(() => {
      if (happening.kind === 'answered' || happening.kind === 'told') this.#hear(happening.command);
      this.#set(feederId, (attempts) =>
        attempts.map((each) => (each.key === key ? { ...each, progress: progressAfter(each.progress, happening) } : each)),
      );
    });
  }

  #hear(command: Command): void {
    const { underWay, attempts } = this.#of(command.feederId);
    batch(() => {
      this.#farm.takeReadBack(command);
      underWay.value = underWayAfter(underWay.peek(), command);
      const isFollowed = attempts.peek().some(({ progress }) => progress.kind === 'pending' && progress.commandId === command.commandId);
      if (isFollowed) {
        this.#set(command.feederId, (known) => known.map((each) => ({ ...each, progress: progressAfter(each.progress, { kind: 'told', command }) })));
      }
    });
  }

  #look(commandId: string): ReturnType<typeof askBridge> {
    return asked(() => api.GET('/commands/{commandId}', { params: { path: { commandId } }, signal: this.#signal }));
  }

  /** Their outcomes may have been told while nobody listened. */
  async #lookUpOverdue(): Promise<void> {
    if (this.#farm.link.peek().kind !== 'live') return;
    const overdue = [...this.#ofFeeder.values()]
      .flatMap(({ underWay }) => underWay.peek().commands)
      .filter(({ expiresAt }) => expiresAt !== null && Date.parse(expiresAt) < bridgeNowMs());
    for (const { commandId, feederId } of overdue.slice(0, MOST_LOOKS)) {
      const answer = await this.#look(commandId);
      if (this.#signal.aborted) return;
      if (answer.ok) this.#hear(answer.data);
      else if (answer.failure.kind === 'problem' && answer.failure.problem.code === 'not-found') {
        const { underWay } = this.#of(feederId);
        underWay.value = underWayWithout(underWay.peek(), commandId);
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#wakers.add(wake);
    });
  }

  #wake(): void {
    for (const wake of [...this.#wakers]) wake();
  }
}
