import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually } from './support/bridge.ts';
import { openSystem, type WholeSystem } from './support/whole-system.ts';

let system: WholeSystem;
beforeAll(async () => {
  // A machine under load must not look like a PLC that was away.
  system = await openSystem({ plcTimeoutMs: 2_000 });
});
afterAll(() => system.dispose());

const Alarms = z.object({
  items: z.array(z.object({ alarmId: z.string(), name: z.string(), detail: z.string(), state: z.enum(['open', 'cleared']) })),
});
const alarms = async () =>
  Alarms.parse((await system.bridge.rest('GET', '/feeders/pond-1/alarms')).body).items.filter(({ name }) => name.startsWith('config'));

it('a change on the panel of the PLC is an alarm that says what was changed, until somebody acknowledges it', { timeout: 40_000 }, async () => {
  expect((await system.change({ mealGrams: 120 })).status).toBe(200);
  system.plc.panel.set('mealGrams', 40);
  await eventually(async () => ((await system.config()).values['mealGrams'] === 40 ? true : undefined));
  const [alarm] = await eventually(async () => {
    const found = await alarms();
    return found.length > 0 ? found : undefined;
  }, 15_000);
  expect(alarm).toMatchObject({
    name: 'configChangedOnPanel',
    state: 'open',
    detail: 'changed at the PLC itself, by no command: mealGrams 120 g -> 40 g',
  });
  expect((await system.bridge.rest('POST', `/feeders/pond-1/alarms/${alarm?.alarmId}/acknowledge`)).status).toBe(200);
  // What was acknowledged is accepted: the next change is another alarm, from there.
  system.plc.panel.set('mealGrams', 30);
  const [next, former, ...none] = await eventually(async () => {
    const found = await alarms();
    return found.length > 1 ? found : undefined;
  }, 15_000);
  expect(next).toMatchObject({ state: 'open', detail: 'changed at the PLC itself, by no command: mealGrams 40 g -> 30 g' });
  expect(former).toMatchObject({ state: 'cleared', alarmId: alarm?.alarmId });
  expect(none).toEqual([]);
});
