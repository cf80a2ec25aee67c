import { afterAll, describe, expect, test } from 'vitest';
import type { Ack } from '../topics/commands.ts';
import type { Values } from '../topics/parameters.ts';
import { openTestBridge } from './support/bridge.ts';
import { liveFeeder, readCommand, readConfig } from './support/live-feeder.ts';
import { commandIn, problemIn } from './support/rest-shapes.ts';

const bridge = await openTestBridge({ ACK_TIMEOUT_MS: '3000' });
afterAll(() => bridge.dispose());
let feeders = 0;

/** Changes mealGrams of a new feeder from 100 to 120 and has its agent answer so. */
async function changeAnsweredBy(ack: Omit<Ack, 'commandId' | 'at'>) {
  const feederId = `pond-${++feeders}`;
  const agent = await liveFeeder(bridge, feederId);
  const pending = bridge.rest('PATCH', `/feeders/${feederId}/config`, { body: { mealGrams: 120 } });
  const command = await agent.command();
  await agent.ack(command, ack);
  return { agent, feederId, commandId: command.commandId, answer: await pending };
}

test('applied with an equal read-back is 200 with the command, and the config has its version', async () => {
  const { answer, feederId, commandId } = await changeAnsweredBy({
    outcome: 'applied',
    readBack: { mealGrams: 120 },
    previous: { mealGrams: 100 },
  });
  const command = commandIn(answer);
  expect(command).toMatchObject({
    commandId,
    feederId,
    kind: 'set-config',
    state: 'applied',
    changes: { mealGrams: 120 },
    version: 2,
    readBack: { mealGrams: 120 },
    previous: { mealGrams: 100 },
    reason: null,
    issuedBy: 'ADMIN_KEY',
  });
  expect(command.transitions.map(({ state }) => state)).toEqual(['sent', 'applied']);
  expect(command.latencyMs).toBe(Date.parse(command.ackedAt ?? '') - Date.parse(command.issuedAt));
  expect(answer.headers.get('etag')).toBe('"2"');
  expect(await readCommand(bridge, commandId)).toEqual(command);
  expect(await readConfig(bridge, feederId)).toMatchObject({ etag: '"2"', version: 2, source: 'command', values: { mealGrams: 120 } });
});

describe('applied is not believed', () => {
  test.each<[string, Values | undefined]>([
    ['with another value', { mealGrams: 119 }],
    ['without the changed parameter', { intervalSeconds: 3600 }],
    ['with another type', { mealGrams: true }],
    ['with nothing read back', {}],
    ['without a read-back', undefined],
  ])('%s: 502, read-back-mismatch', async (_, readBack) => {
    const { answer, commandId, feederId } = await changeAnsweredBy({ outcome: 'applied', ...(readBack && { readBack }) });
    const problem = problemIn(answer, 502, 'command-rejected');
    expect(problem.commandId).toBe(commandId);
    expect(problem['reason']).toMatchObject({ code: 'read-back-mismatch', parameter: 'mealGrams' });
    expect(problem['readBack']).toEqual(readBack ?? null);
    expect((await readCommand(bridge, commandId)).state).toBe('rejected');
    // what was read is shown all the same, under a version that is not the rejected command's
    const config = await readConfig(bridge, feederId);
    expect(config.values['mealGrams']).toEqual(readBack?.['mealGrams'] ?? 100);
    expect(config.version).not.toBe(2);
  });
});

test('rejected is 502 with the agent\'s reason and read-back; its version never appears', async () => {
  const reason = { code: 'plc-exception', message: 'illegal data value', parameter: 'mealGrams', exceptionCode: 3 };
  const { answer, commandId, feederId } = await changeAnsweredBy({
    outcome: 'rejected',
    reason,
    readBack: { mealGrams: 100 },
    previous: { mealGrams: 100 },
  });
  const problem = problemIn(answer, 502, 'command-rejected');
  expect(problem).toMatchObject({ commandId, reason, readBack: { mealGrams: 100 }, previous: { mealGrams: 100 } });
  expect(await readCommand(bridge, commandId)).toMatchObject({ state: 'rejected', reason, version: 2 });
  expect(await readConfig(bridge, feederId)).toMatchObject({ etag: '"1"', values: { mealGrams: 100 } });
});

test.each([
  ['rejected as stale-version', { outcome: 'rejected', reason: { code: 'stale-version', message: '' } }, 412, 'version-mismatch'],
  ['expired', { outcome: 'expired', reason: { code: 'expired', message: '' } }, 504, 'command-expired'],
  ['superseded', { outcome: 'superseded', reason: { code: 'superseded', message: '' } }, 409, 'command-superseded'],
  ['indeterminate', { outcome: 'indeterminate' }, 502, 'command-indeterminate'],
  ['rejected for a reason nobody knows yet', { outcome: 'rejected', reason: { code: 'new-reason', message: '' } }, 502, 'command-rejected'],
  ['rejected without a reason', { outcome: 'rejected' }, 502, 'command-rejected'],
] as const)('%s is told as %o: %i %s', async (_, ack, status, code) => {
  const { answer, commandId, feederId } = await changeAnsweredBy(ack);
  expect(problemIn(answer, status, code).commandId).toBe(commandId);
  expect((await readCommand(bridge, commandId)).state).toBe(ack.outcome);
  expect(await readConfig(bridge, feederId)).toMatchObject({ etag: '"1"', values: { mealGrams: 100 } });
});

test.each(['\u0000', '\ud800'])('a reason with text that no database takes (%j) settles the command all the same', async (text) => {
  const { answer, commandId } = await changeAnsweredBy({
    outcome: 'rejected',
    reason: { code: 'plc-exception', message: `frame ${text}!`, parameter: `x${text}` },
  });
  problemIn(answer, 502, 'command-rejected');
  expect((await readCommand(bridge, commandId)).reason).toMatchObject({ message: 'frame \ufffd!' });
});

test('the first outcome stands: a second, differing ack changes nothing', async () => {
  const { agent, commandId, feederId } = await changeAnsweredBy({ outcome: 'rejected', reason: { code: 'plc-exception', message: '' } });
  const before = await readCommand(bridge, commandId);
  await agent.ack({ commandId }, { outcome: 'applied', readBack: { mealGrams: 120 } });
  await answeredOnce(agent, feederId);
  expect(await readCommand(bridge, commandId)).toEqual(before);
  expect(await readConfig(bridge, feederId)).toMatchObject({ values: { mealGrams: 100 } });
});

test('an ack from another feeder, for no command, or with an id that is none changes nothing', async () => {
  const mine = await liveFeeder(bridge, 'mine');
  const other = await liveFeeder(bridge, 'other');
  const pending = bridge.rest('PATCH', '/feeders/mine/config', { body: { mealGrams: 120 } });
  const command = await mine.command();
  await other.applied(command);
  for (const commandId of ['nonsense', '00000000-0000-4000-8000-000000000000', 'a'.repeat(64)]) {
    await mine.ack({ commandId }, { outcome: 'applied', readBack: { mealGrams: 1 } });
  }
  await answeredOnce(other, 'other');
  expect((await readCommand(bridge, command.commandId)).state).toBe('sent');
  expect(await readConfig(bridge, 'other')).toMatchObject({ values: { mealGrams: 100 } });
  await mine.applied(command);
  expect(commandIn(await pending).state).toBe('applied');
});

/** A change of another parameter, whose answer shows that everything the agent sent before has been dealt with. */
async function answeredOnce(agent: Awaited<ReturnType<typeof liveFeeder>>, feederId: string): Promise<void> {
  const pending = bridge.rest('PATCH', `/feeders/${feederId}/config`, { body: { intervalSeconds: 600 } });
  await agent.applied(await agent.command());
  commandIn(await pending);
}
