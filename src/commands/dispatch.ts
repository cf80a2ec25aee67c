import type { MachineClocks } from '../../machine/clocks.ts';
import type { Timers } from '../../machine/timers.ts';
import type { Ack, Command } from '../../topics/commands.ts';
import type { Profile } from '../../topics/payloads.ts';
import { Meter, type Rate } from '../access/meter.ts';
import type { BridgeClock } from '../clock.ts';
import type { LeaseStore } from '../liveness/leases.ts';
import type { CommandStore, Ending, StoredCommand } from '../store/commands.ts';
import type { ReportedConfig } from '../store/feeders.ts';
import { Turns } from '../turns.ts';
import type { InFlight, Journey } from './in-flight.ts';
import { endingFrom, endingWithoutAck, toWire } from './life-cycle.ts';
import { Rounds } from './rounds.ts';

/** How long may pass at most until it is noticed that a command is to be sent again. */
const LONGEST_TICK_MS = 500;
/** Where storing a command took longer, its feeder's lease, which was looked at before, may be over. */
const LEASE_SEEN_FOR_MS = 250;
/** How many acks of a feeder may wait to be stored; what is beyond is asked for again. */
const MAX_WAITING_ACKS = 100;
/** An ack comes again now and then, and the command has its outcome by then: so often the store is asked about it. */
const SETTLED_ACKS: Rate = { burst: 100, perSecond: 5 };

export type DispatchDeps = {
  store: CommandStore;
  clock: Pick<BridgeClock, 'now'>;
  machine: Pick<MachineClocks, 'monotonicMs'>;
  timers: Timers;
  /** How long a command stays unanswered before it is sent again while its feeder's lease lives. */
  resendMs: number;
  inFlight: InFlight;
  leases: Pick<LeaseStore, 'findAll'>;
  /** Sends a command; `onWritten` is called when it is on the agent's connection, if there is one. */
  publish: (feederId: string, command: Command, onWritten: () => void) => void;
  profileOf: (feederId: string) => Profile | null;
  /** The feeder's config as it stands after an outcome was stored. */
  onConfig: (feederId: string, config: ReportedConfig) => void;
  /** A command has its outcome, for log and metrics. */
  onSettled: (command: StoredCommand, ending: Ending, journey: Journey | undefined) => void;
  onProblem: (error: unknown) => void;
};

/** An ack that is not taken, through its feeder's own doing; the message says why. */
export class UnfitAck extends Error {
  override readonly name = 'UnfitAck';
}

/** Sends commands, sends them again until they are answered, and stores the answers. */
export class Dispatch {
  readonly #deps: DispatchDeps;
  /** Commands that are perhaps stored but were never sent, because the database did not say. */
  readonly #abandoned = new Set<StoredCommand>();
  /** A feeder's acks are stored in the order they came: of two readings in one millisecond the later one stands. */
  readonly #acks = new Turns();
  readonly #settledAcks: Meter;
  /** Two, so that a database that keeps the one waiting holds up nothing that is to be sent. */
  readonly #resending: Rounds;
  readonly #settlingAbandoned: Rounds;
  #isStopping = false;

  constructor(deps: DispatchDeps) {
    this.#deps = deps;
    const { timers, machine, resendMs, inFlight } = deps;
    this.#settledAcks = new Meter(SETTLED_ACKS, machine);
    const pauseMs = Math.min(LONGEST_TICK_MS, resendMs / 4);
    this.#resending = new Rounds(timers, pauseMs, () => this.#sendToLiving(inFlight.due(machine.monotonicMs() - resendMs)));
    this.#settlingAbandoned = new Rounds(timers, pauseMs, () => this.#settleAbandoned());
  }

  /** Takes over what an earlier bridge left without an outcome. */
  async takeOver(): Promise<void> {
    for (const command of await this.#deps.store.unsettled()) this.#deps.inFlight.add(command);
  }

  /**
   * Sends a command that was just stored; where that took long, only while its feeder's lease still lives. One that was
   * stored too late to be acted on is settled instead.
   */
  async begin(command: StoredCommand, journey: Journey): Promise<void> {
    const { clock, inFlight } = this.#deps;
    inFlight.add(command, journey);
    const nowMs = clock.now();
    if (command.expiresAtMs !== null && nowMs < command.expiresAtMs) {
      if (nowMs - command.issuedAtMs > LEASE_SEEN_FOR_MS) await this.#sendToLiving([command]);
      else this.#send(command);
      return;
    }
    const message = 'it was never sent, because storing it took longer than it may take';
    // Nor is it sent while that is being stored.
    await inFlight.whileStoring(command.commandId, () =>
      this.#settle(command, endingWithoutAck('expired', { code: 'expired', message }, clock.now())),
    );
  }

  /** The feeder's agent hears commands again: sends everything of it that has no outcome, in order. */
  async listening(feederId: string): Promise<void> {
    await this.#sendToLiving(this.#deps.inFlight.ofFeeder(feederId));
  }

  /**
   * Stores what an ack says, read at `readAtMs` on the bridge's clock. The ack must come from the command's own feeder.
   * Rejects when it cannot be stored, with an `UnfitAck` where that is the feeder's own doing; then the command stays without an outcome and is sent again, so that the agent
   * answers again.
   */
  async acknowledged(feederId: string, ack: Ack, readAtMs: number): Promise<void> {
    const { inFlight, machine } = this.#deps;
    const known = inFlight.find(ack.commandId);
    if (known && known.feederId !== feederId) throw notItsOwn(feederId, ack.commandId);
    if (!known && !this.#settledAcks.take(feederId)) throw new UnfitAck(`too many acks of ${feederId} name no command that waits for one`);
    inFlight.mark(ack.commandId, 'acknowledged', machine.monotonicMs());
    if (this.#acks.count(feederId) >= MAX_WAITING_ACKS) throw new UnfitAck(`too many acks of ${feederId} wait to be stored`);
    // What still waits its turn when the bridge stops is asked for again by the next one.
    const store = () => this.#acks.run(feederId, () => (this.#isStopping ? Promise.resolve() : this.#storeAck(feederId, ack, readAtMs)));
    await inFlight.whileStoring(ack.commandId, store);
  }

  /** Settles a feeder's commands that have no outcome as `indeterminate`: nobody will be asked about them again. */
  async settlePending(feederId: string): Promise<void> {
    const reason = { code: 'removed', message: 'the feeder was removed before its agent answered' };
    for (const command of await this.#deps.store.unsettled(feederId)) {
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

  /** Sends nothing more, lets the acks be stored that are being stored, and settles what was given up if the database lets it. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all([this.#resending.stop(), this.#settlingAbandoned.stop()]);
    await this.#acks.idle();
    await this.#settleAbandoned();
  }

  #send(command: StoredCommand): void {
    const wire = toWire(command);
    if (wire === undefined || !this.#deps.inFlight.maySend(command.commandId)) return;
    const { inFlight, machine, publish } = this.#deps;
    inFlight.sent(command.commandId, machine.monotonicMs());
    publish(command.feederId, wire, () => inFlight.mark(command.commandId, 'published', machine.monotonicMs()));
  }

  async #storeAck(feederId: string, ack: Ack, readAtMs: number): Promise<void> {
    const command = this.#deps.inFlight.find(ack.commandId) ?? (await this.#deps.store.find(ack.commandId));
    if (command?.feederId !== feederId) throw notItsOwn(feederId, ack.commandId);
    const ending = endingFrom(ack, readAtMs, command, this.#deps.profileOf(feederId), this.#deps.clock.now());
    await this.#settle(command, ending);
  }

  async #settle(command: StoredCommand, ending: Ending): Promise<void> {
    const { store, machine, inFlight, onConfig, onSettled } = this.#deps;
    inFlight.mark(command.commandId, 'storing', machine.monotonicMs());
    const settled = await store.settle(command, ending);
    inFlight.mark(command.commandId, 'settled', machine.monotonicMs());
    const isFirst = settled.kind === 'first';
    // Where another outcome stands already, whoever still waits gets that one, and the config that came of it.
    const config = isFirst ? settled.config : await store.configOf(command.feederId);
    const outcome = isFirst ? { ...command, ending } : ((await store.find(command.commandId)) ?? command);
    if (config) onConfig(command.feederId, config);
    const journey = inFlight.settled(outcome);
    // Not the first where the database took it, and its answer was lost.
    if (outcome.ending && (isFirst || journey)) onSettled(outcome, outcome.ending, journey);
  }

  /** Sends what is unanswered while its feeder's lease lives; to a dead link goes nothing. */
  async #sendToLiving(commands: readonly StoredCommand[]): Promise<void> {
    if (commands.length === 0) return;
    try {
      const alive = await this.#deps.leases.findAll([...new Set(commands.map(({ feederId }) => feederId))]);
      for (const command of commands) if (alive.has(command.feederId)) this.#send(command);
    } catch (error) {
      this.#deps.onProblem(error);
    }
  }

  async #settleAbandoned(): Promise<void> {
    const { store, onSettled, onProblem } = this.#deps;
    for (const refused of this.#abandoned) {
      try {
        const stored = await store.settleUnsent(refused);
        this.#abandoned.delete(refused);
        if (stored?.ending) onSettled(stored, stored.ending, undefined);
      } catch (error) {
        onProblem(error);
        return;
      }
    }
  }
}

const notItsOwn = (feederId: string, commandId: string): UnfitAck =>
  new UnfitAck(`an ack from ${feederId} names command ${commandId}, which is not one of its own`);
