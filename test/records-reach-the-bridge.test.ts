import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { HistoryRecord } from '../topics/payloads.ts';
import { ScriptedBridge } from './support/scripted-bridge.ts';
import { readMap, startTestAgent } from './support/whole-system.ts';

/** What was seen before the bridge told its time has that time to the millisecond in one process only. */
const whatAlone = (record: HistoryRecord): object => ({ ...record, at: undefined });
const Records = z.array(HistoryRecord).min(1);

it('sends what it saw until that is stored, also after a restart, and then what came since', async () => {
  const bridge = await ScriptedBridge.open();
  onTestFinished(() => bridge.close());
  const plc = await SimulatedPlc.start({ map: await readMap(), port: 0 });
  onTestFinished(() => plc.stop());
  const dataDir = await mkdtemp(join(tmpdir(), 'agent-data-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  const start = () =>
    startTestAgent({ bridge: bridge.url, dataDir, feeders: [{ feederId: 'pond-1', token: 'secret', plc: { host: '127.0.0.1', port: plc.port, timeoutMs: 200 } }] });

  const first = await start();
  const untold = await bridge.take('records');
  await first.stop();
  expect(Records.parse(untold.records)[0]?.seq).toBe(0);

  const second = await start();
  const again = await bridge.take('records', ({ records }) => records.length >= untold.records.length);
  expect(again.spoolId).toBe(untold.spoolId);
  const stored = Records.parse(again.records);
  expect(stored.slice(0, untold.records.length).map(whatAlone)).toEqual(Records.parse(untold.records).map(whatAlone));
  const throughSeq = stored.at(-1)?.seq ?? -1;
  bridge.stored('pond-1', again.spoolId, throughSeq);
  expect((await bridge.ask('pond-1', bridge.change({ mealGrams: 120 }))).outcome).toBe('applied');
  const next = Records.parse((await bridge.take('records', ({ records }) => Records.parse(records).every(({ seq }) => seq > throughSeq))).records);
  expect(next[0]?.seq).toBe(throughSeq + 1);
  await second.stop();

  // The bridge knows of more: this disk is an old copy of another.
  bridge.received.length = 0;
  const third = await start();
  onTestFinished(() => third.stop());
  let anew = await bridge.take('records');
  while (anew.spoolId === again.spoolId) {
    bridge.storedBefore('pond-1', again.spoolId, 1_000_000);
    anew = await bridge.take('records');
  }
  expect(Records.parse(anew.records)[0]?.seq).toBe(0);
});
