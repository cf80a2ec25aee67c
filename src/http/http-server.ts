import { createServer, STATUS_CODES, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem } from '../errors.ts';

/** Longer than the proxies and clients in front keep their connections, so that none sends into a closing one. */
const KEEP_ALIVE_MS = 75_000;
const IDLE_CHECK_MS = 20;

/** An HTTP server that is yet to listen. */
export function createHttpServer(onRequest: RequestListener): Server {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, onRequest);
  // Whatever else a client expects, it is answered (RFC 9110, 10.1.1).
  server.on('checkExpectation', onRequest);
  server.on('clientError', answerUnreadable);
  return server;
}

/** What is not HTTP never comes to a route; it is answered as any other mistake. */
function answerUnreadable(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const problem = isTooLarge ? new Problem('too-large', 'Expected shorter headers.') : new Problem('malformed', 'Expected an HTTP request.');
  const status = isTooLarge ? 431 : problem.status;
  const body = JSON.stringify({ ...problem.toBody(), status });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

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

/**
 * Takes no new connection, lets answers that are under way end, for `lastAnswersMs` at most, and closes what is left;
 * what was upgraded its owner closes.
 */
export async function close(server: Server, lastAnswersMs: number): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const late = setTimeout(() => server.closeAllConnections(), lastAnswersMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(idle);
  clearTimeout(late);
}
