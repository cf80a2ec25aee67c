import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Admission } from './admission.ts';

/** What may come before a client is let in: its CONNECT, whole or in frames that are yet to be whole, and what it sends ahead. */
const MAX_BYTES_BEFORE_ENTRY = 64 * 1024;

/**
 * Cuts a WebSocket off that sends what no MQTT client does: text [MQTT-6.0.0-1], much before it is let in, or frames
 * without end, be there MQTT in them or not.
 */
export function limitFrames(webSocket: WebSocket, socket: Socket, stream: Duplex, admission: Admission): void {
  const bytesBefore = socket.bytesRead;
  socket.on('data', () => {
    if (!admission.isLetIn() && socket.bytesRead - bytesBefore > MAX_BYTES_BEFORE_ENTRY) stream.destroy();
  });
  webSocket.on('message', (_data, isBinary) => {
    admission.takeFrame();
    if (!isBinary) stream.destroy();
  });
  webSocket.on('ping', () => admission.takeFrame());
  webSocket.on('pong', () => admission.takeFrame());
}
