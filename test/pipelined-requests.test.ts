import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { ADMIN_KEY, eventually, openTestBridge, type TestBridge } from './support/bridge.ts';

let bridge: TestBridge;
beforeAll(async () => {
  bridge = await openTestBridge();
});
afterAll(() => bridge.dispose());

/** Sends requests one behind the other on one connection, waiting for no answer. */
async function pipelined(...paths: string[]): Promise<Socket> {
  const { hostname, port, host } = new URL(bridge.url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${ADMIN_KEY}\r\n\r\n`).join(''));
  return socket;
}

const openStreams = async (): Promise<number> => {
  const text = await (await fetch(`${bridge.url}/metrics`)).text();
  return Number(/^feederbridge_event_streams (\d+)$/m.exec(text)?.[1]);
};

test('each is answered in its turn', async () => {
  const socket = await pipelined('/livez', '/api/v1/feeders/nobody', '/readyz', '/api/v1/feeders', '/nowhere');
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
  const statuses = (): string[] => [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status ?? '');
  await eventually(() => (statuses().length === 5 ? true : undefined));
  expect(statuses()).toEqual(['200', '404', '200', '200', '404']);
});

test('what waits behind an answer without end begins nothing, and nothing is left of it when its connection is gone', async () => {
  const socket = await pipelined('/api/v1/events', '/api/v1/events', '/api/v1/events');
  await eventually(async () => ((await openStreams()) > 0 ? true : undefined));
  expect(await openStreams()).toBe(1);
  socket.destroy();
  await eventually(async () => ((await openStreams()) === 0 ? true : undefined));
});
