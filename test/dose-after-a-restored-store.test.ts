import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../src/store/database.ts';
import { eventually } from './support/bridge.ts';
import { readCommand } from './support/live-feeder.ts';
import { commandIn, problemIn } from './support/rest-shapes.ts';
import { feederWhen, openSystem, type WholeSystem } from './support/whole-system.ts';

let system: WholeSystem;
beforeAll(async () => {
  system = await openSystem();
});
afterAll(() => system.dispose());

const feed = (key: string, grams = 50) =>
  system.bridge.rest('POST', '/feeders/pond-1/commands', { body: { kind: 'feed-now', grams }, headers: { 'Idempotency-Key': key } });

test('a dose that the restored store knows as sent is not fed again: the agent tells what became of it', async () => {
  const { bridge, plc } = system;
  await feederWhen(system, (feeder) => feeder.plc === 'ok');
  const fed = commandIn(await feed('once'));
  expect(fed).toMatchObject({ state: 'applied', readBack: {} });
  expect(plc.doses).toHaveLength(1);

  // the backup was made when the dose was on its way
  await bridge.stop();
  const db = await openDatabase({ ...bridge.database, onLost: (reason) => expect.fail(reason.message) });
  await db.query(`UPDATE command SET state = 'sent', ended_at = NULL, read_at = NULL, read_back = NULL, previous = NULL`);
  await db.query('UPDATE feeder SET pending_feed_now = $1', [fed.commandId]);
  await db.close();
  await bridge.restart();
  const settled = await eventually(async () => {
    const found = await readCommand(bridge, fed.commandId);
    return found.state === 'applied' ? found : undefined;
  }, 10_000);
  expect(settled).toMatchObject({ readBack: {}, grams: 50 });
  expect(plc.doses).toHaveLength(1);
  expect(commandIn(await feed('once')).commandId).toBe(fed.commandId);
  // the guards know it, too
  expect(problemIn(await feed('twice'), 502, 'command-rejected')['reason']).toMatchObject({ code: 'minimum-gap' });
  expect(plc.doses).toHaveLength(1);
});
