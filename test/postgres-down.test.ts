import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually, openTestBridge, type Answer, type TestBridge } from './support/bridge.ts';
import { liveFeeder, readCommand, readConfig, readFeeder } from './support/live-feeder.ts';
import { commandIn, CommandShape, listOf, problemIn } from './support/rest-shapes.ts';
import { hasPostgres, startPostgres, type ServerProcess } from './support/server-process.ts';
import { Explorer, makeSiteLogin } from './support/site-login.ts';

/** One wait for a connection and one for a statement, and then some for a busy machine. */
const BOUND_MS = 4_500;

describe.skipIf(!hasPostgres)('a bridge whose Postgres is away', () => {
  let server: ServerProcess;
  let bridge: TestBridge;
  let feeders = 0;
  let feederId = '';

  beforeAll(async () => {
    server = await startPostgres();
    // Room for a statement of which nothing is heard (2 s), and for the ack to come again after that (2 s).
    bridge = await openTestBridge({ DATABASE_URL: server.url, ACK_TIMEOUT_MS: '6000' });
  });
  afterAll(async () => {
    await bridge.dispose();
    await server.dispose();
  });
  beforeEach(() => {
    feederId = `pond-${++feeders}`;
  });

  const patch = (body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    bridge.rest('PATCH', `/feeders/${feederId}/config`, { body, headers });

  async function withinBound(ask: Promise<Answer>): Promise<Answer> {
    const askedAt = performance.now();
    const answer = await ask;
    expect(performance.now() - askedAt).toBeLessThan(BOUND_MS);
    return answer;
  }

  const ready = (): Promise<true> =>
    eventually(async () => ((await bridge.rest('GET', '//readyz')).status === 200 ? true : undefined), 10_000);

  test.each(['killed', 'frozen'] as const)('%s: changes are 503 in bounded time, reads go on, and it recovers by itself', async (how) => {
    const agent = await liveFeeder(bridge, feederId);
    // so that there are idle connections for what is asked next
    await Promise.all(Array.from({ length: 10 }, () => bridge.rest('GET', `/feeders/${feederId}/commands`)));
    if (how === 'killed') await server.kill();
    else server.freeze();
    const refused = await Promise.all([
      withinBound(patch({ mealGrams: 120 })),
      withinBound(patch({ mealGrams: 120 }, { 'Idempotency-Key': 'key' })),
      withinBound(bridge.rest('POST', `/feeders/${feederId}/commands`, { body: { kind: 'pause' } })),
      withinBound(bridge.rest('POST', '/feeders', { body: { feederId: `${feederId}-new`, name: 'new', site: 'farm' } })),
      withinBound(bridge.rest('GET', `/feeders/${feederId}/commands`)),
    ]);
    for (const answer of refused) {
      problemIn(answer, 503, 'store-unavailable');
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    }
    expect((await readFeeder(bridge, feederId)).presence).toBe('online');
    expect((await readConfig(bridge, feederId)).etag).toBe('"1"');
    expect((await bridge.rest('GET', '//livez')).status).toBe(200);
    expect((await withinBound(bridge.rest('GET', '//readyz'))).body).toMatchObject({ status: 'unavailable', checks: { database: 'unavailable', leases: 'ok' } });
    if (how === 'killed') await server.start();
    else server.thaw();
    await ready();

    // nothing of what was refused is sent, however late the database came to it
    await eventually(async () => {
      const { items } = listOf(CommandShape).parse((await bridge.rest('GET', `/feeders/${feederId}/commands`)).body);
      // all three changes are there, the one with a key too
      return items.length >= 3 && items.every(({ state }) => state === 'refused' || state === 'expired') ? true : undefined;
    });
    const accepted = patch({ mealGrams: 130 }, { 'Idempotency-Key': 'key', 'If-Match': '"1"' });
    const command = await agent.command();
    expect(command.changes).toEqual({ mealGrams: 130 });
    await agent.applied(command);
    expect(commandIn(await accepted).state).toBe('applied');
    expect(agent.commandsWaiting()).toEqual([]);
  });

  test('an ack that cannot be stored is asked for again until it is; nobody is told "applied" before', async () => {
    const agent = await liveFeeder(bridge, feederId);
    let answered: Answer | undefined;
    const asked = patch({ mealGrams: 120 }).then((answer) => (answered = answer));
    const command = await agent.command();
    await server.kill();
    await agent.applied(command);
    expect(await agent.command()).toEqual(command);
    expect(answered).toBeUndefined();
    await agent.applied(command);
    problemIn(await asked, 504, 'command-unresolved');
    expect((await readConfig(bridge, feederId)).values['mealGrams']).toBe(100);
    await server.start();
    agent.client.on('message', (topic) => {
      if (topic.endsWith('/command')) void agent.applied(command).catch(() => undefined);
    });
    await eventually(async () => {
      const found = await bridge.rest('GET', `/commands/${command.commandId}`);
      return found.status === 200 && CommandShape.parse(found.body).state === 'applied' ? true : undefined;
    }, 10_000);
    expect(await readConfig(bridge, feederId)).toMatchObject({ etag: '"2"', values: { mealGrams: 120 } });
  });

  test('a dose whose ack cannot be stored stays pending until it is, and nothing is fed meanwhile', async () => {
    const agent = await liveFeeder(bridge, feederId);
    const feed = (key: string) => bridge.rest('POST', `/feeders/${feederId}/commands`, { body: { kind: 'feed-now', grams: 50 }, headers: { 'Idempotency-Key': key } });
    const asked = feed('first');
    const command = await agent.otherCommand();
    await server.kill();
    await agent.ack(command, { outcome: 'applied', readBack: {} });
    expect(await agent.otherCommand()).toEqual(command);
    problemIn(await feed('second'), 503, 'store-unavailable');
    await server.start();
    await ready();
    expect(problemIn(await feed('second'), 409, 'command-pending').commandId).toBe(command.commandId);
    await agent.ack(command, { outcome: 'applied', readBack: {} });
    expect([200, 504]).toContain((await asked).status);
    expect(commandIn(await feed('first'))).toMatchObject({ commandId: command.commandId, state: 'applied' });
    expect(agent.commandsWaiting().every(({ commandId }) => commandId === command.commandId)).toBe(true);
  });

  test('frozen while an ack is being stored: the answer waits for the commit', async () => {
    const agent = await liveFeeder(bridge, feederId);
    const askedAt = performance.now();
    const asked = patch({ mealGrams: 120 });
    const command = await agent.command();
    server.freeze();
    await agent.applied(command);
    // On a busy machine nothing may be heard of Postgres for more than 2 s; then the agent is asked again.
    agent.client.on('message', (topic) => {
      if (topic.endsWith('/command')) void agent.applied(command).catch(() => undefined);
    });
    let answered = false;
    void asked.finally(() => (answered = true));
    await delay(1_000); // far longer than storing takes, and shorter than any limit
    expect(answered).toBe(false);
    server.thaw();
    expect(commandIn(await asked).state).toBe('applied');
    expect(performance.now() - askedAt).toBeGreaterThan(1_000);
    expect((await readCommand(bridge, command.commandId)).state).toBe('applied');
  });

  test('killed: site logins go on letting people in, and none is made or removed in bounded time', async () => {
    const login = await makeSiteLogin(bridge, 'farm');
    await server.kill();
    await Explorer.connect(bridge.wsUrl, login);
    problemIn(await withinBound(bridge.rest('POST', '/site-logins', { body: { site: 'farm', name: 'x' } })), 503, 'store-unavailable');
    problemIn(await withinBound(bridge.rest('DELETE', `/site-logins/${login.siteLoginId}`)), 503, 'store-unavailable');
    await Explorer.connect(bridge.wsUrl, login);
    await server.start();
    await ready();
    expect((await bridge.rest('DELETE', `/site-logins/${login.siteLoginId}`)).status).toBe(204);
    await expect(Explorer.connect(bridge.wsUrl, login)).rejects.toMatchObject({ code: 4 });
  });
});
