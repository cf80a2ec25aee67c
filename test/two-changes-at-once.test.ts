import { afterAll, describe, expect, test } from 'vitest';
import type { SetConfig } from '../topics/commands.ts';
import { toInstant } from '../topics/identifiers.ts';
import type { Values } from '../topics/parameters.ts';
import { eventually, openTestBridge, type Answer } from './support/bridge.ts';
import { liveFeeder, readConfig } from './support/live-feeder.ts';
import { commandIn, problemIn } from './support/rest-shapes.ts';
import { VALUES, type ScriptedAgent } from './support/scripted-agent.ts';

const bridge = await openTestBridge();
afterAll(() => bridge.dispose());

let feeders = 0;

type Two = { feederId: string; agent: ScriptedAgent; plc: Values; older: Sent; newer: Sent };
type Sent = { command: SetConfig; answer: Promise<Answer> };

/** Two changes under way at once to a feeder whose PLC is `plc`; `older` has the lower version. */
async function twoChanges(first: Values, second: Values): Promise<Two> {
  const feederId = `pond-${++feeders}`;
  const agent = await liveFeeder(bridge, feederId);
  const answers = new Map([first, second].map((body) => [JSON.stringify(body), bridge.rest('PATCH', `/feeders/${feederId}/config`, { body })]));
  const sent = [await agent.command(), await agent.command()].map((command): Sent => {
    const answer = answers.get(JSON.stringify(command.changes));
    if (answer === undefined) throw new Error('expected a change that was asked for');
    return { command, answer };
  });
  const [older, newer] = sent.sort((a, b) => a.command.version - b.command.version);
  if (older === undefined || newer === undefined) throw new Error('expected two commands');
  expect([older.command.version, newer.command.version]).toEqual([2, 3]);
  return { feederId, agent, plc: { ...VALUES }, older, newer };
}

/** Writes a change to the PLC and answers so. */
async function apply({ agent, plc }: Two, { command }: Sent): Promise<void> {
  Object.assign(plc, command.changes);
  await agent.applied(command);
}

/** Store, ETag and PLC agree once everything was answered. */
async function expectAgreement({ feederId, agent, plc }: Two, version: number): Promise<void> {
  expect(await readConfig(bridge, feederId)).toMatchObject({ version, etag: `"${version}"`, values: plc });
  // and the PLC, read once more, is no news
  const { readAt } = await readConfig(bridge, feederId);
  const readAgain = await eventually(async () => {
    await agent.report(plc, 'local', version);
    const config = await readConfig(bridge, feederId);
    return config.readAt > readAt ? config : undefined;
  });
  expect(readAgain.etag).toBe(`"${version}"`);
}

describe.each([
  ['of the same parameter', { mealGrams: 1 }, { mealGrams: 2 }],
  ['of different parameters', { mealGrams: 1 }, { intervalSeconds: 60 }],
])('two changes at once %s', (_, first, second) => {
  test('acknowledged in order', async () => {
    const two = await twoChanges(first, second);
    await apply(two, two.older);
    await apply(two, two.newer);
    expect(commandIn(await two.older.answer).version).toBe(2);
    expect((await two.newer.answer).headers.get('etag')).toBe('"3"');
    await expectAgreement(two, 3);
  });

  test('the newer one first: the older one is superseded', async () => {
    const two = await twoChanges(first, second);
    await apply(two, two.newer);
    await two.agent.ack(two.older.command, { outcome: 'superseded' });
    commandIn(await two.newer.answer);
    problemIn(await two.older.answer, 409, 'command-superseded');
    await expectAgreement(two, 3);
  });

  test('the acks overtake each other on the way', async () => {
    const two = await twoChanges(first, second);
    const readAt = new Date(Date.now() - 50).toISOString();
    Object.assign(two.plc, two.older.command.changes, two.newer.command.changes);
    await two.agent.applied(two.newer.command);
    await two.newer.answer;
    await two.agent.ack(two.older.command, { outcome: 'applied', readBack: two.older.command.changes, at: readAt });
    expect(commandIn(await two.older.answer).state).toBe('applied');
    const { values, version } = await readConfig(bridge, two.feederId);
    expect(version).toBeGreaterThanOrEqual(3);
    for (const name of Object.keys(two.newer.command.changes)) expect(values[name]).toEqual(two.plc[name]);
    // the agent's own report of what it read last sets the rest right
    await two.agent.report(two.plc, 'command', 3);
    await eventually(async () => {
      const config = await readConfig(bridge, two.feederId);
      return JSON.stringify(Object.entries(config.values).sort()) === JSON.stringify(Object.entries(two.plc).sort()) ? true : undefined;
    });
  });

  test.each(['older', 'newer'] as const)('the %s one is rejected', async (which) => {
    const two = await twoChanges(first, second);
    const other = which === 'older' ? 'newer' : 'older';
    const reject = () => two.agent.ack(two[which].command, {
      outcome: 'rejected',
      reason: { code: 'plc-exception', message: '' },
      readBack: Object.fromEntries(Object.keys(two[which].command.changes).map((name) => [name, two.plc[name] ?? 0])),
    });
    if (which === 'older') await reject();
    await apply(two, two[other]);
    if (which === 'newer') await reject();
    problemIn(await two[which].answer, 502, 'command-rejected');
    commandIn(await two[other].answer);
    await expectAgreement(two, two[other].command.version);
  });
});

test('acks of one millisecond are taken in the order they came', async () => {
  for (let round = 0; round < 10; round++) {
    const two = await twoChanges({ mealGrams: 1 }, { mealGrams: 2 });
    const at = new Date().toISOString();
    for (const { command } of [two.older, two.newer]) {
      void two.agent.ack(command, { outcome: 'applied', readBack: command.changes, at });
    }
    await Promise.all([two.older.answer, two.newer.answer]);
    expect(await readConfig(bridge, two.feederId)).toMatchObject({ version: 3, values: two.newer.command.changes });
  }
});

test('acks and reports of an agent whose clock is ahead leave what was read last, in whichever order they are stored', async () => {
  const agent = await liveFeeder(bridge, 'ahead');
  for (let round = 0; round < 10; round++) {
    const answers = [1, 2, 3, 4, 5].map((mealGrams) => bridge.rest('PATCH', '/feeders/ahead/config', { body: { mealGrams } }));
    const commands: SetConfig[] = [];
    while (commands.length < answers.length) commands.push(await agent.command());
    commands.sort((a, b) => a.version - b.version);
    const ahead = Date.now() + 60_000;
    for (const [index, command] of commands.entries()) {
      const at = toInstant(ahead + index);
      void agent.ack(command, { outcome: 'applied', readBack: command.changes, at });
      const values = { ...VALUES, ...command.changes };
      void agent.publish('config', { configVersion: command.version, values, readAt: at, source: 'command' });
    }
    await Promise.all(answers);
    const last = commands.at(-1);
    expect(await readConfig(bridge, 'ahead')).toMatchObject({ version: last?.version, values: last?.changes });
  }
});

test('twenty changes at once, acknowledged in any order, leave the PLC\'s values under the last version', async () => {
  const agent = await liveFeeder(bridge, 'twenty');
  const answers = Array.from({ length: 20 }, (_, mealGrams) => bridge.rest('PATCH', '/feeders/twenty/config', { body: { mealGrams } }));
  const commands: SetConfig[] = [];
  while (commands.length < answers.length) commands.push(await agent.command());
  expect(commands.map(({ version }) => version).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 2));
  let mealGrams = 100;
  let applied = 0;
  for (const command of [...commands].sort((a, b) => a.commandId.localeCompare(b.commandId))) {
    if (command.version < applied) {
      await agent.ack(command, { outcome: 'superseded' });
    } else {
      applied = command.version;
      mealGrams = Number(command.changes['mealGrams']);
      await agent.applied(command);
    }
  }
  await Promise.all(answers);
  expect(await readConfig(bridge, 'twenty')).toMatchObject({ version: 21, values: { mealGrams } });
});
