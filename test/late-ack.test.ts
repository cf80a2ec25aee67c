import { afterAll, expect, test } from 'vitest';
import { eventually, openTestBridge, type Answer } from './support/bridge.ts';
import { liveFeeder, readCommand, readConfig } from './support/live-feeder.ts';
import { commandIn, problemIn } from './support/rest-shapes.ts';

const ACK_TIMEOUT_MS = 800;
const bridge = await openTestBridge({ ACK_TIMEOUT_MS: String(ACK_TIMEOUT_MS) });
afterAll(() => bridge.dispose());

const patch = (feederId: string, prefer?: string): Promise<Answer> =>
  bridge.rest('PATCH', `/feeders/${feederId}/config`, { body: { mealGrams: 120 }, headers: prefer === undefined ? {} : { Prefer: prefer } });

test('without an ack it is 504 with Location; a late ack still settles it', async () => {
  const agent = await liveFeeder(bridge, 'late');
  const askedAt = performance.now();
  const answer = await patch('late');
  expect(performance.now() - askedAt).toBeGreaterThanOrEqual(ACK_TIMEOUT_MS - 5);
  const command = await agent.command();
  expect(Date.parse(command.expiresAt) - Date.parse(command.issuedAt)).toBe(ACK_TIMEOUT_MS);
  expect(problemIn(answer, 504, 'command-unresolved').commandId).toBe(command.commandId);
  const location = answer.headers.get('location');
  expect(location).toBe(`/api/v1/commands/${command.commandId}`);
  expect(commandIn(await bridge.rest('GET', `/${location ?? ''}`))).toMatchObject({ state: 'unresolved', readBack: null, ackedAt: null, latencyMs: null });
  expect((await readConfig(bridge, 'late')).etag).toBe('"1"');

  await agent.applied(command);
  const settled = await eventually(async () => {
    const found = await readCommand(bridge, command.commandId);
    return found.state === 'applied' ? found : undefined;
  });
  expect(settled.transitions.map(({ state }) => state)).toEqual(['sent', 'unresolved', 'applied']);
  const times = settled.transitions.map(({ at }) => at);
  expect(times).toEqual([...times].sort());
  expect(times[1]).toBe(settled.expiresAt);
  expect(settled.latencyMs).toBeGreaterThanOrEqual(ACK_TIMEOUT_MS);
  expect(await readConfig(bridge, 'late')).toMatchObject({ etag: '"2"', values: { mealGrams: 120 } });
});

test('Prefer: respond-async is 202 with Location at once', async () => {
  const agent = await liveFeeder(bridge, 'async');
  const answer = await patch('async', 'respond-async');
  const { commandId, state } = commandIn(answer, 202);
  expect(state).toBe('sent');
  expect(answer.headers.get('location')).toBe(`/api/v1/commands/${commandId}`);
  expect(answer.headers.get('preference-applied')).toBe('respond-async');
  await agent.applied(await agent.command());
  await eventually(async () => ((await readCommand(bridge, commandId)).state === 'applied' ? true : undefined));
});

test('Prefer: respond-async, wait=n answers 200 where the outcome comes in time', async () => {
  const agent = await liveFeeder(bridge, 'async-wait');
  const answer = patch('async-wait', 'wait=30, respond-async');
  await agent.applied(await agent.command());
  expect(commandIn(await answer).state).toBe('applied');
  expect(commandIn(await patch('async-wait', 'respond-async;x=1, wait=0, respond-async'), 202).state).toBe('sent');
});

test('Prefer: wait=n shortens the wait and never lengthens it', async () => {
  await liveFeeder(bridge, 'wait');
  const shortAt = performance.now();
  problemIn(await patch('wait', 'wait=0'), 504, 'command-unresolved');
  expect(performance.now() - shortAt).toBeLessThan(ACK_TIMEOUT_MS - 100);
  const longAt = performance.now();
  problemIn(await patch('wait', 'wait=600'), 504, 'command-unresolved');
  expect(performance.now() - longAt).toBeLessThan(ACK_TIMEOUT_MS + 3_000);
});

test.each(['wait=-1', 'wait=x', 'wait', 'respond-asynchronously', ',,;='])('Prefer: %s is ignored', async (prefer) => {
  const feederId = `ignored-${Buffer.from(prefer).toString('hex')}`;
  const agent = await liveFeeder(bridge, feederId);
  const answer = patch(feederId, prefer);
  await agent.applied(await agent.command());
  commandIn(await answer);
});

test('pause and resume are changes of feedingEnabled, answered likewise', async () => {
  const agent = await liveFeeder(bridge, 'paused');
  for (const [kind, feedingEnabled] of [['pause', false], ['resume', true]] as const) {
    const answer = bridge.rest('POST', '/feeders/paused/commands', { body: { kind } });
    const command = await agent.command();
    expect(command.changes).toEqual({ feedingEnabled });
    await agent.applied(command);
    expect(commandIn(await answer)).toMatchObject({ kind: 'set-config', changes: { feedingEnabled }, readBack: { feedingEnabled } });
    expect((await readConfig(bridge, 'paused')).values['feedingEnabled']).toBe(feedingEnabled);
  }
});
