import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import modbusSerial from 'modbus-serial';
import { z } from 'zod';
import { endpointName, type Endpoint, type SerialEndpoint, type TcpEndpoint } from './endpoint.ts';
import { exceptionError, ModbusError } from './modbus-error.ts';
import type { ModbusPort } from './modbus-port.ts';
import { RequestQueue, type Priority } from './request-queue.ts';
import * as requests from './requests.ts';
import type { BitTable, WordTable } from './tables.ts';

const FIRST_BACK_OFF_MS = 200;
/** Short enough for every outcome to be known within 5 s of the PLC being back. */
const LONGEST_BACK_OFF_MS = 2000;
/** How much longer than the library's own timeout a request may take, should the library forget it. */
const GRACE_MS = 250;

/**
 * The connection to one Modbus endpoint, shared by all unit ids behind it. One request is in flight at a time. It
 * connects when first needed and again after a loss; after a failed connect, requests fail at once for 0.2 s growing
 * to 2 s. After a timeout or a reply that makes no sense the line is reset, so that no late reply is credited to a
 * later request.
 */
export class ModbusConnection implements ModbusPort {
  readonly #endpoint: Endpoint;
  readonly #queue = new RequestQueue();
  readonly #closed = new AbortController();
  #line: Line | undefined;
  #resetting: Promise<void> = Promise.resolve();
  #backOffMs = FIRST_BACK_OFF_MS;
  #backOff: NodeJS.Timeout | undefined;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  async readBits(unitId: number, table: BitTable, address: number, count: number, priority: Priority): Promise<boolean[]> {
    return this.#exchange(priority, requests.readBits(unitId, table, address, count));
  }

  async readWords(unitId: number, table: WordTable, address: number, count: number, priority: Priority): Promise<number[]> {
    return this.#exchange(priority, requests.readWords(unitId, table, address, count));
  }

  async writeBits(unitId: number, address: number, bits: readonly boolean[], mayStart?: () => boolean): Promise<void> {
    await this.#exchange('write', requests.writeBits(unitId, address, bits), mayStart);
  }

  async writeWords(unitId: number, address: number, words: readonly number[], mayStart?: () => boolean): Promise<void> {
    await this.#exchange('write', requests.writeWords(unitId, address, words), mayStart);
  }

  /** Refuses what waits and all that comes, cuts off the request in flight, and lets go of the line. */
  async close(): Promise<void> {
    this.#closed.abort();
    const closing = this.#queue.close(new ModbusError({ code: 'unreachable' }, `${endpointName(this.#endpoint)}: connection closed`));
    clearTimeout(this.#backOff);
    this.#reset();
    await closing;
    this.#reset(); // A line that was being opened meanwhile.
    await this.#resetting;
  }

  #exchange<T>(priority: Priority, request: requests.Request<T>, mayStart: () => boolean = () => true): Promise<T> {
    // On a serial line 0 is a broadcast, which nobody answers, and there is nothing above 247.
    if ('serial' in this.#endpoint && (request.unitId < 1 || request.unitId > 247)) {
      throw new RangeError(`expected a unit id from 1 to 247 on a serial line, not ${request.unitId}`);
    }
    return this.#queue.run(priority, async () => {
      const line = await this.#openLine(request.title);
      try {
        return await exchangeOver(line, request, this.#endpoint.timeoutMs, mayStart);
      } catch (error) {
        const isClean = error instanceof ModbusError && ('exceptionCode' in error.failure || error.code === 'withheld');
        if (!isClean) this.#reset();
        throw error;
      }
    });
  }

  async #openLine(title: string): Promise<Line> {
    if (this.#line?.isFit() === true) return this.#line;
    const unreachable = (why: string, cause?: unknown) =>
      new ModbusError({ code: 'unreachable' }, `${title}: cannot reach ${endpointName(this.#endpoint)}: ${why}`, { cause });
    if (this.#backOff) throw unreachable('the last attempt failed a moment ago');
    this.#reset();
    await this.#resetting;
    if (this.#closed.signal.aborted) throw unreachable('connection closed');
    try {
      this.#line = await ('serial' in this.#endpoint
        ? openSerial(this.#endpoint)
        : openTcp(this.#endpoint, this.#closed.signal));
    } catch (cause) {
      this.#backOff = setTimeout(() => (this.#backOff = undefined), this.#backOffMs).unref();
      this.#backOffMs = Math.min(2 * this.#backOffMs, LONGEST_BACK_OFF_MS);
      throw unreachable(cause instanceof Error ? cause.message : String(cause), cause);
    }
    this.#backOffMs = FIRST_BACK_OFF_MS;
    return this.#line;
  }

  #reset(): void {
    if (this.#line) this.#resetting = this.#line.reset();
    this.#line = undefined;
  }
}

/** An open line to the endpoint. */
type Line = {
  client: requests.Client;
  /** The silence to keep before a request, milliseconds. */
  gapMs: number;
  /** Aborted when the line is gone. */
  lost: AbortSignal;
  /** False once it is gone or holds bytes nobody asked for, which the library could credit to the next request. */
  isFit: () => boolean;
  /** Throws it away with all that is still under way on it; resolves when a new one may be opened. */
  reset: () => Promise<void>;
};

async function openTcp({ host, port, timeoutMs }: TcpEndpoint, closed: AbortSignal): Promise<Line> {
  const socket = connect({ host, port, noDelay: true });
  const lost = new AbortController();
  const lose = () => lost.abort();
  // What went wrong is told by the request that meets it; `close` follows.
  socket.on('error', lose).on('end', lose).on('close', lose);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    await once(socket, 'connect', { signal: AbortSignal.any([timeout, closed]) });
  } catch (cause) {
    socket.destroy();
    throw timeout.aborted ? new Error(`no connection within ${timeoutMs} ms`, { cause }) : cause;
  }
  const client = new modbusSerial.default();
  client.on('error', lose);
  client.setTimeout(timeoutMs);
  await client.linkTCP(socket, { port });
  return {
    client,
    gapMs: 0,
    lost: lost.signal,
    isFit: () => !lost.signal.aborted,
    reset: () => {
      socket.resetAndDestroy();
      // Ends the library's timers; the socket is gone already.
      return new Promise((resolve) => client.destroy(resolve));
    },
  };
}

/** The library's port holds on to every byte it received and tells nobody, so this looks inside. */
const Inside = z.object({
  _port: z.custom<EventEmitter & { _buffer: Buffer }>(
    (port) => port instanceof EventEmitter && '_buffer' in port && Buffer.isBuffer(port._buffer),
    { error: "expected modbus-serial's buffered port" },
  ),
});

async function openSerial({ serial, timeoutMs, ...options }: SerialEndpoint): Promise<Line> {
  const client = new modbusSerial.default();
  const lost = new AbortController();
  const lose = () => lost.abort();
  client.on('error', lose).on('close', lose);
  client.setTimeout(timeoutMs);
  await client.connectRTUBuffered(serial, options);
  const { _port: port } = Inside.parse(client);
  // The library stops listening when it closes the port, and an error nobody hears would end the process.
  port.on('error', lose);
  return {
    client,
    // 3.5 characters of 11 bits end a frame (Modbus over Serial Line V1.02, 2.5.1.1).
    gapMs: Math.max(2, Math.ceil((3.5 * 11 * 1000) / options.baudRate)),
    lost: lost.signal,
    isFit: () => !lost.signal.aborted && port._buffer.length === 0,
    reset: async () => {
      await new Promise((resolve) => client.close(resolve));
      // A serial reply carries no number: an answer that is merely late must have passed before the next request.
      await delay(timeoutMs);
    },
  };
}

async function exchangeOver<T>(
  line: Line,
  { title, send }: requests.Request<T>,
  timeoutMs: number,
  mayStart: () => boolean,
): Promise<T> {
  if (line.gapMs > 0) await delay(line.gapMs);
  if (!line.isFit()) throw new ModbusError({ code: 'unreachable' }, `${title}: the connection was lost`);
  if (!mayStart()) throw new ModbusError({ code: 'withheld' }, `${title}: no longer wanted when its turn came`);
  return new Promise<T>((resolve, reject) => {
    const noAnswer = (why: string) => reject(new ModbusError({ code: 'no-answer' }, `${title}: ${why}`));
    const onLost = () => noAnswer('the connection was lost before an answer');
    const deadline = setTimeout(() => noAnswer(`no answer within ${timeoutMs + GRACE_MS} ms`), timeoutMs + GRACE_MS);
    line.lost.addEventListener('abort', onLost, { once: true });
    send(line.client, (answer) => {
      clearTimeout(deadline);
      line.lost.removeEventListener('abort', onLost);
      if (!answer.ok) reject(failureOf(title, answer.error, timeoutMs));
      else if (answer.value === undefined) reject(new ModbusError({ code: 'bad-reply' }, `${title}: the reply does not fit`));
      else resolve(answer.value);
    });
  });
}

function failureOf(title: string, error: Error, timeoutMs: number): ModbusError {
  if ('modbusCode' in error && typeof error.modbusCode === 'number') return exceptionError(title, error.modbusCode);
  if ('errno' in error && error.errno === 'ETIMEDOUT') {
    return new ModbusError({ code: 'no-answer' }, `${title}: no answer within ${timeoutMs} ms`, { cause: error });
  }
  return new ModbusError({ code: 'bad-reply' }, `${title}: ${error.message}`, { cause: error });
}
