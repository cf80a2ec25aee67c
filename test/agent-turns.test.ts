import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from '../agent/agent.ts';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { eventually } from './support/bridge.ts';
import { ScriptedBridge } from './support/scripted-bridge.ts';
import { readMap, startTestAgent } from './support/whole-system.ts';

let bridge: ScriptedBridge;
let plc: SimulatedPlc;
let agent: Agent;
let journalId: string;

beforeAll(async () => {
  bridge = await ScriptedBridge.open();
  plc = await SimulatedPlc.start({ map: await readMap(), port: 0, speed: 100 });
  agent = await startTestAgent({
    bridge: bridge.url,
    feeders: [{ feederId: 'pond-1', token: 'secret', plc: { host: '127.0.0.1', port: plc.port, timeoutMs: 200 } }],
  });
  journalId = (await bridge.take('session', ({ state }) => state === 'started')).journalId ?? '';
  await bridge.take('config');
});
afterEach(() => {
  plc.faults.clear();
  bridge.answersBeats = true;
  bridge.received.length = 0;
});
afterAll(async () => {
  await agent.stop();
  await plc.stop();
  await bridge.close();
});

describe('which command goes first', () => {
  it('a pause overtakes a dose that waits for the bridge’s time', async () => {
    bridge.answersBeats = false;
    bridge.cutAll();
    await bridge.take('session', ({ state }) => state === 'started');
    const dose = bridge.feedNow(40, { journalId });
    const pause = bridge.change({ feedingEnabled: false }, { journalId, version: 1 });
    const asked = writesSince();
    bridge.send('pond-1', dose);
    bridge.send('pond-1', pause);
    // It has them both when it asks for the time once more.
    const { seq } = await bridge.take('heartbeat');
    await bridge.take('heartbeat', (beat) => beat.seq > seq + 1);
    bridge.answersBeats = true;
    expect(await bridge.take('ack')).toMatchObject({ commandId: pause.commandId, outcome: 'applied' });
    expect(await bridge.take('ack')).toMatchObject({ commandId: dose.commandId, outcome: 'superseded' });
    expect(asked()).toBe(1);
    expect(plc.doses).toEqual([]);
  });

  it('a pause overtakes a change and a dose for which the PLC is only being read', async () => {
    for (const orderNow of [() => bridge.change({ mealGrams: 130 }, { journalId, version: 2 }), () => bridge.feedNow(40, { journalId })]) {
      const order = orderNow();
      plc.faults.delay({ ms: 150, meets: 'read' });
      const pause = bridge.change({ feedingEnabled: false }, { journalId, version: 3 });
      bridge.send('pond-1', order);
      bridge.send('pond-1', pause);
      expect(await bridge.take('ack')).toMatchObject({ commandId: pause.commandId, outcome: 'applied' });
      expect(await bridge.take('ack')).toMatchObject({ commandId: order.commandId, outcome: 'superseded' });
      plc.faults.clear();
    }
    expect(plc.panel.get('mealGrams')).toBe(100);
    expect(plc.doses).toEqual([]);
  });

  it('a known command is answered while another hangs on a PLC that is gone', async () => {
    const known = bridge.change({ mealGrams: 131 }, { journalId, version: 4 });
    const ack = await bridge.ask('pond-1', known);
    const begun = bridge.change({ mealGrams: 132 }, { journalId, version: 5 });
    plc.faults.silence({ mode: 'act', meets: 'write', times: 1 });
    const asked = writesSince();
    bridge.send('pond-1', begun);
    await eventually(() => (asked() > 0 ? true : undefined));
    plc.faults.silence({ mode: 'swallow' });
    expect(await bridge.ask('pond-1', known)).toEqual(ack);
    plc.faults.clear();
    expect(await bridge.take('ack')).toMatchObject({ commandId: begun.commandId, outcome: 'applied' });
  });

  it('a command whose link breaks while the PLC is read is not called expired, but carried out once the time is known', async () => {
    plc.faults.delay({ ms: 150, meets: 'read' });
    const change = bridge.change({ mealGrams: 133 }, { journalId, version: 6, lifeMs: 20_000 });
    bridge.send('pond-1', change);
    await eventually(() => (bridge.received.some(({ topic }) => topic === 'heartbeat') ? true : undefined));
    bridge.cutAll();
    await bridge.take('session', ({ state, reason }) => state === 'started' && reason === 'connected');
    plc.faults.clear();
    expect(await bridge.ask('pond-1', change)).toMatchObject({ outcome: 'applied', readBack: { mealGrams: 133 } });
  });
});

/** The writes that the PLC received from now on. */
function writesSince(): () => number {
  const before = plc.writes.length;
  return () => plc.writes.length - before;
}
