import { reached } from '../machine/points.ts';
import type { Timers } from '../machine/timers.ts';
import type { Ack, Command } from '../topics/commands.ts';
import { fromInstant, toInstant } from '../topics/identifiers.ts';
import type { Values } from '../topics/parameters.ts';
import { carryOut } from './carry-out.ts';
import type { BridgeTime, Moment } from './clock.ts';
import type { Journal } from './journal/journal.ts';
import type { Plc } from './plc/plc.ts';
import type { ReadingTimes } from './reading-times.ts';

/** How long to wait before the journal is tried again where an outcome hangs on it. */
const KEEP_AGAIN_MS = 500;
/** How many acks are remembered that could not be journaled; far more than can come before their deadlines. */
const MOST_UNKEPT = 1_000;

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

const isPause = (command: Command): boolean =>
  command.kind === 'set-config' && command.changes['feedingEnabled'] === false;

/**
 * Carries out the commands of one feeder, one at a time: first those that an earlier process left unfinished, then
 * pauses, then in the order they came. Invariant: a command id is acted on at most once; a known one is answered from the
 * journal.
 */
export class Executor {
  readonly #deps: ExecutorDeps;
  readonly #stopping = new AbortController();
  /** What the journal held unfinished at the start. */
  readonly #unfinished: Command[];
  readonly #waiting: Command[] = [];
  #running: { command: Command; done: Promise<void> } | undefined;
  /** Woken when the bridge's time becomes known. */
  readonly #clockWaiters = new Set<() => void>();
  /** The journal has been told of the bridge's time, so that its horizon is known. */
  #isTimeTold = false;
  /** Commands of which nothing was written, and whose outcome could not be journaled. */
  readonly #unkept = new Map<string, { command: Command; ack: Ack }>();
  /** They are being journaled; once at a time, as an outcome is journaled once. */
  #keeping: Promise<void> | undefined;

  constructor(deps: ExecutorDeps) {
    this.#deps = deps;
    this.#unfinished = deps.journal.unfinished.map(({ command }) => command);
  }

  /** Goes on with what an earlier process left unfinished. */
  start(): void {
    this.#next();
  }

  /** Takes a command as it arrives, perhaps not for the first time. */
  receive(command: Command): void {
    const { commandId } = command;
    reached('received', commandId);
    const here = [...this.#unfinished, ...this.#waiting, ...(this.#running ? [this.#running.command] : [])];
    if (here.some((other) => other.commandId === commandId)) return;
    this.#waiting.push(command);
    this.#next();
  }

  /** The bridge's time is known now, and the journal has been told. */
  clockKnown(): void {
    this.#isTimeTold = true;
    this.#wakeClockWaiters();
    this.#keeping ??= this.#keepUnkept().finally(() => (this.#keeping = undefined));
  }

  /** Takes nothing more and lets go of what waits for the PLC; resolves when nothing runs. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#unfinished.length = 0;
    this.#waiting.length = 0;
    this.#wakeClockWaiters();
    await this.#running?.done;
  }

  #next(): void {
    if (this.#running || this.#stopping.signal.aborted) return;
    const command = this.#unfinished.shift() ?? this.#takeWaiting();
    if (command === undefined) return;
    const done = this.#run(command)
      .catch((error: unknown) => {
        if (!(error instanceof Stopped)) this.#deps.onFault(error);
      })
      .finally(() => {
        this.#running = undefined;
        this.#next();
      });
    this.#running = { command, done };
  }

  #takeWaiting(): Command | undefined {
    const pause = this.#waiting.findIndex(isPause);
    const [command] = this.#waiting.splice(Math.max(0, pause), 1);
    return command;
  }

  async #run(command: Command): Promise<void> {
    const { journal, sendAck, onFinished, onBegin, onEnd } = this.#deps;
    const { commandId } = command;
    const known = await journal.find(commandId);
    const ended = known?.state === 'finished' ? known.ack : this.#unkept.get(commandId)?.ack;
    if (ended) {
      sendAck(ended);
      return;
    }
    await this.#clockIsKnown();
    const overtakesUntilMs = this.#overtakesUntilMs(command);
    let isStarted = known !== undefined;
    let readAt: Moment | undefined;
    let read: { values: Values; at: Moment; applied: boolean } | undefined;
    onBegin();
    try {
      const result = await carryOut(command, known, {
        ...this.#deps,
        start: async (entry) => {
          await journal.start(entry);
          isStarted = true;
          reached('started', commandId);
        },
        hasRead: () => (readAt = this.#deps.clock.moment()),
        pause: (ms) => this.#pause(ms),
        reached: (point) => reached(point, commandId),
      });
      const at = readAt ?? this.#deps.clock.moment();
      const isApplied = result.outcome === 'applied';
      if (command.kind === 'set-config' && result.readBack) read = { values: result.readBack, at, applied: isApplied };
      const ack: Ack = { commandId, at: toInstant(this.#deps.readings.of(at, await this.#bridgeTimeAt(at))), ...result };
      await this.#keep(command, ack, isApplied ? overtakesUntilMs : undefined, isStarted);
      sendAck(ack);
      reached('acked', commandId);
      onFinished(command, ack);
    } finally {
      onEnd(read);
    }
  }

  /** For a pause, the time until which it overtakes doses: its own, and that of those which wait behind it. */
  #overtakesUntilMs(command: Command): number | undefined {
    if (!isPause(command)) return undefined;
    const doses = this.#waiting.filter(({ kind }) => kind === 'feed-now');
    return Math.max(...[command, ...doses].map(({ issuedAt }) => fromInstant(issuedAt)));
  }

  /**
   * Journals how a command ended. An outcome of which something may have been written waits until it can be kept;
   * any other is remembered without the journal, and stays true whatever is forgotten.
   */
  async #keep(command: Command, ack: Ack, pausedAtMs: number | undefined, isStarted: boolean): Promise<void> {
    for (;;) {
      try {
        await this.#deps.journal.finish(command, ack, pausedAtMs);
        reached('finished', command.commandId);
        return;
      } catch (error) {
        this.#deps.onFault(error);
      }
      if (!isStarted) {
        this.#remember(command, ack);
        return;
      }
      await this.#pause(KEEP_AGAIN_MS);
    }
  }

  #remember(command: Command, ack: Ack): void {
    this.#unkept.set(command.commandId, { command, ack });
    const [oldest] = this.#unkept.keys();
    if (this.#unkept.size > MOST_UNKEPT && oldest !== undefined) this.#unkept.delete(oldest);
  }

  /** Journals what could not be kept before, now that there may be room again. */
  async #keepUnkept(): Promise<void> {
    try {
      for (const { command, ack } of [...this.#unkept.values()]) {
        await this.#deps.journal.finish(command, ack);
        this.#unkept.delete(command.commandId);
      }
    } catch (error) {
      this.#deps.onFault(error);
    }
  }

  /** Resolves when the bridge's time is known; asks for it. */
  async #clockIsKnown(): Promise<void> {
    while (!this.#isTimeTold || !this.#deps.clock.isKnown()) {
      this.#throwIfStopping();
      this.#deps.beat();
      await new Promise<void>((resolve) => this.#clockWaiters.add(resolve));
    }
  }

  #wakeClockWaiters(): void {
    for (const wake of this.#clockWaiters) wake();
    this.#clockWaiters.clear();
  }

  async #bridgeTimeAt(moment: Moment): Promise<number> {
    for (;;) {
      const bridgeMs = this.#deps.clock.at(moment);
      if (bridgeMs !== undefined) return bridgeMs;
      await this.#clockIsKnown();
    }
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
