import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import modbusSerial from 'modbus-serial';
import { describe, expect, it } from 'vitest';
import { ScriptedBridge } from './support/scripted-bridge.ts';
import { startTestAgent } from './support/whole-system.ts';

const hasSocat = spawnSync('socat', ['-V']).status === 0;
if (!hasSocat) console.warn('no socat here: an agent on a serial line is not tested');

const MAP = `
name: serial
config:
  mealGrams: { table: holding, address: 0, type: uint16, max: 5000 }
  intervalSeconds: { table: holding, address: 1, type: uint32 }
  feedingEnabled: { table: coil, address: 0, type: bool }
`;

describe.skipIf(!hasSocat)('an agent on a serial line', () => {
  it('reports what the PLC holds, changes it, and notices the panel', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'serial-agent-'));
    const [ours, theirs, registerMap] = [join(folder, 'ours'), join(folder, 'theirs'), join(folder, 'map.yaml')];
    await writeFile(registerMap, MAP);
    const socat = spawn('socat', ['-d', '-d', `pty,raw,echo=0,link=${ours}`, `pty,raw,echo=0,link=${theirs}`]);
    const socatGone = once(socat, 'exit');
    await new Promise<void>((resolve) => {
      let log = '';
      socat.stderr.on('data', (data: Buffer) => {
        log += data.toString();
        if (log.includes('starting data transfer')) resolve();
      });
    });
    const registers = [100, 0, 3600];
    let feeding = true;
    const slave = new modbusSerial.ServerSerial(
      {
        getHoldingRegister: (address: number) => registers[address] ?? 0,
        setRegister: (address: number, value: number) => void (registers[address] = value),
        getCoil: () => feeding,
        setCoil: (_: number, value: boolean) => void (feeding = value),
      },
      { path: theirs, baudRate: 19_200, unitID: 3 },
    );
    slave.on('error', () => undefined);
    await once(slave, 'initialized');
    const bridge = await ScriptedBridge.open();
    const agent = await startTestAgent({
      bridge: bridge.url,
      feeders: [{ feederId: 'pond-1', token: 'secret', plc: { serial: ours, baudRate: 19_200, unitId: 3, timeoutMs: 500 }, registerMap }],
    });
    try {
      expect(await bridge.take('config')).toMatchObject({ values: { mealGrams: 100, intervalSeconds: 3600, feedingEnabled: true } });
      const changes = { mealGrams: 120, intervalSeconds: 86_400, feedingEnabled: false };
      expect(await bridge.ask('pond-1', bridge.change(changes))).toMatchObject({ outcome: 'applied', readBack: changes });
      expect([registers, feeding]).toEqual([[120, 1, 20_864], false]);
      registers[0] = 77;
      expect(await bridge.take('config', ({ source }) => source === 'local')).toMatchObject({ values: { mealGrams: 77 } });
    } finally {
      await agent.stop();
      await bridge.close();
      await new Promise((resolve) => slave.close(resolve));
      socat.kill();
      await socatGone;
      await rm(folder, { recursive: true });
    }
  });
});
