import { createServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { createServer as createSecureServer, Server as TlsServer, type TlsOptions } from 'node:tls';
import { createWebSocketStream, WebSocketServer, type WebSocket } from 'ws';
import type { Admission } from './admission.ts';
import { WRITE_BUFFER_BYTES } from './backlog.ts';
import { BufferedSocket } from './buffered-socket.ts';
import { MAX_PACKET_BYTES } from './packet-limit.ts';
import { limitFrames } from './web-socket-limits.ts';

const MQTT_PATH = '/mqtt';
const MQTT_SUBPROTOCOL = 'mqtt';
/** Room for the largest packet and its header in one frame. */
const MAX_FRAME_BYTES = MAX_PACKET_BYTES + 5;
/** More than anybody cuts a packet into. */
const MAX_FRAGMENTS = 16;

/** How long a peer may take to answer a goodbye. */
const GOODBYE_MS = 1_000;
/** The server is going away (RFC 6455, 7.4.1). */
const GOING_AWAY = 1001;

/** Takes a byte stream that speaks MQTT, and the address that it comes from, where that is known. */
export type Accept = (stream: Duplex, address: string | undefined) => Admission;

export type WebSocketOptions = {
  allowedOrigins: readonly string[];
  /** Where a request comes from. */
  addressOf: (request: IncomingMessage) => string | undefined;
};

/**
 * Serves MQTT over WebSocket at `/mqtt` of an HTTP server. A browser's Origin must be one of `allowedOrigins`; other
 * programs send none. Returns a function that stops taking upgrades and closes what is open; it resolves when all is.
 */
export function serveWebSocket(server: HttpServer, { allowedOrigins, addressOf }: WebSocketOptions, accept: Accept): () => Promise<void> {
  // Some of these are younger than the types of ws.
  const options = {
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    maxFragments: MAX_FRAGMENTS,
    closeTimeout: GOODBYE_MS,
    handleProtocols: (offered: Set<string>) => (offered.has(MQTT_SUBPROTOCOL) ? MQTT_SUBPROTOCOL : false),
  };
  const webSockets = new WebSocketServer(options);
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    const refusal = upgradeRefusal(request, allowedOrigins);
    if (refusal !== undefined) {
      const body = `${refusal.detail}\n`;
      // Whoever never ends its own side would hold the socket, and the server from closing.
      socket.once('finish', () => socket.destroy());
      socket.end(
        `HTTP/1.1 ${refusal.status}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
          `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      request.socket.setNoDelay(true);
      const stream = createWebSocketStream(webSocket, { writableHighWaterMark: WRITE_BUFFER_BYTES });
      writeInOneFrame(stream, webSocket);
      // Whoever accepts it listens for errors too; this one keeps an early error from ending the process.
      stream.on('error', () => webSocket.terminate());
      limitFrames(webSocket, request.socket, stream, accept(stream, addressOf(request)));
    });
  };
  server.on('upgrade', onUpgrade);
  return async () => {
    server.off('upgrade', onUpgrade);
    server.on('upgrade', (_request, socket) => socket.destroy());
    const closed = new Promise<void>((resolve) => webSockets.close(() => resolve()));
    for (const webSocket of webSockets.clients) webSocket.close(GOING_AWAY, 'the bridge is stopping');
    await orAfterGoodbye(closed, () => {
      for (const webSocket of webSockets.clients) webSocket.terminate();
    });
  };
}

/** An MQTT packet is written in several pieces: those written together go out as one frame, with one system call. */
function writeInOneFrame(stream: Duplex, webSocket: WebSocket): void {
  stream._writev = (pieces: readonly { chunk: Buffer }[], done) => {
    webSocket.send(Buffer.concat(pieces.map(({ chunk }) => chunk)), done);
  };
}

/** Waits for peers to answer a goodbye, and cuts those that do not. */
async function orAfterGoodbye(closed: Promise<void>, cut: () => void): Promise<void> {
  const timer = setTimeout(cut, GOODBYE_MS);
  await closed;
  clearTimeout(timer);
}

function upgradeRefusal(
  request: IncomingMessage,
  allowedOrigins: readonly string[],
): { status: string; detail: string } | undefined {
  const path = (request.url ?? '').split('?', 1)[0];
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const { origin } = request.headers;
  if (request.httpVersion !== '1.1') return { status: '400 Bad Request', detail: 'expected HTTP/1.1' };
  if (path !== MQTT_PATH) return { status: '404 Not Found', detail: `expected the path ${MQTT_PATH}` };
  if (!offered.includes(MQTT_SUBPROTOCOL)) {
    return { status: '400 Bad Request', detail: `expected the WebSocket subprotocol "${MQTT_SUBPROTOCOL}"` };
  }
  if (origin !== undefined && !allowedOrigins.includes(origin)) {
    return { status: '403 Forbidden', detail: 'expected an origin listed in ALLOWED_ORIGINS' };
  }
  return undefined;
}

/** An MQTT server that is yet to listen; with TLS where its options are given. */
export const createTcpServer = (tls: TlsOptions | undefined): TcpServer | TlsServer =>
  tls === undefined ? createServer({ highWaterMark: WRITE_BUFFER_BYTES }) : createSecureServer(tls);

/** An MQTT listener and how to stop it. */
export type TcpListener = { port: number; close(): Promise<void> };

/** Serves MQTT over TCP, for explorers and other brokers. Rejects where the port is not to be had. */
export async function serveTcp(
  server: TcpServer | TlsServer,
  host: string,
  port: number,
  accept: Accept,
  onError: (error: Error) => void,
): Promise<TcpListener> {
  const open = new Set<Socket>();
  const onConnection = (socket: Socket, toStream: () => Duplex): void => {
    // Turned away as it came.
    if (socket.destroyed) return;
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.setNoDelay(true);
    const stream = toStream();
    // Whoever accepts it listens for errors too; this one keeps an early error from ending the process.
    stream.on('error', () => socket.destroy());
    accept(stream, socket.remoteAddress);
  };
  if (server instanceof TlsServer) {
    server.on('secureConnection', (socket) => onConnection(socket, () => new BufferedSocket(socket, WRITE_BUFFER_BYTES)));
  } else server.on('connection', (socket) => onConnection(socket, () => socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  server.on('error', onError);
  return {
    port: portOf(server),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.end();
      await orAfterGoodbye(closed, () => {
        for (const socket of open) socket.destroy();
      });
    },
  };
}

/** The port a listening server was given. */
export function portOf(server: TcpServer | HttpServer): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a server that listens on a port');
  return address.port;
}
