import type { CommandStore, Ending, StoredCommand } from '../../src/store/commands.ts';
import { StoreSilent, StoreUnavailable } from '../../src/store/store-errors.ts';
import type { Chance } from '../../machine/chance.ts';
import { CommandTables } from './command-tables.ts';
import type { Life } from './life.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How long a statement without an answer is waited for. */
const STATEMENT_MS = 2_000;
/** What a statement takes to the server at most, and the answer back. */
const LONGEST_TRIP_MS = 4;

/** How the database is: there, refusing connections, or taking statements and not answering. */
export type StoreState = 'there' | 'refusing' | 'frozen';

export type StoreWatch = {
  stored: (command: StoredCommand) => void;
  settled: (command: StoredCommand, ending: Ending) => void;
};

/**
 * The database of the bridge, on another machine: statements and answers take time, either may be lost, and a statement
 * whose answer is lost was done, is done later, or never is.
 */
export class SimulatedStore {
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #watch: StoreWatch;
  tables: CommandTables;
  state: StoreState = 'there';
  /** How likely a statement's answer is lost. */
  lossiness = 0;

  constructor(time: VirtualTime, chance: Chance, feederId: string, watch: StoreWatch) {
    this.#time = time;
    this.#chance = chance;
    this.#watch = watch;
    this.tables = new CommandTables(feederId);
  }

  /** The store as one run of the bridge uses it. */
  of(life: Life): CommandStore {
    return {
      insert: (command) =>
        this.ask(life, (tables) => {
          const insertion = tables.insert(command);
          if (insertion.kind === 'stored') this.#watch.stored(insertion.command);
          return insertion;
        }),
      findIdempotent: (use, nowMs) => this.ask(life, (tables) => tables.findIdempotent(use, nowMs)),
      find: (commandId) => this.ask(life, (tables) => tables.find(commandId)),
      unsettled: (feederId) => this.ask(life, (tables) => tables.unsettled(feederId)),
      settle: (command, ending) =>
        this.ask(life, (tables) => {
          const settled = tables.settle(command, ending);
          if (settled.kind === 'first') this.#tellSettled(tables, command.commandId);
          return settled;
        }),
      settleUnsent: (refused) =>
        this.ask(life, (tables) => {
          const wasOpen = tables.find(refused.commandId)?.ending === null;
          const stored = tables.settleUnsent(refused);
          if (wasOpen) this.#tellSettled(tables, refused.commandId);
          return stored;
        }),
      configOf: (feederId) => this.ask(life, (tables) => tables.configOf(feederId)),
    };
  }

  /** Has one statement done, for one run of the bridge. */
  ask<T>(life: Life, statement: (tables: CommandTables) => T): Promise<T> {
    if (this.state === 'refusing') {
      return life.wait(this.#chance.between(1, 50), () => {
        throw new StoreUnavailable('connection refused');
      });
    }
    const isLost = this.state === 'frozen' || this.#chance.hits(this.lossiness);
    return isLost ? this.#loseAnswer(life, statement) : this.#answer(life, statement);
  }

  #answer<T>(life: Life, statement: (tables: CommandTables) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#time.after(this.#trip(), () => {
        // Of a bridge that was killed, the statement may have been on its way.
        if (life.isOver && this.#chance.hits(0.3)) return;
        try {
          const answer = statement(this.tables);
          life.after(this.#trip(), () => resolve(answer));
        } catch (error) {
          life.after(this.#trip(), () => reject(error instanceof Error ? error : new Error(String(error))));
        }
      });
    });
  }

  #loseAnswer<T>(life: Life, statement: (tables: CommandTables) => T): Promise<T> {
    const noticedMs = this.state === 'frozen' ? STATEMENT_MS : this.#trip() * 2;
    // Done before that is noticed or some time after it; or never. With its bridge the statement's connection dies.
    if (this.#chance.hits(0.6)) {
      const { tables } = this;
      this.#time.after(this.#chance.between(0, 1.5 * noticedMs), () => {
        if (this.tables !== tables || life.isOver) return;
        try {
          statement(tables);
        } catch {
          // Nobody is told any more.
        }
      });
    }
    return life.wait(noticedMs, () => {
      throw new StoreSilent('expected an answer');
    });
  }

  #tellSettled(tables: CommandTables, commandId: string): void {
    const command = tables.find(commandId);
    if (command?.ending) this.#watch.settled(command, command.ending);
  }

  #trip(): number {
    return this.#chance.between(0.3, LONGEST_TRIP_MS);
  }
}
