import { Socket } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { eventually, openTestBridge, startTestBridge, type TestBridge } from './support/bridge.ts';
import { connectAgent, liveFeeder, readCommand, readFeeder } from './support/live-feeder.ts';
import { commandIn, problemIn } from './support/rest-shapes.ts';
import { ScriptedAgent } from './support/scripted-agent.ts';

const RESEND_MS = 300;
let bridge: TestBridge;
beforeAll(async () => {
  bridge = await openTestBridge({ RESEND_MS: String(RESEND_MS) });
});
afterAll(() => bridge.dispose());

/** The payload of every command this agent is sent, byte for byte. */
function commandBytes(agent: ScriptedAgent): string[] {
  const received: string[] = [];
  agent.client.on('message', (topic, payload) => {
    if (topic.endsWith('/command')) received.push(payload.toString('hex'));
  });
  return received;
}

test('an unanswered command is sent again, the same bytes, at a steady pace and not after its outcome', async () => {
  const agent = await liveFeeder(bridge, 'pond-1');
  const other = await liveFeeder(bridge, 'pond-2');
  const received = commandBytes(agent);
  const sentToOther = commandBytes(other);
  const askedAt = performance.now();
  const answer = bridge.rest('PATCH', '/feeders/pond-1/config', { body: { mealGrams: 120 } });
  await eventually(() => (received.length === 4 ? true : undefined));
  expect(performance.now() - askedAt).toBeGreaterThanOrEqual(3 * RESEND_MS - 1);
  expect(new Set(received).size).toBe(1);
  await agent.applied(await agent.command());
  commandIn(await answer);
  const sentSoFar = received.length;
  // the other feeder's dose tells that the time for another round has come and gone
  const headers = { 'Idempotency-Key': 'key' };
  const waiting = bridge.rest('POST', '/feeders/pond-2/commands', { body: { kind: 'feed-now', grams: 50 }, headers });
  await eventually(() => (sentToOther.length === 3 ? true : undefined));
  expect(new Set(sentToOther).size).toBe(1);
  // what was sent to the agent in the same round has arrived before this
  await agent.beat();
  expect(received).toHaveLength(sentSoFar);
  await other.ack(await other.otherCommand(), { outcome: 'applied', readBack: {} });
  commandIn(await waiting);
});

test('an agent that subscribes again gets what it has not answered, the same bytes, in order', async () => {
  const token = await bridge.enrol('pond-3');
  const first = await connectAgent(bridge, 'pond-3', token);
  const received = commandBytes(first);
  const answers = [1, 2].map((mealGrams) => bridge.rest('PATCH', '/feeders/pond-3/config', { body: { mealGrams } }));
  await eventually(() => (received.length === 2 ? true : undefined));
  first.crash();
  await eventually(async () => ((await readFeeder(bridge, 'pond-3')).presence === 'offline' ? true : undefined));
  const second = await ScriptedAgent.start({ wsUrl: bridge.wsUrl, feederId: 'pond-3', token });
  const again = [await second.command(), await second.command()];
  expect(again.map((command) => Buffer.from(JSON.stringify(command)).toString('hex'))).toEqual(received);
  for (const command of again) await second.applied(command);
  for (const answer of answers) commandIn(await answer);
});

test('a feeder without a lease is sent nothing, not one byte; once it beats again it gets what is unanswered', async () => {
  const bridge = await startTestBridge({ LEASE_SECONDS: '1', RESEND_MS: '1500' });
  const token = await bridge.enrol('quiet');
  const lively = await liveFeeder(bridge, 'lively');
  const beating = setInterval(() => void lively.beat().catch(() => undefined), 300);
  onTestFinished(() => clearInterval(beating));
  const quiet = await ScriptedAgent.start({ wsUrl: bridge.mqttUrl, feederId: 'quiet', token });
  await eventually(async () => ((await readFeeder(bridge, 'quiet')).profile ? true : undefined));
  const received = commandBytes(quiet);
  const unanswered = bridge.rest('PATCH', '/feeders/quiet/config', { body: { mealGrams: 120 } });
  await eventually(() => (received.length === 1 ? true : undefined));
  await eventually(async () => ((await readFeeder(bridge, 'quiet')).presence === 'offline' ? true : undefined));

  const socket = quiet.client.stream;
  if (!(socket instanceof Socket)) throw new Error('expected a TCP socket');
  const bytesBefore = socket.bytesRead;
  problemIn(await bridge.rest('PATCH', '/feeders/quiet/config', { body: { mealGrams: 121 } }), 409, 'feeder-offline');
  const sentToLively = commandBytes(lively);
  const answer = bridge.rest('PATCH', '/feeders/lively/config', { body: { mealGrams: 120 } });
  await eventually(() => (sentToLively.length === 2 ? true : undefined), 10_000);
  expect(socket.bytesRead).toBe(bytesBefore);
  await lively.applied(await lively.command());
  commandIn(await answer);

  await quiet.beat();
  await eventually(() => (received.length === 2 ? true : undefined));
  expect(new Set(received).size).toBe(1);
  await quiet.applied(await quiet.command());
  commandIn(await unanswered);
});

test('a bridge that starts again takes its unanswered commands over and settles them on the ack', async () => {
  const token = await bridge.enrol('pond-4');
  const first = await connectAgent(bridge, 'pond-4', token);
  const received = commandBytes(first);
  const headers = { 'Idempotency-Key': 'key' };
  const unanswered = bridge.rest('PATCH', '/feeders/pond-4/config', { body: { mealGrams: 120 }, headers });
  const { commandId } = await first.command();
  const gone = new Promise<void>((resolve) => first.client.once('close', () => resolve()));
  await bridge.restart();
  expect(problemIn(await unanswered, 504, 'command-unresolved').commandId).toBe(commandId);
  await gone;
  expect((await readCommand(bridge, commandId)).state).toBe('sent');
  const second = await ScriptedAgent.start({ wsUrl: bridge.wsUrl, feederId: 'pond-4', token });
  const command = await second.command();
  expect(Buffer.from(JSON.stringify(command)).toString('hex')).toBe(received[0]);
  const repeated = bridge.rest('PATCH', '/feeders/pond-4/config', { body: { mealGrams: 120 }, headers });
  await second.applied(command);
  expect(commandIn(await repeated)).toMatchObject({ commandId, state: 'applied', version: 2 });
});
