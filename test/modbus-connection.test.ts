import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ModbusConnection } from '../agent/modbus/connection.ts';
import { ModbusError } from '../agent/modbus/modbus-error.ts';
import { freePort } from './support/free-port.ts';

type Frame = { transactionId: number; pdu: Buffer; socket: Socket; connection: number };

/** A PLC that answers exactly as the test says. */
class ScriptedPlc {
  readonly frames: Frame[] = [];
  readonly #sockets: Socket[] = [];
  readonly #server: Server;
  onFrame: (frame: Frame) => void = (frame) => answerWords(frame, [7]);

  private constructor() {
    this.#server = createServer((socket) => {
      const connection = this.#sockets.push(socket);
      socket.on('error', () => undefined).on('data', (data) => {
        const frame = { transactionId: data.readUInt16BE(0), pdu: data.subarray(7), socket, connection };
        this.frames.push(frame);
        this.onFrame(frame);
      });
    });
  }

  static async start(): Promise<ScriptedPlc> {
    const plc = new ScriptedPlc();
    await plc.listen(await freePort());
    return plc;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('expected to be listening');
    return address.port;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.cut();
    await once(this.#server, 'close');
  }
}

function answer({ transactionId, socket }: Frame, pdu: number[], unitId = 1): void {
  const header = Buffer.alloc(7);
  header.writeUInt16BE(transactionId, 0);
  header.writeUInt16BE(pdu.length + 1, 4);
  header.writeUInt8(unitId, 6);
  socket.write(Buffer.concat([header, Buffer.from(pdu)]));
}

const answerWords = (frame: Frame, words: number[]) =>
  answer(frame, [frame.pdu.readUInt8(0), 2 * words.length, ...words.flatMap((word) => [word >> 8, word & 0xff])]);

const TIMEOUT_MS = 150;
const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

async function started(): Promise<{ plc: ScriptedPlc; connection: ModbusConnection }> {
  const plc = await ScriptedPlc.start();
  const connection = new ModbusConnection({ host: '127.0.0.1', port: plc.port, timeoutMs: TIMEOUT_MS });
  endings.push(() => connection.close(), () => plc.stop());
  return { plc, connection };
}

async function failure(promise: Promise<unknown>): Promise<ModbusError> {
  const error = await promise.then(() => undefined, (reason: unknown) => reason);
  if (error instanceof ModbusError) return error;
  throw new Error(`expected a ModbusError, not ${String(error)}`);
}

const failWith = async (promise: Promise<unknown>) => (await failure(promise)).failure;

describe('turns', () => {
  it('one request is in flight, and those of commands overtake polls', async () => {
    const { plc, connection } = await started();
    const held: Frame[] = [];
    const sawFirst = new Promise<void>((resolve) => {
      plc.onFrame = (frame) => {
        held.push(frame);
        resolve();
      };
    });
    const order: string[] = [];
    const ask = (name: string, address: number, priority: 'write' | 'read') =>
      connection.readWords(1, 'holding', address, 1, priority).then(() => order.push(name));
    const asked = [ask('first poll', 1, 'read')];
    await sawFirst;
    asked.push(ask('second poll', 2, 'read'), ask('command', 3, 'write'));
    expect(held).toHaveLength(1);
    plc.onFrame = (frame) => answerWords(frame, [7]);
    for (const frame of held) answerWords(frame, [7]);
    await Promise.all(asked);
    expect(order).toEqual(['first poll', 'command', 'second poll']);
    expect(plc.frames.map(({ pdu }) => pdu.readUInt16BE(1))).toEqual([1, 3, 2]);
  });

  it('a write no longer wanted when its turn comes does not go out, and the connection goes on', async () => {
    const { plc, connection } = await started();
    let isWanted = true;
    plc.onFrame = (frame) => {
      isWanted = false;
      answerWords(frame, [7]);
    };
    const poll = connection.readWords(1, 'holding', 1, 1, 'read');
    const withheld = [
      failWith(connection.writeWords(1, 2, [5], () => isWanted)),
      failWith(connection.writeBits(1, 3, [true], () => isWanted)),
    ];
    expect(isWanted).toBe(true);
    expect(await Promise.all([poll, ...withheld])).toEqual([[7], { code: 'withheld' }, { code: 'withheld' }]);
    await connection.readWords(1, 'holding', 4, 1, 'read');
    expect(plc.frames.map(({ pdu, connection }) => [pdu.readUInt16BE(1), connection])).toEqual([[1, 1], [4, 1]]);
  });
});

describe('no answer', () => {
  it('resets the connection, and the late answer is credited to nobody', async () => {
    const { plc, connection } = await started();
    let late: Frame | undefined;
    plc.onFrame = (frame) => (late = frame);
    expect(await failWith(connection.readWords(1, 'input', 0, 1, 'read'))).toEqual({ code: 'no-answer' });
    plc.onFrame = (frame) => {
      // The library counts from one again, so both frames carry the same transaction id.
      expect(frame.transactionId).toBe(late?.transactionId);
      if (late) answerWords(late, [666]);
      answerWords(frame, [42]);
    };
    expect(await connection.readWords(1, 'input', 0, 1, 'read')).toEqual([42]);
    expect(plc.frames.map((frame) => frame.connection)).toEqual([1, 2]);
  });

  it('is told at once where the connection is lost, and the next request has a new one', async () => {
    const { plc, connection } = await started();
    plc.onFrame = () => plc.cut();
    const before = performance.now();
    expect(await failWith(connection.writeWords(1, 0, [1]))).toEqual({ code: 'no-answer' });
    expect(performance.now() - before).toBeLessThan(TIMEOUT_MS);
    plc.onFrame = (frame) => answerWords(frame, [5]);
    expect(await connection.readWords(1, 'holding', 0, 1, 'read')).toEqual([5]);
  });
});

describe('replies', () => {
  const nonsense: [string, number[]][] = [
    ['too few registers', [3, 2, 0, 1]],
    ['too many registers', [3, 6, 0, 1, 0, 2, 0, 3]],
    ['a byte count that does not fit', [3, 3, 0, 1, 0, 2]],
    ['another function', [4, 4, 0, 1, 0, 2]],
    ['nothing but a function', [3]],
  ];
  it.each(nonsense)('with %s make no sense, and the connection is not used again', async (_, pdu) => {
    const { plc, connection } = await started();
    plc.onFrame = (frame) => answer(frame, pdu);
    expect(await failWith(connection.readWords(1, 'holding', 0, 2, 'read'))).toEqual({ code: 'bad-reply' });
    plc.onFrame = (frame) => answerWords(frame, [1, 2]);
    expect(await connection.readWords(1, 'holding', 0, 2, 'read')).toEqual([1, 2]);
    expect(plc.frames.at(-1)?.connection).toBe(2);
  });

  it('of another unit make no sense', async () => {
    const { plc, connection } = await started();
    plc.onFrame = (frame) => answer(frame, [3, 2, 0, 1], 9);
    expect(await failWith(connection.readWords(1, 'holding', 0, 1, 'read'))).toEqual({ code: 'bad-reply' });
  });

  it('to a write must echo what was written', async () => {
    const { plc, connection } = await started();
    plc.onFrame = (frame) => answer(frame, [16, 0, 9, 0, 1]);
    expect(await failWith(connection.writeWords(1, 0, [1]))).toEqual({ code: 'bad-reply' });
    plc.onFrame = (frame) => answer(frame, [5, 0, 0, 0, 0]);
    expect(await failWith(connection.writeBits(1, 0, [true]))).toEqual({ code: 'bad-reply' });
    plc.onFrame = (frame) => answer(frame, [15, 0, 0, 0, 3]);
    expect(await failWith(connection.writeBits(1, 0, [true, false]))).toEqual({ code: 'bad-reply' });
  });

  it('that are exceptions tell refusals from writes that may still happen', async () => {
    const { plc, connection } = await started();
    for (const exceptionCode of [1, 2, 3, 4, 6]) {
      plc.onFrame = (frame) => answer(frame, [0x90, exceptionCode]);
      expect(await failWith(connection.writeWords(1, 0, [1]))).toEqual({ code: 'exception', exceptionCode });
    }
    for (const exceptionCode of [5, 10, 11]) {
      plc.onFrame = (frame) => answer(frame, [0x90, exceptionCode]);
      expect(await failWith(connection.writeWords(1, 0, [1]))).toEqual({ code: 'no-answer', exceptionCode });
    }
    expect(new Set(plc.frames.map((frame) => frame.connection)).size).toBe(1);
  });
});

describe('a PLC that is away', () => {
  it('is unreachable, at once during the back-off, and found again after it', async () => {
    const { plc, connection } = await started();
    const { port } = plc;
    await plc.stop();
    expect(await failWith(connection.readWords(1, 'holding', 0, 1, 'read'))).toEqual({ code: 'unreachable' });
    await plc.listen(port);
    const refused = await failure(connection.readWords(1, 'holding', 0, 1, 'read'));
    expect(refused.code).toBe('unreachable');
    expect(refused.message).toContain(`127.0.0.1:${port}`);
    expect(plc.frames).toHaveLength(0);
    await expect.poll(() => connection.readWords(1, 'holding', 0, 1, 'read'), { interval: 20 }).toEqual([7]);
  });
});

describe('arguments', () => {
  it('that the library would bend are refused, and nothing is sent', async () => {
    const { plc, connection } = await started();
    const bad: (() => Promise<unknown>)[] = [
      () => connection.writeWords(1, 0, [NaN]),
      () => connection.writeWords(1, 0, [12.7]),
      () => connection.writeWords(1, 0, [65536]),
      () => connection.writeWords(1, 0, []),
      () => connection.writeWords(1, 0, Array<number>(124).fill(0)),
      () => connection.writeWords(256, 0, [1]),
      () => connection.writeBits(1, -1, [true]),
      () => connection.readWords(1, 'input', 0, 126, 'read'),
      () => connection.readWords(1, 'input', 65535, 2, 'read'),
      () => connection.readBits(1, 'coil', NaN, 1, 'read'),
    ];
    for (const request of bad) await expect(request()).rejects.toThrow(RangeError);
    expect(plc.frames).toHaveLength(0);
  });
});

describe('closing', () => {
  it('refuses what waits and all that comes, and cuts off the request in flight', async () => {
    const { plc, connection } = await started();
    const sent = new Promise<void>((resolve) => (plc.onFrame = () => resolve()));
    const inFlight = failWith(connection.writeWords(1, 0, [1]));
    const waiting = failWith(connection.writeWords(1, 0, [2]));
    await sent;
    await connection.close();
    expect(await inFlight).toEqual({ code: 'no-answer' });
    expect(await waiting).toEqual({ code: 'unreachable' });
    expect(await failWith(connection.readBits(1, 'coil', 0, 1, 'read'))).toEqual({ code: 'unreachable' });
    expect(plc.frames).toHaveLength(1);
  });
});
