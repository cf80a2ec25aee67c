import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openTestBridge, type TestBridge } from './support/bridge.ts';
import { liveFeeder } from './support/live-feeder.ts';
import { connack, connectPacket, PING, PONG, puback, publishPacket } from './support/mqtt-packets.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const [CONTINUED, TEXT, BINARY, CLOSE, PING_FRAME, PONG_FRAME] = [0, 1, 2, 8, 9, 10] as const;

let bridge: TestBridge;
let connecting: Buffer;
beforeAll(async () => {
  bridge = await openTestBridge();
  // With this keepalive it is well-formed UTF-8, so that it would do as text.
  connecting = connectPacket({ clientId: 'odd', username: 'odd', password: await bridge.enrol('odd'), keepaliveSeconds: 0x8001 });
});
afterAll(() => bridge.dispose());

type Shape = { isLast?: boolean; reserved?: number; isMasked?: boolean };

/** A frame as a client sends it, the mask being nothing (RFC 6455, 5.2). */
function frame(opcode: number, payload: Buffer, { isLast = true, reserved = 0, isMasked = true }: Shape = {}): Buffer {
  const length = payload.length < 126 ? [payload.length] : payload.length < 65_536 ? [126, payload.length >> 8, payload.length & 0xff] : [127, 0, 0, 0, 0, 0, (payload.length >> 16) & 0xff, (payload.length >> 8) & 0xff, payload.length & 0xff];
  const [first = 0, ...rest] = length;
  return Buffer.concat([Buffer.from([(isLast ? 0x80 : 0) | reserved | opcode, (isMasked ? 0x80 : 0) | first, ...rest]), Buffer.alloc(isMasked ? 4 : 0), payload]);
}

const repeated = (bytes: Buffer, times: number): Buffer => Buffer.alloc(bytes.length * times, bytes);

/** A WebSocket of which a test writes every byte itself. */
class RawWebSocket {
  readonly socket: Socket;
  /** Resolves when the other end is done with it, or has cut it. */
  readonly over: Promise<void>;
  received = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    this.over = new Promise((resolve) => socket.once('end', resolve).once('close', () => resolve()));
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => (this.received = Buffer.concat([this.received, chunk])));
    onTestFinished(() => void socket.destroy());
  }

  static async open(): Promise<RawWebSocket> {
    const { hostname, port, host } = new URL(bridge.url);
    const webSocket = new RawWebSocket(connect({ host: hostname, port: Number(port), allowHalfOpen: true }));
    const lines = [`GET /mqtt HTTP/1.1`, `Host: ${host}`, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', 'Sec-WebSocket-Protocol: mqtt'];
    webSocket.socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    await webSocket.expect(Buffer.from('\r\n\r\n'));
    return webSocket;
  }

  /** One that has been let in. */
  static async letIn(): Promise<RawWebSocket> {
    const webSocket = await RawWebSocket.open();
    webSocket.send(frame(BINARY, connecting));
    await webSocket.expect(connack(0));
    return webSocket;
  }

  send(...frames: Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  async expect(bytes: Buffer): Promise<void> {
    for (;;) {
      const at = this.received.indexOf(bytes);
      if (at !== -1) {
        this.received = this.received.subarray(at + bytes.length);
        return;
      }
      if (this.socket.destroyed) throw new Error(`expected ${bytes.toString('hex')} before the end, got ${this.received.toString('hex')}`);
      await Promise.race([new Promise((resolve) => this.socket.once('data', resolve)), this.over]);
    }
  }
}

/** Resolves when the connection is over because of what was sent, and not because time has passed. */
async function expectCut(webSocket: RawWebSocket): Promise<void> {
  const beganAtMs = performance.now();
  await webSocket.over;
  expect(performance.now() - beganAtMs).toBeLessThan(CONNECT_TIMEOUT_MS / 2);
}

test('MQTT may come in fragments, with pings in between and in frames of a byte', async () => {
  const webSocket = await RawWebSocket.open();
  webSocket.send(frame(BINARY, connecting.subarray(0, 5), { isLast: false }), frame(PING_FRAME, Buffer.from('?')));
  await webSocket.expect(Buffer.from([0x80 | PONG_FRAME, 1, 0x3f]));
  webSocket.send(frame(PONG_FRAME, Buffer.alloc(0)), frame(CONTINUED, Buffer.alloc(0), { isLast: false }), frame(CONTINUED, connecting.subarray(5)));
  await webSocket.expect(connack(0));
  for (const byte of PING) webSocket.send(frame(BINARY, Buffer.from([byte])));
  await webSocket.expect(PONG);
});

test.each([
  ['text', () => [frame(TEXT, connecting)]],
  ['a compressed frame', () => [frame(BINARY, connecting, { reserved: 0x40 })]],
  ['a reserved bit', () => [frame(BINARY, connecting, { reserved: 0x10 })]],
  ['an opcode that does not exist', () => [frame(3, connecting)]],
  ['what is not masked', () => [frame(BINARY, connecting, { isMasked: false })]],
  ['a ping in fragments', () => [frame(PING_FRAME, Buffer.from('?'), { isLast: false })]],
  ['fragments without end', () => [frame(BINARY, Buffer.alloc(0), { isLast: false }), repeated(frame(CONTINUED, Buffer.alloc(0), { isLast: false }), 1_100)]],
  ['a frame longer than any packet', () => [frame(BINARY, Buffer.alloc(300_000)).subarray(0, 14)]],
  ['the beginning of a large frame', () => [frame(BINARY, Buffer.alloc(200_000)).subarray(0, 70_000)]],
  ['much before CONNECT', () => [repeated(frame(BINARY, Buffer.alloc(0)), 12_000)]],
])('before CONNECT, %s cuts the connection', async (_what, frames) => {
  const webSocket = await RawWebSocket.open();
  webSocket.send(...frames());
  await expectCut(webSocket);
  expect(webSocket.received.includes(connack(0))).toBe(false);
});

test.each([
  ['text', () => [frame(TEXT, publishPacket('feeder/odd/ack', '{}'))]],
  ['pings without end', () => [repeated(frame(PING_FRAME, Buffer.alloc(0)), 300_000)]],
  ['a packet in more pieces than anybody cuts it into', () => [frame(BINARY, PING.subarray(0, 1), { isLast: false }), repeated(frame(CONTINUED, Buffer.alloc(0), { isLast: false }), 30), frame(CONTINUED, PING.subarray(1))]],
  ['empty frames without end', () => [repeated(frame(BINARY, Buffer.alloc(0)), 300_000)]],
  ['empty messages without end, each in as many pieces as are taken', () => [repeated(Buffer.concat([frame(BINARY, Buffer.alloc(0), { isLast: false }), repeated(frame(CONTINUED, Buffer.alloc(0), { isLast: false }), 14), frame(CONTINUED, Buffer.alloc(0))]), 60_000)]],
  ['a goodbye, and nothing more', () => [frame(CLOSE, Buffer.from([0x03, 0xe8]))]],
])('after CONNECT, %s cuts the connection, and another feeder notices nothing', async (what, frames) => {
  const agent = await liveFeeder(bridge, `beside-${what.length}`);
  const webSocket = await RawWebSocket.letIn();
  webSocket.send(...frames());
  await expectCut(webSocket);
  expect(webSocket.received.includes(puback(1))).toBe(false);
  const answer = bridge.rest('PATCH', `/feeders/${agent.feederId}/config`, { body: { mealGrams: 110 } });
  await agent.applied(await agent.command());
  expect((await answer).status).toBe(200);
});
