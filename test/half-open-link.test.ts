import { expect, onTestFinished, test } from 'vitest';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { eventually, startTestBridge } from './support/bridge.ts';
import { startHalfOpenProxy } from './support/half-open-proxy.ts';
import { untilShown } from './support/presence.ts';
import { readMap, startTestAgent } from './support/whole-system.ts';

test('a link on which nothing passes any more is refused once the lease is over, and the agent makes a new one', async () => {
  const bridge = await startTestBridge({ LEASE_SECONDS: '1' });
  const token = await bridge.enrol('pond-1');
  const proxy = await startHalfOpenProxy(Number(new URL(bridge.url).port));
  const plc = await SimulatedPlc.start({ map: await readMap(), port: 0 });
  onTestFinished(() => plc.stop());
  const agent = await startTestAgent({
    bridge: `ws://127.0.0.1:${proxy.port}/mqtt`,
    feeders: [{ feederId: 'pond-1', token, plc: { host: '127.0.0.1', port: plc.port, timeoutMs: 500 } }],
    heartbeatSeconds: 0.2,
  });
  onTestFinished(() => agent.stop());
  await eventually(async () => ((await bridge.rest('GET', '/feeders/pond-1/config')).status === 200 ? true : undefined));
  const change = (mealGrams: number) => bridge.rest('PATCH', '/feeders/pond-1/config', { body: { mealGrams } });
  expect((await change(210)).status).toBe(200);
  expect(proxy.connections()).toBe(1);

  proxy.goHalfOpen();
  // Accepted while the lease still stands, it is lost on the way.
  const caught = change(215);
  await untilShown(bridge, 'pond-1', 'offline');
  const heldBack = proxy.bytesHeldBack();
  expect(heldBack).toBeGreaterThan(0);
  const askedAtMs = performance.now();
  expect(await change(220)).toMatchObject({ status: 409, body: { code: 'feeder-offline' } });
  expect(performance.now() - askedAtMs).toBeLessThan(500);

  proxy.reopen();
  await untilShown(bridge, 'pond-1', 'online', 10_000);
  expect(proxy.connections()).toBe(2);
  expect(await caught).toMatchObject({ status: 200, body: { readBack: { mealGrams: 215 } } });
  expect(await change(230)).toMatchObject({ status: 200, body: { readBack: { mealGrams: 230 } } });
  expect(plc.panel.get('mealGrams')).toBe(230);
  expect(plc.writes.map(({ values }) => values)).toEqual([[210], [215], [230]]);
  expect(proxy.bytesHeldBack()).toBe(heldBack);
});
