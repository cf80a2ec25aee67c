import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import modbusSerial, { ServerSerial } from 'modbus-serial';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModbusConnection } from '../agent/modbus/connection.ts';
import { ModbusError } from '../agent/modbus/modbus-error.ts';

const hasSocat = spawnSync('socat', ['-V']).status === 0;
if (!hasSocat) console.warn('no socat here: the serial line is not tested');

const TIMEOUT_MS = 300;
const HELD = 321;

describe.skipIf(!hasSocat)('a serial line', () => {
  let folder: string;
  let socat: ReturnType<typeof spawn>;
  let slave: ServerSerial;
  let connection: ModbusConnection;
  const registers = new Map([[0, HELD], [1, 2]]);
  let answerAfterMs = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'serial-line-'));
    const [ours, theirs] = [join(folder, 'ours'), join(folder, 'theirs')];
    socat = spawn('socat', ['-d', '-d', `pty,raw,echo=0,link=${ours}`, `pty,raw,echo=0,link=${theirs}`]);
    await new Promise<void>((resolve) => {
      let log = '';
      socat.stderr?.on('data', (data: Buffer) => {
        log += data.toString();
        if (log.includes('starting data transfer')) resolve();
      });
    });
    slave = new modbusSerial.ServerSerial(
      {
        getHoldingRegister: async (address: number) => {
          await delay(answerAfterMs);
          return registers.get(address) ?? 0;
        },
        setRegister: (address: number, value: number) => {
          registers.set(address, value);
          return Promise.resolve();
        },
      },
      { path: theirs, baudRate: 19200, unitID: 3 },
    );
    slave.on('error', () => undefined);
    await once(slave, 'initialized');
    connection = new ModbusConnection({ serial: ours, baudRate: 19200, timeoutMs: TIMEOUT_MS });
  });

  afterAll(async () => {
    await connection.close();
    await new Promise((resolve) => slave.close(resolve));
    socat.kill();
    await once(socat, 'exit');
    await rm(folder, { recursive: true });
  });

  it('carries reads and writes', async () => {
    expect(await connection.readWords(3, 'holding', 0, 2, 'read')).toEqual([HELD, 2]);
    await connection.writeWords(3, 1, [77]);
    expect(await connection.readWords(3, 'holding', 1, 1, 'read')).toEqual([77]);
  });

  it('tells that a unit is silent, and works on for the others', async () => {
    const error = await connection.readWords(9, 'holding', 0, 1, 'read').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ModbusError);
    expect(error).toMatchObject({ code: 'no-answer' });
    expect(await connection.readWords(3, 'holding', 0, 1, 'read')).toEqual([HELD]);
  });

  it('credits a late answer to nobody', async () => {
    answerAfterMs = TIMEOUT_MS + 100;
    await expect(connection.readWords(3, 'holding', 0, 1, 'read')).rejects.toMatchObject({ code: 'no-answer' });
    answerAfterMs = 0;
    expect(await connection.readWords(3, 'holding', 1, 1, 'read')).toEqual([77]);
  });

  it('refuses a broadcast, which nobody answers', async () => {
    await expect(connection.writeWords(0, 0, [1])).rejects.toThrow(RangeError);
  });

  it('that does not exist is unreachable', async () => {
    const nowhere = new ModbusConnection({ serial: join(folder, 'nowhere'), baudRate: 9600, timeoutMs: 100 });
    await expect(nowhere.readWords(1, 'holding', 0, 1, 'read')).rejects.toMatchObject({ code: 'unreachable' });
    await nowhere.close();
  });
});
