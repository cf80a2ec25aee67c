import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ModbusConnection } from '../agent/modbus/connection.ts';
import { ConfigChange, type ChangeControls } from '../agent/plc/config-change.ts';
import { Overtaken } from '../agent/plc/controls.ts';
import { Plc } from '../agent/plc/plc.ts';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { eventually } from './support/bridge.ts';
import { openSystem, ProblemBody, readMap, type WholeSystem } from './support/whole-system.ts';

const PLC_TIMEOUT_MS = 150;
const ACK_TIMEOUT_MS = 1_200;

describe('a PLC that does not answer as it should', () => {
  let system: WholeSystem;
  beforeAll(async () => {
    system = await openSystem({ plcTimeoutMs: PLC_TIMEOUT_MS, ackTimeoutMs: ACK_TIMEOUT_MS, pollSeconds: 3600 });
  });
  afterAll(() => system.dispose());
  beforeEach(async () => {
    system.plc.faults.clear();
    await eventually(async () => ((await system.change({ mealGrams: 100, spreaderPercent: 60 })).status === 200 ? true : undefined));
    system.plc.writes.length = 0;
  });
  const acted = () => system.plc.writes.map(({ acted, address, values }) => [acted, address, ...values]);
  /** The command that the answer to an overdue change names. */
  const unresolved = async (answer: ReturnType<WholeSystem['change']>): Promise<string> => {
    const { status, body } = await answer;
    expect(status).toBe(504);
    const { code, commandId } = ProblemBody.parse(body);
    expect(code).toBe('command-unresolved');
    return commandId ?? '';
  };

  it('loses a write: it is written again in time', async () => {
    system.plc.faults.silence({ mode: 'swallow', meets: 'write', times: 1 });
    const { status, body } = await system.change({ mealGrams: 200 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ readBack: { mealGrams: 200 }, previous: { mealGrams: 100 } });
    expect(acted()).toEqual([[false, 0, 200], [true, 0, 200]]);
  });

  it('loses the answer to a write: what it holds tells, and nothing is written twice', async () => {
    system.plc.faults.silence({ mode: 'act', meets: 'write', times: 1 });
    const { status, body } = await system.change({ mealGrams: 200 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ readBack: { mealGrams: 200 } });
    expect(acted()).toEqual([[true, 0, 200]]);
  });

  it('loses a write and falls silent past the deadline: expired, once it can be read', async () => {
    system.plc.faults.silence({ mode: 'swallow', meets: 'write' });
    const answer = system.change({ mealGrams: 200 });
    await eventually(() => (system.plc.writes.length > 0 ? true : undefined));
    system.plc.faults.silence({ mode: 'swallow' });
    const commandId = await unresolved(answer);
    expect(await system.commands()).toContainEqual(expect.objectContaining({ commandId, state: 'unresolved' }));
    system.plc.faults.clear();
    expect(await system.outcome(commandId)).toMatchObject({ state: 'expired', reason: { code: 'expired' }, readBack: { mealGrams: 100 } });
    expect(acted().every(([did]) => did === false)).toBe(true);
  });

  it('acts on a write and falls silent past the deadline: applied, once it can be read', async () => {
    system.plc.faults.silence({ mode: 'act', meets: 'write' });
    const answer = system.change({ mealGrams: 200 });
    await eventually(() => (system.plc.writes.length > 0 ? true : undefined));
    system.plc.faults.silence({ mode: 'swallow' });
    const commandId = await unresolved(answer);
    system.plc.faults.clear();
    expect(await system.outcome(commandId)).toMatchObject({ state: 'applied', readBack: { mealGrams: 200 } });
    expect((await system.config()).values['mealGrams']).toBe(200);
    expect(acted()).toEqual([[true, 0, 200]]);
  });

  it('falls silent between two writes past the deadline: put back, once it can be read', async () => {
    system.plc.faults.delay({ ms: 100, meets: 'write', times: 1 });
    const answer = system.change({ mealGrams: 200, spreaderPercent: 70 });
    await eventually(() => (system.plc.writes.length === 1 ? true : undefined));
    system.plc.faults.silence({ mode: 'swallow' });
    const commandId = await unresolved(answer);
    system.plc.faults.clear();
    expect(await system.outcome(commandId)).toMatchObject({
      state: 'rejected',
      reason: { code: 'expired' },
      readBack: { mealGrams: 100, spreaderPercent: 60 },
    });
    expect(system.plc.panel.get('mealGrams')).toBe(100);
  });

  it('is set on its panel while silent, to neither value: indeterminate, and left as it is', async () => {
    system.plc.faults.silence({ mode: 'swallow', meets: 'write' });
    const answer = system.change({ mealGrams: 200 });
    await eventually(() => (system.plc.writes.length > 0 ? true : undefined));
    system.plc.panel.set('mealGrams', 55);
    system.plc.faults.clear();
    const { status, body } = await answer;
    expect([status, ProblemBody.parse(body).code]).toEqual([502, 'command-indeterminate']);
    expect(system.plc.panel.get('mealGrams')).toBe(55);
  });

  it('is silent from the start: plc-unreachable, and nothing went out', async () => {
    system.plc.faults.silence({ mode: 'swallow' });
    const { status, body } = await system.change({ mealGrams: 200 });
    expect(status).toBe(502);
    expect(body).toMatchObject({ reason: { code: 'plc-unreachable' } });
    expect(acted()).toEqual([]);
  });

  it('answers reads with exceptions after a write: nobody can tell', async () => {
    system.plc.faults.delay({ ms: 80, meets: 'write', times: 1 });
    const answer = system.change({ mealGrams: 200 });
    await eventually(() => (system.plc.writes.length === 1 ? true : undefined));
    system.plc.faults.exception('mealGrams', 4, 'read');
    expect(await system.outcome(ProblemBody.parse((await answer).body).commandId ?? '')).toMatchObject({ state: 'indeterminate', readBack: null });
  });

  it('at its worst, it never gets a wrong outcome told of it', async () => {
    const faults = [
      () => system.plc.faults.silence({ mode: 'swallow', meets: 'write', times: 1 }),
      () => system.plc.faults.silence({ mode: 'act', meets: 'any', times: 2 }),
      () => system.plc.faults.silence({ mode: 'swallow', meets: 'read', times: 3 }),
      () => system.plc.faults.delay({ ms: PLC_TIMEOUT_MS + 30, times: 2 }),
      () => system.plc.faults.exception('spreaderPercent', 6, 'write'),
      () => system.plc.dropConnections(),
      () => undefined,
    ];
    for (let round = 0; round < 20; round += 1) {
      const before = { mealGrams: system.plc.panel.get('mealGrams'), spreaderPercent: system.plc.panel.get('spreaderPercent') };
      const target = { mealGrams: 300 + round, spreaderPercent: round };
      const answer = system.change(target);
      // At a moment of the change that nobody chose.
      setTimeout(() => faults[round % faults.length]?.(), Math.random() * 8);
      const { body } = await answer;
      system.plc.faults.clear();
      const { state, readBack } = await system.outcome(ProblemBody.partial().parse(body).commandId ?? '');
      const held = { mealGrams: system.plc.panel.get('mealGrams'), spreaderPercent: system.plc.panel.get('spreaderPercent') };
      expect(held, `after ${state} in round ${round}`).toEqual(state === 'applied' ? target : before);
      if (readBack) expect(readBack).toEqual(held);
    }
  });
});

describe('a slow PLC', () => {
  it('that answers in time is waited for; a deadline between two writes has the first one put back', async () => {
    const system = await openSystem({ plcTimeoutMs: 3_000, ackTimeoutMs: 1_500, pollSeconds: 3600 });
    try {
      system.plc.faults.delay({ ms: 100, times: 3 });
      expect((await system.change({ mealGrams: 150 })).status).toBe(200);
      system.plc.faults.delay({ ms: 1_700, meets: 'write', times: 1 });
      const { status, body } = await system.change({ mealGrams: 200, spreaderPercent: 70 });
      expect(status).toBe(504);
      expect(await system.outcome(ProblemBody.parse(body).commandId ?? '')).toMatchObject({
        state: 'rejected',
        reason: { code: 'expired' },
        readBack: { mealGrams: 150, spreaderPercent: 60 },
      });
      expect(system.plc.writesOf('spreaderPercent')).toBe(0);
      expect(system.plc.panel.get('mealGrams')).toBe(150);
    } finally {
      await system.dispose();
    }
  });
});

let simulated: SimulatedPlc;
let connection: ModbusConnection;
let plc: Plc;
async function startAlone(): Promise<void> {
  const map = await readMap();
  simulated = await SimulatedPlc.start({ map, port: 0 });
  connection = new ModbusConnection({ host: '127.0.0.1', port: simulated.port, timeoutMs: 100 });
  plc = new Plc(connection, 1, map);
}
async function stopAlone(): Promise<void> {
  await connection.close();
  await simulated.stop();
}
const CONTROLS: ChangeControls = {
  isInTime: () => true,
  timeKnown: () => Promise.resolve(),
  begin: () => Promise.resolve(),
  hasRead: () => undefined,
  reached: () => undefined,
  pause: () => Promise.resolve(),
};

describe('a PLC that is busy after a write', () => {
  beforeEach(startAlone);
  afterEach(stopAlone);
  const BUSY = 6;
  /** Far more often than a PLC is asked that refuses. */
  const OFTEN = 8;
  const MANY = { mealGrams: 200, spreaderPercent: 70 };
  const before = { mealGrams: 100, spreaderPercent: 60 };

  /** `pause` has the PLC answer again when it has been busy often enough. */
  const untilOften = () => {
    let pauses = 0;
    return () => {
      if ((pauses += 1) === OFTEN) simulated.faults.clear();
      return Promise.resolve();
    };
  };

  it('is asked for as long as that lasts; any other exception is tried three times', async () => {
    for (const [code, outcome] of [[BUSY, 'applied'], [4, 'indeterminate']] as const) {
      const refuse = () => simulated.faults.exception('mealGrams', code, 'read');
      const controls = { ...CONTROLS, pause: untilOften(), reached: (point: string) => point === 'written' && refuse() };
      expect(await new ConfigChange(plc, { changes: { mealGrams: 200 } }, controls).run()).toMatchObject({ outcome });
      simulated.faults.clear();
    }
  });

  it('has what was written put back when it no longer is', async () => {
    simulated.faults.exception('spreaderPercent', 4, 'write');
    const busy = () => simulated.faults.exception('mealGrams', BUSY, 'write');
    const controls = { ...CONTROLS, pause: untilOften(), reached: (point: string) => point === 'written' && busy() };
    const result = await new ConfigChange(plc, { changes: MANY }, controls).run();
    expect(result).toMatchObject({ outcome: 'rejected', reason: { code: 'plc-exception', exceptionCode: 4 }, readBack: before });
  });

  it('is waited for too by a change that is only compared with what it holds', async () => {
    for (const [code, outcome] of [[BUSY, 'applied'], [4, 'indeterminate']] as const) {
      simulated.faults.exception('mealGrams', code, 'read');
      const change = new ConfigChange(plc, { changes: before }, { ...CONTROLS, pause: untilOften() });
      expect(await change.compare()).toMatchObject({ outcome });
      simulated.faults.clear();
    }
  });
});

describe("a change without the bridge's time", () => {
  beforeEach(startAlone);
  afterEach(stopAlone);

  /** The time is lost at `lostAt`, and known again when the change waits for it. */
  const run = (lostAt: 'read' | 'writing', isInTimeThen: boolean) => {
    let inTime: boolean | undefined = true;
    const lose = () => (inTime = undefined);
    let isLost = false;
    const loseOnce = (point: string) => {
      if (point === lostAt && !isLost) lose();
      isLost ||= point === lostAt;
    };
    return new ConfigChange(plc, { changes: { mealGrams: 200 } }, {
      ...CONTROLS,
      isInTime: () => inTime,
      timeKnown: () => {
        inTime ??= isInTimeThen;
        return Promise.resolve();
      },
      hasRead: () => loseOnce('read'),
      reached: loseOnce,
    }).run();
  };

  it.each(['read', 'writing'] as const)('lost at %s waits, and goes on if it is still in time', async (lostAt) => {
    if (lostAt === 'writing') simulated.faults.silence({ mode: 'swallow', meets: 'write', times: 1 });
    expect(await run(lostAt, true)).toMatchObject({ outcome: 'applied' });
    expect(simulated.writes).toHaveLength(lostAt === 'read' ? 1 : 2);
  });

  it.each(['read', 'writing'] as const)('lost at %s waits, and has expired if it is late by then', async (lostAt) => {
    if (lostAt === 'writing') simulated.faults.silence({ mode: 'swallow', meets: 'write', times: 1 });
    expect(await run(lostAt, false)).toMatchObject({ outcome: 'expired' });
    expect(simulated.writes).toHaveLength(lostAt === 'read' ? 0 : 1);
  });

  it('that a pause overtakes before it is begun is left as it was', async () => {
    const begin = () => Promise.reject(new Overtaken('a pause came first'));
    await expect(new ConfigChange(plc, { changes: { mealGrams: 200 } }, { ...CONTROLS, begin }).run()).rejects.toThrow(Overtaken);
    expect(simulated.writes).toEqual([]);
  });
});

describe('a change whose deadline falls between two tries, when the first part of it has arrived', () => {
  beforeEach(startAlone);
  afterEach(stopAlone);

  /** Changes two values, of which the first arrives unanswered; `pause` is what happens before each next try. */
  const run = (pause: (number: number) => Promise<void>, isInTime: () => boolean) => {
    let pauses = 0;
    simulated.faults.silence({ mode: 'act', meets: 'write', times: 1 });
    return new ConfigChange(plc, { changes: { mealGrams: 200, spreaderPercent: 70 } }, {
      ...CONTROLS,
      isInTime,
      pause: () => pause((pauses += 1)),
    }).run();
  };
  /** The same, where the deadline is all that happens, and `then` what comes right after it. */
  const runPastDeadline = (then: () => void) => {
    let inTime = true;
    const pause = () => {
      inTime = false;
      then();
      return Promise.resolve();
    };
    return run(pause, () => inTime);
  };
  const before = { mealGrams: 100, spreaderPercent: 60 };

  it('never goes out where the deadline passes while it waits behind a poll', async () => {
    let inTime = true;
    const begin = () => {
      simulated.faults.delay({ ms: 50, times: 1 });
      void plc.readConfig(['intervalSeconds'], 'read');
      setTimeout(() => (inTime = false), 1);
      return Promise.resolve();
    };
    const controls = { ...CONTROLS, isInTime: () => inTime, begin };
    const result = await new ConfigChange(plc, { changes: { mealGrams: 200 } }, controls).run();
    expect(result).toMatchObject({ outcome: 'expired', reason: { code: 'expired' } });
    expect(simulated.writes).toEqual([]);
  });

  it('is put back for being late', async () => {
    const result = await runPastDeadline(() => undefined);
    expect(result).toMatchObject({ outcome: 'rejected', reason: { code: 'expired' }, readBack: before, previous: before });
  });

  it('is put back for being late also where the PLC was out of reach for the second try', async () => {
    let inTime = true;
    const reach = () => plc.readConfig(['mealGrams'], 'read').then(() => 'reached', () => 'out of reach');
    const result = await run(async (pause) => {
      if (pause === 1) {
        await simulated.disconnect();
        await expect.poll(reach).toBe('out of reach');
      } else if (pause === 2) {
        inTime = false;
        await simulated.reconnect();
      } else {
        // The connection's back-off has to end.
        await delay(20);
      }
    }, () => inTime);
    expect(result).toMatchObject({ outcome: 'rejected', reason: { code: 'expired' }, readBack: before, previous: before });
    expect(simulated.writesOf('spreaderPercent')).toBe(0);
  });

  it.each([
    ['stays at its target', 200, () => simulated.faults.stick('mealGrams')],
    ['becomes neither', 150, () => simulated.faults.clamp('mealGrams', { min: 150 })],
  ])('cannot be told where, put back, it %s', async (_, mealGrams, spoil) => {
    const result = await runPastDeadline(spoil);
    expect(result).toEqual({ outcome: 'indeterminate', readBack: { ...before, mealGrams }, previous: before });
  });
});
