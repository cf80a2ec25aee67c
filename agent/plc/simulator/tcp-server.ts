import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const HEADER_BYTES = 7;
const MAX_PDU_BYTES = 253;

/** Answers one request; undefined answers nothing. */
export type Handler = (unitId: number, pdu: Buffer) => Promise<Buffer | undefined>;

/** Modbus TCP framing around `handle`. Requests are answered as they are ready, each under its own transaction id. */
export class ModbusTcpServer {
  readonly #handle: Handler;
  readonly #sockets = new Set<Socket>();
  readonly #host: string;
  #server: Server | undefined;
  #port: number;

  constructor(host: string, port: number, handle: Handler) {
    this.#host = host;
    this.#port = port;
    this.#handle = handle;
  }

  /** The port it listens on, once it has started to. */
  get port(): number {
    return this.#port;
  }

  /** Listens, if it does not yet; with port 0 on a free one, which it keeps. Rejects where it cannot. */
  async listen(): Promise<void> {
    if (this.#server) return;
    const server = createServer((socket) => this.#serve(socket));
    server.listen(this.#port, this.#host);
    await once(server, 'listening');
    // Such as no more file descriptors for a connection; those that stand go on.
    server.on('error', () => undefined);
    const address = server.address();
    if (isAddressInfo(address)) this.#port = address.port;
    this.#server = server;
  }

  /** Refuses new connections and cuts those that stand; resolves when there are none. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = server && once(server, 'close');
    server?.close();
    this.drop();
    await closed;
  }

  /** Cuts every connection. */
  drop(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    // `close` follows, and there is nobody to tell.
    socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= HEADER_BYTES) {
        const length = received.readUInt16BE(4);
        if (received.readUInt16BE(2) !== 0 || length < 2 || length > MAX_PDU_BYTES + 1) {
          socket.destroy();
          return;
        }
        const end = HEADER_BYTES - 1 + length;
        if (received.length < end) return;
        void this.#answer(socket, received.subarray(0, HEADER_BYTES), received.subarray(HEADER_BYTES, end));
        received = received.subarray(end);
      }
    });
  }

  async #answer(socket: Socket, header: Buffer, pdu: Buffer): Promise<void> {
    const reply = await this.#handle(header.readUInt8(6), pdu);
    if (!reply || socket.destroyed) return;
    const replyHeader = Buffer.from(header);
    replyHeader.writeUInt16BE(reply.length + 1, 4);
    socket.write(Buffer.concat([replyHeader, reply]));
  }
}

const isAddressInfo = (address: string | AddressInfo | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;
