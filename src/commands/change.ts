import { randomUUID } from 'node:crypto';
import type { MachineClocks } from '../../machine/clocks.ts';
import type { Reason } from '../../topics/commands.ts';
import { Values } from '../../topics/parameters.ts';
import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import type { Directory, Feeder } from '../feeders/directory.ts';
import { LeaseStoreUnavailable, type LeaseStore } from '../liveness/leases.ts';
import type { Sessions } from '../liveness/sessions.ts';
import {
  IDEMPOTENCY_CONSTRAINT,
  insertConfigCommand,
  selectCommand,
  type IdempotencyUse,
  type Order,
  type StoredCommand,
} from '../store/commands.ts';
import type { Database } from '../store/database.ts';
import { findIdempotent } from '../store/idempotency.ts';
import { isUniqueViolation, StoreSilent, StoreUnavailable } from '../store/store-errors.ts';
import type { Dispatch } from './dispatch.ts';
import type { InFlight } from './in-flight.ts';
import { endingWithoutAck } from './life-cycle.ts';
import type { Timeline } from './timeline.ts';
import { parseChanges } from './validation.ts';

/** What a caller wants changed, parsed but not yet checked against the feeder. */
export type ChangeRequest = {
  feeder: Feeder;
  /** The name of the caller's key. */
  issuedBy: string;
  /** The request that asks, when it came on the monotonic clock, and the trace it belongs to, if any. */
  requestId: string;
  receivedMs: number;
  traceparent: string | null;
  /** What is asked for; the values may still be anything. */
  wanted: { kind: 'patch'; body: unknown } | { kind: 'pause' } | { kind: 'resume' } | { kind: 'unknown'; name: string };
  ifMatch: readonly number[] | 'any' | undefined;
  idempotency: IdempotencyUse | undefined;
  /** How long to wait for the outcome, at most; undefined for until the command's own deadline. */
  waitMs: number | undefined;
};

export type ChangeDeps = {
  db: Database;
  clock: BridgeClock;
  machine: MachineClocks;
  ackTimeoutMs: number;
  leases: LeaseStore;
  sessions: Sessions;
  directory: Directory;
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
   * is over. The checks come in a fixed order: Idempotency-Key, lease, PLC link, values, If-Match.
   * @throws Problem when the change is turned away; then nothing was sent.
   */
  async run(request: ChangeRequest): Promise<StoredCommand> {
    const running = this.#run(request);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  async #run(request: ChangeRequest): Promise<StoredCommand> {
    const command = (await this.#earlier(request)) ?? (await this.#accept(request));
    return this.#outcomeOf(command, request.waitMs);
  }

  /** Takes no new change, and lets those under way end; after `withinMs` nobody waits any longer. */
  async stop(withinMs: number): Promise<void> {
    const { clock, inFlight } = this.#deps;
    this.#isStopping = true;
    const late = setTimeout(() => inFlight.release(), withinMs);
    await Promise.allSettled(this.#running);
    await inFlight.drained(clock.now());
    clearTimeout(late);
  }

  /** The command that the request's Idempotency-Key stands for already, as it now stands. */
  async #earlier({ idempotency }: ChangeRequest): Promise<StoredCommand | undefined> {
    if (idempotency === undefined) return undefined;
    const found = await findIdempotent(this.#deps.db, idempotency, this.#deps.clock.now());
    if (found === undefined) return undefined;
    if (!found.sameBody) {
      const detail = 'Use a new Idempotency-Key for a different request.';
      throw new Problem('idempotency-mismatch', detail, { commandId: found.commandId });
    }
    return selectCommand(this.#deps.db, found.commandId);
  }

  /** Checks, stores and sends the change; one that is turned away is kept note of after it was answered. */
  async #accept(request: ChangeRequest): Promise<StoredCommand> {
    try {
      if (this.#isStopping) {
        throw new Problem('bridge-stopping', 'Nothing was sent. Try again in a moment.', { headers: { 'Retry-After': '2' } });
      }
      await this.#checkLink(request.feeder.feederId);
      return await this.#place(request, changesOf(request));
    } catch (error) {
      // A problem that names a command is kept under that command's id.
      if (error instanceof Problem && error.extras.commandId === undefined) {
        this.#recordRefusal(request, error.code, error.detail);
      } else if (error instanceof StoreUnavailable || error instanceof LeaseStoreUnavailable) {
        this.#recordRefusal(request, error.code, error.message);
      }
      throw error;
    }
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

  async #place(request: ChangeRequest, changes: Values): Promise<StoredCommand> {
    const { db, clock, machine, ackTimeoutMs, directory, dispatch } = this.#deps;
    const { feederId } = request.feeder;
    const commandId = randomUUID();
    const issuedAtMs = clock.now();
    const timeline: Timeline = { received: request.receivedMs, accepted: machine.monotonicMs() };
    try {
      const command = await insertConfigCommand(db, {
        commandId,
        feederId,
        changes,
        journalId: directory.find(feederId)?.journalId ?? null,
        issuedBy: request.issuedBy,
        issuedAtMs,
        expiresAtMs: issuedAtMs + ackTimeoutMs,
        traceparent: request.traceparent,
        ifMatch: request.ifMatch,
        idempotency: request.idempotency,
      });
      if (command === undefined) {
        if (directory.find(feederId) === undefined) throw new Problem('not-found', 'There is no feeder with this id.');
        throw new Problem('version-mismatch', VERSION_MISMATCH);
      }
      timeline.stored = machine.monotonicMs();
      // A feeder that was removed meanwhile has taken its commands with it.
      if (directory.find(feederId)) await dispatch.begin(command, { requestId: request.requestId, timeline });
      return command;
    } catch (error) {
      if (error instanceof StoreSilent) {
        const message = 'it was never sent, because the database did not confirm it in time';
        dispatch.abandon(refusedCommand(request, commandId, { kind: 'set-config', changes }, issuedAtMs, { code: 'store-unavailable', message }));
        throw new Problem('store-unavailable', NOT_CONFIRMED, { commandId, headers: { 'Retry-After': '2' } });
      }
      // The same key arrived twice at once, and the other one was first.
      const earlier = isUniqueViolation(error, IDEMPOTENCY_CONSTRAINT) ? await this.#earlier(request) : undefined;
      if (earlier) return earlier;
      throw error;
    }
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
    return (await selectCommand(this.#deps.db, command.commandId).catch(() => undefined)) ?? command;
  }

  #recordRefusal(request: ChangeRequest, code: string, message: string): void {
    const order = plausibleOrder(request);
    if (order === undefined) return;
    const refused = refusedCommand(request, randomUUID(), order, this.#deps.clock.now(), { code, message });
    this.#deps.recordRefusal(refused, code, request.requestId);
  }
}

const NOT_CONFIRMED =
  'The database did not confirm the change in time, so it was not sent. Look the command up before you repeat the change.';
const VERSION_MISMATCH =
  'Read the config again and repeat the change with its new ETag. While another change is under way, wait for it first.';

const refusedCommand = (
  { feeder, issuedBy, traceparent }: ChangeRequest,
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
  issuedBy,
  issuedAtMs,
  expiresAtMs: null,
  traceparent,
  ending: endingWithoutAck('refused', reason, issuedAtMs),
});

/** The changes asked for, checked against what the feeder takes. */
function changesOf({ wanted, feeder }: ChangeRequest): Values {
  switch (wanted.kind) {
    case 'patch':
      return parseChanges(wanted.body, feeder.profile);
    case 'pause':
    case 'resume': {
      const takesPause = feeder.profile?.parameters.some(({ name }) => name === 'feedingEnabled') ?? true;
      if (!takesPause) throw new Problem('unsupported-command', 'This feeder has no feedingEnabled, so it cannot be paused.');
      return { feedingEnabled: wanted.kind === 'resume' };
    }
    case 'unknown':
      throw new Problem('unsupported-command', `"${wanted.name}" is not a command here; try pause or resume.`);
  }
}

/** What a refused request asked for, where it can be told; what makes no sense is answered but not kept. */
function plausibleOrder({ wanted }: ChangeRequest): Order | undefined {
  switch (wanted.kind) {
    case 'patch': {
      const changes = Values.safeParse(wanted.body);
      return changes.success ? { kind: 'set-config', changes: changes.data } : undefined;
    }
    case 'pause':
    case 'resume':
      return { kind: 'set-config', changes: { feedingEnabled: wanted.kind === 'resume' } };
    case 'unknown':
      return undefined;
  }
}
