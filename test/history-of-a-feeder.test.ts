import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Agent } from '../agent/agent.ts';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { HistoryRecord } from '../topics/payloads.ts';
import { eventually } from './support/bridge.ts';
import { ScriptedBridge } from './support/scripted-bridge.ts';
import { readMap, REFERENCE_MAP, startTestAgent } from './support/whole-system.ts';

let bridge: ScriptedBridge;
let plc: SimulatedPlc;
let folder: string;
let agent: Agent | undefined;
let journalId = '';
/** What the bridge has stored, by spool and number. */
const stored = new Map<string, HistoryRecord>();
/** How commands ended, by their ids. */
const acks = new Map<string, string>();

/** Stores what the agent sent, and says so. */
function store(): HistoryRecord[] {
  for (const message of bridge.received.splice(0)) {
    if (message.topic === 'session') journalId = message.payload.journalId ?? '';
    if (message.topic === 'ack') acks.set(message.payload.commandId, message.payload.outcome);
    if (message.topic !== 'records') continue;
    const { spoolId, records } = message.payload;
    const parsed = records.map((record) => HistoryRecord.parse(record));
    for (const record of parsed) stored.set(`${spoolId}/${String(record.seq).padStart(9, '0')}`, record);
    bridge.stored('pond-1', spoolId, parsed.at(-1)?.seq ?? 0);
  }
  return [...stored].sort(([a], [b]) => a.localeCompare(b)).map(([, record]) => record);
}
const meals = () => store().flatMap((record) => (record.kind === 'meal' ? [record] : []));
const sums = () => meals().reduce((sum, { count, grams }) => ({ count: sum.count + count, grams: sum.grams + grams }), { count: 0, grams: 0 });
const counters = () => ({ count: Number(plc.panel.get('count')), grams: Number(plc.panel.get('totalGrams')) });
const until = (holds: () => boolean) => eventually(() => (holds() ? true : undefined), 5_000);

async function start(): Promise<void> {
  journalId = '';
  agent = await startTestAgent({
    bridge: bridge.url,
    dataDir: join(folder, 'data'),
    feeders: [{
      feederId: 'pond-1', token: 'secret', registerMap: join(folder, 'map.yaml'), pollSeconds: 0.05,
      plc: { host: '127.0.0.1', port: plc.port, timeoutMs: 200 },
    }],
  });
  await until(() => store().length > 0 && journalId !== '');
}

/** Feeds by command; resolves when the PLC has taken the dose. */
async function feedNow(grams: number): Promise<string> {
  const dose = bridge.feedNow(grams, { journalId });
  bridge.send('pond-1', dose);
  await until(() => store().length > 0 && acks.get(dose.commandId) !== undefined);
  expect(acks.get(dose.commandId)).toBe('applied');
  return dose.commandId;
}

/** Lets the schedule rest; resolves when all that the PLC counted is stored. */
async function settle(before: { count: number; grams: number }): Promise<void> {
  plc.panel.set('feedingEnabled', false);
  await until(() => plc.panel.get('feeding') === false);
  const fed = { count: before.count + counters().count, grams: before.grams + counters().grams };
  await until(() => sums().count >= fed.count);
  expect(sums()).toEqual(fed);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'history-'));
  // Without guards, so that doses may follow each other.
  await writeFile(join(folder, 'map.yaml'), (await readFile(REFERENCE_MAP, 'utf8')).replace(/^guards:.*\n/m, ''));
  bridge = await ScriptedBridge.open();
  plc = await SimulatedPlc.start({ map: await readMap(), port: 0, speed: 200 });
  // A meal every 500 ms.
  const schedule = { intervalSeconds: 100, windowStartMinute: 0, windowEndMinute: 1440, dailyLimitGrams: 100_000, oxygenStopMgPerLitre: 0 };
  for (const [name, value] of Object.entries(schedule)) plc.panel.set(name, value);
  await start();
});
afterAll(async () => {
  await agent?.stop();
  await plc.stop();
  await bridge.close();
  await rm(folder, { recursive: true });
});

it('is what the PLC counted, to the gram: doses told apart, over restarts and a PLC that lost its memory', async () => {
  await until(() => meals().some(({ baseline }) => baseline === true));
  const before = { count: -(meals()[0]?.countTotal ?? 0), grams: -(meals()[0]?.totalGrams ?? 0) };
  const doses = new Map<string, number>();
  for (const grams of [7, 13, 29]) doses.set(await feedNow(grams), grams);
  await until(() => sums().count > 4);

  // One dose more, which nobody sees being counted, and meals of its own.
  doses.set(await feedNow(31), 31);
  await agent?.stop();
  const { count } = counters();
  await until(() => counters().count > count + 2);
  await start();
  await settle(before);
  const told = meals().filter(({ source }) => source === 'feed-now');
  expect(new Map(told.map(({ commandId, grams }) => [commandId, grams]))).toEqual(doses);
  expect(told).toHaveLength(4);
  expect(meals().find((meal) => meal.source === 'schedule' && meal.count > 1)).toBeDefined();
  expect(meals().every(({ source, count: own, grams }) => source === 'feed-now' || grams === 100 * own)).toBe(true);

  const fed = sums();
  plc.panel.set('mealCount', 0);
  plc.panel.set('totalGrams', 0);
  plc.panel.set('feedingEnabled', true);
  await until(() => counters().count > 1);
  await settle(fed);
  expect(meals().filter(({ baseline }) => baseline)).toHaveLength(1);
});

it('tells alarms, changes on the panel, and the PLC lost and back, with no number left out', async () => {
  const kinds = () =>
    store().flatMap((record) => {
      if (record.kind === 'alarm') return [`${record.name} ${record.active ? 'raised' : 'cleared'}`];
      return record.kind === 'plc' ? [`plc ${record.state}`] : [];
    });
  expect(kinds()).toEqual(expect.arrayContaining(['plc ok', 'hopperLow cleared', 'motorJam cleared']));
  const from = kinds().length;
  plc.panel.set('motorJam', true);
  await until(() => kinds().length === from + 1);
  await plc.disconnect();
  await until(() => kinds().length === from + 2);
  plc.panel.set('motorJam', false);
  plc.panel.set('mealGrams', 80);
  await plc.reconnect();
  await until(() => kinds().length === from + 4);
  expect(kinds().slice(from)).toEqual(['motorJam raised', 'plc unreachable', 'plc ok', 'motorJam cleared']);
  await until(() => store().some((record) => record.kind === 'config' && record.values['mealGrams'] === 80 && record.source === 'local'));

  expect(store().map(({ seq }) => seq)).toEqual(store().map((_, index) => index));
  const latest = store().findLast((record) => record.kind === 'reading');
  expect(latest).toMatchObject({ values: { hopperGrams: plc.panel.get('hopperGrams'), feeding: false } });
});
