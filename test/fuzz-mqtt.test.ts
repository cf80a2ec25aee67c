import { afterAll, beforeAll, expect, test } from 'vitest';
import { fuzzMqtt } from './fuzz/mqtt.ts';
import { ADMIN_KEY, openTestBridge, type TestBridge } from './support/bridge.ts';

// The long run, with a process of its own: npm run fuzz

let bridge: TestBridge;
beforeAll(async () => {
  bridge = await openTestBridge();
});
afterAll(() => bridge.dispose());

test('whatever bytes come, before CONNECT and after, nobody else notices', async () => {
  const { letIn, connections } = await fuzzMqtt({ url: bridge.url, mqttUrl: bridge.mqttUrl, key: ADMIN_KEY }, { seed: 1, runs: 150 });
  expect(connections).toBe(150);
  // It did talk to the broker, as those who are let in as well.
  expect(letIn).toBeGreaterThan(30);
});
