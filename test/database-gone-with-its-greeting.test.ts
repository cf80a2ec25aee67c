import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../src/store/database.ts';
import { StoreUnavailable } from '../src/store/store-errors.ts';
import { freePort } from './support/free-port.ts';
import { hasPostgres, startPostgres } from './support/server-process.ts';

/** Postgres's last word as its postmaster is killed. */
const GOODBYE = message('E', 'SFATAL\0VFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0');
/** "Ready for query": the end of its greeting. */
const READY = message('Z', 'I');

function message(type: string, body: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + body.length);
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body)]);
}

test.skipIf(!hasPostgres)('a Postgres that greets and is gone in the same packet fails what was asked, and nothing else', async () => {
  const server = await startPostgres();
  onTestFinished(() => server.dispose());
  let says: 'all' | 'goodbye' = 'all';
  const port = await freePort();
  const between = createServer((client) => {
    const upstream = connect(Number(new URL(server.url).port), '127.0.0.1');
    const word = says;
    for (const socket of [client, upstream]) socket.on('error', () => undefined).on('close', () => [client, upstream].forEach((end) => end.destroy()));
    client.pipe(upstream);
    upstream.on('data', (data: Buffer) => {
      if (word === 'goodbye' && data.subarray(-READY.length).equals(READY)) client.end(Buffer.concat([data, GOODBYE]));
      else client.write(data);
    });
  }).listen(port, '127.0.0.1');
  await once(between, 'listening');
  onTestFinished(() => void between.close());

  // The first connection is that of the lock.
  const database = await openDatabase({ databaseUrl: `postgres://postgres@127.0.0.1:${port}/postgres`, dataDir: 'unused', onLost: (reason) => expect.fail(reason.message) });
  onTestFinished(() => database.close());
  says = 'goodbye';
  await expect(database.query('SELECT 1')).rejects.toBeInstanceOf(StoreUnavailable);
  says = 'all';
  expect((await database.query<{ one: number }>('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});
