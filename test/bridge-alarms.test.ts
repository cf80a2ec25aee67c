import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChangeThresholds } from '../src/alarms/threshold-changes.ts';
import { Evaluation } from '../src/alarms/evaluation.ts';
import { Directory } from '../src/feeders/directory.ts';
import { PresenceBoard } from '../src/liveness/presence.ts';
import { Months } from '../src/records/months.ts';
import { lookInto } from '../src/records/received-batch.ts';
import { storeBatches } from '../src/records/store-batches.ts';
import { acknowledgeAlarm, selectAlarms } from '../src/store/alarms.ts';
import { openDatabase, type Database } from '../src/store/database.ts';
import { insertFeeder, mergeReport, removeFeeder, selectFeeders } from '../src/store/feeders.ts';
import { migrate } from '../src/store/migrate.ts';
import { toInstant } from '../topics/identifiers.ts';
import type { Values } from '../topics/parameters.ts';
import type { HistoryRecord } from '../topics/payloads.ts';
import { MIGRATIONS } from './support/migrations.ts';
import { freshDatabase, type FreshDatabase } from './support/postgres.ts';
import { ISSUED } from './support/issuer.ts';

let given: FreshDatabase;
let db: Database;
beforeAll(async () => {
  given = await freshDatabase();
  db = await openDatabase({
    ...given,
    onLost: (reason) => {
      throw reason;
    },
  });
  await migrate(db, MIGRATIONS, () => undefined);
});
afterAll(async () => {
  await db.close();
  await given.dispose();
});

const MINUTE_MS = 60_000;
const CONFIG: Values = { mealGrams: 120, intervalSeconds: 3600, feedingEnabled: true };
type Told = HistoryRecord extends infer R ? (R extends HistoryRecord ? Omit<R, 'seq' | 'at'> : never) : never;

let farms = 0;

/** One feeder on the real store, and a bridge's judgement of it on a clock that the test moves. */
class Farm {
  readonly feederId = `pond-${++farms}`;
  nowMs = Date.parse('2026-06-01T10:00:00Z');
  plc: 'ok' | 'unreachable' = 'ok';
  readings: Values = { motorCurrentAmps: 0 };
  /** Whether its history is up to date. */
  storesReadings = false;
  spoolId = `spool-${this.feederId}`;
  #seq = 0;
  #epoch = 0;
  #directory = new Directory([], []);
  #presence = new PresenceBoard([], { publish: () => undefined, store: () => undefined });
  #evaluation: Evaluation | undefined;

  static async open(): Promise<Farm> {
    const farm = new Farm();
    await farm.enrol();
    await farm.report(CONFIG);
    await farm.restart();
    return farm;
  }

  async enrol(): Promise<void> {
    const { feederId, nowMs } = this;
    await insertFeeder(db, { feederId, name: feederId, site: 'farm', timeZone: 'UTC', tokenSha256: Buffer.alloc(32), enrolledAtMs: nowMs });
  }

  /** Another bridge on the same store: all that is only in memory is gone, and the agent is back at once. */
  async restart(): Promise<void> {
    const rows = (await selectFeeders(db)).filter(({ feederId }) => feederId === this.feederId);
    this.#directory = new Directory(rows, rows);
    this.#presence = new PresenceBoard([], { publish: () => undefined, store: () => undefined });
    this.online();
    this.#evaluation = new Evaluation({
      db,
      clock: { now: () => this.nowMs },
      directory: this.#directory,
      presence: this.#presence,
      sessions: { find: () => ({ ...SESSION, feederId: this.feederId, plc: this.plc }) },
    });
  }

  online(): void {
    this.#presence.take({ feederId: this.feederId, sessionId: 's', epoch: ++this.#epoch, atMs: this.nowMs, state: 'online', reason: 'connected' });
  }

  offline(): void {
    this.#presence.take({ feederId: this.feederId, sessionId: 's', epoch: this.#epoch, atMs: this.nowMs, state: 'offline', reason: 'connection-lost' });
  }

  /** What the agent's records and config report tell that the PLC holds. */
  async report(values: Values, source: 'start' | 'command' | 'local' = 'start'): Promise<void> {
    const config = await mergeReport(db, this.feederId, { values, readAtMs: this.nowMs, source, agentVersion: 0 });
    if (config) this.#directory.setConfig(this.feederId, config);
    await this.record({ kind: 'config', values, source });
  }

  async record(...told: Told[]): Promise<void> {
    const records = told.map((each) => ({ ...each, seq: ++this.#seq, at: toInstant(this.nowMs) }));
    await new Months(db, 400).makeRoom([this.nowMs]);
    const limits = { nowMs: this.nowMs, oldestReadingMs: 0, mayName: () => true };
    await storeBatches(db, [lookInto({ feederId: this.feederId, timeZone: 'UTC' }, { spoolId: this.spoolId, records }, limits)], this.nowMs);
  }

  /** Meals of the schedule, by the PLC's counters after them. */
  meal(countTotal: number, grams = 120): Promise<void> {
    return this.record({ kind: 'meal', count: 1, grams, countTotal, totalGrams: countTotal * grams, source: 'schedule' });
  }

  /** So many minutes pass with a judgement in each step, while the agent tells readings. */
  async pass(minutes: number, stepMinutes = 1): Promise<void> {
    for (let passed = 0; passed < minutes; passed += stepMinutes) {
      this.nowMs += stepMinutes * MINUTE_MS;
      if (this.#presence.find(this.feederId)?.state === 'online') {
        this.#directory.setState(this.feederId, { at: toInstant(this.nowMs), values: this.readings, quality: {} });
        this.#evaluation?.heard(this.feederId);
        if (this.storesReadings) await this.record({ kind: 'reading', values: this.readings });
      }
      await this.#evaluation?.run();
    }
  }

  set(changes: Parameters<ChangeThresholds['run']>[1]): Promise<unknown> {
    return new ChangeThresholds({ db, clock: { now: () => this.nowMs }, directory: this.#directory }).run(this.feederId, changes, ISSUED.author);
  }

  async remove(): Promise<void> {
    await removeFeeder(db, this.feederId, this.nowMs, false);
    this.#directory.remove(this.feederId);
  }

  /** All its alarms, those raised first first. */
  async alarms() {
    const found = await selectAlarms(db, this.feederId, { fromMs: 0, toMs: this.nowMs + 1, state: undefined }, 100, undefined);
    return found.reverse().map(({ alarmId, name, severity, detail, clearedAtMs }) => ({ alarmId, name, severity, detail, isOpen: clearedAtMs === null }));
  }

  /** The names of those that are open. */
  async open(): Promise<string[]> {
    return (await this.alarms()).filter(({ isOpen }) => isOpen).map(({ name }) => name);
  }
}

const SESSION = {
  epoch: 1,
  close: () => undefined,
  sessionId: 's',
  lastBeatAtMs: undefined,
  unheld: false,
  over: false,
};

describe('an alarm of the bridge', () => {
  it('is raised once and cleared once, across restarts', async () => {
    const farm = await Farm.open();
    farm.readings = { dissolvedOxygenMgPerLitre: 4.5 };
    await farm.pass(3);
    await farm.restart();
    await farm.pass(3);
    expect(await farm.alarms()).toMatchObject([
      { name: 'oxygenLow', severity: 'critical', detail: 'the water has 4.5 mg/L of oxygen, below 5 mg/L', isOpen: true },
    ]);
    farm.readings = { dissolvedOxygenMgPerLitre: 5.1 };
    await farm.pass(2);
    expect(await farm.open()).toEqual(['oxygenLow']);
    farm.readings = { dissolvedOxygenMgPerLitre: 5.4 };
    await farm.pass(3);
    expect(await farm.alarms()).toMatchObject([{ name: 'oxygenLow', isOpen: false }]);
  });

  it('stays as it is while nothing is known', async () => {
    const farm = await Farm.open();
    farm.readings = { waterTemperatureCelsius: 25 };
    await farm.pass(1);
    farm.readings = { waterTemperatureCelsius: 10 };
    farm.offline();
    await farm.pass(4);
    expect(await farm.open()).toEqual(['temperatureHigh']);
    farm.online();
    await farm.pass(1);
    expect(await farm.open()).toEqual([]);
  });

  it('is cleared when it is switched off', async () => {
    const farm = await Farm.open();
    farm.readings = { waterTemperatureCelsius: 1, dissolvedOxygenMgPerLitre: 1 };
    await farm.pass(1);
    expect((await farm.open()).sort()).toEqual(['oxygenLow', 'temperatureLow']);
    await farm.set({ temperatureMinCelsius: null });
    await farm.pass(1);
    expect(await farm.open()).toEqual(['oxygenLow']);
  });

  it('is cleared with the removal of its feeder, and so are the PLC\'s', async () => {
    const farm = await Farm.open();
    farm.readings = { dissolvedOxygenMgPerLitre: 1 };
    await farm.record({ kind: 'alarm', name: 'motorJam', active: true });
    await farm.pass(1);
    expect((await farm.open()).sort()).toEqual(['motorJam', 'oxygenLow']);
    await farm.remove();
    expect(await farm.open()).toEqual([]);
    // What was being stored just then.
    await farm.record({ kind: 'alarm', name: 'hopperLow', active: true });
    await farm.pass(1);
    expect(await farm.open()).toEqual([]);
  });
});

describe('a lost agent', () => {
  it('is told after its time, and not for the time in which the bridge was away', async () => {
    const farm = await Farm.open();
    farm.nowMs += 60 * MINUTE_MS;
    await farm.restart();
    farm.offline();
    await farm.pass(4);
    expect(await farm.open()).toEqual([]);
    await farm.pass(2);
    expect(await farm.alarms()).toMatchObject([{ name: 'agentLost', severity: 'warning', detail: 'the agent has been offline for 5 minutes' }]);
    farm.online();
    await farm.pass(1);
    expect(await farm.open()).toEqual([]);
  });
});

describe('a lost PLC', () => {
  it('is told after its time, stays so while the agent is away, and is over when it answers', async () => {
    const farm = await Farm.open();
    farm.plc = 'unreachable';
    await farm.pass(5);
    expect(await farm.open()).toEqual([]);
    await farm.pass(1);
    expect(await farm.open()).toEqual(['plcLost']);
    farm.offline();
    await farm.pass(3);
    farm.online();
    await farm.pass(1);
    expect(await farm.open()).toEqual(['plcLost']);
    farm.plc = 'ok';
    await farm.pass(1);
    expect(await farm.alarms()).toMatchObject([{ name: 'plcLost', isOpen: false }]);
  });
});

describe('meals', () => {
  it('that are missed are told once, and the next one counted ends it', async () => {
    const farm = await Farm.open();
    farm.storesReadings = true;
    await obey(farm, { intervalSeconds: 1200 });
    await farm.meal(1);
    await farm.meal(2);
    await farm.pass(50, 5);
    expect(await farm.open()).toEqual([]);
    await farm.pass(1);
    expect(await farm.alarms()).toMatchObject([
      { name: 'mealsMissed', severity: 'critical', detail: '2 meals of the schedule in a row were not fed; the last one was counted 51 minutes ago' },
    ]);
    await farm.restart();
    await farm.pass(3);
    expect(await farm.open()).toEqual(['mealsMissed']);
    // A dose by hand is no meal of the schedule.
    await farm.record({ kind: 'meal', count: 1, grams: 50, countTotal: 3, totalGrams: 290, source: 'feed-now', commandId: 'dose' });
    await farm.pass(2);
    expect(await farm.open()).toEqual(['mealsMissed']);
    await farm.record({ kind: 'meal', count: 1, grams: 120, countTotal: 4, totalGrams: 410, source: 'schedule' });
    await farm.pass(1);
    expect(await farm.alarms()).toMatchObject([{ name: 'mealsMissed', isOpen: false }]);
  });

  it('are not missed while the feeder is paused, nor while history lags behind', async () => {
    const paused = await Farm.open();
    paused.storesReadings = true;
    await obey(paused, { intervalSeconds: 600, feedingEnabled: false });
    await paused.pass(40, 5);
    expect(await paused.open()).toEqual([]);

    const lagging = await Farm.open();
    await obey(lagging, { intervalSeconds: 600 });
    await lagging.pass(40, 5);
    expect(await lagging.open()).toEqual([]);
    lagging.storesReadings = true;
    await lagging.pass(1);
    expect(await lagging.open()).toEqual(['mealsMissed']);
  });
});

describe('the hopper', () => {
  it('is told to be empty soon at the rate of the last days', async () => {
    const farm = await Farm.open();
    for (let meal = 1; meal <= 8; meal += 1) {
      farm.nowMs += 12 * 60 * MINUTE_MS;
      await farm.meal(meal, 500);
    }
    farm.readings = { hopperGrams: 4000 };
    await farm.restart();
    await farm.pass(2);
    expect(await farm.open()).not.toContain('hopperEmptySoon');
    farm.readings = { hopperGrams: 2500 };
    await farm.pass(2);
    const [alarm] = (await farm.alarms()).filter(({ name }) => name === 'hopperEmptySoon');
    // 1000 g a day, less what passed since the last meal.
    expect(alarm?.detail).toMatch(/^the hopper will be empty in 2\.5\d? days: 2500 g are left, and (1000|99\d) g are fed a day$/);
  });
});

describe('feeding', () => {
  it('that goes on for too long is told, and over at its first break', async () => {
    const farm = await Farm.open();
    farm.readings = { feeding: true };
    await farm.pass(28, 2);
    farm.readings = { feeding: false };
    await farm.pass(1);
    farm.readings = { feeding: true };
    await farm.pass(30, 2);
    expect(await farm.open()).toEqual([]);
    await farm.pass(2, 2);
    expect(await farm.alarms()).toMatchObject([{ name: 'feedingTooLong', detail: 'it has been feeding without a break for 30 minutes' }]);
    farm.readings = { feeding: false };
    await farm.pass(1);
    expect(await farm.open()).toEqual([]);
  });
});

describe('a config that no command changed', () => {
  const panel = (farm: Farm, changed: Values): Promise<void> => farm.report({ ...CONFIG, ...changed }, 'local');

  it('is told in words, again where something else is changed too, and is over when it is back', async () => {
    const farm = await Farm.open();
    await farm.pass(1);
    await panel(farm, { mealGrams: 40 });
    await farm.restart();
    await farm.pass(1);
    await farm.restart();
    await farm.pass(1);
    expect(await farm.alarms()).toMatchObject([
      { name: 'configChangedOnPanel', detail: 'changed at the PLC itself, by no command: mealGrams 120 g -> 40 g', isOpen: true },
    ]);
    await panel(farm, { mealGrams: 40, intervalSeconds: 7200 });
    await farm.pass(1);
    expect(await farm.alarms()).toMatchObject([
      { isOpen: false },
      { isOpen: true, detail: 'changed at the PLC itself, by no command: mealGrams 120 g -> 40 g, intervalSeconds 3600 s -> 7200 s' },
    ]);
    await panel(farm, { mealGrams: 40 });
    await farm.pass(1);
    expect(await farm.alarms()).toMatchObject([{ isOpen: false }, { isOpen: true, detail: 'changed at the PLC itself, by no command: mealGrams 120 g -> 40 g' }]);
    await panel(farm, {});
    await farm.pass(1);
    expect(await farm.alarms()).toMatchObject([{ isOpen: false }, { isOpen: false }]);
  });

  it('is accepted by whoever acknowledges it; what is changed after that is another', async () => {
    const farm = await Farm.open();
    await panel(farm, { mealGrams: 40 });
    await farm.pass(1);
    const [alarm] = await farm.alarms();
    await acknowledgeAlarm(db, { feederId: farm.feederId, alarmId: alarm?.alarmId ?? '' }, { by: 'kari', atMs: farm.nowMs });
    await panel(farm, { mealGrams: 30 });
    await farm.pass(2);
    expect(await farm.alarms()).toMatchObject([{ isOpen: false }, { isOpen: true, detail: 'changed at the PLC itself, by no command: mealGrams 40 g -> 30 g' }]);
  });

  it('is over when a command sets it, even to what it is; and nothing where a command had brought it', async () => {
    const farm = await Farm.open();
    await farm.pass(2);
    await panel(farm, { mealGrams: 40 });
    await farm.pass(1);
    expect(await farm.open()).toEqual(['configChangedOnPanel']);
    await command(farm, { mealGrams: 40 });
    await farm.pass(1);
    expect(await farm.open()).toEqual([]);
    // Its agent was restarted before it had told of the command.
    await command(farm, { mealGrams: 200 });
    await farm.report({ ...CONFIG, mealGrams: 200 });
    await farm.pass(1);
    expect(await farm.open()).toEqual([]);
  });

  it('is told though it comes with what a command set', async () => {
    const farm = await Farm.open();
    await farm.pass(2);
    await command(farm, { intervalSeconds: 1800 });
    await farm.report({ ...CONFIG, intervalSeconds: 1800, mealGrams: 40 }, 'command');
    await farm.pass(1);
    expect(await farm.alarms()).toMatchObject([{ detail: 'changed at the PLC itself, by no command: mealGrams 120 g -> 40 g' }]);
  });

  it('is told of a feeder that was removed and came back, unless it is another machine', async () => {
    const farm = await Farm.open();
    await farm.pass(2);
    const comesBack = async (): Promise<void> => {
      await farm.remove();
      farm.nowMs += 10 * MINUTE_MS;
      await farm.enrol();
      await farm.restart();
      await farm.pass(1);
    };
    await comesBack();
    await panel(farm, { mealGrams: 40 });
    await farm.pass(1);
    expect(await farm.open()).toEqual(['configChangedOnPanel']);
    await comesBack();
    farm.spoolId = 'spool-of-another-machine';
    await panel(farm, { mealGrams: 70 });
    await farm.pass(1);
    expect(await farm.open()).toEqual([]);
    await panel(farm, { mealGrams: 80 });
    await farm.pass(1);
    expect(await farm.alarms()).toMatchObject([{ isOpen: false }, { isOpen: true, detail: 'changed at the PLC itself, by no command: mealGrams 70 g -> 80 g' }]);
  });

  it('fell back where the PLC was away before it, or is found to count its meals anew', async () => {
    const away = await Farm.open();
    await away.record({ kind: 'plc', state: 'unreachable' });
    await away.pass(2);
    await away.record({ kind: 'plc', state: 'ok' });
    await panel(away, { mealGrams: 100 });
    await away.pass(1);
    expect(await away.alarms()).toMatchObject([
      { name: 'configFellBack', severity: 'critical', detail: 'other settings since the PLC was away, by no command: mealGrams 120 g -> 100 g' },
    ]);

    const quick = await Farm.open();
    await quick.meal(7);
    await quick.pass(30, 5);
    await panel(quick, { mealGrams: 100 });
    await quick.pass(1);
    expect(await quick.open()).toEqual(['configChangedOnPanel']);
    await quick.meal(1, 100);
    await quick.pass(1);
    expect(await quick.open()).toEqual(['configFellBack']);
  });
});

/** A config command that was applied. */
async function command(farm: Farm, changes: Values): Promise<void> {
  await db.query(
    `INSERT INTO command (command_id, feeder_id, kind, state, changes, issued_by, issued_at, ended_at, read_at)
     VALUES ($1, $2, 'set-config', 'applied', $3, 'admin', $4, $4, $4)`,
    [randomUUID(), farm.feederId, JSON.stringify(changes), new Date(farm.nowMs)],
  );
}

/** A config command that was applied and reported. */
async function obey(farm: Farm, changes: Values): Promise<void> {
  await command(farm, changes);
  await farm.report({ ...CONFIG, ...changes }, 'command');
}
