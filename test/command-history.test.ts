import { afterAll, expect, test } from 'vitest';
import { eventually, openTestBridge } from './support/bridge.ts';
import { connectAgent, liveFeeder } from './support/live-feeder.ts';
import { commandIn, CommandShape, listOf, problemIn } from './support/rest-shapes.ts';

const bridge = await openTestBridge({ ACK_TIMEOUT_MS: '1000' });
afterAll(() => bridge.dispose());

const Page = listOf(CommandShape);
const history = async (feederId: string, query = '') =>
  Page.parse((await bridge.rest('GET', `/feeders/${feederId}/commands${query}`)).body);

test('a feeder\'s commands come newest first, in pages that hold each of them once', async () => {
  const agent = await liveFeeder(bridge, 'paged');
  await liveFeeder(bridge, 'someone-else');
  const ids: string[] = [];
  for (let mealGrams = 1; mealGrams <= 7; mealGrams++) {
    const answer = bridge.rest('PATCH', '/feeders/paged/config', { body: { mealGrams } });
    await agent.applied(await agent.command());
    ids.unshift(commandIn(await answer).commandId);
  }
  const all = await history('paged');
  expect(all.items.map(({ commandId }) => commandId)).toEqual(ids);
  expect(all.nextCursor).toBeUndefined();
  expect(await history('someone-else')).toEqual({ items: [] });

  const paged: string[] = [];
  let query = '?limit=3';
  for (;;) {
    const { items, nextCursor } = await history('paged', query);
    paged.push(...items.map(({ commandId }) => commandId));
    if (nextCursor === undefined) break;
    expect(items).toHaveLength(3);
    query = `?limit=3&cursor=${nextCursor}`;
  }
  expect(paged).toEqual(ids);
  expect((await history('paged', '?limit=7')).nextCursor).toBeUndefined();
});

test('what was turned away is in the history as refused: never sent, without a version', async () => {
  const token = await bridge.enrol('turned-away');
  problemIn(await bridge.rest('PATCH', '/feeders/turned-away/config', { body: { mealGrams: 120 } }), 409, 'feeder-offline');
  await connectAgent(bridge, 'turned-away', token);
  problemIn(await bridge.rest('POST', '/feeders/turned-away/commands', { body: { kind: 'pause' }, headers: { 'If-Match': '"9"' } }), 412, 'version-mismatch');
  const { items } = await eventually(async () => {
    const page = await history('turned-away');
    return page.items.length === 2 ? page : undefined;
  });
  const [second, first] = items;
  expect(first).toMatchObject({
    kind: 'set-config', state: 'refused', changes: { mealGrams: 120 }, version: null, readBack: null, previous: null,
    reason: { code: 'feeder-offline' }, issuedBy: 'ADMIN_KEY', expiresAt: null, ackedAt: null, latencyMs: null,
  });
  expect(first?.transitions).toEqual([{ state: 'refused', at: first?.issuedAt }]);
  expect(second).toMatchObject({ state: 'refused', changes: { feedingEnabled: false }, reason: { code: 'version-mismatch' } });
});

test('a state shows those that are in it now, in pages, and its cursor belongs to it', async () => {
  const agent = await liveFeeder(bridge, 'states');
  const ids: Record<string, string[]> = {};
  const outcomes = ['applied', 'rejected', 'applied', 'expired', 'superseded', 'indeterminate', 'rejected'] as const;
  for (const outcome of outcomes) {
    const answer = bridge.rest('PATCH', '/feeders/states/config', { body: { mealGrams: 1 } });
    const { commandId } = await agent.command();
    await agent.ack({ commandId }, { outcome, ...(outcome === 'applied' && { readBack: { mealGrams: 1 } }) });
    await answer;
    (ids[outcome] ??= []).unshift(commandId);
  }
  const shown = async (query: string) => (await history('states', query)).items.map(({ commandId }) => commandId);
  for (const outcome of new Set(outcomes)) expect(await shown(`?state=${outcome}`)).toEqual(ids[outcome]);
  for (const state of ['sent', 'unresolved', 'refused']) expect(await shown(`?state=${state}`)).toEqual([]);

  // sent until its deadline, then unresolved, and neither once it has its outcome
  const unanswered = bridge.rest('PATCH', '/feeders/states/config', { body: { mealGrams: 2 } });
  const { commandId } = await agent.command();
  expect(await shown('?state=sent')).toEqual([commandId]);
  expect(await shown('?state=unresolved')).toEqual([]);
  problemIn(await unanswered, 504, 'command-unresolved');
  expect(await shown('?state=unresolved')).toEqual([commandId]);
  expect(await shown('?state=sent')).toEqual([]);
  problemIn(await bridge.rest('PATCH', '/feeders/states/config', { body: { mealGrams: 3 }, headers: { 'If-Match': '"9"' } }), 412, 'version-mismatch');
  await eventually(async () => ((await shown('?state=refused')).length === 1 ? true : undefined));
  await agent.ack({ commandId }, { outcome: 'indeterminate' });
  await eventually(async () => ((await shown('?state=unresolved')).length === 0 ? true : undefined));
  expect(await shown('?state=indeterminate')).toEqual([commandId, ...(ids['indeterminate'] ?? [])]);

  const first = await history('states', '?state=rejected&limit=1');
  expect(first.items.map((command) => command.commandId)).toEqual(ids['rejected']?.slice(0, 1));
  const after = `cursor=${first.nextCursor ?? ''}`;
  expect(await shown(`?state=rejected&limit=1&${after}`)).toEqual(ids['rejected']?.slice(1));
  for (const query of [after, `state=applied&${after}`]) problemIn(await bridge.rest('GET', `/feeders/states/commands?${query}`), 400, 'malformed');
});

test.each(['state=', 'state=done', 'state=APPLIED', 'state=sent&state=refused', 'state=sent,refused'])('%s is 400', async (query) => {
  await bridge.rest('POST', '/feeders', { body: { feederId: 'no-state', name: 'no-state', site: 'farm' } });
  problemIn(await bridge.rest('GET', `/feeders/no-state/commands?${query}`), 400, 'malformed');
});

const cursor = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const commandId = '00000000-0000-4000-8000-000000000000';

test.each([
  'x', '', cursor(null), cursor({}), cursor({ issuedAtMs: 'x', commandId }), cursor({ issuedAtMs: 1.5, commandId }),
  cursor({ issuedAtMs: -1, commandId }), cursor({ issuedAtMs: 9e15, commandId }), cursor({ issuedAtMs: 1, commandId: 'x' }),
  cursor({ feederId: 'pond-1' }),
])('the cursor %j is 400', async (bad) => {
  await bridge.rest('POST', '/feeders', { body: { feederId: 'cursors', name: 'cursors', site: 'farm' } });
  problemIn(await bridge.rest('GET', `/feeders/cursors/commands?cursor=${bad}`), 400, 'malformed');
  expect(await history('cursors', `?cursor=${cursor({ issuedAtMs: 8.64e15, commandId })}`)).toEqual({ items: [] });
});
