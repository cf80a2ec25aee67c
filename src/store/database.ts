import pg from 'pg';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { holdServerLock } from './server-lock.ts';
import { StoreSilent, StoreUnavailable, isUnavailable } from './store-errors.ts';

/** One statement; a named one is prepared once for each connection, so the same name must always mean the same text. */
export type Statement = string | { name: string; text: string };

export type StatementResult<Row> = { rows: Row[]; rowCount: number };

export type Queryable = {
  /**
   * Runs one statement. Values go in as `$1`, …: JSON as text (`JSON.stringify`), times as Date. Rows come back with
   * bigint and numeric as number, timestamptz as Date, jsonb as parsed. Rejects with `StoreUnavailable` when the
   * store cannot answer (`StoreSilent` where it was asked already), and with Postgres's own error (see `isUniqueViolation`) when it refuses.
   */
  query<Row = unknown>(statement: Statement, values?: readonly unknown[]): Promise<StatementResult<Row>>;
};

export type Database = Queryable & {
  /**
   * Commits what `work` did when it resolves, rolls it back when it rejects. `work` must use the `Queryable` it is given
   * and nothing else of the store: the embedded one has a single connection. After `StoreSilent` the
   * outcome is unknown, so that what is done again must be the same done twice.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Lends one connection, without the limit on how long a statement may take. For migrations. */
  withClient<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T>;
  /** How its connections are used just now. */
  connections(): { idle: number; busy: number; waiting: number };
  /** Waits for what is running, ends all connections and gives the store up for the next bridge. */
  close(): Promise<void>;
};

type Limits = { connectMs: number; statementMs: number };

/** A frozen server is told within the sum of both; mostly within one of them. */
const SERVER_LIMITS: Limits = { connectMs: 1000, statementMs: 2000 };
/** All statements wait in one line here, and a start from nothing works in the background of a slow machine. */
const EMBEDDED_LIMITS: Limits = { connectMs: 10_000, statementMs: 10_000 };

/** Nobody does this for the embedded Postgres: its log would grow and its dead rows would stay. */
const UPKEEP = [
  { statement: 'CHECKPOINT', everyMs: 60_000 },
  { statement: 'VACUUM (ANALYZE)', everyMs: 3_600_000 },
];
const UPKEEP_LIMIT_MS = 60_000;

const WAIT_FOR_OLD_HOLDER_MS = 10_000;

/**
 * Opens the Postgres at `databaseUrl`, or the embedded one in `dataDir` where there is none. Only one bridge may have it
 * open: waits up to `waitMs`, 10 s, for another to go, then rejects with `StoreInUse`. `onLost` is called, at most once, when this
 * bridge no longer holds the store and must stop: another has taken the lock over, or the embedded Postgres died.
 */
export function openDatabase(options: {
  databaseUrl?: string | undefined;
  dataDir: string;
  onLost: (reason: Error) => void;
  waitMs?: number;
}): Promise<Database> {
  const { databaseUrl, dataDir, onLost, waitMs = WAIT_FOR_OLD_HOLDER_MS } = options;
  return databaseUrl === undefined ? openEmbedded(dataDir, onLost, waitMs) : openServer(databaseUrl, onLost, waitMs);
}

/** Opens the Postgres at `databaseUrl` beside the bridge that may have it open; for a program that adds something to it. */
export const openBeside = (databaseUrl: string): Database => pooled(serverPool(databaseUrl), SERVER_LIMITS, () => Promise.resolve());

const serverConfig = (databaseUrl: string): pg.PoolConfig => ({
  connectionString: databaseUrl,
  fallback_application_name: 'feederbridge',
  connectionTimeoutMillis: SERVER_LIMITS.connectMs,
  keepAlive: true,
  types: TYPES,
});

const serverPool = (databaseUrl: string): pg.Pool =>
  new pg.Pool({
    ...serverConfig(databaseUrl),
    max: 10,
    statement_timeout: SERVER_LIMITS.statementMs,
    idle_in_transaction_session_timeout: 10_000,
  });

async function openServer(databaseUrl: string, onLost: (reason: Error) => void, waitMs: number): Promise<Database> {
  const lock = await holdServerLock(async () => {
    const client = new pg.Client({ ...serverConfig(databaseUrl), query_timeout: SERVER_LIMITS.statementMs });
    client.on('error', ignore); // the lock asks its connection again and again, and so notices
    await client.connect();
    return client;
  }, onLost, waitMs);
  return pooled(serverPool(databaseUrl), SERVER_LIMITS, () => lock.release());
}

async function openEmbedded(dataDir: string, onLost: (reason: Error) => void, waitMs: number): Promise<Database> {
  const embedded = await startEmbeddedPostgres(dataDir, onLost, waitMs);
  const pool = new pg.Pool({
    host: embedded.socketDir,
    port: embedded.port,
    user: 'postgres',
    database: 'postgres',
    password: '',
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: EMBEDDED_LIMITS.connectMs,
    types: TYPES,
    // every connection meets the same session again, with the statements an earlier one has prepared
    onConnect: clearSession,
  });
  const timers: NodeJS.Timeout[] = [];
  const database = pooled(pool, EMBEDDED_LIMITS, async () => {
    for (const timer of timers) clearInterval(timer);
    await embedded.close();
  });
  let silences = 0;
  async function keepUp(statement: string): Promise<void> {
    try {
      const limited = { text: statement, query_timeout: UPKEEP_LIMIT_MS };
      await database.withClient((client) => client.query(limited));
      silences = 0;
    } catch (error) {
      // what it refuses is tried again at the next turn; what does not answer twice never will, until it is restarted
      if (!(error instanceof pg.DatabaseError)) silences++;
      if (silences === 2) onLost(new StoreUnavailable('expected the embedded Postgres to answer', { cause: error }));
    }
  }
  for (const { statement, everyMs } of UPKEEP) timers.push(setInterval(() => void keepUp(statement), everyMs).unref());
  return database;
}

function pooled(pool: pg.Pool, limits: Limits, afterEnd: () => Promise<void>): Database {
  pool.on('error', ignore); // an idle connection was lost; whoever needs one gets a new one, or StoreUnavailable
  // Of one that is lent the statement under way rejects as well, and tells. Heard from the first moment on: a server may
  // greet and be gone in the same packet, before the borrower has its connection.
  pool.on('connect', (client) => client.on('error', ignore));

  /** Lends a connection, which is thrown away afterwards unless the work left it at rest. */
  async function lend<T>(work: (loan: Loan) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch((error: unknown) => {
      throw new StoreUnavailable(`expected a connection to Postgres: ${messageOf(error)}`, { cause: error });
    });
    const loan: Loan = { client, atRest: false };
    try {
      return await work(loan);
    } finally {
      client.release(!loan.atRest);
    }
  }

  async function run<Row>(
    client: pg.ClientBase,
    statement: Statement,
    values: readonly unknown[] = [],
  ): Promise<StatementResult<Row> & { command: string }> {
    const config = typeof statement === 'string' ? { text: statement } : statement;
    const limited = { ...config, values: [...values], query_timeout: limits.statementMs };
    try {
      const { rows, rowCount, command } = await client.query<Row & pg.QueryResultRow>(limited);
      return { rows, rowCount: rowCount ?? 0, command };
    } catch (error) {
      throw toStoreError(error);
    }
  }

  async function transact<T>(loan: Loan, work: (tx: Queryable) => Promise<T>): Promise<T> {
    let open = true;
    const query = async <Row>(statement: Statement, values?: readonly unknown[]) => {
      if (!open) throw new Error('expected every statement of a transaction before its end');
      return run<Row>(loan.client, statement, values);
    };
    await run(loan.client, 'BEGIN');
    let result: T;
    try {
      result = await work({ query });
      open = false;
    } catch (error) {
      open = false;
      // where this fails too the connection is thrown away, which rolls back as well
      await run(loan.client, 'ROLLBACK').then(() => (loan.atRest = true), ignore);
      throw error;
    }
    const { command } = await run(loan.client, 'COMMIT');
    loan.atRest = true;
    if (command !== 'COMMIT') throw new Error('expected a commit, but a statement of the transaction had failed');
    return result;
  }

  return {
    query: <Row>(statement: Statement, values?: readonly unknown[]) =>
      lend(async (loan) => {
        try {
          const result = await run<Row>(loan.client, statement, values);
          loan.atRest = true;
          return result;
        } catch (error) {
          loan.atRest = error instanceof pg.DatabaseError;
          throw error;
        }
      }),
    transaction: (work) => lend((loan) => transact(loan, work)),
    withClient: (work) =>
      lend(async (loan) => {
        const result = await work(loan.client);
        loan.atRest = true;
        return result;
      }),
    connections: () => ({ idle: pool.idleCount, busy: pool.totalCount - pool.idleCount, waiting: pool.waitingCount }),
    close: async () => {
      await pool.end();
      await afterEnd();
    },
  };
}

type Loan = { client: pg.PoolClient; atRest: boolean };

/** Postgres's refusals and the program's own mistakes stay what they are; anything else is a store that cannot answer. */
function toStoreError(error: unknown): unknown {
  if (error instanceof pg.DatabaseError && !isUnavailable(error.code)) return error;
  if (error instanceof TypeError || error instanceof RangeError) return error;
  return new StoreSilent(`expected an answer from Postgres: ${messageOf(error)}`, { cause: error });
}

function toSafeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`expected a bigint below 2^53, got ${text}`);
  return value;
}

const { INT8, NUMERIC }: { INT8: number; NUMERIC: number } = pg.types.builtins;

/** Postgres's own parsers, but for the two number types that it gives as text. */
const TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === INT8) return toSafeNumber;
    if (oid === NUMERIC) return Number;
    return pg.types.getTypeParser(oid, format) as unknown;
  },
};

/** The pool waits for the answer, though its types do not say so. */
function clearSession(client: pg.ClientBase): unknown {
  const limited = { text: 'DISCARD ALL', query_timeout: EMBEDDED_LIMITS.statementMs };
  return client.query(limited);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const ignore = (): void => undefined;
