import { afterAll, expect, test } from 'vitest';
import { openTestBridge, type Answer } from './support/bridge.ts';
import { connectAgent, liveFeeder } from './support/live-feeder.ts';
import { commandIn, problemIn } from './support/rest-shapes.ts';

const bridge = await openTestBridge();
afterAll(() => bridge.dispose());

type Faults = Partial<Record<'noKey' | 'noFeeder' | 'badBody' | 'usedKey' | 'invalid' | 'stale', boolean>>;

/** A change with everything wrong with it that is asked for. */
function change(faults: Faults): Promise<Answer> {
  return bridge.rest('PATCH', `/feeders/${faults.noFeeder ? 'nobody' : 'pond-1'}/config`, {
    body: faults.badBody ? '{' : faults.invalid ? { mealGrams: 99_999, nothing: null } : { mealGrams: 130 },
    headers: {
      ...(faults.noKey && { Authorization: 'Bearer wrong' }),
      ...(faults.usedKey && { 'Idempotency-Key': 'used' }),
      ...(faults.stale && { 'If-Match': '"77"' }),
    },
  });
}

test('of several faults the first in the order is told: 401, 404, 400, key, lease, PLC link, 422, 412', async () => {
  const token = await bridge.enrol('pond-1');
  const agent = await connectAgent(bridge, 'pond-1', token);
  const keyed = { body: { mealGrams: 120 }, headers: { 'Idempotency-Key': 'used' } };
  const first = bridge.rest('PATCH', '/feeders/pond-1/config', keyed);
  await agent.applied(await agent.command());
  const { commandId } = commandIn(await first);

  // online, PLC reached
  problemIn(await change({ invalid: true, stale: true }), 422, 'invalid-config');
  problemIn(await change({ stale: true }), 412, 'version-mismatch');

  await agent.beat({ plc: 'unreachable' });
  problemIn(await change({ usedKey: true, invalid: true, stale: true }), 422, 'idempotency-mismatch');
  problemIn(await change({ invalid: true, stale: true }), 409, 'plc-unreachable');
  problemIn(await change({}), 409, 'plc-unreachable');

  const cut = new Promise<void>((resolve) => agent.client.once('close', () => resolve()));
  await agent.publish('session', { sessionId: agent.sessionId, state: 'ended', reason: 'shutdown' });
  agent.client.end();
  await cut;
  const wrong = { usedKey: true, invalid: true, stale: true };
  problemIn(await change({ ...wrong, noKey: true, noFeeder: true, badBody: true }), 401, 'unauthenticated');
  problemIn(await change({ ...wrong, noFeeder: true, badBody: true }), 404, 'not-found');
  problemIn(await change({ ...wrong, badBody: true }), 400, 'malformed');
  problemIn(await change(wrong), 422, 'idempotency-mismatch');
  problemIn(await change({ invalid: true, stale: true }), 409, 'feeder-offline');

  // what was done under a key is told whatever has become of the feeder, the ETag or the link
  const replay = await bridge.rest('PATCH', '/feeders/pond-1/config', { ...keyed, headers: { ...keyed.headers, 'If-Match': '"77"' } });
  expect(commandIn(replay)).toMatchObject({ commandId, state: 'applied' });
});

test('a malformed header is told before the feeder is looked at', async () => {
  await bridge.enrol('quiet');
  for (const headers of [{ 'If-Match': '7' }, { 'Idempotency-Key': '' }]) {
    problemIn(await bridge.rest('PATCH', '/feeders/quiet/config', { body: { mealGrams: 1 }, headers }), 400, 'malformed');
  }
  problemIn(await bridge.rest('POST', '/feeders/quiet/commands', { body: { kind: 7 } }), 400, 'malformed');
  problemIn(await bridge.rest('POST', '/feeders/quiet/commands', { body: { kind: 'dance' } }), 409, 'feeder-offline');
});

test('of several faults of a dose likewise, and a pending one is told last', async () => {
  const agent = await liveFeeder(bridge, 'doses');
  const dose = (key: string, grams: number, more: Record<string, string> = {}): Promise<Answer> =>
    bridge.rest('POST', '/feeders/doses/commands', { body: { kind: 'feed-now', grams }, headers: { 'Idempotency-Key': key, ...more } });
  const pending = dose('used', 50);
  const command = await agent.otherCommand();
  const stale = { 'If-Match': '"77"' };
  problemIn(await dose('used', -1, stale), 422, 'idempotency-mismatch');
  problemIn(await dose('new', -1, stale), 422, 'out-of-range');
  problemIn(await dose('new', 50, stale), 412, 'version-mismatch');
  problemIn(await dose('new', 50), 409, 'command-pending');
  await agent.beat({ plc: 'unreachable' });
  problemIn(await dose('new', -1, stale), 409, 'plc-unreachable');
  problemIn(await bridge.rest('POST', '/feeders/doses/commands', { body: { kind: 'feed-now', grams: -1 } }), 400, 'malformed');
  await agent.ack(command, { outcome: 'applied', readBack: {} });
  commandIn(await pending);
});
