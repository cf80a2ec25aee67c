import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../agent/agent.ts';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { fromInstant, toInstant } from '../topics/identifiers.ts';
import { eventually } from './support/bridge.ts';
import { ScriptedBridge } from './support/scripted-bridge.ts';
import { readMap, startAgentOnMap, startTestAgent } from './support/whole-system.ts';

const HOUR_MS = 3_600_000;
/** How far the farm PC's clock is ahead of the bridge's. */
const PC_AHEAD_MS = 5 * HOUR_MS;
/** The agent knows the bridge's time give or take half a round trip; how long one takes at most on a busy machine. */
const HALF_TRIP_MS = 1_000;
/** A message of more than one word. */
const WORDS: unknown = expect.stringMatching(/\w \w/);

describe('an agent whose PC is hours ahead', () => {
  let bridge: ScriptedBridge;
  let plc: SimulatedPlc;
  let agent: Agent;
  let journalId: string;
  let version = 0;
  let pcAheadMs = PC_AHEAD_MS;
  beforeAll(async () => {
    bridge = await ScriptedBridge.open();
    plc = await SimulatedPlc.start({ map: await readMap(), port: 0 });
    agent = await startTestAgent({
      bridge: bridge.url,
      feeders: [{ feederId: 'pond-1', token: 'secret', plc: { host: '127.0.0.1', port: plc.port, timeoutMs: 200 } }],
      machine: { wallMs: () => Date.now() + pcAheadMs, monotonicMs: () => performance.now() },
    });
    journalId = (await bridge.take('session', ({ state }) => state === 'started')).journalId ?? '';
    await bridge.take('config');
  });
  afterAll(async () => {
    await agent.stop();
    await plc.stop();
    await bridge.close();
  });
  beforeEach(() => {
    bridge.answersBeats = true;
    plc.faults.clear();
    plc.writes.length = 0;
    bridge.received.length = 0;
    version += 10;
  });
  const change = (mealGrams: number, more: Parameters<ScriptedBridge['change']>[1] = {}) =>
    bridge.change({ mealGrams }, { journalId, version, ...more });
  const expired = { lifeMs: -1 };

  it('goes by the bridge’s clock: a command in time is applied, read back, and dated by it', async () => {
    const before = Date.now();
    const ack = await bridge.ask('pond-1', change(110));
    expect(ack).toMatchObject({ outcome: 'applied', readBack: { mealGrams: 110 }, previous: { mealGrams: 100 } });
    expect(fromInstant(ack.at)).toBeGreaterThan(before - HALF_TRIP_MS);
    expect(fromInstant(ack.at)).toBeLessThan(Date.now() + HALF_TRIP_MS);
    const report = await bridge.take('config', ({ source }) => source === 'command');
    expect(report).toMatchObject({ configVersion: version, values: { mealGrams: 110, intervalSeconds: 3600 } });
    expect((await bridge.take('heartbeat', ({ configVersion }) => configVersion === version)).plc).toBe('ok');
  });

  it('never writes what is past its deadline', async () => {
    expect(await bridge.ask('pond-1', change(111, expired))).toMatchObject({ outcome: 'expired', reason: { code: 'expired', message: WORDS } });
    expect(plc.writes).toEqual([]);
  });

  it('answers a command it knows with the same ack, to the letter, and asks the PLC nothing', async () => {
    const command = change(112);
    const ack = await bridge.ask('pond-1', command);
    plc.panel.set('mealGrams', 50);
    expect(await bridge.ask('pond-1', command)).toEqual(ack);
    expect(plc.writesOf('mealGrams')).toBe(1);
    const refused = change(9_999);
    const refusal = await bridge.ask('pond-1', refused);
    expect(refusal).toMatchObject({ outcome: 'rejected', reason: { code: 'out-of-range', parameter: 'mealGrams' } });
    expect(await bridge.ask('pond-1', refused)).toEqual(refusal);
  });

  it('acts once on a command that comes again while it runs', async () => {
    plc.faults.delay({ ms: 100, times: 3 });
    const command = change(113);
    bridge.send('pond-1', command);
    await eventually(() => (plc.writes.length === 1 ? true : undefined));
    for (let again = 0; again < 5; again += 1) bridge.send('pond-1', command);
    const ack = await bridge.take('ack');
    expect(ack.outcome).toBe('applied');
    const last = change(114, { version: version + 1 });
    await bridge.ask('pond-1', last);
    expect(plc.writes.map(({ values }) => values)).toEqual([[113], [114]]);
  });

  it.each([
    ['under another journal', () => ({ journalId: 'another' })],
    ['before its journal began', () => ({ issuedAt: toInstant(Date.now() - HOUR_MS) })],
  ])('never writes a command issued %s, and answers from the PLC', async (_, foreign) => {
    plc.panel.set('mealGrams', 120);
    const held = await bridge.ask('pond-1', change(120, foreign()));
    expect(held).toMatchObject({ outcome: 'applied', readBack: { mealGrams: 120 } });
    const other = await bridge.ask('pond-1', change(121, { ...foreign(), ...expired, version: version + 1 }));
    expect(other).toMatchObject({ outcome: 'indeterminate', readBack: { mealGrams: 120 } });
    const dose = { kind: 'feed-now' as const, grams: 10, commandId: crypto.randomUUID(), journalId, issuedAt: toInstant(Date.now()), expiresAt: toInstant(Date.now() + 5_000), ...foreign() };
    expect(await bridge.ask('pond-1', dose)).toMatchObject({ outcome: 'indeterminate', readBack: {}, previous: {} });
    expect(plc.writes).toEqual([]);
  });

  it('does not wait forever for a PLC that refuses to be read, to answer a command that is not its own', async () => {
    plc.faults.exception('mealGrams', 4, 'read');
    expect(await bridge.ask('pond-1', change(122, { journalId: 'another' }))).toMatchObject({ outcome: 'indeterminate' });
  });

  it('drops a change older than one it applied', async () => {
    expect(await bridge.ask('pond-1', change(123, { version: version + 2 }))).toMatchObject({ outcome: 'applied' });
    expect(await bridge.ask('pond-1', change(124, { version: version + 1 }))).toMatchObject({
      outcome: 'superseded',
      reason: { code: 'superseded', message: WORDS },
    });
    expect(plc.panel.get('mealGrams')).toBe(123);
  });

  it('lets a pause overtake the changes that wait, which then are superseded', async () => {
    plc.faults.delay({ ms: 60, meets: 'write', times: 1 });
    const running = change(130);
    bridge.send('pond-1', running);
    await eventually(() => (plc.writes.length === 1 ? true : undefined));
    const waiting = [1, 2, 3].map((more) => change(130 + more, { version: version + more }));
    for (const command of waiting) bridge.send('pond-1', command);
    const pause = bridge.change({ feedingEnabled: false }, { journalId, version: version + 4 });
    bridge.send('pond-1', pause);
    const acks = await Promise.all([...waiting, pause].map(({ commandId }) => bridge.take('ack', (ack) => ack.commandId === commandId)));
    expect(acks.map(({ outcome }) => outcome)).toEqual(['superseded', 'superseded', 'superseded', 'applied']);
    expect(plc.writes.map(({ table, values }) => [table, ...values])).toEqual([['holding', 130], ['coil', 0]]);
  });

  it('lets a command wait that comes while the time is not known, asks for the time at once, and then judges', async () => {
    bridge.answersBeats = false;
    // The PC's clock is put right: what was known of the bridge's time is thrown away.
    pcAheadMs = 0;
    const [inTime, late] = [change(140), change(141, { version: version + 1, ...expired })];
    bridge.received.length = 0;
    bridge.send('pond-1', inTime);
    await bridge.take('heartbeat', () => true, 250);
    bridge.send('pond-1', late);
    await delay(100);
    expect(bridge.received.filter(({ topic }) => topic === 'ack')).toEqual([]);
    expect(plc.writes).toEqual([]);
    bridge.answersBeats = true;
    expect(await bridge.take('ack')).toMatchObject({ commandId: inTime.commandId, outcome: 'applied' });
    expect(await bridge.take('ack')).toMatchObject({ commandId: late.commandId, outcome: 'expired' });
    pcAheadMs = PC_AHEAD_MS;
  });

  it('reports a panel change made while the time was not known, as soon as it is', async () => {
    bridge.answersBeats = false;
    pcAheadMs = -PC_AHEAD_MS;
    await delay(150);
    plc.panel.set('mealGrams', 145);
    await delay(250);
    bridge.answersBeats = true;
    const report = await bridge.take('config', ({ values }) => values['mealGrams'] === 145);
    expect(report.source).toBe('local');
    expect(fromInstant(report.readAt)).toBeLessThan(Date.now() + HALF_TRIP_MS);
    pcAheadMs = PC_AHEAD_MS;
  });

  it('rejects parameters its map has not', async () => {
    expect(await bridge.ask('pond-1', bridge.change({ nope: 1 }, { journalId, version }))).toMatchObject({
      outcome: 'rejected',
      reason: { code: 'unsupported-parameter', parameter: 'nope' },
    });
    expect(plc.writes).toEqual([]);
  });

  it('compares what was expected with what the PLC holds, all of it', async () => {
    const expectedValues = { mealGrams: plc.panel.get('mealGrams'), spreaderPercent: 61 };
    expect(await bridge.ask('pond-1', change(150, { expected: expectedValues }))).toMatchObject({
      outcome: 'rejected',
      reason: { code: 'stale-version', parameter: 'spreaderPercent' },
    });
    expect(plc.writes).toEqual([]);
  });

  it('passes over what it cannot understand and what is meant for another, and goes on', async () => {
    const other = change(160);
    bridge.send('pond-2', other);
    for (const payload of ['', '{', '[]', 'null', '{"kind":"set-config"}', JSON.stringify({ ...change(161), changes: {} }), JSON.stringify({ ...change(162), expiresAt: 'soon' })]) {
      bridge.sendRaw('feeder/pond-1/command', payload);
    }
    bridge.sendRaw('feeder/pond-1/heartbeat/reply', '{"seq":-1}');
    const last = change(163, { version: version + 1 });
    expect(await bridge.ask('pond-1', last)).toMatchObject({ outcome: 'applied' });
    expect(bridge.received.filter(({ topic }) => topic === 'ack')).toEqual([]);
    expect(plc.writes.map(({ values }) => values)).toEqual([[163]]);
  });
});

describe('an agent for which many readings fall into one millisecond', () => {
  it('dates them in their order, and the report of one as the ack that told of it', async () => {
    const startedAtMs = performance.now();
    // Clocks so slow that all of this takes about a millisecond by them.
    const passedMs = () => (performance.now() - startedAtMs) / 1_000;
    const machine = { wallMs: () => PC_AHEAD_MS + passedMs(), monotonicMs: passedMs };
    const bridge = await ScriptedBridge.open();
    const plc = await SimulatedPlc.start({ map: await readMap(), port: 0 });
    const feeders = [{ feederId: 'pond-1', token: 'secret', plc: { host: '127.0.0.1', port: plc.port, timeoutMs: 200 } }];
    const agent = await startTestAgent({ bridge: bridge.url, feeders, machine });
    try {
      const { journalId = '' } = await bridge.take('session', ({ state }) => state === 'started');
      await bridge.take('config');
      const changes = Array.from({ length: 20 }, (_, index) => bridge.change({ mealGrams: 200 + index }, { journalId, version: 1 + index }));
      for (const change of changes) bridge.send('pond-1', change);
      const times: string[] = [];
      for (const { commandId, version } of changes) {
        const ack = await bridge.take('ack', (told) => told.commandId === commandId);
        const report = await bridge.take('config', ({ configVersion }) => configVersion === version);
        expect([ack.outcome, report.readAt]).toEqual(['applied', ack.at]);
        times.push(ack.at);
      }
      expect(times).toEqual([...new Set(times)].sort());
    } finally {
      await agent.stop();
      await plc.stop();
      await bridge.close();
    }
  });
});

describe('an agent of a PLC without dose and actions', () => {
  it('does not offer them, and rejects what it is told all the same', async () => {
    const { bridge, plc } = await startAgentOnMap('name: plain\nconfig:\n  mealGrams: { table: holding, address: 0, type: uint16 }\n');
    for (const order of [bridge.clearAlarms(), bridge.feedNow(5)]) {
      expect(await bridge.ask('pond-1', order)).toMatchObject({
        outcome: 'rejected',
        reason: { code: 'unsupported-parameter', message: WORDS },
        readBack: {},
        previous: {},
      });
    }
    expect(plc.writes).toEqual([]);
    const profile = await bridge.take('profile');
    expect(profile.kinds).toEqual(['set-config']);
    expect(profile).not.toHaveProperty('guards');
  });
});

describe('an agent of a PLC with many parameters', () => {
  it('names a few of them in the reason of a change of all, so that its ack is understood', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `parameter${'X'.repeat(50)}${index}`);
    const config = names.map((name, index) => `  ${name}: { table: holding, address: ${index}, type: uint16, unit: g }`);
    const { bridge, plc } = await startAgentOnMap(['name: many', 'config:', ...config].join('\n'));
    plc.faults.exception(names[9] ?? '', 4, 'write');
    const { outcome, reason } = await bridge.ask('pond-1', bridge.change(Object.fromEntries(names.map((name) => [name, 1]))));
    expect(outcome).toBe('rejected');
    expect(reason).toMatchObject({ code: 'plc-exception', exceptionCode: 4, parameter: names[0] });
    expect(reason?.message).toBe(`${names.slice(0, 3).join(', ')} and 57 more: write of holding 0..59 of unit 1: exception 4 (device failure)`);
  });
});
