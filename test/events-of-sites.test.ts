import { afterAll, beforeAll, expect, test } from 'vitest';
import { toInstant } from '../topics/identifiers.ts';
import { makeKey, withKey, type TestKey } from './support/api-key.ts';
import { eventually, openTestBridge, type TestBridge } from './support/bridge.ts';
import { EventStream } from './support/event-stream.ts';
import { connectAgent } from './support/live-feeder.ts';

let bridge: TestBridge;
let mine: TestKey;
beforeAll(async () => {
  bridge = await openTestBridge();
  mine = await makeKey(bridge, 'viewer', { sites: ['site-a'] });
  for (const feederId of ['a-1', 'a-2']) await bridge.enrol(feederId, 'site-a');
  for (const feederId of ['b-1', 'b-2']) await bridge.enrol(feederId, 'site-b');
});
afterAll(() => bridge.dispose());

const open = (more: { query?: string; lastEventId?: string | undefined } = {}): Promise<EventStream> => EventStream.open(bridge, { key: mine.key, ...more });
/** A change of a feeder that is offline, which is one event. */
const refuse = (feederId: string, mealGrams: number): Promise<unknown> => bridge.rest('PATCH', `/feeders/${feederId}/config`, { body: { mealGrams } });
const feedersIn = ({ told }: EventStream): unknown[] => told.map(({ data }) => data['feederId']);
const isAbout = (mealGrams: number) => ({ data }: { data: unknown }): boolean => JSON.stringify(data).includes(`"mealGrams":${mealGrams}`);

test('before anything happened at its site a client begins at no place that tells of others', async () => {
  const all = await EventStream.open(bridge);
  await refuse('b-1', 1);
  await all.find(isAbout(1));
  const stream = await open();
  expect(await eventually(() => stream.lastEventId)).toBe('0');
  await refuse('b-1', 2);
  await refuse('a-1', 3);
  await stream.find(isAbout(3));
  await all.find(isAbout(2));
  expect(feedersIn(stream)).toEqual(['a-1']);
  // And from there it misses nothing of its own.
  const resumed = await open({ lastEventId: '0' });
  await resumed.find(isAbout(3));
  expect(resumed.told).toEqual(stream.told);
});

test('who comes back gets what was missed of its own site, removed feeders too, and its place is among that', async () => {
  const stream = await open();
  const lastEventId = await eventually(() => stream.lastEventId);
  stream.close();
  const all = await EventStream.open(bridge);
  for (const [feederId, mealGrams] of [['b-1', 11], ['a-2', 12], ['b-2', 13], ['a-1', 14], ['b-1', 15]] as const) {
    await refuse(feederId, mealGrams);
    await all.find(isAbout(mealGrams));
  }
  await bridge.rest('DELETE', '/feeders/a-2');
  const resumed = await open({ lastEventId });
  const last = await resumed.find(isAbout(14));
  expect(feedersIn(resumed)).toEqual(['a-2', 'a-1']);
  expect(resumed.lastEventId).toBe(last.id);
  // A new one begins at the newest that is its own.
  const anew = await open();
  expect(await eventually(() => anew.lastEventId)).toBe(last.id);
  await bridge.restart();
  const afterRestart = await open({ lastEventId });
  await afterRestart.find(isAbout(14));
  expect(feedersIn(afterRestart)).toEqual(['a-2', 'a-1']);
});

test('from a time on only its own are told, and where it begins tells nothing of others', async () => {
  const all = await EventStream.open(bridge);
  await refuse('a-1', 16);
  const { id } = await all.find(isAbout(16));
  await refuse('b-1', 17);
  const { id: foreign } = await all.find(isAbout(17));
  await eventually(() => (Date.now() > Number(foreign) / 1000 + 100 ? true : undefined));
  const stream = await open({ query: `?types=command&from=${toInstant(Date.now() - 50)}` });
  expect(await eventually(() => stream.lastEventId)).toBe(id);
  await refuse('a-1', 18);
  await stream.find(isAbout(18));
  expect(feedersIn(stream)).toEqual(['a-1']);
});

test('an event of another site is as unknown as one that never was', async () => {
  const all = await EventStream.open(bridge);
  await refuse('b-1', 21);
  const { id: foreign } = await all.find(isAbout(21));
  const answers = [];
  for (const lastEventId of [foreign, '7']) {
    const stream = await open({ lastEventId });
    answers.push(await stream.find(({ type }) => type === 'reset'));
  }
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]?.data).toEqual({ newestId: Number(answers[0]?.id) });
  expect(Number(answers[0]?.id)).toBeLessThan(Number(foreign));
});

test('readings are told of its own site alone, and of a feeder that leaves it no more', async () => {
  const [own, other] = await Promise.all([
    bridge.enrol('a-live', 'site-a').then((token) => connectAgent(bridge, 'a-live', token)),
    bridge.enrol('b-live', 'site-b').then((token) => connectAgent(bridge, 'b-live', token)),
  ]);
  const tell = async (hopperGrams: number): Promise<void> => {
    for (const agent of [other, own]) await agent.publish('state', { at: toInstant(Date.now()), values: { hopperGrams }, quality: {} });
  };
  const isAt = (hopperGrams: number) => ({ data }: { data: unknown }): boolean => JSON.stringify(data).includes(`"hopperGrams":${hopperGrams}`);
  const all = await EventStream.open(bridge, { query: '?types=state&feeders=b-live' });
  await tell(500);
  await all.find(isAt(500));
  const stream = await open({ query: '?types=state' });
  await stream.find(isAt(500));
  await tell(490);
  await stream.find(isAt(490));
  await all.find(isAt(490));
  expect(new Set(feedersIn(stream))).toEqual(new Set(['a-live']));

  // Whoever may see both sites moves it: its id is of the other one then.
  await bridge.rest('DELETE', '/feeders/a-live?force=true');
  const seen = stream.told.length;
  const moved = await connectAgent(bridge, 'a-live', await bridge.enrol('a-live', 'site-b'));
  const movedTold = await EventStream.open(bridge, { query: '?types=state&feeders=a-live' });
  await moved.publish('state', { at: toInstant(Date.now()), values: { hopperGrams: 480 }, quality: {} });
  await movedTold.find(isAt(480));
  expect(stream.told).toHaveLength(seen);
});

test('numbers of events tell when they were, not how much happened before', async () => {
  const all = await EventStream.open(bridge);
  const stream = await open();
  const ids: number[] = [];
  for (const mealGrams of [31, 32]) {
    for (let count = 0; count < 5; count += 1) await refuse('b-1', 100 + count);
    const fromMs = Date.now();
    await refuse('a-1', mealGrams);
    const { id } = await stream.find(isAbout(mealGrams));
    ids.push(Number(id));
    // A thousand numbers for each millisecond, drawn at random from some twenty.
    expect(Number(id) / 1000).toBeGreaterThanOrEqual(fromMs - 1);
    expect(Number(id) / 1000).toBeLessThanOrEqual(Date.now() + 22);
  }
  await all.find(isAbout(32));
});

test('what is asked for beside its own site is refused as what is not there', async () => {
  const ask = (query: string) => bridge.rest('GET', `/events${query}`, withKey(mine));
  const [foreign, unknown] = await Promise.all([ask('?feeders=a-1,b-1'), ask('?feeders=a-1,x-1')]);
  expect(foreign.status).toBe(404);
  expect(JSON.stringify(foreign.body).replaceAll('b-1', 'x-1')).toBe(JSON.stringify(unknown.body));
});
