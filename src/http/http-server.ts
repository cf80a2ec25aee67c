import { createServer, STATUS_CODES, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import { Problem } from '../errors.ts';

/** Longer than the proxies and clients in front keep their connections, so that none sends into a closing one. */
const KEEP_ALIVE_MS = 75_000;
const IDLE_CHECK_MS = 20;
/**
 * How long the head of a request may take, or a connection that says nothing; and all of it, where a body of 64 KiB comes
 * over a slow link. The answer may take far longer, and has no limit here.
 */
const HEAD_WITHIN_MS = 8_000;
const REQUEST_WITHIN_MS = 60_000;
const LATE_CHECK_MS = 1_000;
const MAX_HEAD_BYTES = 16 * 1024;

/** An HTTP server that is yet to listen; with TLS where its options are given. */
export function createHttpServer(onRequest: RequestListener, tls: TlsOptions | undefined): Server {
  const options = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: HEAD_WITHIN_MS,
    requestTimeout: REQUEST_WITHIN_MS,
    connectionsCheckingInterval: LATE_CHECK_MS,
    maxHeaderSize: MAX_HEAD_BYTES,
  };
  const latest = new WeakMap<Duplex, ServerResponse>();
  const answer: RequestListener = (request, response) => {
    latest.set(request.socket, response);
    onRequest(request, response);
  };
  const server = tls === undefined ? createServer(options, answer) : createSecureServer({ ...options, ...tls }, answer);
  // Whatever else a client expects, it is answered (RFC 9110, 10.1.1).
  server.on('checkExpectation', answer);
  // Their size is their limit. Node would leave out those over a count, If-Match among them, and not tell.
  server.maxHeadersCount = 0;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const response = latest.get(socket);
    // What comes after a request that is being answered is no answer's business: it would be taken for that one's.
    const isAnswering = response?.writableFinished === false && (response.headersSent || response.req.complete);
    if (isAnswering || !socket.writable || error.code === 'ECONNRESET') socket.destroy();
    else answerUnreadable(error.code, socket);
  });
  return server;
}

/** What is not HTTP never comes to a route; it is answered as any other mistake. */
function answerUnreadable(code: string | undefined, socket: Duplex): void {
  const { status, problem } = unreadable(code);
  const body = JSON.stringify({ ...problem.toBody(), status });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function unreadable(code: string | undefined): { status: number; problem: Problem } {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, problem: new Problem('too-large', 'Expected shorter headers.') };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { status: 413, problem: new Problem('too-large', 'Expected shorter chunk extensions.') };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, problem: new Problem('malformed', 'Expected the whole request in less time.') };
    case undefined:
    default:
      return { status: 400, problem: new Problem('malformed', 'Expected an HTTP request.') };
  }
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
