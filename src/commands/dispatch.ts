import type { Ack, Command } from '../../topics/commands.ts';
import type { Profile } from '../../topics/payloads.ts';
import type { BridgeClock, MachineClocks } from '../clock.ts';
import type { LeaseStore } from '../liveness/leases.ts';
import { insertRefused, selectCommand, settleCommand, type Ending, type StoredCommand } from '../store/commands.ts';
import type { Database } from '../store/database.ts';
import { releaseIdempotencyKey } from '../store/idempotency.ts';
import type { ReportedConfig } from '../store/feeders.ts';
import { endingFrom, endingWithoutAck, toWire } from './life-cycle.ts';
import type { InFlight } from './in-flight.ts';

/** How long a command stays unanswered before it is sent again while its feeder's lease lives. */
const RESEND_AFTER_MS = 2_000;
const TICK_MS = 500;

export type DispatchDeps = {
  db: Database;
  clock: BridgeClock;
  machine: MachineClocks;
  inFlight: InFlight;
  leases: LeaseStore;
  publish: (feederId: string, command: Command) => void;
  profileOf: (feederId: string) => Profile | null;
  /** The feeder's config as it stands after an outcome was stored. */
  onConfig: (feederId: string, config: ReportedConfig) => void;
  /** A command has its outcome, for the log. */
  onSettled: (command: StoredCommand) => void;
  onProblem: (error: unknown) => void;
};

/** Sends commands, sends them again until they are answered, and stores the answers. */
export class Dispatch {
  readonly #deps: DispatchDeps;
  readonly #timer: NodeJS.Timeout;
  /** Commands that are perhaps stored but were never sent, because the database did not say. */
  readonly #abandoned = new Set<StoredCommand>();
  /** When the last ack of a feeder that is being stored will be. */
  readonly #turns = new Map<string, Promise<void>>();
  #busy = false;

  constructor(deps: DispatchDeps) {
    this.#deps = deps;
    this.#timer = setInterval(() => void this.#tick(), TICK_MS);
  }

  /** Publishes a stored command. */
  send(command: StoredCommand): void {
    const wire = toWire(command);
    if (wire === undefined) return;
    this.#deps.inFlight.sent(command.commandId, this.#deps.machine.monotonicMs());
    this.#deps.publish(command.feederId, wire);
  }

  /** The feeder's agent hears commands again: sends everything of it that has no outcome, in order. */
  listening(feederId: string): void {
    for (const command of this.#deps.inFlight.ofFeeder(feederId)) this.send(command);
  }

  /**
   * Stores what an ack says. The ack must come from the command's own feeder. Rejects when it cannot be stored; then
   * the command stays without an outcome and is sent again, so that the agent answers again.
   */
  async acknowledged(feederId: string, ack: Ack): Promise<void> {
    const store = () => this.#inTurn(feederId, () => this.#storeAck(feederId, ack));
    await this.#deps.inFlight.whileStoring(ack.commandId, store);
  }

  async #storeAck(feederId: string, ack: Ack): Promise<void> {
    const command = this.#deps.inFlight.find(ack.commandId) ?? (await this.#stored(ack.commandId));
    if (command?.feederId !== feederId) {
      throw new Error(`an ack from ${feederId} names command ${ack.commandId}, which is not one of its own`);
    }
    const ending = endingFrom(ack, command, this.#deps.profileOf(feederId), this.#deps.clock.now());
    await this.#settle(command, ending);
  }

  /** Stores a feeder's acks in the order they came, so that of two readings in one millisecond the later one stands. */
  #inTurn(feederId: string, store: () => Promise<void>): Promise<void> {
    const stored = (this.#turns.get(feederId) ?? Promise.resolve()).then(store);
    const leave = (): void => {
      if (this.#turns.get(feederId) === over) this.#turns.delete(feederId);
    };
    const over: Promise<void> = stored.then(leave, leave);
    this.#turns.set(feederId, over);
    return stored;
  }

  /** Settles a feeder's commands that have no outcome as `indeterminate`: nobody will be asked about them again. */
  async settlePending(feederId: string): Promise<void> {
    const reason = { code: 'removed', message: 'the feeder was removed before its agent answered' };
    for (const command of this.#deps.inFlight.ofFeeder(feederId)) {
      await this.#settle(command, endingWithoutAck('indeterminate', reason, this.#deps.clock.now()));
    }
  }

  /**
   * Gives up a command whose storing has no known end. It was not sent and never will be: it is kept as the refused one
   * given here, or settled as `expired` if it turns out to be stored.
   */
  abandon(refused: StoredCommand): void {
    this.#abandoned.add(refused);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #settle(command: StoredCommand, ending: Ending): Promise<void> {
    const { db, inFlight } = this.#deps;
    const settled = await settleCommand(db, command, ending);
    if (settled.kind === 'later') {
      // Another outcome stands already: whoever still waits gets that one.
      inFlight.settled((await selectCommand(db, command.commandId)) ?? command);
      return;
    }
    if (settled.config) this.#deps.onConfig(command.feederId, settled.config);
    inFlight.settled({ ...command, ending });
    this.#deps.onSettled({ ...command, ending });
  }

  async #stored(commandId: string): Promise<StoredCommand | undefined> {
    return UUID.test(commandId) ? selectCommand(this.#deps.db, commandId) : undefined;
  }

  async #tick(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await this.#settleAbandoned();
      await this.#resendDue();
    } catch (error) {
      this.#deps.onProblem(error);
    } finally {
      this.#busy = false;
    }
  }

  /** Sends again, at a steady pace, what is unanswered while its feeder's lease lives; to a dead link goes nothing. */
  async #resendDue(): Promise<void> {
    const due = this.#deps.inFlight.due(this.#deps.machine.monotonicMs() - RESEND_AFTER_MS);
    if (due.length === 0) return;
    const alive = await this.#deps.leases.findAll([...new Set(due.map(({ feederId }) => feederId))]);
    for (const command of due) {
      if (alive.has(command.feederId) && this.#deps.inFlight.find(command.commandId)) this.send(command);
    }
  }

  async #settleAbandoned(): Promise<void> {
    const { db } = this.#deps;
    for (const refused of this.#abandoned) {
      // This takes the place of the command: a statement that the database comes to only now finds its id in use.
      await insertRefused(db, [refused]);
      const stored = await selectCommand(db, refused.commandId);
      if (stored?.ending === null && refused.ending) {
        await settleCommand(db, stored, { ...refused.ending, state: 'expired' });
        await releaseIdempotencyKey(db, refused.commandId);
      }
      this.#abandoned.delete(refused);
    }
  }
}

/** Command ids are UUIDs in the store; anything else an agent might send names no command. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
