import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { StoreInUse, StoreUnavailable } from './store-errors.ts';

/** The advisory lock that means "a bridge uses this database"; any number would do, so long as it never changes. */
const LOCK_KEY = 1_717_920_100;
const WAIT_MS = 10_000;
const RETRY_MS = 250;
const CHECK_MS = 2000;

export type ServerLock = {
  /** Gives the lock up for the next bridge. */
  release(): Promise<void>;
};

/**
 * Takes the lock that one bridge at a time may have on a database, waiting up to 10 s for an old holder to go, else
 * `StoreInUse`. The lock lives and ends with its connection: when that is lost it is taken again as soon as Postgres is
 * back, and if another bridge has it by then, `onLost` is called once.
 */
export async function holdServerLock(
  connect: () => Promise<Client>,
  onLost: (reason: StoreInUse) => void,
): Promise<ServerLock> {
  let holder = await waitForLock(connect);
  const stopping = new AbortController();

  async function keep(): Promise<void> {
    while (await rested(stopping.signal)) {
      if (await answers(holder.client)) continue;
      hangUp(holder.client);
      const next = await connect().catch(() => undefined);
      if (next === undefined) continue; // Postgres is still away; the bridge's own statements tell
      const attempt = await tryLock(next).catch(() => undefined);
      if (attempt?.held) {
        holder = { client: next, pid: attempt.pid };
      } else {
        hangUp(next);
        // the server may take a while to notice that our own earlier connection is gone
        if (attempt === undefined || attempt.heldBy.pid === holder.pid) continue;
        onLost(inUse(attempt.heldBy));
        return;
      }
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
type OtherHolder = { pid: number | undefined; description: string };
type Attempt = { held: true; pid: number } | { held: false; heldBy: OtherHolder };

async function waitForLock(connect: () => Promise<Client>): Promise<Holder> {
  const deadline = performance.now() + WAIT_MS;
  const client = await connect().catch((error: unknown) => {
    throw new StoreUnavailable(`expected a connection to Postgres: ${String(error)}`, { cause: error });
  });
  try {
    for (;;) {
      const attempt = await tryLock(client);
      if (attempt.held) return { client, pid: attempt.pid };
      if (performance.now() > deadline) throw inUse(attempt.heldBy);
      await pause(RETRY_MS);
    }
  } catch (error) {
    hangUp(client);
    throw error;
  }
}

async function tryLock(client: Client): Promise<Attempt> {
  const { rows } = await client.query<{ held: boolean; pid: number }>(
    'SELECT pg_try_advisory_lock($1) AS held, pg_backend_pid() AS pid',
    [LOCK_KEY],
  );
  const [own] = rows;
  if (own?.held) return { held: true, pid: own.pid };
  const others = await client.query<{ pid: number; description: string }>(
    `SELECT pid, format('process %s of %s, connected from %s since %s', pid, coalesce(nullif(application_name, ''), 'another program'),
                        coalesce(client_addr::text, 'this machine'), backend_start) AS description
       FROM pg_locks LEFT JOIN pg_stat_activity USING (pid)
      WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid = 0 AND objid::bigint = $1
        AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [LOCK_KEY],
  );
  return { held: false, heldBy: others.rows[0] ?? { pid: undefined, description: 'a holder that has just gone' } };
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

const inUse = ({ description }: OtherHolder): StoreInUse =>
  new StoreInUse(`expected to be the only bridge on this database, but another one uses it: ${description}`);
