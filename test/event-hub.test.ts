import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import type { FollowerDeps, Start } from '../src/events/follower.ts';
import { Hub } from '../src/events/hub.ts';
import type { AskedEvents, StoredEvent } from '../src/store/events.ts';
import { eventually } from './support/bridge.ts';
import { VirtualTime } from './simulation/virtual-time.ts';

const ALL = { feeders: undefined, types: undefined, sites: undefined };
/** From what is the newest now. */
const nowAt = (eventId: number): Start => ({ kind: 'now', eventId });
const NOW = nowAt(0);

const eventOf = (eventId: number, feederId = 'pond-1'): StoredEvent => ({
  eventId,
  feederId,
  atMs: 0,
  type: 'presence',
  presence: { state: 'online', sessionId: 's', atMs: 0, reason: 'connected' },
});

/** A hub whose events are `size` bytes long. */
function hubOf({ size = 0, ...deps }: Partial<FollowerDeps> & { size?: number } = {}): { hub: Hub; time: VirtualTime; told: { dropped: number; problems: unknown[] } } {
  const time = new VirtualTime();
  const told = { dropped: 0, problems: new Array<unknown>() };
  const hub = new Hub(
    {
      newestId: () => 0,
      read: ({ throughId }) => Promise.resolve({ events: [], problems: [], throughId }),
      render: ({ eventId, feederId }) => Buffer.from(`id: ${eventId}\ndata: ${feederId}${' '.repeat(size)}\n\n`),
      renderState: (feederId) => Buffer.from(`event: state\ndata: ${feederId}\n\n`),
      feeders: { ids: () => [], siteOf: () => 'farm' },
      onProblem: (error) => told.problems.push(error),
      onDropped: () => (told.dropped += 1),
      ...deps,
    },
    time,
  );
  return { hub, time, told };
}

/** A client that takes all it is sent. */
function reader(): { out: PassThrough; text: () => string } {
  const out = new PassThrough();
  let text = '';
  out.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return { out, text: () => text };
}

test('a comment comes every 15 s, and with it how far the client has come', async () => {
  let newestId = 7;
  const { hub, time } = hubOf({ newestId: () => newestId });
  const { out, text } = reader();
  hub.follow(out, { ...ALL, types: new Set(['alarm']) }, nowAt(7));
  const beganMs = time.nowMs;
  await time.step();
  expect(time.nowMs - beganMs).toBe(15_000);
  newestId = 9;
  hub.publish([eventOf(8), eventOf(9)]);
  await time.step();
  expect(time.nowMs - beganMs).toBe(30_000);
  expect(text()).toMatch(/^retry: \d+\nid: 7\n\n:\nid: 7\n\n:\nid: 9\n\n$/);
  hub.close();
  expect(await time.step()).toBe(false);
});

test('who takes nothing is cut off after a bounded number of bytes, while all others get everything', async () => {
  const { hub, told } = hubOf({ size: 50_000 });
  const server = createServer((_request, response) => {
    response.flushHeaders();
    hub.follow(response, ALL, NOW);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const open = async (): Promise<IncomingMessage> => {
    const [answer] = (await once(get({ port, agent: false }), 'response')) as [IncomingMessage];
    return answer;
  };
  const [slow, ...quick] = await Promise.all([open(), open(), open(), open()]);
  const taken = quick.map((answer) => {
    const ids: number[] = [];
    let rest = '';
    answer.setEncoding('utf8').on('data', (text: string) => {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      ids.push(...blocks.flatMap((block) => /^id: (\d+)/.exec(block)?.[1] ?? []).map(Number));
    });
    return ids;
  });
  slow.pause().on('error', () => undefined);

  const all = Array.from({ length: 400 }, (_, index) => index + 1);
  for (const eventId of all) {
    hub.publish([eventOf(eventId)]);
    // Those who read are given the time to.
    while (taken.some((ids) => ids.at(-1) !== eventId)) await new Promise(setImmediate);
  }
  expect(taken).toEqual(quick.map(() => all));
  expect({ dropped: told.dropped, count: hub.count }).toEqual({ dropped: 1, count: quick.length });
  hub.close();
  await Promise.all(quick.map((answer) => once(answer, 'close')));
  expect(hub.count).toBe(0);
});

test('who has stopped taking anything is cut off in the end, however little is sent', async () => {
  const { hub, time, told } = hubOf();
  const stuck = new Writable({ highWaterMark: 10, write: () => undefined });
  hub.follow(stuck, ALL, NOW);
  for (let minutes = 0; minutes < 1; minutes += 0.25) await time.step();
  expect({ destroyed: stuck.destroyed, dropped: told.dropped }).toEqual({ destroyed: true, dropped: 1 });
});

test('of the latest readings a client without room gets only the newest, once there is room', async () => {
  let reading = 0;
  const { hub } = hubOf({ feeders: { ids: () => ['pond-1', 'pond-2'], siteOf: () => 'farm' }, renderState: (feederId) => Buffer.from(`${feederId}=${reading}`) });
  const sent: string[] = [];
  let makeRoom = (): void => undefined;
  const out = new Writable({
    highWaterMark: 1,
    write: (chunk: Buffer, _encoding, done) => {
      sent.push(chunk.toString());
      makeRoom = done;
    },
  });
  hub.follow(out, ALL, NOW);
  for (reading = 1; reading < 1_000; reading++) hub.publishState('pond-1');
  hub.publishState('pond-3');
  expect(out.writableLength).toBeLessThan(100);
  for (let turn = 0; turn < 10; turn++) {
    makeRoom();
    await new Promise(setImmediate);
  }
  expect(sent.slice(1)).toEqual(['pond-1=1000', 'pond-2=1000', 'pond-3=1000']);
});

test('what was missed is read in pages no faster than it is taken, and goes over into what happens without loss or doubling', async () => {
  const stored = Array.from({ length: 1_000 }, (_, index) => eventOf(index + 1));
  let reads = 0;
  const { hub } = hubOf({
    size: 1_000,
    newestId: () => stored.length,
    read: async ({ afterId, throughId }) => {
      reads += 1;
      const events = stored.slice(afterId, Math.min(throughId, afterId + 100));
      // meanwhile more happens
      if (reads < 15) happen(20);
      await new Promise(setImmediate);
      return { events, problems: [], throughId: events.at(-1)?.eventId ?? throughId };
    },
  });
  const happen = (count: number): void => {
    const events = Array.from({ length: count }, (_, index) => eventOf(stored.length + index + 1));
    stored.push(...events);
    hub.publish(events);
  };
  const { out, text } = reader();
  out.pause();
  hub.follow(out, ALL, { kind: 'after', eventId: 100 });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(reads).toBe(1);
  out.resume();
  const ids = (): number[] => [...text().matchAll(/^id: (\d+)/gm)].map(([, id]) => Number(id));
  await eventually(() => (ids().at(-1) === stored.length ? true : undefined));
  happen(5);
  expect(ids()).toEqual(stored.slice(100).map(({ eventId }) => eventId));
  hub.close();
});

test('how far it was looked for what was missed is told with each page, so that nobody who is cut off begins from the start', async () => {
  const asked: AskedEvents[] = [];
  const { hub } = hubOf({
    newestId: () => 1_000,
    read: (page) => {
      asked.push(page);
      const throughId = Math.min(page.throughId, page.afterId + 400);
      return Promise.resolve({ events: page.afterId === 400 ? [eventOf(700)] : [], problems: [], throughId });
    },
  });
  const { out, text } = reader();
  hub.follow(out, { ...ALL, feeders: new Set(['pond-1']), types: new Set(['alarm']) }, { kind: 'after', eventId: 0 });
  await eventually(() => (text().endsWith('id: 1000\n\n') ? true : undefined));
  expect(text().replace(/^retry: \d+\n/, '')).toBe('\nid: 400\n\nid: 700\ndata: pond-1\n\nid: 800\n\nid: 1000\n\n');
  const filter = { feederIds: ['pond-1'], types: ['alarm'], throughId: 1_000 };
  expect(asked).toEqual([0, 400, 800].map((afterId) => ({ afterId, ...filter })));
  hub.close();
});

test('an event that cannot be shown is left out, and told once, whoever would have got it', async () => {
  const { hub, told } = hubOf({
    newestId: () => 2,
    read: ({ throughId }) => Promise.resolve({ events: [eventOf(1), eventOf(2)], problems: [new Error('of a later bridge')], throughId }),
    render: ({ eventId }) => {
      if (eventId % 2 === 1) throw new Error(`no ${eventId}`);
      return Buffer.from(`id: ${eventId}\n\n`);
    },
  });
  const [late, ...steady] = [reader(), reader(), reader()];
  hub.follow(late.out, ALL, { kind: 'after', eventId: 0 });
  for (const { out } of steady) hub.follow(out, ALL, nowAt(2));
  await eventually(() => (late.text().endsWith('id: 2\n\n') ? true : undefined));
  hub.publish([eventOf(3), eventOf(4)]);
  for (const { text } of [late, ...steady]) expect(text()).toMatch(/id: 2\n\n(.|\n)*id: 4\n\n$/);
  expect(told.problems).toEqual([new Error('of a later bridge'), new Error('no 1'), new Error('no 3')]);
  hub.close();
});

test('what cannot be read ends the stream, and the client comes back', async () => {
  const { hub, told } = hubOf({ newestId: () => 9, read: () => Promise.reject(new Error('away')) });
  const { out } = reader();
  hub.follow(out, ALL, { kind: 'after', eventId: 3 });
  await once(out, 'close');
  expect({ count: hub.count, problems: told.problems }).toEqual({ count: 0, problems: [new Error('away')] });
});

test('of those who are gone nothing is left', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const { hub } = hubOf();
  const open = (): WeakRef<PassThrough>[] =>
    Array.from({ length: 1_000 }, () => {
      const out = new PassThrough();
      hub.follow(out, ALL, NOW);
      out.destroy();
      return new WeakRef(out);
    });
  const refs = open();
  await eventually(() => {
    collectGarbage();
    return refs.every((ref) => ref.deref() === undefined) ? true : undefined;
  });
  expect(hub.count).toBe(0);
});

test('a hub that is closed takes nobody', () => {
  const { hub } = hubOf();
  hub.close();
  const { out } = reader();
  hub.follow(out, ALL, NOW);
  expect({ ended: out.writableEnded, count: hub.count }).toEqual({ ended: true, count: 0 });
});
