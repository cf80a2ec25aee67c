import type { MachineClocks } from '../../machine/clocks.ts';
import { reached } from '../../machine/points.ts';
import type { Timers } from '../../machine/timers.ts';
import type { Reason } from '../../topics/commands.ts';
import type { BridgeClock } from '../clock.ts';
import { commandPath, Problem } from '../errors.ts';
import type { Feeder } from '../feeders/directory.ts';
import { LeaseStoreUnavailable, type LeaseStore } from '../liveness/leases.ts';
import type { Session } from '../liveness/sessions.ts';
import type { CommandStore, IdempotencyUse, Insertion, Issuer, Order, StoredCommand } from '../store/commands.ts';
import { StoreSilent, StoreUnavailable } from '../store/store-errors.ts';
import type { Dispatch } from './dispatch.ts';
import type { InFlight } from './in-flight.ts';
import { endingWithoutAck } from './life-cycle.ts';
import { orderOf, plausibleOrder, type Wanted } from './orders.ts';
import { mark, type Timeline } from './timeline.ts';

/** What a caller wants changed, parsed but not yet checked against the feeder. */
export type ChangeRequest = {
  feeder: Pick<Feeder, 'feederId' | 'profile'>;
  /** Who asks, and in which request. */
  author: Issuer & { requestId: string };
  /** By which operation of the API. */
  action: string;
  /** When the request came on the monotonic clock, and the trace it belongs to, if any. */
  receivedMs: number;
  traceparent: string | null;
  wanted: Wanted;
  ifMatch: readonly number[] | 'any' | undefined;
  idempotency: IdempotencyUse | undefined;
  /** How long to wait for the outcome, at most; undefined for until the command's own deadline. */
  waitMs: number | undefined;
};

export type ChangeDeps = {
  store: CommandStore;
  clock: Pick<BridgeClock, 'now'>;
  machine: Pick<MachineClocks, 'monotonicMs'>;
  timers: Timers;
  /** An id that no other command has: a UUID. */
  newId: () => string;
  ackTimeoutMs: number;
  leases: Pick<LeaseStore, 'find'>;
  sessions: { find(feederId: string): Pick<Session, 'plc' | 'unheld'> | undefined };
  directory: { find(feederId: string): Pick<Feeder, 'journalId'> | undefined };
  /** The highest version that the feeder's agent told of, stored or not. */
  heardVersion: (feederId: string) => number;
  inFlight: InFlight;
  dispatch: Dispatch;
  /** Keeps note of a change that was turned away, after it was answered. */
  recordRefusal: (command: StoredCommand, code: string, requestId: string) => void;
};

/** A change to a feeder: checked at the door, stored, sent, and waited for. */
export class ChangeFeeder {
  readonly #deps: ChangeDeps;
  /** The changes that are answered when their outcome is known. */
  readonly #running = new Set<Promise<StoredCommand>>();
  #isStopping = false;

  constructor(deps: ChangeDeps) {
    this.#deps = deps;
  }

  /**
   * Carries a change through and resolves with the command as it stands when its outcome is stored, or when the wait
   * is over. The checks come in a fixed order: Idempotency-Key, lease, PLC link, values, If-Match, a feed-now
   * that is pending.
   * @throws Problem when the change is turned away; then nothing was sent.
   */
  async run(request: ChangeRequest): Promise<StoredCommand> {
    const running = this.#run(request);
    this.#running.add(running);
    try {
      const command = await running;
      reached('answered', command.commandId);
      return command;
    } finally {
      this.#running.delete(running);
    }
  }

  async #run(request: ChangeRequest): Promise<StoredCommand> {
    return this.#outcomeOf(await this.#take(request), request.waitMs);
  }

  /** Takes no new change, and lets those under way end; after `withinMs` nobody waits any longer. */
  async stop(withinMs: number): Promise<void> {
    const { clock, timers, inFlight } = this.#deps;
    this.#isStopping = true;
    const callOff = timers.after(withinMs, () => inFlight.release());
    await Promise.allSettled(this.#running);
    await inFlight.drained(clock.now());
    callOff();
  }

  /** The command that the request's Idempotency-Key stands for already, as it now stands. */
  async #earlier({ idempotency }: ChangeRequest): Promise<StoredCommand | undefined> {
    if (idempotency === undefined) return undefined;
    const found = await this.#deps.store.findIdempotent(idempotency, this.#deps.clock.now());
    if (found === undefined) return undefined;
    if (!found.sameBody) {
      const detail = 'Use a new Idempotency-Key for a different request.';
      throw new Problem('idempotency-mismatch', detail, { commandId: found.commandId });
    }
    return this.#deps.store.find(found.commandId);
  }

  /** The command the request stands for, taken now or earlier; a change turned away is kept note of after it was answered. */
  async #take(request: ChangeRequest): Promise<StoredCommand> {
    try {
      return (await this.#earlier(request)) ?? (await this.#accept(request));
    } catch (error) {
      if (error instanceof Problem) {
        if (isNews(error)) this.#recordRefusal(request, error.code, error.detail);
      } else if (error instanceof StoreUnavailable || error instanceof LeaseStoreUnavailable) {
        this.#recordRefusal(request, error.code, error.message);
      }
      throw error;
    }
  }

  /** Checks, stores and sends the change. */
  async #accept(request: ChangeRequest): Promise<StoredCommand> {
    if (this.#isStopping) {
      throw new Problem('bridge-stopping', 'Nothing was sent. Try again in a moment.', { headers: { 'Retry-After': '2' } });
    }
    await this.#checkLink(request.feeder.feederId);
    return this.#place(request, orderOf(request.wanted, request.feeder.profile));
  }

  /** A feeder without a live lease, or whose agent does not reach the PLC, is refused at once. */
  async #checkLink(feederId: string): Promise<void> {
    if ((await this.#deps.leases.find(feederId)) === undefined) {
      if (this.#deps.sessions.find(feederId)?.unheld === true) {
        throw new LeaseStoreUnavailable('expected the lease of a connected agent to be taken');
      }
      throw new Problem('feeder-offline', 'Its agent has no live link to the bridge. Try again when the feeder is online.');
    }
    if (this.#deps.sessions.find(feederId)?.plc === 'unreachable') {
      const detail = 'Its agent is online but gets no answer from the PLC. Check the PLC and its cable, then try again.';
      throw new Problem('plc-unreachable', detail);
    }
  }

  async #place(request: ChangeRequest, order: Order): Promise<StoredCommand> {
    const { store, clock, machine, newId, ackTimeoutMs, directory, dispatch, heardVersion } = this.#deps;
    const { feederId } = request.feeder;
    const commandId = newId();
    const issuedAtMs = clock.now();
    const timeline: Timeline = { received: request.receivedMs };
    mark(timeline, 'accepted', commandId, machine.monotonicMs());
    const insertion = await store
      .insert({
        commandId,
        feederId,
        order,
        journalId: directory.find(feederId)?.journalId ?? null,
        author: request.author,
        action: request.action,
        issuedAtMs,
        expiresAtMs: issuedAtMs + ackTimeoutMs,
        traceparent: request.traceparent,
        heardVersion: heardVersion(feederId),
        ifMatch: request.ifMatch,
        idempotency: request.idempotency,
      })
      .catch((error: unknown) => {
        if (!(error instanceof StoreSilent)) throw error;
        const message = 'it was never sent, because the database did not confirm it in time';
        dispatch.abandon(refusedCommand(request, commandId, order, issuedAtMs, { code: 'store-unavailable', message }));
        throw new Problem('store-unavailable', NOT_CONFIRMED, { commandId, headers: { 'Retry-After': '2' } });
      });
    if (insertion.kind !== 'stored') {
      // The same request perhaps came twice at once, and the other one was first.
      const earlier = await this.#earlier(request);
      if (earlier) return earlier;
      throw turnedAway(insertion);
    }
    mark(timeline, 'stored', commandId, machine.monotonicMs());
    // A feeder that was removed meanwhile has taken its commands with it.
    if (directory.find(feederId)) await dispatch.begin(insertion.command, { requestId: request.author.requestId, timeline });
    return insertion.command;
  }

  async #outcomeOf(command: StoredCommand, waitMs: number | undefined): Promise<StoredCommand> {
    if (command.ending || command.expiresAtMs === null) return command;
    const untilDeadlineMs = command.expiresAtMs - this.#deps.clock.now();
    // A request repeated after the deadline waits as long again: the outcome may come any moment.
    const patienceMs = untilDeadlineMs > 0 ? untilDeadlineMs : this.#deps.ackTimeoutMs;
    const settled = await this.#deps.inFlight.wait(command.commandId, Math.min(waitMs ?? Infinity, patienceMs));
    if (settled) return settled;
    if (this.#deps.inFlight.find(command.commandId)) return command;
    // Its outcome was stored just before the wait began. With the store away, it stands as it was.
    return (await this.#deps.store.find(command.commandId).catch(() => undefined)) ?? command;
  }

  #recordRefusal(request: ChangeRequest, code: string, message: string): void {
    const order = plausibleOrder(request.wanted);
    if (order === undefined) return;
    const refused = refusedCommand(request, this.#deps.newId(), order, this.#deps.clock.now(), { code, message });
    this.#deps.recordRefusal(refused, code, request.author.requestId);
  }
}

const NOT_CONFIRMED =
  'The database did not confirm it in time, so it was not sent. Look the command up before you repeat it.';
const VERSION_MISMATCH =
  'Read the config again and repeat the change with its new ETag. While another change is under way, wait for it first.';

const refusedCommand = (
  { feeder, author, traceparent }: ChangeRequest,
  commandId: string,
  order: Order,
  issuedAtMs: number,
  reason: Reason,
): StoredCommand => ({
  commandId,
  feederId: feeder.feederId,
  order,
  version: null,
  expected: null,
  journalId: null,
  issuedBy: author.name,
  issuedAtMs,
  expiresAtMs: null,
  traceparent,
  ending: endingWithoutAck('refused', reason, issuedAtMs),
});

/** Whether a change that was turned away for this is kept nowhere else yet. One whose problem names its own command is. */
const isNews = ({ code, extras }: Problem): boolean => extras.commandId === undefined || code === 'command-pending';

function turnedAway(insertion: Exclude<Insertion, { kind: 'stored' }>): Problem {
  switch (insertion.kind) {
    case 'gone':
      return new Problem('not-found', 'There is no feeder with this id.');
    case 'version-mismatch':
      return new Problem('version-mismatch', VERSION_MISMATCH);
    case 'pending':
      return feedNowPending(insertion.commandId);
    case 'key-used':
      return new Problem('store-unavailable', 'The Idempotency-Key was given up just now. Try again.', { headers: { 'Retry-After': '2' } });
  }
}

/** A dose is not begun before it is known what became of the one before it. */
export const feedNowPending = (commandId: string): Problem =>
  new Problem('command-pending', 'An earlier feed-now has no outcome yet, so nothing was sent. Follow it at Location before you feed again.', {
    commandId,
    headers: { Location: commandPath(commandId) },
  });
