import { afterAll, describe, expect, test } from 'vitest';
import { openTestBridge } from './support/bridge.ts';
import { liveFeeder, readConfig } from './support/live-feeder.ts';
import { problemIn } from './support/rest-shapes.ts';
import { ScriptedAgent } from './support/scripted-agent.ts';

const bridge = await openTestBridge();
afterAll(() => bridge.dispose());

let feeders = 0;

describe('a change that is not valid', () => {
  test.each([
    ['{}', 'invalid-config', ['']],
    ['[]', 'invalid-config', ['']],
    ['null', 'invalid-config', ['']],
    ['"x"', 'invalid-config', ['']],
    ['{"mealGrams": null}', 'invalid-config', ['/mealGrams']],
    ['{"mealGrams": "120"}', 'invalid-config', ['/mealGrams']],
    ['{"mealGrams": true}', 'invalid-config', ['/mealGrams']],
    ['{"mealGrams": {}}', 'invalid-config', ['/mealGrams']],
    ['{"mealGrams": 1e400}', 'invalid-config', ['/mealGrams']],
    ['{"feedingEnabled": 1}', 'invalid-config', ['/feedingEnabled']],
    ['{"mealGrams": 5001}', 'out-of-range', ['/mealGrams']],
    ['{"mealGrams": -1}', 'out-of-range', ['/mealGrams']],
    ['{"mealGrams": 1.5}', 'out-of-range', ['/mealGrams']],
    ['{"oxygenStopMgPerLitre": 5.05}', 'out-of-range', ['/oxygenStopMgPerLitre']],
    ['{"dailyLimitGrams": 1}', 'unsupported-parameter', ['/dailyLimitGrams']],
    ['{"__proto__": 1}', 'unsupported-parameter', ['/__proto__']],
    ['{"constructor": 1, "toString": 2}', 'unsupported-parameter', ['/constructor', '/toString']],
    ['{"a/b~c": 1}', 'unsupported-parameter', ['/a~1b~0c']],
    ['{"\\u0000": 1, "\\ud800": 1}', 'unsupported-parameter', ['/\u0000', '/\ud800']],
    ['{"mealGrams": 9999, "intervalSeconds": 1}', 'out-of-range', ['/mealGrams', '/intervalSeconds']],
    ['{"mealGrams": 9999, "nothing": 1, "feedingEnabled": null}', 'invalid-config', ['/mealGrams', '/nothing', '/feedingEnabled']],
  ])('%s is 422 %s with a pointer for each field', async (body, code, pointers) => {
    const { feederId } = await liveFeeder(bridge, `strict-${++feeders}`);
    const problem = problemIn(await bridge.rest('PATCH', `/feeders/${feederId}/config`, { body }), 422, code);
    expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(pointers);
    if (code !== 'invalid-config') expect(problem.errors?.every((error) => error.code === code)).toBe(true);
    expect(await readConfig(bridge, feederId)).toMatchObject({ version: 1 });
  });

  test('a command that is unknown is 422; without a kind it is 400', async () => {
    await liveFeeder(bridge, 'commanded');
    const post = (body: unknown) => bridge.rest('POST', '/feeders/commanded/commands', { body });
    for (const kind of ['dance', '', 'x'.repeat(10_000), '\u0000', '\ud800', '__proto__', 'set-config']) {
      problemIn(await post({ kind }), 422, 'unsupported-command');
    }
    for (const body of [{}, { kind: 7 }, [], null, 'pause']) problemIn(await post(JSON.stringify(body)), 400, 'malformed');
  });

  test('a value of -0 is 0', async () => {
    const agent = await liveFeeder(bridge, 'zero');
    const answer = bridge.rest('PATCH', '/feeders/zero/config', { body: '{"mealGrams": -0}' });
    const command = await agent.command();
    expect(command.changes['mealGrams']).toBe(0);
    await agent.applied(command, { mealGrams: 0 });
    expect((await answer).status).toBe(200);
  });
});

test('before a profile is known, standard names and types are checked', async () => {
  const token = await bridge.enrol('no-profile');
  const agent = await ScriptedAgent.connect({ wsUrl: bridge.wsUrl, feederId: 'no-profile', token });
  await agent.beat();
  const patch = (body: string) => bridge.rest('PATCH', '/feeders/no-profile/config', { body });
  problemIn(await patch('{"ownName": 1}'), 422, 'unsupported-parameter');
  problemIn(await patch('{"constructor": 1}'), 422, 'unsupported-parameter');
  problemIn(await patch('{"mealGrams": true}'), 422, 'invalid-config');
  problemIn(await patch('{"feedingEnabled": 1}'), 422, 'invalid-config');
  problemIn(await patch('{"mealGrams": 1e400}'), 422, 'invalid-config');
  const accepted = patch('{"mealGrams": 123456}');
  await agent.applied(await agent.command());
  expect((await accepted).status).toBe(200);
});

