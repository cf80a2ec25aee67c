import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Systems give the ports above to whoever connects or asks for any: one of those may be taken between two lives of a server. */
const OWN_PORTS = [10_000, 32_000] as const;

/** A TCP port of 127.0.0.1 that nobody listens on just now, for what cannot choose its own, or is to come back to the same one. */
export async function freePort(): Promise<number> {
  const port = randomInt(...OWN_PORTS);
  return (await isFree(port)) ? port : freePort();
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
