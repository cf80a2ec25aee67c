import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openTestBridge, startTestBridge, type TestBridge } from './support/bridge.ts';

const ALLOWED = 'https://farm.example';

let bridge: TestBridge;
beforeAll(async () => {
  bridge = await openTestBridge({ ALLOWED_ORIGINS: `${ALLOWED},http://localhost:5173` });
});
afterAll(() => bridge.dispose());

/** Sends an upgrade request and keeps its own end of the connection open, whatever is answered. */
async function upgrade({ url }: TestBridge, path: string, headers: Record<string, string>, line = `GET ${path} HTTP/1.1`): Promise<{ socket: Socket; status: string; text: string }> {
  const { hostname, port, host } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  const all = {
    Host: host,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`${line}\r\n${lines.join('')}\r\n`);
  const text = await new Promise<string>((resolve) => socket.once('data', (chunk: Buffer) => resolve(chunk.toString())));
  return { socket, text, status: text.slice(9, 12) };
}

const mqtt = { 'Sec-WebSocket-Protocol': 'mqtt' };

test('the upgrade is taken at /mqtt, for the subprotocol mqtt, from no origin or an allowed one', async () => {
  for (const headers of [mqtt, { ...mqtt, Origin: ALLOWED }, { ...mqtt, Origin: 'http://localhost:5173' }, { 'Sec-WebSocket-Protocol': 'other, mqtt' }]) {
    const { status, text } = await upgrade(bridge, '/mqtt', headers);
    expect(status).toBe('101');
    expect(text).toMatch(/sec-websocket-protocol: mqtt\r\n/i);
    expect(text).not.toMatch(/sec-websocket-extensions/i);
  }
  expect((await upgrade(bridge, '/mqtt?client=console', mqtt)).status).toBe('101');
});

test.each([
  { status: '404', path: '/', headers: mqtt, says: '/mqtt' },
  { status: '404', path: '/mqtt/', headers: mqtt, says: '/mqtt' },
  { status: '404', path: '/api/v1/feeders', headers: mqtt, says: '/mqtt' },
  { status: '400', path: '/mqtt', headers: {}, says: 'mqtt' },
  { status: '400', path: '/mqtt', headers: { 'Sec-WebSocket-Protocol': 'mqttv5, chat' }, says: 'mqtt' },
  { status: '403', path: '/mqtt', headers: { ...mqtt, Origin: 'https://elsewhere.example' }, says: 'ALLOWED_ORIGINS' },
  { status: '403', path: '/mqtt', headers: { ...mqtt, Origin: `${ALLOWED}.elsewhere.example` }, says: 'ALLOWED_ORIGINS' },
  { status: '403', path: '/mqtt', headers: { ...mqtt, Origin: 'null' }, says: 'ALLOWED_ORIGINS' },
  { status: '400', path: '/mqtt', headers: { ...mqtt, 'Sec-WebSocket-Key': 'short' }, says: 'Sec-WebSocket-Key' },
  { status: '400', path: '/mqtt', headers: { ...mqtt, 'Sec-WebSocket-Version': '7' }, says: 'Sec-WebSocket-Version' },
])('$path with $headers is refused with $status and told $says', async ({ status, path, headers, says }) => {
  const answer = await upgrade(bridge, path, headers);
  expect(answer.status).toBe(status);
  expect(answer.text).toContain(says);
});

test.each([
  ['another method', 'POST /mqtt HTTP/1.1', mqtt],
  ['HTTP/1.0', 'GET /mqtt HTTP/1.0', mqtt],
  ['a version that does not exist', 'GET /mqtt HTTP/9.9', mqtt],
  ['another protocol', 'GET /mqtt HTTP/1.1', { ...mqtt, Upgrade: 'h2c' }],
  ['headers without end', 'GET /mqtt HTTP/1.1', { ...mqtt, 'X-Long': 'x'.repeat(20_000) }],
  ['subprotocols that are none', 'GET /mqtt HTTP/1.1', { 'Sec-WebSocket-Protocol': 'mqtt, mqtt' }],
  ['an empty Origin', 'GET /mqtt HTTP/1.1', { ...mqtt, Origin: '' }],
])('%s is refused', async (_what, line, headers) => {
  const { status } = await upgrade(bridge, '/mqtt', headers, line);
  expect(status).toMatch(/^4/);
});

test('a bridge stops though somebody whose upgrade was refused or taken keeps the connection open', async () => {
  const own = await startTestBridge();
  await upgrade(own, '/elsewhere', mqtt);
  await upgrade(own, '/mqtt', mqtt);
  await own.stop();
});
