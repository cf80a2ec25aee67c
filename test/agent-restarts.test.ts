import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../agent/agent.ts';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { toInstant } from '../topics/identifiers.ts';
import { eventually } from './support/bridge.ts';
import { ScriptedBridge } from './support/scripted-bridge.ts';
import { readMap, REFERENCE_MAP, startTestAgent } from './support/whole-system.ts';

let bridge: ScriptedBridge;
let plc: SimulatedPlc;
let dataDir: string;
let backup: string;
let agent: Agent | undefined;

/** Starts the agent on its data directory, as the farm's PC does; resolves with its journal when it has reported. */
async function start(registerMap = REFERENCE_MAP): Promise<string> {
  bridge.received.length = 0;
  agent = await startTestAgent({
    bridge: bridge.url,
    dataDir,
    feeders: [{ feederId: 'pond-1', token: 'secret', registerMap, plc: { host: '127.0.0.1', port: plc.port, timeoutMs: 200 } }],
  });
  const { journalId } = await bridge.take('session', ({ state }) => state === 'started');
  await bridge.take('config');
  return journalId ?? '';
}

const stop = async (): Promise<void> => {
  await agent?.stop();
  agent = undefined;
};

const restart = async (): Promise<string> => {
  await stop();
  return start();
};

const wipe = (): Promise<void> => rm(dataDir, { recursive: true });

/** The writes that the PLC received from now on. */
const writesSince = (): (() => number) => {
  const before = plc.writes.length;
  return () => plc.writes.length - before;
};

beforeEach(async () => {
  bridge = await ScriptedBridge.open();
  plc = await SimulatedPlc.start({ map: await readMap(), port: 0, speed: 100 });
  dataDir = await mkdtemp(join(tmpdir(), 'agent-data-'));
  backup = `${dataDir}-backup`;
});
afterEach(async () => {
  await stop();
  await plc.stop();
  await bridge.close();
  for (const folder of [dataDir, backup]) await rm(folder, { recursive: true, force: true });
});

describe('an agent that starts again', () => {
  it('keeps its journal: what is known gets its stored ack again and no write, an older version is superseded', async () => {
    const journalId = await start();
    const commands = [
      bridge.change({ mealGrams: 130 }, { journalId, version: 7 }),
      bridge.feedNow(40, { journalId }),
      bridge.clearAlarms({ journalId }),
      bridge.change({ mealGrams: 60_000 }, { journalId, version: 8 }),
    ];
    const acks = [];
    for (const command of commands) acks.push(await bridge.ask('pond-1', command));
    expect(acks.map(({ outcome }) => outcome)).toEqual(['applied', 'applied', 'applied', 'rejected']);

    expect(await restart()).toBe(journalId);
    expect((await bridge.take('heartbeat')).configVersion).toBe(7);
    const writes = writesSince();
    for (const [index, command] of commands.entries()) expect(await bridge.ask('pond-1', command)).toEqual(acks[index]);
    expect(await bridge.ask('pond-1', bridge.change({ mealGrams: 90 }, { journalId, version: 6 }))).toMatchObject({
      outcome: 'superseded',
      reason: { code: 'superseded' },
    });
    expect(writes()).toBe(0);
    expect(plc.doses.map(({ grams }) => grams)).toEqual([40]);
  });

  it('goes on with what it had begun, before anything new and without being asked', async () => {
    const journalId = await start();
    plc.faults.silence({ mode: 'act', meets: 'write', times: 1 });
    const dose = bridge.feedNow(40, { journalId });
    const before = plc.doses.length;
    bridge.send('pond-1', dose);
    await eventually(() => (plc.doses.length > before ? true : undefined));
    plc.faults.silence({ mode: 'swallow' });
    await stop();
    plc.faults.clear();
    await start();
    const ack = await bridge.take('ack');
    expect(ack).toMatchObject({ commandId: dose.commandId, outcome: 'applied', readBack: {}, previous: {} });
    expect(plc.doses.map(({ grams }) => grams)).toEqual([40]);
  });

  it('ends what it had begun under a register map that was changed since, and goes on', async () => {
    const journalId = await start();
    plc.faults.silence({ mode: 'swallow', meets: 'write' });
    const change = bridge.change({ spreaderPercent: 33 }, { journalId });
    const isWritten = writesSince();
    bridge.send('pond-1', change);
    await eventually(() => (isWritten() > 0 ? true : undefined));
    await stop();
    plc.faults.clear();
    const former = await readFile(REFERENCE_MAP, 'utf8');
    const registerMap = join(dataDir, 'map.yaml');
    await writeFile(registerMap, former.replace(/^ *spreaderPercent:.*\n/m, ''));
    await start(registerMap);
    const pause = bridge.change({ feedingEnabled: false }, { journalId });
    bridge.send('pond-1', pause);
    expect(await bridge.take('ack')).toMatchObject({ commandId: change.commandId, outcome: 'indeterminate', previous: { spreaderPercent: 60 } });
    expect(await bridge.take('ack')).toMatchObject({ commandId: pause.commandId, outcome: 'applied' });
  });

  it('feeds no less than the guards say: the gap is kept over a restart', async () => {
    const journalId = await start();
    expect(await bridge.ask('pond-1', bridge.feedNow(40, { journalId }))).toMatchObject({ outcome: 'applied' });
    await restart();
    const refused = await bridge.ask('pond-1', bridge.feedNow(40, { journalId }));
    expect(refused).toMatchObject({ outcome: 'rejected', reason: { code: 'minimum-gap' }, readBack: {}, previous: {} });
    const tooMuch = await bridge.ask('pond-1', bridge.feedNow(501, { journalId }));
    expect(tooMuch).toMatchObject({ outcome: 'rejected', reason: { code: 'maximum-dose' } });
    expect(plc.doses).toHaveLength(1);
  });
});

describe('an agent whose disk was wiped', () => {
  it('has a new journal, writes nothing that it may have forgotten, and judges a change by what the PLC holds', async () => {
    const journalId = await start();
    const held = bridge.change({ mealGrams: 130 }, { journalId, version: 3 });
    const dose = bridge.feedNow(40, { journalId });
    await bridge.ask('pond-1', held);
    await bridge.ask('pond-1', dose);
    await stop();
    await wipe();

    const newJournalId = await start();
    expect(newJournalId).not.toBe(journalId);
    const writes = writesSince();
    expect(await bridge.ask('pond-1', held)).toMatchObject({ outcome: 'applied', readBack: { mealGrams: 130 } });
    expect(await bridge.ask('pond-1', dose)).toMatchObject({ outcome: 'indeterminate', readBack: {} });
    // One that this journal's id does not betray, for nobody had told it: issued before the journal was made.
    const unnamed = bridge.change({ mealGrams: 140 }, { version: 4, issuedAt: toInstant(Date.now() - 60_000) });
    expect(await bridge.ask('pond-1', unnamed)).toMatchObject({ outcome: 'indeterminate', readBack: { mealGrams: 130 } });
    // Never called expired: it may have acted in time.
    expect(await bridge.ask('pond-1', bridge.feedNow(50, { journalId, lifeMs: -1 }))).toMatchObject({ outcome: 'indeterminate' });
    expect(writes()).toBe(0);
  });

  it('starts gap and day as if all had been fed, unless the PLC never dosed', async () => {
    let journalId = await start();
    expect(await bridge.ask('pond-1', bridge.feedNow(40, { journalId }))).toMatchObject({ outcome: 'applied' });
    await stop();
    await wipe();
    journalId = await start();
    expect(await bridge.ask('pond-1', bridge.feedNow(40, { journalId }))).toMatchObject({
      outcome: 'rejected',
      reason: { code: 'minimum-gap' },
    });
    expect(plc.doses).toHaveLength(1);
  });
});

describe('an agent whose disk was put back from a backup', () => {
  it('sees by the PLC that a dose is missing, and does not feed it again', async () => {
    const journalId = await start();
    expect(await bridge.ask('pond-1', bridge.feedNow(30, { journalId }))).toMatchObject({ outcome: 'applied' });
    await stop();
    await cp(dataDir, backup, { recursive: true });
    await start();
    // The gap of the first one has passed, by the bridge's clock.
    const hourMs = 3_600_000;
    bridge.nowMs = () => Date.now() + hourMs;
    bridge.cutAll();
    await bridge.take('heartbeat', ({ seq }) => seq > 1);
    const dose = bridge.feedNow(40, { journalId, lifeMs: 60_000 });
    expect(await bridge.ask('pond-1', dose)).toMatchObject({ outcome: 'applied' });
    await stop();
    await wipe();
    await cp(backup, dataDir, { recursive: true });

    expect(await start()).toBe(journalId);
    expect(await bridge.ask('pond-1', dose)).toMatchObject({ outcome: 'indeterminate' });
    expect(await bridge.ask('pond-1', bridge.feedNow(40, { journalId }))).toMatchObject({
      outcome: 'rejected',
      reason: { code: 'minimum-gap' },
    });
    expect(plc.doses.map(({ grams }) => grams)).toEqual([30, 40]);
  });
});

describe('a pause', () => {
  it('overtakes what is not begun: doses and older changes are superseded, over a restart too', async () => {
    const journalId = await start();
    // Begun, the first one holds the others up.
    plc.faults.delay({ ms: 150, meets: 'write' });
    const first = bridge.change({ mealGrams: 130 }, { journalId, version: 1 });
    const change = bridge.change({ mealGrams: 140 }, { journalId, version: 2 });
    const dose = bridge.feedNow(40, { journalId });
    const pause = bridge.change({ feedingEnabled: false }, { journalId, version: 3 });
    const begun = writesSince();
    bridge.send('pond-1', first);
    await eventually(() => (begun() > 0 ? true : undefined));
    for (const command of [change, dose, pause]) bridge.send('pond-1', command);
    const acks = new Map<string, string>();
    while (acks.size < 4) {
      const { commandId, outcome } = await bridge.take('ack');
      acks.set(commandId, outcome);
    }
    plc.faults.clear();
    expect([...acks]).toEqual([
      [first.commandId, 'applied'],
      [pause.commandId, 'applied'],
      [change.commandId, 'superseded'],
      [dose.commandId, 'superseded'],
    ]);
    await restart();
    const late = bridge.feedNow(40, { journalId, issuedAt: dose.issuedAt });
    expect(await bridge.ask('pond-1', late)).toMatchObject({ outcome: 'superseded', reason: { code: 'superseded' } });
    expect(plc.doses).toEqual([]);
    // It holds up nothing that was asked for after it.
    expect(await bridge.ask('pond-1', bridge.feedNow(40, { journalId }))).toMatchObject({ outcome: 'applied' });
  });
});
