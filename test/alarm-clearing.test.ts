import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModbusConnection } from '../agent/modbus/connection.ts';
import { AlarmClearing, type AlarmClearingControls } from '../agent/plc/alarm-clearing.ts';
import { Overtaken } from '../agent/plc/controls.ts';
import { Plc } from '../agent/plc/plc.ts';
import type { RegisterMap } from '../agent/plc/register-map.ts';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { readMap } from './support/whole-system.ts';

let simulated: SimulatedPlc;
let connection: ModbusConnection;
let map: RegisterMap;
let inTime: boolean | undefined;
beforeEach(async () => {
  inTime = true;
  map = await readMap();
  await start();
});
const end = async () => {
  await connection.close();
  await simulated.stop();
};
afterEach(end);
async function start(): Promise<void> {
  simulated = await SimulatedPlc.start({ map, port: 0 });
  simulated.panel.set('motorJam', true);
  connection = new ModbusConnection({ host: '127.0.0.1', port: simulated.port, timeoutMs: 150 });
}

const clearing = (its: RegisterMap = map, more: Partial<AlarmClearingControls> = {}) =>
  new AlarmClearing(new Plc(connection, 1, its), {
    isInTime: () => inTime,
    timeKnown: () => Promise.resolve(),
    begin: () => Promise.resolve(),
    pause: (ms) => delay(Math.min(ms, 10)),
    reached: () => undefined,
    ...more,
  });
const late = () => (inTime = false);
const isJammed = () => simulated.panel.get('motorJam');
const orders = () => simulated.writes.map(({ acted }) => acted);

describe('the order to clear the alarms', () => {
  it('is journaled, written once, and done', async () => {
    const points: string[] = [];
    const begin = () => {
      points.push('begun');
      return Promise.resolve();
    };
    expect(await clearing(map, { begin, reached: (point) => points.push(point) }).run()).toEqual({ outcome: 'applied' });
    await expect.poll(isJammed).toBe(false);
    expect([points, orders()]).toEqual([['begun', 'writing', 'written'], [true]]);
  });

  it('goes to a holding register where the map says so', async () => {
    await end();
    map = { ...map, clearAlarms: { table: 'holding', address: 40, value: 7 } };
    await start();
    expect(await clearing().run()).toEqual({ outcome: 'applied' });
    expect(simulated.writes).toMatchObject([{ table: 'holding', address: 40, values: [7] }]);
    await expect.poll(isJammed).toBe(false);
  });

  it('that is lost, or whose answer is, is written again in time', async () => {
    simulated.faults.silence({ mode: 'swallow', times: 1 });
    expect(await clearing().run()).toEqual({ outcome: 'applied' });
    simulated.faults.silence({ mode: 'act', times: 1 });
    expect(await clearing().run()).toEqual({ outcome: 'applied' });
    expect(orders()).toEqual([false, true, true, true]);
  });

  it('without an answer until the deadline cannot be told', async () => {
    simulated.faults.silence({ mode: 'swallow' });
    expect(await clearing(map, { reached: late }).run()).toEqual({ outcome: 'indeterminate' });
    expect(orders()).toEqual([false]);
  });

  it('that the PLC refuses is rejected', async () => {
    const unknown: RegisterMap = { ...map, clearAlarms: { table: 'coil', address: 900, value: true } };
    expect(await clearing(unknown).run()).toMatchObject({ outcome: 'rejected', reason: { code: 'plc-exception', exceptionCode: 2 } });
  });

  it('to a PLC out of reach is rejected', async () => {
    await simulated.disconnect();
    await expect.poll(() => clearing().run()).toMatchObject({ outcome: 'rejected', reason: { code: 'plc-unreachable' } });
  });

  it.each([
    [true, { outcome: 'applied' }, [true]],
    [false, { outcome: 'expired' }, []],
  ])("without the bridge's time waits for it, then in time %s", async (isInTime, outcome, written) => {
    inTime = undefined;
    const begin = () => {
      expect(inTime).toBe(true);
      return Promise.resolve();
    };
    const timeKnown = () => Promise.resolve().then(() => void (inTime = isInTime));
    expect(await clearing(map, { begin, timeKnown }).run()).toMatchObject(outcome);
    expect(orders()).toEqual(written);
  });

  it('that a pause overtakes before it is begun is left as it was', async () => {
    const begin = () => Promise.reject(new Overtaken('a pause came first'));
    await expect(clearing(map, { begin }).run()).rejects.toThrow(Overtaken);
    expect(orders()).toEqual([]);
  });

  it('too late, or not journaled, is not written', async () => {
    const begin = () => Promise.reject(new Error('disk full'));
    expect(await clearing(map, { begin }).run()).toMatchObject({ outcome: 'rejected', reason: { code: 'journal-unavailable' } });
    const lateBegin = () => Promise.resolve().then(() => void late());
    expect(await clearing(map, { begin: lateBegin }).run()).toMatchObject({ outcome: 'expired' });
    expect(await clearing().run()).toMatchObject({ outcome: 'expired' });
    expect(orders()).toEqual([]);
  });
});

describe('an agent that starts again after the order', () => {
  it('writes it again in time', async () => {
    expect(await clearing().resume()).toEqual({ outcome: 'applied' });
    expect(orders()).toEqual([true]);
  });

  it.each([
    [true, { outcome: 'applied' }, [true]],
    [false, { outcome: 'indeterminate' }, []],
  ])("without the bridge's time waits for it, then in time %s", async (isInTime, outcome, written) => {
    inTime = undefined;
    const timeKnown = () => Promise.resolve().then(() => void (inTime = isInTime));
    expect(await clearing(map, { timeKnown }).resume()).toEqual(outcome);
    expect(orders()).toEqual(written);
  });

  it('cannot tell when it is late, or where the PLC refuses it now', async () => {
    const unknown: RegisterMap = { ...map, clearAlarms: { table: 'coil', address: 900, value: true } };
    expect(await clearing(unknown).resume()).toEqual({ outcome: 'indeterminate' });
    late();
    expect(await clearing().resume()).toEqual({ outcome: 'indeterminate' });
    expect(orders()).toEqual([false]);
  });
});
