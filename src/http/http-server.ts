import { createServer, type RequestListener, type Server } from 'node:http';

/** Longer than the proxies and clients in front keep their connections, so that none sends into a closing one. */
const KEEP_ALIVE_MS = 75_000;
/** How long an answer may still take when the server closes. */
const LAST_ANSWERS_MS = 1_000;
const IDLE_CHECK_MS = 20;

/** An HTTP server that is yet to listen. */
export const createHttpServer = (onRequest: RequestListener): Server =>
  createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, onRequest);

/** Rejects where the address is not to be had. */
export async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Takes no new connection, lets answers that are under way end, and closes what is left; what was upgraded its owner closes. */
export async function close(server: Server): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const late = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(idle);
  clearTimeout(late);
}
