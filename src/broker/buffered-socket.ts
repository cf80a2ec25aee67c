import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';

/**
 * A TLS connection with a buffer of its own size: a server's are given one of 16 KiB, and no option changes that. What
 * was written together goes out together.
 */
export class BufferedSocket extends Duplex {
  readonly #socket: TLSSocket;

  constructor(socket: TLSSocket, writableHighWaterMark: number) {
    super({ writableHighWaterMark });
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) socket.pause();
    });
    socket.once('end', () => this.push(null));
    socket.on('error', (error: Error) => this.destroy(error));
    socket.once('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _writev(pieces: readonly { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#socket.write(Buffer.concat(pieces.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
