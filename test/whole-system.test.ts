import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { POINTS, type PointReached } from '../machine/points.ts';
import { openSystem, ProblemBody, type WholeSystem } from './support/whole-system.ts';

const Reached = z.object({ point: z.enum(POINTS), commandId: z.string() });

describe('bridge, agent and PLC', () => {
  let system: WholeSystem;
  beforeAll(async () => {
    system = await openSystem();
  });
  afterAll(() => system.dispose());
  beforeEach(() => {
    system.plc.faults.clear();
    system.plc.writes.length = 0;
  });

  it('carry a change from REST into the registers, and tell what was read back', async () => {
    const before = await system.config();
    const { status, headers, body } = await system.change({ mealGrams: 120, temperatureStopCelsius: -4.5 });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      state: 'applied',
      readBack: { mealGrams: 120, temperatureStopCelsius: -4.5 },
      previous: { mealGrams: before.values['mealGrams'], temperatureStopCelsius: before.values['temperatureStopCelsius'] },
    });
    expect(system.plc.panel.get('mealGrams')).toBe(120);
    expect(system.plc.panel.get('temperatureStopCelsius')).toBe(-4.5);
    const config = await system.config();
    expect(config).toMatchObject({ source: 'command', values: { mealGrams: 120, temperatureStopCelsius: -4.5 } });
    expect(config.etag).toBe(headers.get('etag'));
    expect(config.version).toBeGreaterThan(before.version);
  });

  it('tell each point of a command\'s life as it comes there', async () => {
    const told: PointReached[] = [];
    const listener = (message: unknown): number => told.push(Reached.parse(message));
    subscribe('feederbridge.command', listener);
    onTestFinished(() => void unsubscribe('feederbridge.command', listener));
    const { body } = await system.change({ mealGrams: 125 });
    const { commandId } = z.object({ commandId: z.string() }).parse(body);
    await expect.poll(() => told.at(-1)?.point).toBe('answered');
    const points = told.filter((each) => each.commandId === commandId).map(({ point }) => point);
    expect(points.toSorted()).toEqual([...POINTS].toSorted());
    // Either program comes to its own in order; between the two there is a line.
    const ofAgent = POINTS.slice(POINTS.indexOf('received'), POINTS.indexOf('acked') + 1);
    expect(points.filter((point) => ofAgent.includes(point))).toEqual(ofAgent);
    expect(points.filter((point) => !ofAgent.includes(point))).toEqual(POINTS.filter((point) => !ofAgent.includes(point)));
  });

  it('write neighbours in one request, and everything again that is as asked already', async () => {
    const changes = { mealGrams: 130, intervalSeconds: 7200, dailyLimitGrams: 70_000, windowStartMinute: 400 };
    expect((await system.change(changes)).status).toBe(200);
    expect((await system.change(changes)).status).toBe(200);
    const request = { table: 'holding', address: 0, values: [130, 0, 7200, 1, 4464, 400] };
    expect(system.plc.writes).toMatchObject([request, request]);
  });

  it('stop feeding before anything else changes, and start it when all else is in place', async () => {
    expect((await system.change({ feedingEnabled: false, mealGrams: 90, spreaderPercent: 50 })).status).toBe(200);
    expect((await system.change({ feedingEnabled: true, mealGrams: 95, spreaderPercent: 55 })).status).toBe(200);
    expect(system.plc.writes.map(({ table, address }) => [table, address])).toEqual([
      ['coil', 0], ['holding', 0], ['holding', 7],
      ['holding', 0], ['holding', 7], ['coil', 0],
    ]);
  });

  it('pause and resume by the same way', async () => {
    for (const [kind, feedingEnabled] of [['pause', false], ['resume', true]] as const) {
      const { status, body } = await system.bridge.rest('POST', '/feeders/pond-1/commands', { body: { kind } });
      expect(status).toBe(200);
      expect(body).toMatchObject({ state: 'applied', readBack: { feedingEnabled } });
      expect(system.plc.panel.get('feedingEnabled')).toBe(feedingEnabled);
    }
  });

  it('refuse at the door what the profile does not allow, and nothing reaches the PLC', async () => {
    for (const changes of [{ mealGrams: 5001 }, { oxygenStopMgPerLitre: 0.05 }, { feedingEnabled: 1 }, { nope: 1 }]) {
      const { status } = await system.change(changes);
      expect(status).toBe(422);
    }
    expect(system.plc.writes).toEqual([]);
  });

  it('end changes made at once with PLC, store and ETag agreeing, time and again', async () => {
    for (let round = 0; round < 30; round++) {
      const answers = await Promise.all([120, 121, 122, 123, 124].map((mealGrams) => system.change({ mealGrams })));
      expect(answers.some(({ status }) => status === 200)).toBe(true);
      for (const { status, body } of answers) {
        if (status !== 200) expect([status, ProblemBody.parse(body).code]).toEqual([409, 'command-superseded']);
      }
      const last = Number(system.plc.panel.get('mealGrams'));
      const config = await system.config();
      expect(config.values['mealGrams']).toBe(last);
      expect(answers[last - 120]?.headers.get('etag')).toBe(config.etag);
    }
  });

  it('go on after the agent was stopped and started: the bridge knows at once, and refuses meanwhile', async () => {
    await system.stopAgent();
    const refused = await system.change({ mealGrams: 140 });
    expect([refused.status, ProblemBody.parse(refused.body).code]).toEqual([409, 'feeder-offline']);
    expect(system.plc.writes).toEqual([]);
    const { body } = await system.bridge.rest('GET', '/feeders/pond-1');
    expect(body).toMatchObject({ presence: 'offline', plc: 'unknown' });
    await system.startAgent();
    await expect.poll(async () => (await system.change({ mealGrams: 141 })).status, { timeout: 5_000 }).toBe(200);
    expect(system.plc.panel.get('mealGrams')).toBe(141);
  });
});
