import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { holdDirectory } from './directory-lock.ts';
import { StoreUnavailable } from './store-errors.ts';

const CLOSE_MS = 5000;

/** Only names the socket file, as Postgres's clients do: `.s.PGSQL.5432`. */
const PORT = 5432;

export type EmbeddedPostgres = {
  /** Where the socket is, as the `host` of a Postgres client. Only this user may enter it. */
  socketDir: string;
  port: number;
  close(): Promise<void>;
};

/**
 * Starts Postgres within this process, in a thread of its own, with its data in `dataDir`/postgres. Rejects with
 * `StoreInUse` where another process has that directory for longer than `waitMs`, `StoreUnavailable` where Postgres does not start. `onDied` is
 * called if it ends before `close`.
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  onDied: (reason: StoreUnavailable) => void,
  waitMs: number,
): Promise<EmbeddedPostgres> {
  // outside Postgres's own directory, so that nothing of it is touched before the lock is ours
  const lock = await holdDirectory(dataDir, waitMs);
  const socketDir = await mkdtemp(join(tmpdir(), 'feederbridge-'));
  const release = async (): Promise<void> => {
    await rm(socketDir, { recursive: true, force: true });
    await lock.release();
  };

  const worker = new Worker(new URL('embedded-postgres-thread.js', import.meta.url), {
    argv: [join(dataDir, 'postgres'), join(socketDir, `.s.PGSQL.${PORT}`)],
    // not the process's own, with an `--import` that the thread has no use for
    execArgv: [],
  });
  let cause: unknown;
  worker.on('error', (error) => (cause = error));
  const ended = new Promise<StoreUnavailable>((resolve) => {
    worker.once('exit', (code) => {
      const why = cause instanceof Error ? cause.message : `its thread ended with code ${code}`;
      resolve(new StoreUnavailable(`expected the embedded Postgres in ${dataDir} to run: ${why}`, { cause }));
    });
  });

  const ready = new Promise<undefined>((resolve) => {
    worker.once('message', () => resolve(undefined));
  });
  const failure = await Promise.race([ready, ended]);
  if (failure !== undefined) {
    await release();
    throw failure;
  }
  let closing = false;
  void ended.then((reason) => {
    if (!closing) onDied(reason);
  });
  return {
    socketDir,
    port: PORT,
    async close() {
      closing = true;
      worker.postMessage('close');
      const force = setTimeout(() => void worker.terminate(), CLOSE_MS); // loses nothing, as a kill would not
      await ended;
      clearTimeout(force);
      await release();
    },
  };
}
