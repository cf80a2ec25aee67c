import { afterAll, expect, test } from 'vitest';
import type { Ack, SetConfig } from '../topics/commands.ts';
import { toInstant } from '../topics/identifiers.ts';
import { openDatabase, type Database } from '../src/store/database.ts';
import { eventually, openTestBridge } from './support/bridge.ts';
import { readCommand, readConfig, readFeeder } from './support/live-feeder.ts';
import { commandIn, problemIn } from './support/rest-shapes.ts';
import { ScriptedAgent, VALUES } from './support/scripted-agent.ts';

const bridge = await openTestBridge();
afterAll(() => bridge.dispose());

/** Stops the bridge, has its store for a moment, and starts it again. */
async function withStore<T>(work: (db: Database) => Promise<T>): Promise<T> {
  await bridge.stop();
  const db = await openDatabase({ ...bridge.database, onLost: (reason) => expect.fail(reason.message) });
  const result = await work(db);
  await db.close();
  await bridge.restart();
  return result;
}

const TABLES = ['feeder', 'command', 'idempotency_key'];
const wipe = (db: Database) => db.query(`TRUNCATE ${TABLES.join(', ')} CASCADE`);

/** All that is in the store of feeders and their commands. */
async function backUp(db: Database): Promise<Map<string, string>> {
  const tables = TABLES.map(async (table): Promise<[string, string]> => {
    const { rows } = await db.query<{ kept: string }>(`SELECT coalesce(json_agg(each), '[]')::text AS kept FROM ${table} AS each`);
    return [table, rows[0]?.kept ?? '[]'];
  });
  return new Map(await Promise.all(tables));
}

async function restore(db: Database, backup: ReadonlyMap<string, string>): Promise<void> {
  await wipe(db);
  for (const [table, kept] of backup) await db.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1)`, [kept]);
}

/** The part of an agent that outlives the bridge's store: its PLC and its journal. */
class Farm {
  readonly plc = { ...VALUES };
  readonly executed: string[] = [];
  readonly #journal = new Map<string, Omit<Ack, 'commandId'>>();
  appliedVersion = 0;

  /** Connects as an agent with this journal does, and answers commands from now on if it is to. */
  async connect(feederId: string, token: string, isAnswering = true): Promise<ScriptedAgent> {
    const agent = await ScriptedAgent.connect({ wsUrl: bridge.wsUrl, feederId, token });
    await agent.publish('session', { sessionId: agent.sessionId, state: 'started', reason: 'connected', journalId: 'farm' });
    await agent.report(this.plc, 'start', this.appliedVersion);
    await agent.beat({ configVersion: this.appliedVersion });
    if (isAnswering) this.#answerAll(agent);
    await eventually(async () => ((await readFeeder(bridge, feederId)).plc === 'ok' ? true : undefined));
    return agent;
  }

  #answerAll(agent: ScriptedAgent): void {
    const answerNext = () => void agent.command().then((command) => this.answer(agent, command)).catch(() => undefined);
    agent.client.on('message', (topic) => {
      if (topic.endsWith('/command')) answerNext();
    });
    agent.commandsWaiting().forEach(answerNext);
  }

  async answer(agent: ScriptedAgent, command: SetConfig): Promise<void> {
    const ack = this.#journal.get(command.commandId) ?? this.#execute(command);
    this.#journal.set(command.commandId, ack);
    await agent.ack(command, ack);
  }

  #execute({ commandId, version, changes }: SetConfig): Omit<Ack, 'commandId'> {
    const at = toInstant(Date.now());
    if (version <= this.appliedVersion) return { outcome: 'superseded', at };
    Object.assign(this.plc, changes);
    this.executed.push(commandId);
    this.appliedVersion = version;
    return { outcome: 'applied', at, readBack: changes };
  }
}

const patch = (feederId: string, mealGrams: number, headers: Record<string, string> = {}) =>
  bridge.rest('PATCH', `/feeders/${feederId}/config`, { body: { mealGrams }, headers });

test('after the store was restored from a backup: what it left open ends as the agent knows, nothing is done twice, and versions go on', async () => {
  const farm = new Farm();
  const token = await bridge.enrol('restored');
  const first = await farm.connect('restored', token, false);
  const applied = patch('restored', 110);
  await farm.answer(first, await first.command());
  commandIn(await applied);
  const open = patch('restored', 120, { 'Idempotency-Key': 'open' });
  const { commandId } = await first.command();
  const backup = await withStore(backUp);
  problemIn(await open, 504, 'command-unresolved');

  // the bridge goes on, and is then set back to where it was
  await farm.connect('restored', token);
  await eventually(async () => ((await readCommand(bridge, commandId)).state === 'applied' ? true : undefined));
  for (const mealGrams of [130, 140]) commandIn(await patch('restored', mealGrams));
  const before = farm.appliedVersion;
  expect(farm.executed).toHaveLength(4);
  await withStore((db) => restore(db, backup));
  expect((await readCommand(bridge, commandId)).ackedAt).toBeNull();

  const agent = await farm.connect('restored', token);
  const settled = await eventually(async () => {
    const found = await readCommand(bridge, commandId);
    return found.state === 'applied' ? found : undefined;
  });
  expect(farm.executed).toHaveLength(4);
  await agent.ack({ commandId }, { outcome: 'indeterminate' });
  const { version } = commandIn(await patch('restored', 150));
  expect(version).toBeGreaterThan(before);
  expect(await readCommand(bridge, commandId)).toEqual(settled);
  expect(farm.executed).toHaveLength(5);
  expect(new Set(farm.executed).size).toBe(5);
  expect((await readConfig(bridge, 'restored')).values).toEqual(farm.plc);
  expect(commandIn(await patch('restored', 120, { 'Idempotency-Key': 'open' })).commandId).toBe(commandId);
});

test('after the store was wiped the first change of all takes a version above what the agent told, stored or not', async () => {
  const farm = new Farm();
  farm.appliedVersion = 40;
  await withStore(async (db) => {
    await wipe(db);
    // What is heard is not stored yet, and will not be before the change is.
    await db.query(`CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`);
    await db.query(`CREATE TRIGGER not_yet BEFORE UPDATE ON feeder FOR EACH ROW
      WHEN (NEW.version_counter > OLD.version_counter AND NEW.unsettled_config = OLD.unsettled_config) EXECUTE FUNCTION skip()`);
  });
  await farm.connect('wiped', await bridge.enrol('wiped'));
  const { version } = commandIn(await patch('wiped', 120));
  expect(version).toBe(41);
  expect(farm.plc).toMatchObject({ mealGrams: 120 });
});
