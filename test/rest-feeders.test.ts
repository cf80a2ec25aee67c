import { connectAsync } from 'mqtt';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { eventually, openTestBridge } from './support/bridge.ts';
import { connectAgent, liveFeeder, readCommand, readConfig, readFeeder } from './support/live-feeder.ts';
import { commandIn, ConfigShape, FeederShape, listOf, problemIn } from './support/rest-shapes.ts';
import { PROFILE, ScriptedAgent, VALUES } from './support/scripted-agent.ts';

const bridge = await openTestBridge({ ACK_TIMEOUT_MS: '500' });
afterAll(() => bridge.dispose());

const Enrolled = FeederShape.extend({ token: z.string().min(32) });

test('a feeder is enrolled with a token that is shown once, and has reported nothing yet', async () => {
  const body = { feederId: 'new-1', name: ' North pond ', site: 'farm', timeZone: 'Europe/Oslo' };
  const answer = await bridge.rest('POST', '/feeders', { body });
  expect(answer.status).toBe(201);
  expect(answer.headers.get('location')).toBe('/api/v1/feeders/new-1');
  const feeder = await readFeeder(bridge, 'new-1');
  const enrolled = Enrolled.parse(answer.body);
  expect(enrolled).toEqual({ ...feeder, token: enrolled.token });
  expect(feeder).toEqual({
    feederId: 'new-1',
    name: 'North pond',
    site: 'farm',
    timeZone: 'Europe/Oslo',
    presence: 'offline',
    plc: 'unknown',
    lastSeenAt: null,
    config: null,
    state: null,
    profile: null,
  });
  problemIn(await bridge.rest('GET', '/feeders/new-1/config'), 404, 'not-found');
  problemIn(await bridge.rest('POST', '/feeders', { body }), 409, 'feeder-exists');
});

test('of two enrolments at the same moment one is told that the feeder exists', async () => {
  const enrol = () => bridge.rest('POST', '/feeders', { body: { feederId: 'race', name: 'race', site: 'farm' } });
  const answers = await Promise.all([enrol(), enrol()]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
});

test('a live feeder shows presence, PLC link, config, state and profile', async () => {
  const agent = await liveFeeder(bridge, 'live-1');
  await agent.publish('state', { at: '2026-01-31T08:00:00.000Z', values: { hopperGrams: 900 }, quality: {} });
  const feeder = await eventually(async () => {
    const found = await readFeeder(bridge, 'live-1');
    return found.state ? found : undefined;
  });
  expect(feeder).toMatchObject({
    presence: 'online',
    plc: 'ok',
    config: { version: 1, values: VALUES, source: 'start' },
    state: { values: { hopperGrams: 900 } },
    profile: PROFILE,
  });
  expect(feeder.lastSeenAt).not.toBeNull();
  const config = await bridge.rest('GET', '/feeders/live-1/config');
  expect(ConfigShape.parse(config.body)).toEqual({ ...feeder.config, profile: feeder.profile });
  // An agent of before told no guards; those that are told are shown.
  expect(feeder.profile).not.toHaveProperty('guards');
  const guarded = { ...PROFILE, guards: { maxDoseGrams: 500, minGapSeconds: 300 } };
  await agent.publish('profile', guarded);
  await eventually(async () => ((await readFeeder(bridge, 'live-1')).profile?.['guards'] === undefined ? undefined : true));
  expect(await readFeeder(bridge, 'live-1')).toMatchObject({ profile: guarded });
  expect(config.headers.get('etag')).toBe('"1"');
});

test('the list comes by feederId, in pages, and a cursor of nobody\'s making is 400', async () => {
  for (const feederId of ['zz-3', 'zz-1', 'zz-2']) await bridge.enrol(feederId);
  const Page = listOf(FeederShape);
  const all = Page.parse((await bridge.rest('GET', '/feeders')).body);
  const ids = all.items.map(({ feederId }) => feederId);
  expect(ids).toEqual([...ids].sort());
  expect(ids).toEqual(expect.arrayContaining(['zz-1', 'zz-2', 'zz-3']));
  expect(all.nextCursor).toBeUndefined();

  const paged: string[] = [];
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? 'limit=2' : `limit=2&cursor=${cursor}`;
    const page = Page.parse((await bridge.rest('GET', `/feeders?${query}`)).body);
    expect(page.items.length).toBeLessThanOrEqual(2);
    paged.push(...page.items.map(({ feederId }) => feederId));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(paged).toEqual(ids);

  for (const query of ['limit=0', 'limit=501', 'limit=x', 'limit=1&limit=2', 'limit=', 'limit=-1', 'limit=1e2', 'cursor=', 'cursor=x',
    'cursor=bnVsbA', `cursor=${'a'.repeat(4000)}`, 'cursor=a&cursor=b']) {
    problemIn(await bridge.rest('GET', `/feeders?${query}`), 400, 'malformed');
  }
  expect((await bridge.rest('GET', '/feeders?limit=500')).status).toBe(200);
});

test('a token rotated without an overlap ends the old one and its session at once', async () => {
  const oldToken = await bridge.enrol('rotated');
  const agent = await connectAgent(bridge, 'rotated', oldToken);
  const cut = new Promise<void>((resolve) => agent.client.once('close', () => resolve()));
  const answer = await bridge.rest('POST', '/feeders/rotated/token?overlapSeconds=0');
  expect(answer.status).toBe(201);
  const { feederId, token } = z.strictObject({ feederId: z.string(), token: z.string().min(32), previousTokenUntil: z.null() }).parse(answer.body);
  expect(feederId).toBe('rotated');
  expect(token).not.toBe(oldToken);
  await cut;
  problemIn(await bridge.rest('PATCH', '/feeders/rotated/config', { body: { mealGrams: 1 } }), 409, 'feeder-offline');
  await expect(ScriptedAgent.connect({ wsUrl: bridge.wsUrl, feederId: 'rotated', token: oldToken })).rejects.toThrow();
  await connectAgent(bridge, 'rotated', token);
});

test('a removed feeder is gone with its session and retained messages, and comes back with its version counter', async () => {
  const token = await bridge.enrol('comes-back');
  const agent = await connectAgent(bridge, 'comes-back', token);
  await changed(agent, { mealGrams: 120 });
  const cut = new Promise<void>((resolve) => agent.client.once('close', () => resolve()));
  expect((await bridge.rest('DELETE', '/feeders/comes-back')).status).toBe(204);
  await cut;
  for (const path of ['', '/config', '/commands']) {
    problemIn(await bridge.rest('GET', `/feeders/comes-back${path}`), 404, 'not-found');
  }
  problemIn(await bridge.rest('PATCH', '/feeders/comes-back/config', { body: { mealGrams: 1 } }), 404, 'not-found');
  problemIn(await bridge.rest('DELETE', '/feeders/comes-back'), 404, 'not-found');
  await expect(ScriptedAgent.connect({ wsUrl: bridge.wsUrl, feederId: 'comes-back', token })).rejects.toThrow();

  const newToken = await bridge.enrol('comes-back', 'other-farm');
  expect(await readFeeder(bridge, 'comes-back')).toMatchObject({
    site: 'other-farm', presence: 'offline', lastSeenAt: null, config: null, state: null, profile: null,
  });
  expect(await retainedTopics('comes-back', newToken)).toEqual([]);
  const again = await connectAgent(bridge, 'comes-back', newToken);
  const { version } = await readConfig(bridge, 'comes-back');
  expect(version).toBeGreaterThan(2);
  await changed(again, { mealGrams: 130 });
  expect((await readConfig(bridge, 'comes-back')).version).toBe(version + 1);
});

test('a feeder with a command that has no outcome stays, unless forced: then the command is indeterminate', async () => {
  const agent = await liveFeeder(bridge, 'pending');
  const waiting = bridge.rest('PATCH', '/feeders/pending/config', { body: { mealGrams: 120 } });
  const { commandId } = await agent.command();
  expect(problemIn(await bridge.rest('DELETE', '/feeders/pending'), 409, 'command-pending').commandId).toBe(commandId);
  expect((await readFeeder(bridge, 'pending')).presence).toBe('online');
  problemIn(await bridge.rest('DELETE', '/feeders/pending?force=yes'), 400, 'malformed');
  expect((await bridge.rest('DELETE', '/feeders/pending?force=true')).status).toBe(204);
  expect(problemIn(await waiting, 502, 'command-indeterminate').commandId).toBe(commandId);
  expect((await readCommand(bridge, commandId)).state).toBe('indeterminate');
});

async function changed(agent: ScriptedAgent, changes: Record<string, number>): Promise<void> {
  const pending = bridge.rest('PATCH', `/feeders/${agent.feederId}/config`, { body: changes });
  await agent.applied(await agent.command());
  commandIn(await pending);
}

/** Which retained messages a feeder's own connection is given of what it may read. */
async function retainedTopics(feederId: string, password: string): Promise<string[]> {
  const client = await connectAsync(bridge.wsUrl, { clientId: feederId, username: feederId, password, protocolVersion: 4 });
  onTestFinished(() => void client.end(true));
  const topics: string[] = [];
  client.on('message', (topic, _payload, { retain }) => retain && topics.push(topic));
  await client.subscribeAsync([`feeder/${feederId}/presence`, `feeder/${feederId}/command`], { qos: 1 });
  // what is retained is sent before the answer to anything asked later
  await client.publishAsync(`feeder/${feederId}/ack`, '{}', { qos: 1 });
  return topics;
}
