import { randomUUID } from 'node:crypto';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import { insertFeeder } from '../src/store/feeders.ts';
import { postgresCommands } from '../src/store/postgres-commands.ts';
import { openTestBridge, type Answer } from './support/bridge.ts';
import { connectAgent, liveFeeder } from './support/live-feeder.ts';
import { MIGRATIONS } from './support/migrations.ts';
import { freshDatabase } from './support/postgres.ts';
import { commandIn, problemIn } from './support/rest-shapes.ts';
import { ISSUED } from './support/issuer.ts';

const bridge = await openTestBridge({ ACK_TIMEOUT_MS: '600' });
afterAll(() => bridge.dispose());

const patch = (feederId: string, key: string, body: unknown, more: Record<string, string> = {}): Promise<Answer> =>
  bridge.rest('PATCH', `/feeders/${feederId}/config`, { body, headers: { 'Idempotency-Key': key, ...more } });

test('the same key and body get the same command, sent once; another body is 422 and names it', async () => {
  const agent = await liveFeeder(bridge, 'same');
  const first = patch('same', 'key', { mealGrams: 120 });
  await agent.applied(await agent.command());
  const command = commandIn(await first);
  const again = await patch('same', 'key', { mealGrams: 120 });
  expect(commandIn(again)).toEqual(command);
  expect(again.headers.get('etag')).toBe('"2"');
  expect(problemIn(await patch('same', 'key', { mealGrams: 121 }), 422, 'idempotency-mismatch').commandId).toBe(command.commandId);
  await agent.beat();
  expect(agent.commandsWaiting()).toEqual([]);
});

test('a rejected command is told again as it was', async () => {
  const agent = await liveFeeder(bridge, 'rejected');
  const first = patch('rejected', 'key', { mealGrams: 120 });
  await agent.ack(await agent.command(), { outcome: 'rejected', reason: { code: 'plc-exception', message: 'no' } });
  const { body } = await first;
  const again = await patch('rejected', 'key', { mealGrams: 120 });
  problemIn(again, 502, 'command-rejected');
  expect(again.body).toEqual(body);
});

test('the key holds for its method and path', async () => {
  const one = await liveFeeder(bridge, 'path-1');
  const other = await liveFeeder(bridge, 'path-2');
  const answers = [
    patch('path-1', 'key', { feedingEnabled: false }),
    patch('path-2', 'key', { feedingEnabled: false }),
    bridge.rest('POST', '/feeders/path-1/commands', { body: { kind: 'pause' }, headers: { 'Idempotency-Key': 'key' } }),
  ];
  for (const agent of [one, other, one]) await agent.applied(await agent.command());
  const ids = (await Promise.all(answers)).map((answer) => commandIn(answer).commandId);
  expect(new Set(ids).size).toBe(3);
});

test('a refusal uses up no key', async () => {
  const token = await bridge.enrol('refused');
  problemIn(await patch('refused', 'key', { mealGrams: 1 }), 409, 'feeder-offline');
  const agent = await connectAgent(bridge, 'refused', token);
  problemIn(await patch('refused', 'key', { mealGrams: 99_999 }), 422, 'out-of-range');
  problemIn(await patch('refused', 'key', { mealGrams: 2 }, { 'If-Match': '"9"' }), 412, 'version-mismatch');
  const accepted = patch('refused', 'key', { mealGrams: 3 });
  await agent.applied(await agent.command());
  commandIn(await accepted);
});

test('the same request several times at the very same moment is one command', async () => {
  const agent = await liveFeeder(bridge, 'at-once');
  for (let round = 0; round < 5; round++) {
    const answers = Array.from({ length: 6 }, () => patch('at-once', `key-${round}`, { mealGrams: round }));
    await agent.applied(await agent.command());
    const commands = (await Promise.all(answers)).map((answer) => commandIn(answer));
    expect(new Set(commands.map(({ commandId }) => commandId)).size).toBe(1);
    expect(new Set(commands.map(({ version }) => version))).toEqual(new Set([round + 2]));
  }
  await agent.beat();
  expect(agent.commandsWaiting()).toEqual([]);
});

test('a request repeated while the command has no outcome waits for it, past the deadline too', async () => {
  const agent = await liveFeeder(bridge, 'unresolved');
  const first = patch('unresolved', 'key', { mealGrams: 120 });
  const command = await agent.command();
  const meanwhile = patch('unresolved', 'key', { mealGrams: 120 });
  expect(problemIn(await first, 504, 'command-unresolved').commandId).toBe(command.commandId);
  expect(problemIn(await meanwhile, 504, 'command-unresolved').commandId).toBe(command.commandId);
  let answered = false;
  const again = patch('unresolved', 'key', { mealGrams: 120 }).finally(() => (answered = true));
  // by the time these are answered it would have been, too, if it did not wait
  for (let turn = 0; turn < 3; turn++) {
    problemIn(await patch('unresolved', 'key', { mealGrams: 120 }, { Prefer: 'wait=0' }), 504, 'command-unresolved');
  }
  expect(answered).toBe(false);
  await agent.applied(command);
  expect(commandIn(await again)).toMatchObject({ commandId: command.commandId, state: 'applied' });
});

test.each([['empty', ''], ['too long', 'k'.repeat(256)], ['beyond ASCII', '\u00e9']])('a key that is %s is 400', async (_, key) => {
  await bridge.rest('POST', '/feeders', { body: { feederId: 'keys', name: 'keys', site: 'farm' } });
  problemIn(await patch('keys', key, { mealGrams: 1 }), 400, 'malformed');
  problemIn(await patch('keys', 'k'.repeat(255), { mealGrams: 1 }), 409, 'feeder-offline');
});

test('a key is free again after 24 hours', async () => {
  const fresh = await freshDatabase();
  const db = await openDatabase({ ...fresh, onLost: (reason) => expect.fail(reason.message) });
  onTestFinished(async () => {
    await db.close();
    await fresh.dispose();
  });
  await migrate(db, MIGRATIONS, () => undefined);
  const feeder = { feederId: 'pond-1', name: 'pond', site: 'farm', timeZone: 'UTC', tokenSha256: Buffer.alloc(32), enrolledAtMs: 0 };
  await insertFeeder(db, feeder);
  const use = { apiKey: 'admin', method: 'PATCH', path: '/p', key: 'key', bodySha256: Buffer.alloc(32) };
  const commands = postgresCommands(db);
  const order = {
    feederId: 'pond-1', order: { kind: 'set-config' as const, changes: { mealGrams: 1 } }, journalId: null, ...ISSUED,
    expiresAtMs: 2, traceparent: null, heardVersion: 0, ifMatch: undefined, idempotency: use,
  };
  const dayMs = 24 * 3_600_000;
  const place = (issuedAtMs: number) => commands.insert({ ...order, commandId: randomUUID(), issuedAtMs });
  const first = await place(0);
  const commandId = first.kind === 'stored' ? first.command.commandId : expect.fail(first.kind);
  expect(await commands.findIdempotent(use, dayMs - 1)).toEqual({ commandId, sameBody: true });
  expect(await commands.findIdempotent({ ...use, bodySha256: Buffer.alloc(32, 1) }, dayMs - 1)).toMatchObject({ sameBody: false });
  expect(await place(1)).toEqual({ kind: 'key-used' });
  expect(await commands.findIdempotent(use, dayMs)).toBeUndefined();
  expect(await place(dayMs)).toMatchObject({ kind: 'stored', command: { version: 2 } });
});
