import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../src/alarms/thresholds.ts';
import { openTestBridge, type TestBridge } from './support/bridge.ts';
import { problemIn } from './support/rest-shapes.ts';

let bridge: TestBridge;
beforeAll(async () => {
  bridge = await openTestBridge();
});
afterAll(() => bridge.dispose());

const path = '/feeders/pond-1/alarm-thresholds';
const patch = (body: unknown) => bridge.rest('PATCH', path, { body });

it('are the defaults until somebody changes them, and are kept across a restart', async () => {
  await bridge.enrol('pond-1');
  expect((await bridge.rest('GET', path)).body).toEqual(DEFAULT_THRESHOLDS);
  const changed = { ...DEFAULT_THRESHOLDS, hopperDaysLeft: 5, agentLostMinutes: null };
  expect(await patch({ hopperDaysLeft: 5, agentLostMinutes: null })).toMatchObject({ status: 200, body: changed });
  await bridge.restart();
  expect((await bridge.rest('GET', path)).body).toEqual(changed);
  expect((await patch({ hopperDaysLeft: 3, agentLostMinutes: 5 })).body).toEqual(DEFAULT_THRESHOLDS);
});

it('that are no such thresholds, or none a feeder could have, are not taken, and nothing is changed', async () => {
  await bridge.enrol('pond-2');
  const errorsOf = async (body: unknown, code: string) => problemIn(await patch(body), 422, code).errors;
  expect(await errorsOf({ mealsMissed: 3, lightHours: 1 }, 'unsupported-parameter')).toMatchObject([{ pointer: '/lightHours' }]);
  expect(await errorsOf({ mealsMissed: 3, oxygenMinMgPerLitre: 21 }, 'out-of-range')).toMatchObject([
    { pointer: '/oxygenMinMgPerLitre', detail: 'expected 20 or less' },
  ]);
  expect(await errorsOf({ hopperDaysLeft: 'soon', mealsMissed: 0 }, 'invalid-config')).toMatchObject([
    { pointer: '/hopperDaysLeft', code: 'invalid-config' },
    { pointer: '/mealsMissed', code: 'out-of-range' },
  ]);
  expect(await errorsOf({ mealsMissed: 1.5 }, 'invalid-config')).toMatchObject([{ detail: 'expected a whole number, or null' }]);
  expect(await errorsOf({}, 'invalid-config')).toMatchObject([{ pointer: '' }]);
  expect(await errorsOf([], 'invalid-config')).toMatchObject([{ pointer: '' }]);
  expect((await bridge.rest('GET', path)).body).toEqual(DEFAULT_THRESHOLDS);
});

it('come anew with a feeder that was removed and comes back', async () => {
  await patch({ mealsMissed: 7 });
  await bridge.rest('DELETE', '/feeders/pond-1');
  await bridge.enrol('pond-1');
  expect((await bridge.rest('GET', path)).body).toEqual(DEFAULT_THRESHOLDS);
});
