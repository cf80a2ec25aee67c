import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ModbusConnection } from '../agent/modbus/connection.ts';
import { Plc } from '../agent/plc/plc.ts';
import { loadRegisterMap, type RegisterMap } from '../agent/plc/register-map.ts';
import { DEFAULT_SETTINGS, newFeeder, powerCycled, step, type FeederState, type ScanInputs } from '../agent/plc/simulator/feeder-model.ts';
import { runLine } from '../agent/plc/simulator/console.ts';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { formatProblems } from '../agent/yaml-file.ts';

const TIMEOUT_MS = 200;
const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

async function referenceMap(): Promise<RegisterMap> {
  const loaded = await loadRegisterMap('agent/register-maps/reference-feeder.yaml');
  if (!loaded.ok) throw new Error('expected the reference map to load');
  return loaded.map;
}

async function started(options: { speed?: number; unitId?: number } = {}): Promise<{ simulated: SimulatedPlc; plc: Plc; connection: ModbusConnection }> {
  const map = await referenceMap();
  const simulated = await SimulatedPlc.start({ map, port: 0, ...options });
  const connection = new ModbusConnection({ host: '127.0.0.1', port: simulated.port, timeoutMs: TIMEOUT_MS });
  endings.push(() => connection.close(), () => simulated.stop());
  return { simulated, plc: new Plc(connection, 1, map), connection };
}

/** Where the reference map has token and grams, and the coil that clears alarms. */
const [TOKEN, CLEAR_ALARMS] = [20, 10];
const askForDose = (connection: ModbusConnection, token: number, grams: number) => connection.writeWords(1, TOKEN, [token, grams]);
const mealsOf = async (plc: Plc) => (await plc.readReadings()).meals;

const change = async (plc: Plc, changes: Record<string, number | boolean>) => {
  for (const part of plc.planWrites(changes)) await plc.write(part);
};

describe('settings', () => {
  it('are read and written by name, neighbours in one request', async () => {
    const { simulated, plc } = await started();
    const before = await plc.readConfig('all', 'read');
    expect(before).toMatchObject({ mealGrams: 100, intervalSeconds: 3600, temperatureStopCelsius: 24, feedingEnabled: true });
    await change(plc, { intervalSeconds: 86400, mealGrams: 120, temperatureStopCelsius: -4.5, feedingEnabled: false });
    expect(simulated.writes.map(({ table, address, values }) => [table, address, values])).toEqual([
      ['coil', 0, [0]],
      ['holding', 0, [120, 1, 20864]],
      ['holding', 10, [65491]],
    ]);
    expect(await plc.readConfig(['mealGrams', 'temperatureStopCelsius'], 'write')).toEqual({ mealGrams: 120, temperatureStopCelsius: -4.5 });
    expect(simulated.panel.get('intervalSeconds')).toBe(86400);
    expect(simulated.writesOf('mealGrams')).toBe(1);
  });

  it('that the map has not, or whose value does not fit, are refused before anything is sent', async () => {
    const { simulated, plc } = await started();
    for (const changes of [{ nope: 1 }, { mealGrams: 70000 }, { mealGrams: true }, { feedingEnabled: 1 }, { mealGrams: 1.5 }, { constructor: 1 }]) {
      expect(() => plc.planWrites(changes)).toThrow(RangeError);
    }
    expect(simulated.writes).toHaveLength(0);
  });

  it('changed on the panel are seen', async () => {
    const { simulated, plc } = await started();
    simulated.panel.set('mealGrams', 333);
    expect(await plc.readConfig(['mealGrams'], 'read')).toEqual({ mealGrams: 333 });
    simulated.resetToDefaults();
    expect(await plc.readConfig(['mealGrams'], 'read')).toEqual({ mealGrams: 100 });
  });
});

describe('readings', () => {
  it('come with counters and alarms', async () => {
    const { simulated, plc, connection } = await started();
    simulated.panel.set('hopperGrams', 1500);
    simulated.panel.set('motorJam', true);
    expect(await plc.readReadings()).toMatchObject({
      values: { hopperGrams: 1500, mealsToday: 0, feeding: false },
      bad: [],
      meals: { count: 0, totalGrams: 0 },
      alarms: { hopperLow: true, motorJam: true },
    });
    await connection.writeBits(1, CLEAR_ALARMS, [true]);
    await expect.poll(async () => (await plc.readReadings()).alarms).toEqual({ hopperLow: true, motorJam: false });
  });

  it('cannot be set where they follow from others', async () => {
    const { simulated } = await started();
    expect(() => simulated.panel.set('hopperLow', true)).toThrow(/follows from/);
    expect(() => simulated.panel.set('hopperGrams', true)).toThrow(RangeError);
    expect(() => simulated.panel.set('nope', 1)).toThrow(RangeError);
  });
});

describe('a dose', () => {
  it('is fed once for its token, and survives a power cut as done', async () => {
    const { simulated, plc, connection } = await started({ speed: 100 });
    await askForDose(connection, 1, 50);
    await expect.poll(() => mealsOf(plc)).toEqual({ count: 1, totalGrams: 50 });
    await askForDose(connection, 1, 50);
    simulated.powerCycle();
    await expect.poll(() => mealsOf(plc).catch(() => undefined)).toEqual({ count: 1, totalGrams: 50 });
    expect(simulated.show()).toMatchObject({ token: 1, lastToken: 1, refused: 0, count: 1, totalGrams: 50 });
  });

  it('is refused and counted where the motor is jammed', async () => {
    const { simulated, plc, connection } = await started();
    simulated.panel.set('motorJam', true);
    await askForDose(connection, 7, 50);
    await expect.poll(() => simulated.show()).toMatchObject({ token: 7, lastToken: 7, refused: 1 });
    expect(await mealsOf(plc)).toEqual({ count: 0, totalGrams: 0 });
  });
});

describe('faults', () => {
  it('refuse a register with an exception that names the parameters', async () => {
    const { simulated, plc } = await started();
    simulated.faults.exception('mealGrams', 4, 'write');
    await expect(change(plc, { mealGrams: 1, intervalSeconds: 60 })).rejects.toMatchObject({
      failure: { code: 'exception', exceptionCode: 4 },
      parameters: ['mealGrams', 'intervalSeconds'],
    });
    expect(await plc.readConfig(['mealGrams'], 'read')).toEqual({ mealGrams: 100 });
    simulated.faults.clear();
    await change(plc, { mealGrams: 1 });
    expect(simulated.writes.map(({ acted }) => acted)).toEqual([false, true]);
  });

  it('keep silent, having acted or not', async () => {
    const { simulated, plc } = await started();
    simulated.faults.silence({ mode: 'swallow', times: 1 });
    await expect(change(plc, { mealGrams: 1 })).rejects.toMatchObject({ code: 'no-answer' });
    expect(simulated.panel.get('mealGrams')).toBe(100);
    simulated.faults.silence({ mode: 'act', meets: 'write', times: 1 });
    await expect(change(plc, { mealGrams: 2 })).rejects.toMatchObject({ code: 'no-answer' });
    expect(await plc.readConfig(['mealGrams'], 'read')).toEqual({ mealGrams: 2 });
  });

  it('answer late, and the late answer is credited to nobody', async () => {
    const { simulated, plc } = await started();
    simulated.faults.delay({ ms: TIMEOUT_MS + 50, times: 1 });
    await expect(plc.readConfig(['mealGrams'], 'read')).rejects.toMatchObject({ code: 'no-answer' });
    expect(await plc.readConfig(['intervalSeconds'], 'read')).toEqual({ intervalSeconds: 3600 });
  });

  it('hold on to the old value, or clamp the new one', async () => {
    const { simulated, plc } = await started();
    simulated.faults.stick('mealGrams');
    simulated.faults.clamp('intervalSeconds', { max: 600 });
    await change(plc, { mealGrams: 1, intervalSeconds: 7200 });
    expect(await plc.readConfig(['mealGrams', 'intervalSeconds'], 'read')).toEqual({ mealGrams: 100, intervalSeconds: 600 });
  });

  it('refuse connections, and take them again on the same port', async () => {
    const { simulated, plc } = await started();
    await plc.readConfig('all', 'read');
    await simulated.disconnect();
    await expect.poll(() => plc.readConfig('all', 'read').catch((error: unknown) => error)).toMatchObject({ code: 'unreachable' });
    await simulated.reconnect();
    await expect.poll(() => plc.readConfig(['mealGrams'], 'read').catch(() => undefined)).toEqual({ mealGrams: 100 });
  });
});

describe('requests it must refuse', () => {
  it('are those to addresses that do not exist, and to other units', async () => {
    const { connection } = await started({ unitId: 5 });
    await expect(connection.readWords(5, 'holding', 10, 3, 'read')).rejects.toMatchObject({ failure: { exceptionCode: 2 } });
    await expect(connection.readBits(5, 'discrete', 50, 1, 'read')).rejects.toMatchObject({ failure: { exceptionCode: 2 } });
    await expect(connection.readWords(4, 'holding', 0, 1, 'read')).rejects.toMatchObject({ failure: { exceptionCode: 11 } });
    expect(await connection.readWords(5, 'holding', 9, 2, 'read')).toEqual([50, 240]);
  });
});

describe('another map', () => {
  it('is served as well: from one, low word first, with names the feeder does not know', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'other-map-')), 'map.yaml');
    endings.push(() => rm(dirname(file), { recursive: true }));
    await writeFile(file, [
      'name: other', 'addressing: one', 'wordOrder: little', 'config:',
      '  mealGrams: { table: holding, address: 1, type: float32, min: 0, max: 100 }',
      '  paddleAngle: { table: holding, address: 3, type: int32, unit: °, scale: 0.5, offset: 10, min: 20, max: 90 }',
      '  lampOn: { table: coil, address: 1, type: bool }',
      'readings:',
      '  motorJam: { table: input, address: 1, type: uint16 }',
      '  waterTemperatureCelsius: { table: input, address: 2, type: float32 }',
      'meals:',
      '  count: { table: input, address: 10, type: uint16 }',
      '  totalGrams: { table: input, address: 11, type: uint16, scale: 10 }',
    ].join('\n'));
    const loaded = await loadRegisterMap(file);
    if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
    const simulated = await SimulatedPlc.start({ map: loaded.map, port: 0 });
    const connection = new ModbusConnection({ host: '127.0.0.1', port: simulated.port, timeoutMs: TIMEOUT_MS });
    endings.push(() => connection.close(), () => simulated.stop());
    const plc = new Plc(connection, 1, loaded.map);
    expect(await plc.readConfig('all', 'read')).toEqual({ mealGrams: 100, paddleAngle: 20, lampOn: false });
    await change(plc, { mealGrams: 0.1, paddleAngle: 70.5, lampOn: true });
    expect(simulated.writes.map(({ address, values }) => [address, values])).toEqual([[0, [1]], [0, [0xcccd, 0x3dcc, 121, 0]]]);
    expect(await plc.readConfig('all', 'read')).toEqual({ mealGrams: 0.1, paddleAngle: 70.5, lampOn: true });
    // The counter wraps at its sixteen bits of ten grams.
    simulated.panel.set('totalGrams', 655_370);
    const { values, meals, alarms } = await plc.readReadings();
    expect({ values, meals, alarms }).toMatchObject({ values: { motorJam: 0 }, meals: { count: 0, totalGrams: 10 }, alarms: {} });
    expect(values['waterTemperatureCelsius']).toBeCloseTo(14, 1);
  });
});

describe('the line console', () => {
  it('does what a person types, and says what it did not understand', async () => {
    const { simulated } = await started();
    expect(await runLine(simulated, 'set mealGrams 120')).toBe('mealGrams = 120');
    expect(await runLine(simulated, ' show ')).toContain('mealGrams = 120');
    expect(await runLine(simulated, '')).toBe('');
    expect(await runLine(simulated, 'fault disconnect on')).toBe('fault disconnect on');
    expect(await runLine(simulated, 'fault off')).toBe('fault off');
    for (const line of ['fly', 'set mealGrams', 'set mealGrams x', 'set nope 1', 'fault', 'fault silence', 'fault stick x on', 'feed', 'constructor']) {
      await expect(runLine(simulated, line), line).rejects.toThrow(RangeError);
    }
  });
});

describe('the feeder', () => {
  const NOON = 12 * 3600;
  const inputs = (more: Partial<ScanInputs> = {}): ScanInputs => ({ settings: DEFAULT_SETTINGS, clearAlarms: false, dose: undefined, ...more });
  const running: FeederState = { ...newFeeder(NOON), isFirstScan: false };

  it('feeds by its schedule up to the daily limit, within the window, while enabled', () => {
    const day = (more: Partial<typeof DEFAULT_SETTINGS>) =>
      step({ ...running, secondOfDay: 0 }, inputs({ settings: { ...DEFAULT_SETTINGS, ...more } }), 86_399);
    expect(day({}).mealsToday).toBe(14);
    expect(day({ dailyLimitGrams: 550 })).toMatchObject({ mealsToday: 5, dispensedTodayGrams: 500 });
    expect(day({ feedingEnabled: false }).mealsToday).toBe(0);
    expect(day({ windowStartMinute: 1200, windowEndMinute: 120 }).mealsToday).toBeGreaterThan(3);
    expect(day({ oxygenStopMgPerLitre: 20 }).mealsToday).toBe(0);
  });

  it('takes a token exactly when it lies 1 to 32767 ahead, and each only once', () => {
    const tokens = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(tokens, tokens, (token, lastToken) => {
        const before = { ...running, lastToken };
        const dose = { token, grams: 10, canRefuse: true };
        const after = step(before, inputs({ dose }), 0);
        const ahead = (token - lastToken + 0x10000) % 0x10000;
        const isTaken = ahead >= 1 && ahead <= 32767;
        expect(after.lastToken).toBe(isTaken ? token : lastToken);
        expect(after.feeding !== undefined).toBe(isTaken);
        expect(step(after, inputs({ dose }), 0).feeding).toEqual(after.feeding);
        expect(step(powerCycled(before), inputs({ dose }), 0)).toMatchObject({ refused: isTaken ? 1 : 0, feeding: undefined });
      }),
      { numRuns: 2000 },
    );
  });

  it('loses no gram between hopper and counters, power cuts included', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('scan' as const), seconds: fc.integer({ min: 0, max: 4000 }) }),
      fc.record({ kind: fc.constant('dose' as const), grams: fc.integer({ min: 1, max: 900 }) }),
      fc.record({ kind: fc.constant('power' as const) }),
    );
    const rate = { settings: { ...DEFAULT_SETTINGS, doseRateGramsPerSecond: 7 } };
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        let state = running;
        let token = 0;
        for (const one of events) {
          if (one.kind === 'power') state = powerCycled(state);
          if (one.kind === 'scan') state = step(state, inputs(rate), one.seconds);
          if (one.kind === 'dose') state = step(state, inputs({ ...rate, dose: { token: (token += 1), grams: one.grams, canRefuse: true } }), 1);
        }
        const underWay = state.feeding?.doneGrams ?? 0;
        expect(running.hopperGrams - state.hopperGrams).toBeCloseTo(state.totalGrams + underWay, 6);
      }),
      { numRuns: 200 },
    );
  });
});
