import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { fuzzRest } from './fuzz/rest.ts';
import { ADMIN_KEY, startTestBridge } from './support/bridge.ts';

const RUNS = 300;

test('no request has the bridge fail, stall, or answer what is not documented', async () => {
  const bridge = await startTestBridge();
  // What fails tells its seed; `npm run fuzz` goes on for longer.
  const { requests, statuses, heapGrewBytes } = await fuzzRest({ url: bridge.url, key: ADMIN_KEY }, { seed: randomInt(2 ** 31), runs: RUNS });
  expect(requests).toBe(RUNS);
  // It reached the inside, and was turned away where it should be.
  for (const status of [200, 201, 400, 403, 404, 405]) expect(statuses).toHaveProperty(String(status));
  expect(heapGrewBytes).toBeLessThan(100 * 1024 * 1024);
});
