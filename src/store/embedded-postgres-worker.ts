import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, type ExecProtocolOptionsStream } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { z } from 'zod';

/** A Postgres whose own failure ends the thread: the socket server would go on and answer nobody. */
class FailingLoudly extends PGlite {
  override async execProtocolRawStream(message: Uint8Array, options: ExecProtocolOptionsStream): Promise<void> {
    try {
      await super.execProtocolRawStream(message, options);
    } catch (error) {
      setImmediate(() => {
        throw error;
      });
      throw error;
    }
  }
}

const { directory, socketPath } = z.object({ directory: z.string(), socketPath: z.string() }).parse(workerData);
if (parentPort === null) throw new Error('expected to be started as a worker thread');
const parent = parentPort;

const postgres = new FailingLoudly({ dataDir: directory, relaxedDurability: false });
await postgres.waitReady;
// the pool has one connection; a second is let in while the one before it is being cleared away
const server = new PGLiteSocketServer({ db: postgres, path: socketPath, maxConnections: 4 });
await server.start();

parent.once('message', () => {
  void server
    .stop()
    .then(() => postgres.close())
    .then(() => process.exit(0));
});
parent.postMessage('ready');
