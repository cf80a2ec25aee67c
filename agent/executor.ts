import { reached } from '../machine/points.ts';
import type { Timers } from '../machine/timers.ts';
import type { Ack, Command } from '../topics/commands.ts';
import { fromInstant, toInstant } from '../topics/identifiers.ts';
import type { Values } from '../topics/parameters.ts';
import { carryOut } from './carry-out.ts';
import type { BridgeTime, Moment } from './clock.ts';
import type { StartedEntry } from './journal/entry.ts';
import type { Journal } from './journal/journal.ts';
import { Overtaken } from './plc/controls.ts';
import type { Plc } from './plc/plc.ts';
import type { ReadingTimes } from './reading-times.ts';
import { WaitingCommands } from './waiting-commands.ts';

/** How long to wait before something is tried again that an outcome hangs on: the journal, or what should not have failed. */
const TRY_AGAIN_MS = 500;
/** How many acks are remembered that could not be journaled; far more than can come before their deadlines. */
const MOST_UNKEPT = 1_000;
/** How many commands may wait or be looked up; the bridge asks again for what is beyond. */
const MOST_PRESENT = 2_000;

export type ExecutorDeps = {
  plc: Plc;
  clock: BridgeTime;
  timers: Timers;
  journal: Journal;
  readings: ReadingTimes;
  /** Sends an ack if there is a session; without one the bridge asks again later. */
  sendAck: (ack: Ack) => void;
  /** Asks the bridge for its time at once. */
  beat: () => void;
  /** A command is about to be carried out: readings that overlap it may show half of it. */
  onBegin: () => void;
  /** It is over, with what was read for it last, newer than anything polled; `applied` where that is its own doing. */
  onEnd: (read: { values: Values; at: Moment; applied: boolean } | undefined) => void;
  /** A command has its outcome, for the log. */
  onFinished: (command: Command, ack: Ack) => void;
  /** Something that should not happen; a command without an outcome is taken up again. */
  onFault: (error: unknown) => void;
};

/**
 * Carries out the commands of one feeder, one at a time: first those that an earlier process left unfinished, then
 * pauses, then in the order they came. Invariant: a command id is acted on at most once; a known one is answered from the
 * journal, out of turn.
 */
export class Executor {
  readonly #deps: ExecutorDeps;
  readonly #stopping = new AbortController();
  /** The ids of all commands that are looked up, wait or run. */
  readonly #present: Set<string>;
  /** Ends when the commands that came so far have been looked up, in their order. */
  #lookedUp: Promise<void> = Promise.resolve();
  readonly #waiting: WaitingCommands;
  #working: Promise<void> | undefined;
  /** Ends when the journal was told the bridge's time last, or could not keep it; undefined before the first time. */
  #timeTold: Promise<void> | undefined;
  /** Woken when the bridge's time becomes known. */
  readonly #timeWaiters = new Set<() => void>();
  /** Commands of which nothing was written, and whose outcome could not be journaled. */
  readonly #unkept = new Map<string, { command: Command; ack: Ack }>();

  constructor(deps: ExecutorDeps) {
    this.#deps = deps;
    const begun = deps.journal.unfinished.map(({ command }) => command);
    this.#waiting = new WaitingCommands(begun);
    this.#present = new Set(begun.map(({ commandId }) => commandId));
  }

  /** Goes on with what an earlier process left unfinished. */
  start(): void {
    this.#work();
  }

  /** Takes a command as it arrives, perhaps not for the first time. */
  receive(command: Command): void {
    const { commandId } = command;
    reached('received', commandId);
    if (this.#present.has(commandId) || this.#present.size >= MOST_PRESENT || this.#stopping.signal.aborted) return;
    this.#present.add(commandId);
    this.#afterLookUps(async () => {
      const ended = await this.#endOf(commandId).catch((error: unknown) => {
        this.#present.delete(commandId);
        throw error;
      });
      if (!ended && !this.#stopping.signal.aborted && this.#waiting.add(command)) {
        this.#work();
        return;
      }
      this.#present.delete(commandId);
      if (ended) this.#acknowledge(ended);
    });
  }

  /** The bridge's time is known, and the journal is being told; commands wait for that. `told` never rejects. */
  timeTold(told: Promise<void>): void {
    this.#timeTold = told;
    void told.then(() => {
      this.#wakeTimeWaiters();
      this.#afterLookUps(() => this.#keepUnkept());
    });
  }

  /** Takes nothing more and lets go of what waits for the PLC; resolves when nothing runs. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wakeTimeWaiters();
    await this.#lookedUp;
    await this.#working;
  }

  #afterLookUps(task: () => Promise<void>): void {
    this.#lookedUp = this.#lookedUp.then(task).catch(this.#deps.onFault);
  }

  /** How a command ended, if that is known. */
  async #endOf(commandId: string): Promise<Ack | undefined> {
    const entry = await this.#deps.journal.find(commandId);
    return entry?.state === 'finished' ? entry.ack : this.#unkept.get(commandId)?.ack;
  }

  #acknowledge(ack: Ack): void {
    this.#deps.sendAck(ack);
    reached('acked', ack.commandId);
  }

  #work(): void {
    if (this.#working || this.#stopping.signal.aborted) return;
    this.#working = this.#workThrough()
      .catch((error: unknown) => {
        if (!(error instanceof Stopped)) this.#deps.onFault(error);
      })
      .finally(() => {
        this.#working = undefined;
        if (!this.#waiting.isEmpty) this.#work();
      });
  }

  async #workThrough(): Promise<void> {
    while (!this.#waiting.isEmpty) {
      // A pause may come while the time is not known yet: so that it overtakes, none is taken before.
      await this.#timeKnown();
      const command = this.#waiting.take();
      if (command) await this.#runOrKeep(command);
    }
  }

  /** Runs a command; one that was overtaken waits again, and nothing new starts before one that was begun has its outcome. */
  async #runOrKeep(command: Command): Promise<void> {
    try {
      await this.#run(command);
    } catch (error) {
      if (error instanceof Stopped) throw error;
      const isBegun = this.#begun(command) !== undefined;
      if (!(error instanceof Overtaken)) this.#deps.onFault(error);
      if (isBegun || error instanceof Overtaken) {
        this.#waiting.putBack(command, isBegun);
        if (isBegun) await this.#pause(TRY_AGAIN_MS);
        return;
      }
    }
    this.#present.delete(command.commandId);
  }

  #begun({ commandId }: Command): StartedEntry | undefined {
    return this.#deps.journal.unfinished.find((entry) => entry.command.commandId === commandId);
  }

  async #run(command: Command): Promise<void> {
    const { journal, onFinished, onBegin, onEnd } = this.#deps;
    const { commandId } = command;
    const overtakesUntilMs = this.#waiting.overtakesUntilMs(command);
    let readAt: Moment | undefined;
    let read: { values: Values; at: Moment; applied: boolean } | undefined;
    onBegin();
    try {
      const result = await carryOut(command, this.#begun(command), {
        ...this.#deps,
        timeKnown: (deadlineMs) => this.#timeKnown(deadlineMs),
        start: async (entry) => {
          if (this.#waiting.isOvertaken(command)) throw new Overtaken();
          await journal.start(entry);
          reached('started', commandId);
        },
        hasRead: () => (readAt = this.#deps.clock.moment()),
        pause: (ms) => this.#pause(ms),
        reached: (point) => reached(point, commandId),
      });
      const at = readAt ?? this.#deps.clock.moment();
      const isApplied = result.outcome === 'applied';
      if (command.kind === 'set-config' && result.readBack) read = { values: result.readBack, at, applied: isApplied };
      // Known since before it was begun; nothing is waited for that may never come before the outcome is kept.
      const atMs = this.#deps.clock.roughlyAt(at) ?? fromInstant(command.issuedAt);
      const ack: Ack = { commandId, at: toInstant(this.#deps.readings.of(at, atMs)), ...result };
      await this.#keep(command, ack, isApplied ? overtakesUntilMs : undefined);
      this.#acknowledge(ack);
      onFinished(command, ack);
    } finally {
      onEnd(read);
    }
  }

  /**
   * Journals how a command ended. An outcome of which something may have been written waits until it can be kept;
   * any other is remembered without the journal, and stays true whatever is forgotten.
   */
  async #keep(command: Command, ack: Ack, pausedAtMs: number | undefined): Promise<void> {
    for (;;) {
      try {
        await this.#deps.journal.finish(command, ack, pausedAtMs);
        reached('finished', command.commandId);
        return;
      } catch (error) {
        this.#deps.onFault(error);
      }
      if (!this.#begun(command)) {
        this.#remember(command, ack);
        return;
      }
      await this.#pause(TRY_AGAIN_MS);
    }
  }

  #remember(command: Command, ack: Ack): void {
    this.#unkept.set(command.commandId, { command, ack });
    const [oldest] = this.#unkept.keys();
    if (this.#unkept.size > MOST_UNKEPT && oldest !== undefined) this.#unkept.delete(oldest);
  }

  /** Journals what could not be kept before, now that there may be room again. */
  async #keepUnkept(): Promise<void> {
    const { journal } = this.#deps;
    for (const { command, ack } of [...this.#unkept.values()]) {
      try {
        if ((await journal.find(command.commandId))?.state !== 'finished') await journal.finish(command, ack);
        this.#unkept.delete(command.commandId);
      } catch (error) {
        this.#deps.onFault(error);
      }
    }
  }

  /** Resolves when the bridge's time is known and the journal was told of it, or `deadlineMs` is surely past; asks for it. */
  async #timeKnown(deadlineMs = Infinity): Promise<void> {
    for (;;) {
      this.#throwIfStopping();
      if (this.#deps.clock.isSurelyBefore(deadlineMs) === false) return;
      const told = this.#timeTold;
      await told;
      if (told !== this.#timeTold) continue;
      if (told !== undefined && this.#deps.clock.isKnown()) return;
      this.#throwIfStopping();
      this.#deps.beat();
      await this.#woken(deadlineMs);
    }
  }

  /** Resolves when the bridge's time may be known, or `deadlineMs` is surely past. */
  async #woken(deadlineMs: number): Promise<void> {
    const { clock, timers } = this.#deps;
    await new Promise<void>((resolve) => {
      let callOff = (): void => undefined;
      const wake = (): void => {
        callOff();
        this.#timeWaiters.delete(wake);
        resolve();
      };
      const watch = (): void => {
        if (clock.isSurelyBefore(deadlineMs) === false) wake();
        else callOff = timers.after(TRY_AGAIN_MS, watch);
      };
      this.#timeWaiters.add(wake);
      if (deadlineMs < Infinity) watch();
    });
  }

  #wakeTimeWaiters(): void {
    for (const wake of this.#timeWaiters) wake();
    this.#timeWaiters.clear();
  }

  async #pause(ms: number): Promise<void> {
    this.#throwIfStopping();
    await new Promise<void>((resolve) => {
      const callOff = this.#deps.timers.after(ms, wake);
      const { signal } = this.#stopping;
      signal.addEventListener('abort', wake);
      function wake(): void {
        callOff();
        signal.removeEventListener('abort', wake);
        resolve();
      }
    });
    this.#throwIfStopping();
  }

  #throwIfStopping(): void {
    if (this.#stopping.signal.aborted) throw new Stopped('the agent is stopping');
  }
}

/** The agent stops; the command stays as the journal has it. */
class Stopped extends Error {}
