import { afterAll, expect, test } from 'vitest';
import { openTestBridge, type Answer } from './support/bridge.ts';
import { liveFeeder, readConfig } from './support/live-feeder.ts';
import { commandIn, problemIn } from './support/rest-shapes.ts';
import { ScriptedAgent, VALUES } from './support/scripted-agent.ts';

const bridge = await openTestBridge();
afterAll(() => bridge.dispose());

let feeders = 0;

const patch = (feederId: string, ifMatch: string | undefined, body: unknown = { mealGrams: 120 }): Promise<Answer> =>
  bridge.rest('PATCH', `/feeders/${feederId}/config`, { body, headers: ifMatch === undefined ? {} : { 'If-Match': ifMatch } });

test.each(['"1"', '*', ' * ', '"9", "1"', '"9","1"', 'W/"1", "1"'])('If-Match: %s holds at version 1, and the agent is told all values', async (ifMatch) => {
  const feederId = `holds-${++feeders}`;
  const agent = await liveFeeder(bridge, feederId);
  const answer = patch(feederId, ifMatch);
  const command = await agent.command();
  expect(command.expected).toEqual(VALUES);
  await agent.applied(command);
  expect(commandIn(await answer).version).toBe(2);
  expect((await readConfig(bridge, feederId)).etag).toBe('"2"');
});

test('without If-Match nothing is expected of the PLC', async () => {
  const agent = await liveFeeder(bridge, 'unconditional');
  const answer = patch('unconditional', undefined);
  const command = await agent.command();
  expect(command.expected).toBeUndefined();
  await agent.applied(command);
  commandIn(await answer);
});

test.each(['"2"', '"0"', 'W/"1"', '"01"', '"abc"', '""', '"2147483648"', '"9999999999999999999999"', '"2", "3"'])('If-Match: %s is 412 at version 1, and nothing is sent', async (ifMatch) => {
  const feederId = `fails-${++feeders}`;
  const agent = await liveFeeder(bridge, feederId);
  const answer = await patch(feederId, ifMatch);
  problemIn(answer, 412, 'version-mismatch');
  await agent.beat();
  expect(agent.commandsWaiting()).toEqual([]);
  // and no version was taken
  const next = patch(feederId, undefined);
  const command = await agent.command();
  expect(command.version).toBe(2);
  await agent.applied(command);
  await next;
});

test.each(['1', '"1', '1"', '"1" "2"', 'w/"1"', '*, "1"', '""1""', '"1 "'])('If-Match: %s is 400', async (ifMatch) => {
  const feederId = `malformed-${++feeders}`;
  await bridge.enrol(feederId);
  problemIn(await patch(feederId, ifMatch), 400, 'malformed');
});

test('while a change has no outcome every If-Match fails, and holds again after it', async () => {
  const agent = await liveFeeder(bridge, 'busy');
  const first = patch('busy', '"1"');
  const command = await agent.command();
  for (const ifMatch of ['"1"', '"2"', '*']) problemIn(await patch('busy', ifMatch), 412, 'version-mismatch');
  await agent.ack(command, { outcome: 'rejected', reason: { code: 'plc-exception', message: '' } });
  problemIn(await first, 502, 'command-rejected');
  const second = patch('busy', '"1"');
  await agent.applied(await agent.command());
  expect((await second).headers.get('etag')).toBe('"3"');
});

test('of two changes with the same If-Match at the same moment one goes through', async () => {
  const agent = await liveFeeder(bridge, 'race');
  const answers = [patch('race', '"1"', { mealGrams: 1 }), patch('race', '"1"', { mealGrams: 2 })];
  await agent.applied(await agent.command());
  expect((await Promise.all(answers)).map(({ status }) => status).sort()).toEqual([200, 412]);
});

test('before anything was reported not even * holds', async () => {
  const token = await bridge.enrol('silent');
  const agent = await ScriptedAgent.connect({ wsUrl: bridge.wsUrl, feederId: 'silent', token });
  await agent.beat();
  problemIn(await patch('silent', '*'), 412, 'version-mismatch');
});
