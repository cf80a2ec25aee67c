import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { machineClocks } from '../machine/clocks.ts';
import { machineTimers } from '../machine/timers.ts';
import { Doorstep } from '../src/broker/doorstep.ts';
import { openFrontDoor } from '../src/front-door.ts';
import { parseSettings } from '../src/settings.ts';
import { startTestBridge, type TestBridge } from './support/bridge.ts';
import { memoryLog } from './support/memory-log.ts';

/** Where the bridge says that a WebSocket with these headers comes from. */
async function webSocketFrom(environment: Record<string, string>, headers: Record<string, string>): Promise<string | undefined> {
  const parsed = parseSettings({ PORT: '0', ...environment });
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  const seen: (string | undefined)[] = [];
  const broker = {
    doorstep: new Doorstep(machineClocks, machineTimers, Infinity),
    accept: (_stream: unknown, address: string | undefined) => {
      seen.push(address);
      return { isLetIn: () => true, takeFrame: () => undefined };
    },
  };
  const app: RequestListener = (_request, response) => response.end();
  const door = await openFrontDoor({
    settings: parsed.settings,
    app,
    broker,
    machine: machineClocks,
    timers: machineTimers,
    log: memoryLog().log,
    onProblem: (error) => expect.unreachable(String(error)),
  });
  const client = new WebSocket(`${door.url.replace('http', 'ws')}/mqtt`, 'mqtt', { headers });
  await once(client, 'open');
  await Promise.all([door.closeHttp(0), door.closeMqtt()]);
  return seen[0];
}

describe('REST', () => {
  const failedLogins = (bridge: TestBridge, addresses: readonly string[]): Promise<number[]> =>
    Promise.all(
      addresses.map(async (address) => {
        const { status } = await bridge.rest('GET', '/feeders', { headers: { Authorization: 'Bearer wrong', 'X-Forwarded-For': address } });
        return status;
      }),
    );
  const different = Array.from({ length: 70 }, (_, index) => `203.0.113.${index}`);

  const secured = async (bridge: TestBridge): Promise<boolean> =>
    (await bridge.rest('GET', '//livez', { headers: { 'X-Forwarded-Proto': 'https' } })).headers.has('strict-transport-security');

  test('what a caller says of its address and protocol is taken from trusted proxies alone, and nobody can have others shut out', async () => {
    const bridge = await startTestBridge();
    expect(await failedLogins(bridge, different)).toContain(429);
    expect(await secured(bridge)).toBe(false);
    await bridge.restart({ TRUST_PROXY: 'loopback' });
    const answers = await failedLogins(bridge, different.map((address) => `192.0.2.1, ${address}`));
    expect(new Set(answers)).toEqual(new Set([401]));
    expect(await failedLogins(bridge, different.map((address) => `${address}, 198.51.100.1`))).toContain(429);
    const { status } = await bridge.rest('GET', '/feeders', { headers: { 'X-Forwarded-For': '198.51.100.1' } });
    expect(status).toBe(200);
    expect(await secured(bridge)).toBe(true);
  });
});

describe('a WebSocket', () => {
  test.each([
    // nobody is trusted
    [undefined, '203.0.113.7', '127.0.0.1'],
    ['false', '203.0.113.7', '127.0.0.1'],
    // one proxy: what it wrote itself, not what the client sent it
    ['1', '203.0.113.7', '203.0.113.7'],
    ['true', '10.0.0.1, 203.0.113.7', '203.0.113.7'],
    ['2', '10.0.0.1, 203.0.113.7, 192.0.2.1', '203.0.113.7'],
    ['1', undefined, '127.0.0.1'],
    // proxies by their addresses, this machine being one or not
    ['loopback', '203.0.113.7', '203.0.113.7'],
    ['127.0.0.0/8, 192.0.2.0/24', '10.0.0.1, 203.0.113.7, 192.0.2.1', '203.0.113.7'],
    ['10.0.0.0/8', '203.0.113.7', '127.0.0.1'],
    ['loopback', 'not an address', 'not an address'],
  ])('TRUST_PROXY %s, X-Forwarded-For %s: it comes from %s', async (TRUST_PROXY, forwarded, from) => {
    const environment = TRUST_PROXY === undefined ? {} : { TRUST_PROXY };
    expect(await webSocketFrom(environment, forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded })).toBe(from);
  });
});

test('anything else in TRUST_PROXY is told', () => {
  for (const TRUST_PROXY of ['0', '11', '-1', '1.5', 'yes', 'everyone', '0.0.0.0/0', '::/0', '10.0.0.0/33', '10.0.0.1,', 'proxy.example']) {
    const parsed = parseSettings({ TRUST_PROXY });
    expect(parsed, TRUST_PROXY).toEqual({ ok: false, problems: [expect.stringMatching(/^TRUST_PROXY: expected a number of proxies/)] });
  }
});
