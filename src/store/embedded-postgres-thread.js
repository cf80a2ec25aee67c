// JavaScript, its types in comments: a thread has no loader for TypeScript, and bringing one doubles the time of a start.

import { parentPort } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/** A Postgres whose own failure ends the thread: the socket server would go on and answer nobody. */
class FailingLoudly extends PGlite {
  /**
   * @override
   * @param {Uint8Array} message
   * @param {import('@electric-sql/pglite').ExecProtocolOptionsStream} options
   */
  async execProtocolRawStream(message, options) {
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

const [, , directory, path] = process.argv;
const parent = parentPort;
if (parent === null || directory === undefined || path === undefined) {
  throw new Error("expected to be started as a worker thread, with Postgres's directory and the path of its socket");
}

const postgres = new FailingLoudly({
  dataDir: directory,
  relaxedDurability: false,
  // It clears all of them at its start: of the 128 MB that come otherwise, that is half the time of a start and 250 MB of memory.
  startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'],
});
await postgres.waitReady;
// the pool has one connection; a second is let in while the one before it is being cleared away
const server = new PGLiteSocketServer({ db: postgres, path, maxConnections: 4 });
await server.start();

parent.once('message', () => {
  void server
    .stop()
    .then(() => postgres.close())
    .then(() => process.exit(0));
});
parent.postMessage('ready');
