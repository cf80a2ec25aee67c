import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { OUTCOMES } from '../topics/commands.ts';
import { eventually, openTestBridge, type Answer } from './support/bridge.ts';
import { connectAgent, liveFeeder, readCommand, readConfig } from './support/live-feeder.ts';
import { commandIn, CommandShape, listOf, problemIn } from './support/rest-shapes.ts';
import { PROFILE, ScriptedAgent } from './support/scripted-agent.ts';

const ACK_TIMEOUT_MS = 1_500;
const bridge = await openTestBridge({ ACK_TIMEOUT_MS: String(ACK_TIMEOUT_MS) });
afterAll(() => bridge.dispose());
let feeders = 0;
const nextId = (): string => `pond-${++feeders}`;

const send = (feederId: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  bridge.rest('POST', `/feeders/${feederId}/commands`, { body, headers });
const feed = (feederId: string, key: string = randomUUID(), more: Record<string, string> = {}, grams: unknown = 50): Promise<Answer> =>
  send(feederId, { kind: 'feed-now', grams }, { 'Idempotency-Key': key, ...more });
const clearAlarms = (feederId: string, headers: Record<string, string> = {}): Promise<Answer> => send(feederId, { kind: 'clear-alarms' }, headers);

/** Feeds once: whatever was pending has its outcome, and the feeder takes another dose. */
async function expectFree(agent: ScriptedAgent): Promise<void> {
  const answer = feed(agent.feederId);
  await agent.ack(await agent.otherCommand(), { outcome: 'applied', readBack: {} });
  commandIn(await answer);
}

/** A feed-now that the agent has and has not answered yet, and its answer to be. */
async function pendingDose(agent: ScriptedAgent, key = 'pending', more: Record<string, string> = {}) {
  const answer = feed(agent.feederId, key, more);
  return { answer, command: await agent.otherCommand() };
}

test('a dose that was fed is 200: a command without a version, of grams, with nothing read back', async () => {
  const agent = await liveFeeder(bridge, nextId());
  const { answer, command } = await pendingDose(agent);
  const { commandId, issuedAt, expiresAt, ...rest } = command;
  expect(rest).toEqual({ kind: 'feed-now', grams: 50 });
  expect(Date.parse(expiresAt) - Date.parse(issuedAt)).toBe(ACK_TIMEOUT_MS);
  await agent.ack(command, { outcome: 'applied', readBack: {}, previous: {} });
  const told = await answer;
  expect(commandIn(told)).toMatchObject({
    commandId, kind: 'feed-now', grams: 50, state: 'applied', version: null, readBack: {}, previous: {}, reason: null,
  });
  expect(told.headers.get('etag')).toBeNull();
  expect(await readCommand(bridge, commandId)).toEqual(told.body);
  expect((await readConfig(bridge, agent.feederId)).etag).toBe('"1"');
});

test('cleared alarms are 200; no key is needed, and the next one need not wait', async () => {
  const agent = await liveFeeder(bridge, nextId());
  const answers = [clearAlarms(agent.feederId), clearAlarms(agent.feederId)];
  for (const command of [await agent.otherCommand(), await agent.otherCommand()]) {
    expect(command.kind).toBe('clear-alarms');
    await agent.ack(command, { outcome: 'applied', readBack: {} });
  }
  for (const answer of answers) expect(commandIn(await answer)).toMatchObject({ kind: 'clear-alarms', version: null, state: 'applied' });
});

test('without an Idempotency-Key feed-now is 400, whatever state the feeder is in', async () => {
  const agent = await liveFeeder(bridge, nextId());
  const quiet = nextId();
  await bridge.enrol(quiet);
  for (const feederId of [agent.feederId, quiet]) {
    expect(problemIn(await send(feederId, { kind: 'feed-now', grams: 50 }), 400, 'malformed').detail).toContain('Idempotency-Key');
  }
  problemIn(await feed(quiet), 409, 'feeder-offline');
  await agent.beat();
  expect(agent.commandsWaiting()).toEqual([]);
});

describe('grams', () => {
  test.each([
    ['null', 'invalid-config'], ['"50"', 'invalid-config'], ['true', 'invalid-config'], ['[50]', 'invalid-config'], ['{}', 'invalid-config'],
    ['0', 'out-of-range'], ['-0', 'out-of-range'], ['-50', 'out-of-range'], ['1e400', 'out-of-range'],
  ])('of %s are 422 %s with a pointer', async (grams, code) => {
    const { feederId } = await liveFeeder(bridge, nextId());
    const problem = problemIn(await send(feederId, `{"kind": "feed-now", "grams": ${grams}}`, { 'Idempotency-Key': 'k' }), 422, code);
    expect(problem.errors).toMatchObject([{ pointer: '/grams', code }]);
  });

  test('that are missing are 422, and any number above 0 goes to the agent as it is', async () => {
    const agent = await liveFeeder(bridge, nextId());
    const problem = problemIn(await send(agent.feederId, { kind: 'feed-now' }, { 'Idempotency-Key': 'k' }), 422, 'invalid-config');
    expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(['/grams']);
    const answer = feed(agent.feederId, 'k', {}, 0.25);
    const command = await agent.otherCommand();
    expect(command).toMatchObject({ grams: 0.25 });
    await agent.ack(command, { outcome: 'applied', readBack: {} });
    expect(commandIn(await answer).grams).toBe(0.25);
  });
});

test('a feeder whose profile has no such kind is 422; before its profile is known its agent decides', async () => {
  const feederId = nextId();
  const token = await bridge.enrol(feederId);
  const agent = await ScriptedAgent.connect({ wsUrl: bridge.wsUrl, feederId, token });
  await agent.publish('session', { sessionId: agent.sessionId, state: 'started', reason: 'connected' });
  await agent.beat();
  const dose = await pendingDose(agent);
  await agent.ack(dose.command, { outcome: 'rejected', reason: { code: 'unsupported-parameter', message: 'no dose' } });
  problemIn(await dose.answer, 502, 'command-rejected');

  await agent.publish('profile', { ...PROFILE, kinds: ['set-config'] });
  await eventually(async () => ((await clearAlarms(feederId, { Prefer: 'wait=0' })).status === 422 ? true : undefined));
  problemIn(await clearAlarms(feederId), 422, 'unsupported-command');
  problemIn(await feed(feederId, 'k', {}, 'x'), 422, 'unsupported-command');
});

describe('while a dose has no outcome', () => {
  test('another one is 409 and names it, under whatever key; nothing of it is sent, and it is kept as refused', async () => {
    const agent = await liveFeeder(bridge, nextId());
    const { answer, command } = await pendingDose(agent);
    const refused = await feed(agent.feederId, 'another', {}, 20);
    expect(problemIn(refused, 409, 'command-pending').commandId).toBe(command.commandId);
    expect(refused.headers.get('location')).toBe(`/api/v1/commands/${command.commandId}`);
    problemIn(await feed(agent.feederId, 'another', { 'If-Match': '"77"' }), 412, 'version-mismatch');
    problemIn(await feed(agent.feederId, 'another', {}, 0), 422, 'out-of-range');
    // nothing else waits for it
    const cleared = clearAlarms(agent.feederId);
    await agent.ack(await agent.otherCommand(), { outcome: 'applied', readBack: {} });
    commandIn(await cleared);
    const changed = bridge.rest('PATCH', `/feeders/${agent.feederId}/config`, { body: { mealGrams: 1 }, headers: { 'If-Match': '"1"' } });
    await agent.applied(await agent.command());
    commandIn(await changed);
    await agent.ack(command, { outcome: 'applied', readBack: {} });
    commandIn(await answer);
    // a refusal uses up no key
    const accepted = feed(agent.feederId, 'another', {}, 20);
    await agent.ack(await agent.otherCommand(), { outcome: 'applied', readBack: {} });
    commandIn(await accepted);
    expect(agent.commandsWaiting()).toEqual([]);
    const kept = await eventually(async () => {
      const { body } = await bridge.rest('GET', `/feeders/${agent.feederId}/commands?state=refused`);
      const { items } = listOf(CommandShape).parse(body);
      return items.length === 3 ? items : undefined;
    });
    expect(kept.map(({ reason, grams }) => [reason?.code, grams]).sort()).toEqual([
      ['command-pending', 20], ['out-of-range', 0], ['version-mismatch', 50],
    ]);
  });

  test('the same key and body get the same command, waiting, before the feeder is looked at; another body is 422', async () => {
    const agent = await liveFeeder(bridge, nextId());
    const { answer, command } = await pendingDose(agent);
    await agent.beat({ plc: 'unreachable' });
    const again = feed(agent.feederId, 'pending');
    expect(commandIn(await feed(agent.feederId, 'pending', { Prefer: 'respond-async' }), 202).commandId).toBe(command.commandId);
    expect(problemIn(await feed(agent.feederId, 'pending', {}, 51), 422, 'idempotency-mismatch').commandId).toBe(command.commandId);
    await agent.ack(command, { outcome: 'applied', readBack: {} });
    for (const told of await Promise.all([answer, again])) expect(commandIn(told).commandId).toBe(command.commandId);
    expect(agent.commandsWaiting()).toEqual([]);
  });

  test.each(OUTCOMES)('%s ends it, and the next dose is taken', async (outcome) => {
    const agent = await liveFeeder(bridge, nextId());
    const { answer, command } = await pendingDose(agent);
    await agent.ack(command, { outcome, readBack: {}, ...(outcome === 'rejected' && { reason: { code: 'daily-limit', message: 'enough' } }) });
    const { status, body } = await answer;
    expect({ status, body }).toMatchObject(
      {
        applied: { status: 200, body: { state: 'applied' } },
        rejected: { status: 502, body: { code: 'command-rejected', reason: { code: 'daily-limit' } } },
        expired: { status: 504, body: { code: 'command-expired' } },
        superseded: { status: 409, body: { code: 'command-superseded' } },
        indeterminate: { status: 502, body: { code: 'command-indeterminate' } },
      }[outcome],
    );
    await expectFree(agent);
  });

  test('its deadline does not end it: only its outcome, however late', async () => {
    const agent = await liveFeeder(bridge, nextId());
    const { answer, command } = await pendingDose(agent);
    const { status, headers } = await answer;
    expect(status).toBe(504);
    expect(headers.get('location')).toBe(`/api/v1/commands/${command.commandId}`);
    expect((await readCommand(bridge, command.commandId)).state).toBe('unresolved');
    problemIn(await feed(agent.feederId), 409, 'command-pending');
    await agent.ack(command, { outcome: 'applied', readBack: {} });
    const settled = await eventually(async () => {
      const found = await readCommand(bridge, command.commandId);
      return found.state === 'applied' ? found : undefined;
    });
    expect(settled.transitions.map(({ state }) => state)).toEqual(['sent', 'unresolved', 'applied']);
    // it was sent again meanwhile
    expect(agent.commandsWaiting().every((waiting) => waiting.commandId === command.commandId)).toBe(true);
  });

  test('an ack that comes again for the dose before changes nothing of it', async () => {
    const agent = await liveFeeder(bridge, nextId());
    const first = await pendingDose(agent, 'first');
    await agent.ack(first.command, { outcome: 'applied', readBack: {} });
    const settled = commandIn(await first.answer);
    const second = await pendingDose(agent, 'second');
    await agent.ack(first.command, { outcome: 'indeterminate' });
    await agent.ack(first.command, { outcome: 'applied', readBack: {} });
    // what the agent answers next is dealt with after those
    const cleared = clearAlarms(agent.feederId);
    await agent.ack(await agent.otherCommand(), { outcome: 'applied', readBack: {} });
    commandIn(await cleared);
    expect(await readCommand(bridge, settled.commandId)).toEqual(settled);
    expect(problemIn(await feed(agent.feederId), 409, 'command-pending').commandId).toBe(second.command.commandId);
    await agent.ack(second.command, { outcome: 'applied', readBack: {} });
    commandIn(await second.answer);
  });

  test('the feeder is removed by force alone: then it is indeterminate, and an id that comes back may be fed', async () => {
    const agent = await liveFeeder(bridge, nextId());
    const { answer, command } = await pendingDose(agent);
    expect(problemIn(await bridge.rest('DELETE', `/feeders/${agent.feederId}`), 409, 'command-pending').commandId).toBe(command.commandId);
    expect((await bridge.rest('DELETE', `/feeders/${agent.feederId}?force=true`)).status).toBe(204);
    expect(problemIn(await answer, 502, 'command-indeterminate').commandId).toBe(command.commandId);
    expect(await readCommand(bridge, command.commandId)).toMatchObject({ state: 'indeterminate', reason: { code: 'removed' } });
    await expectFree(await liveFeeder(bridge, agent.feederId));
  });
});

test('of several doses at the very same moment one is sent, and the others name it; the same one several times is one', async () => {
  const agent = await liveFeeder(bridge, nextId());
  for (let round = 0; round < 5; round++) {
    const named: (string | undefined)[] = [];
    const asked = Array.from({ length: 5 }, async () => {
      const answer = await feed(agent.feederId);
      named.push(answer.status === 200 ? undefined : problemIn(answer, 409, 'command-pending').commandId);
    });
    const command = await agent.otherCommand();
    await eventually(() => (named.length === 4 ? true : undefined));
    await agent.ack(command, { outcome: 'applied', readBack: {} });
    await Promise.all(asked);
    expect(named).toEqual([...Array<string>(4).fill(command.commandId), undefined]);

    const same = Array.from({ length: 5 }, () => feed(agent.feederId, `same-${round}`));
    await agent.ack(await agent.otherCommand(), { outcome: 'applied', readBack: {} });
    expect(new Set((await Promise.all(same)).map((answer) => commandIn(answer).commandId)).size).toBe(1);
  }
  expect(agent.commandsWaiting()).toEqual([]);
});

test('If-Match holds for them as for a change, and the agent is told nothing of it', async () => {
  const agent = await liveFeeder(bridge, nextId());
  for (const ask of [(headers: Record<string, string>) => feed(agent.feederId, 'k', headers), (headers: Record<string, string>) => clearAlarms(agent.feederId, headers)]) {
    problemIn(await ask({ 'If-Match': '"7"' }), 412, 'version-mismatch');
    const answer = ask({ 'If-Match': '"1"' });
    const command = await agent.otherCommand();
    expect(command).not.toHaveProperty('expected');
    await agent.ack(command, { outcome: 'applied', readBack: {} });
    commandIn(await answer);
  }
});

test('a bridge that starts again sends the dose again, takes no other, and frees the feeder with the outcome', async () => {
  const feederId = nextId();
  const token = await bridge.enrol(feederId);
  const first = await connectAgent(bridge, feederId, token);
  const { answer, command } = await pendingDose(first);
  const gone = new Promise<void>((resolve) => first.client.once('close', () => resolve()));
  await bridge.restart();
  problemIn(await answer, 504, 'command-unresolved');
  await gone;
  const second = await connectAgent(bridge, feederId, token);
  expect(problemIn(await feed(feederId), 409, 'command-pending').commandId).toBe(command.commandId);
  expect(await second.otherCommand()).toEqual(command);
  const again = feed(feederId, 'pending');
  await second.ack(command, { outcome: 'applied', readBack: {} });
  expect(commandIn(await again)).toMatchObject({ commandId: command.commandId, state: 'applied' });
  await expectFree(second);
});
