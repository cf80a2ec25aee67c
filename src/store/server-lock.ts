import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { StoreInUse, StoreUnavailable } from './store-errors.ts';

/** The advisory lock that means "a bridge uses this database"; any number would do, so long as it never changes. */
const LOCK_KEY = 1_717_920_100;
const RETRY_MS = 250;
const CHECK_MS = 2000;

export type ServerLock = {
  /** Gives the lock up for the next bridge. */
  release(): Promise<void>;
};

/**
 * Takes the lock that one bridge at a time may have on a database, waiting up to `waitMs` for an old holder to go, else
 * `StoreInUse`. The lock lives and ends with its connection: when that is lost it is taken again as soon as Postgres is
 * back, and if another bridge has it by then, `onLost` is called once.
 */
export async function holdServerLock(
  connect: () => Promise<Client>,
  onLost: (reason: StoreInUse) => void,
  waitMs: number,
): Promise<ServerLock> {
  let holder = await waitForLock(connect, waitMs);
  /** Connections of ours that were given up; a server that was frozen may grant one the lock afterwards, and notices late that it is gone. */
  const ghosts = new Set<number>();
  const stopping = new AbortController();

  async function keep(): Promise<void> {
    while (await rested(stopping.signal)) {
      if (await answers(holder.client)) continue;
      ghosts.add(holder.pid);
      hangUp(holder.client);
      const next = await connectHolder(connect).catch(() => undefined);
      if (next === undefined) continue; // Postgres is still away; the bridge's own statements tell
      ghosts.add(next.pid);
      const attempt = await tryLock(next.client).catch(() => undefined);
      if (attempt?.held) {
        holder = next;
        ghosts.clear();
        continue;
      }
      hangUp(next.client);
      const other = attempt?.heldBy;
      // Nobody, if it went between the two questions.
      if (other === undefined || ghosts.has(other.pid)) continue;
      onLost(inUse(other.description));
      return;
    }
  }

  const keeping = keep();
  return {
    async release() {
      stopping.abort();
      await keeping;
      hangUp(holder.client);
    },
  };
}

type Holder = { client: Client; pid: number };
type Attempt = { held: true } | { held: false; heldBy: { pid: number; description: string } | undefined };

async function connectHolder(connect: () => Promise<Client>): Promise<Holder> {
  const client = await connect();
  try {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const [own] = rows;
    if (own === undefined) throw new Error('expected Postgres to tell the process id of a connection');
    return { client, pid: own.pid };
  } catch (error) {
    hangUp(client);
    throw error;
  }
}

async function waitForLock(connect: () => Promise<Client>, waitMs: number): Promise<Holder> {
  const deadline = performance.now() + waitMs;
  const holder = await connectHolder(connect).catch((error: unknown) => {
    throw new StoreUnavailable(`expected a connection to Postgres: ${String(error)}`, { cause: error });
  });
  try {
    for (;;) {
      const attempt = await tryLock(holder.client);
      if (attempt.held) return holder;
      if (performance.now() > deadline) throw inUse(attempt.heldBy?.description ?? 'one that has just gone; start again');
      await pause(RETRY_MS);
    }
  } catch (error) {
    hangUp(holder.client);
    throw error;
  }
}

async function tryLock(client: Client): Promise<Attempt> {
  const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [LOCK_KEY]);
  if (rows[0]?.held) return { held: true };
  const others = await client.query<{ pid: number; description: string }>(
    `SELECT pid, format('process %s of %s, connected from %s since %s', pid, coalesce(nullif(application_name, ''), 'another program'),
                        coalesce(client_addr::text, 'this machine'), backend_start) AS description
       FROM pg_locks LEFT JOIN pg_stat_activity USING (pid)
      WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid = 0 AND objid::bigint = $1
        AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [LOCK_KEY],
  );
  return { held: false, heldBy: others.rows[0] };
}

/** The lock is ours for as long as its connection answers. */
const answers = (client: Client): Promise<boolean> =>
  client.query('SELECT 1').then(
    () => true,
    () => false,
  );

/** Waits until the next check is due; false when there is none any more. */
const rested = (stop: AbortSignal): Promise<boolean> =>
  pause(CHECK_MS, undefined, { signal: stop }).then(
    () => true,
    () => false,
  );

/** Ends a connection without waiting: a frozen server would never say goodbye. */
function hangUp(client: Client): void {
  void client.end().catch(() => undefined);
}

const inUse = (description: string): StoreInUse =>
  new StoreInUse(`expected to be the only bridge on this database, but another one uses it: ${description}`);
