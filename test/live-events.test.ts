import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get, type ClientRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toInstant } from '../topics/identifiers.ts';
import { ADMIN_KEY, eventually, openTestBridge, startTestBridge, type TestBridge } from './support/bridge.ts';
import { EventStream, type Told } from './support/event-stream.ts';
import { connectAgent, liveFeeder, readCommand } from './support/live-feeder.ts';
import { commandIn, problemIn } from './support/rest-shapes.ts';

let bridge: TestBridge;
beforeAll(async () => {
  bridge = await openTestBridge();
  await bridge.enrol('quiet');
});
afterAll(() => bridge.dispose());

/** A change of a feeder that is offline: it is refused, which is one event, soon after it is answered. */
const refuse = (mealGrams: number): Promise<unknown> => bridge.rest('PATCH', '/feeders/quiet/config', { body: { mealGrams } });
const refusedGrams = (told: readonly Told[]): number[] =>
  told.flatMap(({ data }) => Number(/"mealGrams":(\d+)/.exec(JSON.stringify(data['command']))?.[1] ?? []));

test('presence, commands and config are told as they happen, in the shapes of REST', async () => {
  const stream = await EventStream.open(bridge, { query: '?types=presence,command,config' });
  expect(stream.answer.headers['content-type']).toMatch(/^text\/event-stream/);
  expect(stream.answer.headers).toMatchObject({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  const agent = await liveFeeder(bridge, 'told');
  await stream.find(({ type }) => type === 'presence');
  await stream.find(({ type }) => type === 'config');
  const change = bridge.rest('PATCH', '/feeders/told/config', { body: { mealGrams: 120 } });
  const command = await agent.command();
  await stream.find(({ type }) => type === 'command');
  await agent.applied(command);
  const applied = commandIn(await change);
  await stream.find(({ type, data }) => type === 'config' && JSON.stringify(data).includes('"mealGrams":120'));

  const ids = stream.told.map(({ id }) => Number(id));
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  expect(stream.told.slice(0, 2).sort((a, b) => b.type.localeCompare(a.type))).toMatchObject([
    { data: { feederId: 'told', presence: { state: 'online', sessionId: agent.sessionId, reason: 'connected' } } },
    { data: { feederId: 'told', config: { source: 'start' } } },
  ]);
  expect(stream.told.slice(2)).toMatchObject([
    { type: 'command', data: { feederId: 'told', at: applied.issuedAt, command: { commandId: applied.commandId, state: 'sent', readBack: null } } },
    { type: 'command', data: { at: applied.ackedAt } },
    { type: 'config', data: { config: { version: applied.version, source: 'command', values: { mealGrams: 120 } } } },
  ]);
  expect(stream.told[3]?.data['command']).toEqual(await readCommand(bridge, applied.commandId));
});

test('meals and alarms are told when the bridge has them, raised, acknowledged and cleared', async () => {
  const agent = await liveFeeder(bridge, 'eater');
  const stream = await EventStream.open(bridge, { query: '?feeders=eater&types=meal,alarm' });
  const spoolId = randomUUID();
  const at = (): string => toInstant(Date.now());
  const meal = { kind: 'meal' as const, source: 'schedule' as const };
  await agent.publish('records', {
    spoolId,
    records: [
      { ...meal, seq: 0, at: at(), count: 0, grams: 0, countTotal: 7, totalGrams: 700, baseline: true },
      { ...meal, seq: 1, at: at(), count: 1, grams: 100, countTotal: 8, totalGrams: 800 },
      { kind: 'alarm', seq: 2, at: at(), name: 'motorJam', active: true },
    ],
  });
  const raised = await stream.find(({ type }) => type === 'alarm');
  expect(raised.data).toMatchObject({ feederId: 'eater', alarm: { name: 'motorJam', state: 'open', acknowledgedAt: null } });
  const fed = stream.told.filter(({ type }) => type === 'meal');
  expect(fed.at(-1)?.data).toMatchObject({ meal: { count: 1, grams: 100, countTotal: 8, totalGrams: 800, source: 'schedule', booked: false } });
  expect(fed.every(({ data }) => !JSON.stringify(data).includes('"grams":0,'))).toBe(true);

  const { alarmId } = raised.data['alarm'] as { alarmId: string };
  await bridge.rest('POST', `/feeders/eater/alarms/${alarmId}/acknowledge`);
  await stream.find(({ data }) => JSON.stringify(data).includes('"acknowledgedBy":"ADMIN_KEY"'));
  await agent.publish('records', { spoolId, records: [{ kind: 'alarm', seq: 3, at: at(), name: 'motorJam', active: false }] });
  const cleared = await stream.find(({ data }) => JSON.stringify(data).includes('"cleared"'));
  expect(cleared.data['alarm']).toMatchObject({ alarmId, state: 'cleared', acknowledgedBy: 'ADMIN_KEY' });
});

test('the latest readings come at once and whenever they are told, without an id', async () => {
  const agent = await liveFeeder(bridge, 'swimmer');
  const state = (hopperGrams: number) => agent.publish('state', { at: toInstant(Date.now()), values: { hopperGrams }, quality: {} });
  await state(500);
  await eventually(async () => (JSON.stringify((await bridge.rest('GET', '/feeders/swimmer')).body).includes('"hopperGrams":500') ? true : undefined));
  const stream = await EventStream.open(bridge, { query: '?feeders=swimmer,quiet' });
  expect(await stream.find(() => true)).toMatchObject({ type: 'state', id: undefined, data: { feederId: 'swimmer', state: { values: { hopperGrams: 500 } } } });
  await state(490);
  await stream.find(({ data }) => JSON.stringify(data).includes('"hopperGrams":490'));
  const others = await EventStream.open(bridge, { query: '?types=alarm' });
  await state(480);
  await stream.find(({ data }) => JSON.stringify(data).includes('"hopperGrams":480'));
  expect(others.told).toEqual([]);
});

test('they come again as soon as the agent says that its PLC does not answer, or does again', async () => {
  const agent = await liveFeeder(bridge, 'diver');
  await agent.publish('state', { at: toInstant(Date.now()), values: { hopperGrams: 500 }, quality: {} });
  const stream = await EventStream.open(bridge, { query: '?feeders=diver' });
  await stream.find(({ data }) => data['plc'] === 'ok');
  await agent.beat({ plc: 'unreachable' });
  await stream.find(({ data }) => data['plc'] === 'unreachable');
  await agent.beat({ plc: 'ok' });
  await stream.find(({ type, data }) => type === 'state' && data['plc'] === 'ok');
  expect(stream.told.map(({ data }) => data['plc'])).toEqual(['ok', 'unreachable', 'ok']);
});

test('only what is asked for is told', async () => {
  const all = await EventStream.open(bridge);
  const other = await EventStream.open(bridge, { query: '?feeders=told' });
  const alarms = await EventStream.open(bridge, { query: '?types=config,alarm' });
  const both = await EventStream.open(bridge, { query: '?types=command&feeders=told,quiet' });
  await refuse(7);
  const { id } = await all.find(({ data }) => JSON.stringify(data).includes('"mealGrams":7'));
  await both.find((told) => told.id === id);
  // Other feeders of this file may still be told of, to whoever asked for them.
  expect(other.told.filter(({ data }) => data['feederId'] !== 'told')).toEqual([]);
  expect(alarms.told.filter(({ type }) => type !== 'config' && type !== 'alarm')).toEqual([]);
  expect(both.told.filter(({ type }) => type !== 'command')).toEqual([]);
});

test('what cannot be followed is refused', async () => {
  const ask = (query: string, headers = {}) => bridge.rest('GET', `/events${query}`, { headers });
  expect(problemIn(await ask('?types=presence,weather'), 400, 'malformed').detail).toContain('presence, command');
  problemIn(await ask('?feeders='), 400, 'malformed');
  expect(problemIn(await ask('?feeders=quiet,nobody'), 404, 'not-found').detail).toContain('nobody');
  problemIn(await ask('', { 'Last-Event-ID': 'x1' }), 400, 'malformed');
  for (const from of ['yesterday', '', '1769846400', '1969-12-31T23:59:59.000Z']) problemIn(await ask(`?from=${from}`), 400, 'malformed');
  expect((await bridge.rest('HEAD', '/events')).status).toBe(200);
});

test('who comes back again and again while much happens misses nothing and gets nothing twice', async () => {
  const query = '?types=command&feeders=quiet';
  const all = Array.from({ length: 36 }, (_, index) => 1_000 + index);
  const steady = await EventStream.open(bridge, { query });
  let lastEventId = await eventually(() => steady.lastEventId);
  const told: Told[] = [];
  for (let from = 0; from < all.length; from += 4) {
    // It comes and goes while these are stored, numbered and sent.
    const happening = Promise.all(all.slice(from, from + 4).map(refuse));
    const visit = await EventStream.open(bridge, { query, lastEventId });
    const enough = from + 4 < all.length ? 1 + (from % 3) : all.length - told.length;
    await eventually(() => (visit.told.length >= enough ? true : undefined));
    visit.close();
    await Promise.all([visit.over, happening]);
    told.push(...visit.told);
    lastEventId = visit.lastEventId ?? lastEventId;
  }
  await eventually(() => (steady.told.length >= all.length ? true : undefined));
  expect(refusedGrams(steady.told).sort()).toEqual(all);
  expect(told).toEqual(steady.told);
});

test('who had an event that nobody knows is told to begin anew, and goes on', async () => {
  const stream = await EventStream.open(bridge, { query: '?types=command', lastEventId: '3' });
  const reset = await stream.find(({ type }) => type === 'reset');
  expect(reset.data).toEqual({ newestId: Number(reset.id) });
  expect(Number(reset.id)).toBeGreaterThan(1_000_000);
  await refuse(8);
  const next = await stream.find(({ data }) => JSON.stringify(data).includes('"mealGrams":8'));
  expect(stream.told).toEqual([reset, next]);
});

test('who asks from a time on gets what was stored after it, and goes on', async () => {
  const query = '?types=command&feeders=quiet';
  const all = await EventStream.open(bridge, { query });
  await refuse(51);
  const before = await all.find(({ data }) => JSON.stringify(data).includes('"mealGrams":51'));
  // Numbers may lie a little ahead of the clock.
  await eventually(() => (Date.now() > Number(before.id) / 1000 + 100 ? true : undefined));
  const from = toInstant(Date.now() - 50);
  await refuse(52);
  const after = await all.find(({ data }) => JSON.stringify(data).includes('"mealGrams":52'));
  const stream = await EventStream.open(bridge, { query: `${query}&from=${from}` });
  await stream.find(() => true);
  expect(stream.told).toEqual([after]);
  stream.close();

  // Where it begins is a place to come back to, and what came last goes before the time.
  const future = await EventStream.open(bridge, { query: `${query}&from=${toInstant(Date.now() + 3_600_000)}` });
  const resumed = await EventStream.open(bridge, { query: `${query}&from=${from}`, lastEventId: await eventually(() => future.lastEventId) });
  await refuse(53);
  const next = await all.find(({ data }) => JSON.stringify(data).includes('"mealGrams":53'));
  for (const each of [future, resumed]) {
    await each.find(() => true);
    expect(each.told).toEqual([next]);
  }
  const tooOld = await EventStream.open(bridge, { query: `${query}&from=${toInstant(Date.now() - 8 * 24 * 3_600_000)}` });
  expect(await tooOld.find(() => true)).toMatchObject({ type: 'reset' });
});

test('of a thousand opened and aborted nothing is left', async () => {
  const streams = async (): Promise<string | undefined> => {
    const text = await (await fetch(`${bridge.url}/metrics`)).text();
    return /^feederbridge_event_streams (\d+)$/m.exec(text)?.[1];
  };
  await eventually(async () => ((await streams()) === '0' ? true : undefined));
  const headers = { Authorization: `Bearer ${ADMIN_KEY}` };
  const open = async (): Promise<ClientRequest> => {
    const request = get(`${bridge.url}/api/v1/events`, { headers, agent: false });
    await once(request, 'response');
    return request;
  };
  const opened: ClientRequest[] = [];
  while (opened.length < 1_000) opened.push(...(await Promise.all(Array.from({ length: 100 }, open))));
  expect(await streams()).toBe('1000');
  for (const request of opened) request.destroy();
  await eventually(async () => ((await streams()) === '0' ? true : undefined));
});

test('open streams end at once when the bridge stops, and what happens meanwhile is told by the next', async () => {
  const stopping = await startTestBridge();
  const token = await stopping.enrol('pond-1');
  await connectAgent(stopping, 'pond-1', token);
  const stream = await EventStream.open(stopping, { query: '?types=presence,config' });
  await eventually(() => stream.lastEventId);
  const beganMs = performance.now();
  const stopped = stopping.stop(10_000);
  await stream.over;
  expect(performance.now() - beganMs).toBeLessThan(1_000);
  problemIn(await stopping.rest('GET', '/events'), 503, 'bridge-stopping');
  await stopped;
  expect(performance.now() - beganMs).toBeLessThan(3_000);
  await stopping.restart();
  await connectAgent(stopping, 'pond-1', token);
  const next = await EventStream.open(stopping, { query: '?types=presence,config', lastEventId: stream.lastEventId });
  await next.find(({ data }) => JSON.stringify(data).includes('"online"'));
  expect(next.told.map(({ type }) => type)).not.toContain('reset');
});
