import { afterAll, expect, test } from 'vitest';
import { toInstant } from '../topics/identifiers.ts';
import { eventually, openTestBridge } from './support/bridge.ts';
import { liveFeeder, readConfig } from './support/live-feeder.ts';
import { commandIn } from './support/rest-shapes.ts';
import { VALUES, type ScriptedAgent } from './support/scripted-agent.ts';

const bridge = await openTestBridge();
afterAll(() => bridge.dispose());

/** Changes a parameter to what it is; resolves with the version that took. */
async function nextVersion(agent: ScriptedAgent): Promise<number> {
  const answer = bridge.rest('POST', `/feeders/${agent.feederId}/commands`, { body: { kind: 'resume' } });
  await agent.applied(await agent.command());
  return commandIn(await answer).version ?? 0;
}

test('a local change moves the ETag once; the same values again do not', async () => {
  const agent = await liveFeeder(bridge, 'local');
  const values = { ...VALUES, mealGrams: 77 };
  await agent.report(values, 'local');
  const moved = await eventually(async () => {
    const config = await readConfig(bridge, 'local');
    return config.etag === '"1"' ? undefined : config;
  });
  expect(moved).toMatchObject({ etag: '"2"', version: 2, values, source: 'local' });
  for (const source of ['start', 'local'] as const) {
    await agent.report(values, source);
    const readAgain = await eventually(async () => {
      const config = await readConfig(bridge, 'local');
      return config.readAt > moved.readAt ? config : undefined;
    });
    expect(readAgain).toMatchObject({ etag: '"2"', values, source: 'local' });
  }
  expect(await nextVersion(agent)).toBe(3);
});

test('a start report with other values moves the ETag', async () => {
  const agent = await liveFeeder(bridge, 'started');
  await agent.report({ ...VALUES, mealGrams: 5 }, 'start');
  await eventually(async () => ((await readConfig(bridge, 'started')).etag === '"2"' ? true : undefined));
});

test('no version at or below one that an agent has heard of is given again', async () => {
  const agent = await liveFeeder(bridge, 'heard');
  await agent.beat({ configVersion: 40 });
  await eventually(async () => ((await nextVersion(agent)) > 40 ? true : undefined));
  await agent.report(VALUES, 'start', 90);
  await eventually(async () => ((await nextVersion(agent)) > 90 ? true : undefined));
});

test('a version beyond all that can be is no reason for the bridge to fail', async () => {
  const agent = await liveFeeder(bridge, 'beyond');
  await agent.beat({ configVersion: 5 });
  for (const configVersion of [1_000_000_001, 2_147_483_647, 2_147_483_648, Number.MAX_SAFE_INTEGER]) {
    await agent.publish('heartbeat', {
      sessionId: agent.sessionId, seq: 99, sentAt: toInstant(Date.now()), uptimeSeconds: 1, plc: 'ok', configVersion,
    });
    await agent.report(VALUES, 'start', configVersion);
  }
  await agent.beat({ configVersion: 1_000_000_000 });
  await eventually(async () => ((await nextVersion(agent)) > 1_000_000_000 ? true : undefined));
  const { etag } = await readConfig(bridge, 'beyond');
  const answer = bridge.rest('PATCH', '/feeders/beyond/config', { body: { mealGrams: 1 }, headers: { 'If-Match': etag ?? '' } });
  await agent.applied(await agent.command());
  commandIn(await answer);
});

test('an older reading never replaces a newer one', async () => {
  const agent = await liveFeeder(bridge, 'older');
  const before = await readConfig(bridge, 'older');
  const readAt = toInstant(Date.parse(before.readAt) - 1_000);
  await agent.publish('config', { configVersion: 50, values: { ...VALUES, mealGrams: 1 }, readAt, source: 'local' });
  // its version counts all the same, and shows that the report was dealt with
  await eventually(async () => ((await nextVersion(agent)) > 50 ? true : undefined));
  expect((await readConfig(bridge, 'older')).values).toEqual(VALUES);
});

test('a reading from the future is stored as of now, and newer ones go on to replace it', async () => {
  const agent = await liveFeeder(bridge, 'future');
  const readAt = toInstant(Date.now() + 3_600_000);
  await agent.publish('config', { configVersion: 0, values: { ...VALUES, mealGrams: 1 }, readAt, source: 'local' });
  const stored = await eventually(async () => {
    const config = await readConfig(bridge, 'future');
    return config.values['mealGrams'] === 1 ? config : undefined;
  });
  expect(Date.parse(stored.readAt)).toBeLessThanOrEqual(Date.parse((await agent.beat()).bridgeAt));
  await agent.report({ ...VALUES, mealGrams: 2 }, 'local');
  await eventually(async () => ((await readConfig(bridge, 'future')).values['mealGrams'] === 2 ? true : undefined));
});
