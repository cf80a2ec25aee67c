import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually } from './support/bridge.ts';
import { freePort } from './support/free-port.ts';
import { ScriptedBridge } from './support/scripted-bridge.ts';
import { startTestAgent } from './support/whole-system.ts';

// Debian's Python, where python3-pymodbus lies.
const PYTHON = '/usr/bin/python3';
const hasPymodbus = spawnSync(PYTHON, ['-c', 'from pymodbus.server import StartTcpServer']).status === 0;
if (!hasPymodbus) console.warn('no pymodbus here: no PLC but our own is tested');

const Written = z.object({ table: z.string(), address: z.int(), values: z.array(z.int()) });

describe.skipIf(!hasPymodbus)("a PLC of somebody else's making", () => {
  it('holds what the agent says it holds', async () => {
    const port = await freePort();
    const plc = spawn(PYTHON, [fileURLToPath(new URL('support/pymodbus_plc.py', import.meta.url)), String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(plc, 'exit');
    const lines = createInterface({ input: plc.stdout });
    const written: z.infer<typeof Written>[] = [];
    lines.on('line', (line) => {
      if (line.startsWith('{')) written.push(Written.parse(JSON.parse(line)));
    });
    const bridge = await ScriptedBridge.open();
    const agent = await startTestAgent({ bridge: bridge.url, feeders: [{ feederId: 'pond-1', token: 'secret', plc: { host: '127.0.0.1', port, timeoutMs: 1_000 } }] });
    try {
      await eventually(() => bridge.received.find(({ topic, payload }) => topic === 'heartbeat' && 'plc' in payload && payload.plc === 'ok'), 10_000);
      const changes = { feedingEnabled: true, mealGrams: 120, intervalSeconds: 86_400, temperatureStopCelsius: -4.5 };
      const ack = await bridge.ask('pond-1', bridge.change(changes));
      expect(ack).toMatchObject({ outcome: 'applied', readBack: changes });
      expect(written).toEqual([
        { table: 'holding', address: 0, values: [120, 1, 20_864] },
        { table: 'holding', address: 10, values: [65_491] },
        { table: 'coil', address: 0, values: [1] },
      ]);
    } finally {
      await agent.stop();
      await bridge.close();
      plc.kill();
      await exited;
    }
  });
});
