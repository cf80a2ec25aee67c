import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BridgeTime } from '../agent/clock.ts';
import { machineClocks } from '../machine/clocks.ts';
import { ModbusConnection } from '../agent/modbus/connection.ts';
import { Plc } from '../agent/plc/plc.ts';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { Poller } from '../agent/poller.ts';
import { configWhen, openSystem, readMap, type WholeSystem } from './support/whole-system.ts';

const POLL_MS = 50;

describe('the panel', () => {
  let system: WholeSystem;
  beforeAll(async () => {
    system = await openSystem({ pollSeconds: POLL_MS / 1000 });
  });
  afterAll(() => system.dispose());
  beforeEach(() => system.plc.faults.clear());

  it('changes a value: told as local, and the ETag moves once', async () => {
    const before = await system.config();
    system.plc.panel.set('mealGrams', 77);
    const after = await configWhen(system, ({ values }) => values['mealGrams'] === 77);
    expect(after).toMatchObject({ source: 'local', version: before.version + 1 });
    const { status } = await system.change({ mealGrams: 78 }, { 'If-Match': before.etag });
    expect(status).toBe(412);
    expect(system.plc.panel.get('mealGrams')).toBe(77);
  });

  it('never seems to have been touched by changes from afar, however polls and writes overlap', async () => {
    const before = await system.config();
    const rounds = 60;
    for (let round = 0; round < rounds; round += 1) {
      system.plc.faults.delay({ ms: Math.floor(Math.random() * 8), times: 8 });
      const changes = { feedingEnabled: round % 2 === 0, mealGrams: 200 + round, spreaderPercent: round, temperatureStopCelsius: round / 2 };
      expect((await system.change(changes)).status).toBe(200);
    }
    system.plc.faults.clear();
    // A few polls more: what one of them mistook would be told by now.
    await delay(6 * POLL_MS);
    expect(await system.config()).toMatchObject({ version: before.version + rounds, source: 'command' });
  });

  it('is never overwritten under If-Match, seen by a poll or not yet', async () => {
    for (let round = 0; round < 50; round += 1) {
      const { etag } = await system.config();
      const name = round % 2 === 0 ? 'mealGrams' : 'spreaderPercent';
      const value = round % 2 === 0 ? 1000 + round : (round + 3) % 100;
      system.plc.panel.set(name, value);
      await delay(Math.random() * 1.2 * POLL_MS);
      const { status } = await system.change({ mealGrams: 500 }, { 'If-Match': etag });
      expect([round, status]).toEqual([round, 412]);
      expect(system.plc.panel.get(name)).toBe(value);
      await configWhen(system, (config) => config.values[name] === value && config.etag !== etag);
    }
    expect(system.plc.panel.get('mealGrams')).not.toBe(500);
  });

  it('moves the ETag also where a refused change was first to see it', async () => {
    await system.stopAgent();
    const slow = await openSystem({ pollSeconds: 3600 });
    try {
      const before = await slow.config();
      slow.plc.panel.set('mealGrams', 88);
      expect((await slow.change({ mealGrams: 99 }, { 'If-Match': before.etag })).status).toBe(412);
      const after = await configWhen(slow, ({ values }) => values['mealGrams'] === 88);
      expect(after).toMatchObject({ source: 'local', version: before.version + 2 });
      expect((await slow.change({ mealGrams: 99 }, { 'If-Match': after.etag })).status).toBe(200);
    } finally {
      await slow.dispose();
      await system.startAgent();
    }
  });
});

describe('a poll that fails in a way nobody foresaw', () => {
  it('is told, ends no polling, not even as the first one, and keeps nothing from being stopped', async () => {
    const map = await readMap();
    const simulated = await SimulatedPlc.start({ map, port: 0 });
    const connection = new ModbusConnection({ host: '127.0.0.1', port: simulated.port, timeoutMs: 200 });
    const clock = new BridgeTime(machineClocks, 20);
    const unforeseen = new Error('unforeseen');
    const problems: unknown[] = [];
    let heard = 0;
    let isFailing = true;
    const poller = new Poller({
      plc: new Plc(connection, 1, map),
      pollSeconds: 0.02,
      moment: () => clock.moment(),
      onConfig: () => undefined,
      onReadings: () => {
        heard += 1;
        if (isFailing) throw unforeseen;
      },
      onLink: () => undefined,
      onProblem: (error) => problems.push(error),
    });
    try {
      await poller.start();
      expect(problems).toEqual([unforeseen]);
      await expect.poll(() => problems.length).toBeGreaterThan(1);
      isFailing = false;
      const failed = problems.length;
      await expect.poll(() => heard).toBeGreaterThan(failed + 1);
      expect(problems.length).toBe(failed);
      isFailing = true;
      await expect.poll(() => problems.length).toBeGreaterThan(failed);
    } finally {
      await poller.stop();
      await connection.close();
      await simulated.stop();
    }
  });
});
