import { once } from 'node:events';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';
import { createWebSocketStream, WebSocket } from 'ws';

/** A connection on which a test sends what no MQTT library would. It ends with the test. */
export class RawClient {
  readonly stream: Duplex;
  /** Resolves when the connection is over, by whatever end. */
  readonly closed: Promise<unknown>;
  received = Buffer.alloc(0);

  private constructor(stream: Duplex) {
    this.stream = stream;
    this.closed = new Promise((resolve) => stream.once('close', resolve));
    // Being cut off is what many tests expect, and `closed` tells it.
    stream.on('error', () => stream.destroy());
    stream.on('data', (chunk: Buffer) => (this.received = Buffer.concat([this.received, chunk])));
    onTestFinished(() => void stream.destroy());
  }

  /** Opens a connection to `ws://…` or `mqtt://host:port`. */
  static async open(url: string): Promise<RawClient> {
    if (url.startsWith('ws:')) {
      const webSocket = new WebSocket(url, 'mqtt');
      const client = new RawClient(createWebSocketStream(webSocket));
      // On its own the stream would stay open for writing.
      webSocket.once('close', () => client.stream.destroy());
      await once(webSocket, 'open');
      return client;
    }
    const { hostname, port } = new URL(url);
    const socket = connect({ port: Number(port), host: hostname, noDelay: true });
    const client = new RawClient(socket);
    await once(socket, 'connect');
    return client;
  }

  /** Sends bytes and does not care whether anybody takes them. */
  send(...parts: Uint8Array[]): void {
    if (this.stream.writable) this.stream.write(Buffer.concat(parts));
  }

  /** Resolves once these bytes have been received, and forgets all up to their end; rejects when the connection ends first. */
  async expect(bytes: Uint8Array): Promise<void> {
    for (;;) {
      const at = this.received.indexOf(bytes);
      if (at !== -1) {
        this.received = this.received.subarray(at + bytes.length);
        return;
      }
      if (this.stream.destroyed) throw new Error(`expected ${hex(bytes)} before the end, got ${hex(this.received)}`);
      await Promise.race([once(this.stream, 'data'), this.closed]);
    }
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
