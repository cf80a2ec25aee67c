import { expect, test } from 'vitest';
import { eventually, startTestBridge } from './support/bridge.ts';
import { ScriptedAgent } from './support/scripted-agent.ts';

test('a change is answered 200 with the read-back once the agent has acknowledged it, and not before', async () => {
  const bridge = await startTestBridge();
  const token = await bridge.enrol('pond-1');
  const agent = await ScriptedAgent.start({ wsUrl: bridge.wsUrl, feederId: 'pond-1', token });
  await eventually(async () => ((await bridge.rest('GET', '/feeders/pond-1/config')).status === 200 ? true : undefined));
  let answered = false;
  const answer = bridge.rest('PATCH', '/feeders/pond-1/config', { body: { mealGrams: 120 } }).finally(() => (answered = true));
  const command = await agent.command();
  expect(command).toMatchObject({ kind: 'set-config', version: 2, changes: { mealGrams: 120 } });
  await agent.beat();
  expect(answered).toBe(false);
  await agent.ack(command, { outcome: 'applied', readBack: { mealGrams: 120 }, previous: { mealGrams: 100 } });
  const { status, headers, body } = await answer;
  expect(status).toBe(200);
  expect(headers.get('etag')).toBe('"2"');
  expect(body).toMatchObject({ state: 'applied', version: 2, readBack: { mealGrams: 120 }, previous: { mealGrams: 100 } });
  const config = await bridge.rest('GET', '/feeders/pond-1/config');
  expect(config.headers.get('etag')).toBe('"2"');
  expect(config.body).toMatchObject({ version: 2, values: { mealGrams: 120, intervalSeconds: 3600 }, source: 'command' });
});

test('a command names the journal that the session of now has told, whatever an older session says late', async () => {
  const bridge = await startTestBridge();
  const agent = await ScriptedAgent.start({ wsUrl: bridge.wsUrl, feederId: 'pond-1', token: await bridge.enrol('pond-1') });
  const { sessionId } = agent;
  await agent.publish('session', { sessionId, state: 'started', reason: 'connected', journalId: 'journal-of-now' });
  await agent.publish('session', { sessionId: 'older', state: 'started', reason: 'connected', journalId: 'journal-before' });
  await agent.publish('session', { sessionId: 'older', state: 'ended', reason: 'connection-lost', journalId: 'journal-before' });
  await agent.beat();
  const answer = bridge.rest('PATCH', '/feeders/pond-1/config', { body: { mealGrams: 120 } });
  const command = await agent.command();
  expect(command.journalId).toBe('journal-of-now');
  await agent.applied(command);
  expect((await answer).status).toBe(200);
});
