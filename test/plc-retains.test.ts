import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ModbusConnection } from '../agent/modbus/connection.ts';
import { Plc } from '../agent/plc/plc.ts';
import type { RegisterMap } from '../agent/plc/register-map.ts';
import { openRetainedMemory, Retained } from '../agent/plc/simulator/retained-memory.ts';
import { runLine } from '../agent/plc/simulator/console.ts';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { runChild } from './support/child-process.ts';
import { program } from './support/program.ts';
import { readMap, REFERENCE_MAP } from './support/whole-system.ts';

let map: RegisterMap;
let folder: string;
let file: string;
let files = 0;
beforeAll(async () => {
  map = await readMap();
  folder = mkdtempSync(join(tmpdir(), 'retained-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});
const newFile = () => (file = join(folder, `${(files += 1)}.json`));

/** A PLC as the file has it; one that still runs on the same file is what is left of the time before the power cut. */
async function powerUp(speed = 1): Promise<{ simulated: SimulatedPlc; plc: Plc }> {
  const simulated = await SimulatedPlc.start({ map, port: 0, speed, retainedMemory: openRetainedMemory(file, map.name) });
  endings.push(() => simulated.stop());
  return { simulated, plc: connect(simulated.port) };
}
function connect(port: number): Plc {
  const connection = new ModbusConnection({ host: '127.0.0.1', port, timeoutMs: 500 });
  endings.unshift(() => connection.close());
  return new Plc(connection, 1, map);
}
const write = async (plc: Plc, changes: Record<string, number | boolean>) => {
  for (const part of plc.planWrites(changes)) await plc.write(part);
};
const always = () => true;

describe('after a power cut at any moment, a PLC', () => {
  it('holds what it answered to have written', async () => {
    newFile();
    const { simulated, plc } = await powerUp();
    simulated.faults.scan();
    await write(plc, { mealGrams: 123, feedingEnabled: false });
    const after = await powerUp();
    expect(await after.plc.readConfig(['mealGrams', 'feedingEnabled', 'spreaderPercent'], 'read')).toEqual({
      mealGrams: 123,
      feedingEnabled: false,
      spreaderPercent: 60,
    });
  });

  it('holds that it took a dose, counts it as far as it went, and does not take it again', async () => {
    newFile();
    const { simulated, plc } = await powerUp();
    simulated.panel.set('hopperGrams', 9000);
    await plc.writeDose(1, 200, always);
    await expect.poll(() => plc.readDose()).toMatchObject({ lastToken: 1 });
    const at20 = () => 9000 - Number(simulated.panel.get('hopperGrams'));
    await expect.poll(at20).toBeGreaterThan(0);
    await simulated.stop();
    const fedGrams = at20();
    const after = await powerUp();
    expect(after.simulated.doses).toEqual([{ token: 1, grams: 200 }]);
    const { lastToken, refused, meals } = await after.plc.readDose();
    expect([lastToken, refused, meals?.count]).toEqual([1, 0, 1]);
    expect(Math.abs((meals?.totalGrams ?? 0) - fedGrams)).toBeLessThanOrEqual(1);
    expect(fedGrams).toBeLessThan(200);
    await after.plc.writeDose(2, 30, always);
    await expect.poll(() => after.simulated.doses).toEqual([{ token: 1, grams: 200 }, { token: 2, grams: 30 }]);
  });

  it('takes an order that it had not come to as refused', async () => {
    newFile();
    const { simulated, plc } = await powerUp();
    await runLine(simulated, 'fault scan on');
    await plc.writeDose(1, 200, always);
    expect(await plc.readDose()).toMatchObject({ lastToken: 0 });
    const after = await powerUp();
    expect(await after.plc.readDose()).toMatchObject({ lastToken: 1, refused: 1, meals: { count: 0, totalGrams: 0 } });
    expect(after.simulated.doses).toEqual([]);
  });

  it('goes on as a process too', async () => {
    newFile();
    const run = async () => {
      const child = runChild('../../agent/plc/simulator/main.ts', '--port', '0', '--map', REFERENCE_MAP, '--retain', file);
      endings.push(() => child.kill());
      const port = /:(\d+)$/.exec(await child.line((line) => line.includes('listening')))?.[1];
      return { child, plc: connect(Number(port)) };
    };
    const { child, plc } = await run();
    await write(plc, { mealGrams: 321 });
    await child.kill();
    const after = await run();
    expect(await after.plc.readConfig(['mealGrams'], 'read')).toEqual({ mealGrams: 321 });
  });
});

describe('the file', () => {
  /** What a PLC retains after a dose. */
  async function retained(): Promise<Retained> {
    newFile();
    const { plc, simulated } = await powerUp(1000);
    await plc.writeDose(7, 20, always);
    await expect.poll(() => plc.readDose()).toMatchObject({ meals: { totalGrams: 20 } });
    await simulated.stop();
    return Retained.parse(JSON.parse(readFileSync(file, 'utf8')));
  }

  it('tells the doses taken, and is written only when something changed', async () => {
    const now = await retained();
    expect(now).toMatchObject({ map: 'reference-feeder', feeder: { doses: [{ token: 7, grams: 20 }], lastToken: 7, mealCount: 1 } });
    expect(now.registers.holding).toMatchObject({ 20: 7, 21: 20 });
    const memory = openRetainedMemory(file, map.name);
    memory.keep(now);
    const { ino } = statSync(file);
    memory.keep(structuredClone(now));
    expect(statSync(file).ino).toBe(ino);
    memory.keep({ ...now, registers: { ...now.registers, coil: { 0: 1, 10: 1 } } });
    expect(statSync(file).ino).not.toBe(ino);
  });

  it.each([
    ['cut short', (text: string) => text.slice(0, 100), /expected JSON/],
    ['empty', () => '', /expected JSON/],
    ['something else', () => '[1, 2]', /expected object/],
    ['without a counter', (text: string) => text.replace('"lastToken":7,', ''), /feeder\.lastToken/],
    ['with a register that holds no word', (text: string) => text.replace('"20":7', '"20":70000'), /registers\.holding\.20/],
    ['of another map', (text: string) => text.replace('reference-feeder', 'other'), /map other, not reference-feeder/],
  ])('%s is told, and left as it is', async (_, spoil, message) => {
    await retained();
    const spoiled = spoil(readFileSync(file, 'utf8'));
    writeFileSync(file, spoiled);
    expect(() => openRetainedMemory(file, map.name)).toThrow(message);
    expect(readFileSync(file, 'utf8')).toBe(spoiled);
  });

  it('damaged ends the process with 2, naming it', async () => {
    writeFileSync(newFile(), '{');
    const args = [...program('agent/plc/simulator/main.ts'), '--port', '0', '--map', REFERENCE_MAP, '--retain', file];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const [said] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect(said).toContain(`${file} is not what a PLC retained`);
    expect(child.exitCode).toBe(2);
  });
});
