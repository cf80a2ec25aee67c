import { fileURLToPath } from 'node:url';
import { Months } from '../src/records/months.ts';
import { hashSecret, newSecret } from '../src/secrets.ts';
import type { Database } from '../src/store/database.ts';
import { insertFeeder, selectFeeders } from '../src/store/feeders.ts';
import { migrate } from '../src/store/migrate.ts';
import { selectSpoolIds } from '../src/store/record-spools.ts';
import { selectDatabaseTimeMs } from '../src/store/time.ts';
import { spanOfSpool, type SeededFeeder } from './feeder.ts';
import type { FeederLife } from './feeder-life.ts';
import { storeHistory } from './store-history.ts';

/** One feeder that is asked for; with `lostHoursAgo` its link was lost then, its history ends there, and it is still away. */
export type OrderedFeeder = { feederId: string; name: string; lostHoursAgo?: number };
/** What is asked for: the feeders, and a history of so many days up to now. */
export type SeedOrder = {
  feeders: readonly OrderedFeeder[];
  site: string;
  timeZone: string;
  days: number;
  /** The same seed and span give the same history. */
  seed: number;
  /** How many days the bridge keeps readings. */
  retentionDays: number;
  /** Some more was stored. */
  onStored: (records: number) => void;
};

const MIGRATIONS = fileURLToPath(new URL('../src/store/migrations', import.meta.url));
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How many feeders are written at a time: one is made up while others are stored. */
const AT_ONCE = 4;

/**
 * Fills a store with the history of feeders, which are enrolled where they are not, and tells how each is in the end. A
 * feeder that was seeded before keeps the history it has; what is missing of that is added. Rejects where a feeder has
 * records of its own, or where the bridge would not keep so old readings.
 */
export async function seedHistory(db: Database, order: SeedOrder): Promise<{ feeder: SeededFeeder; life: FeederLife }[]> {
  await migrate(db, MIGRATIONS, () => undefined);
  const nowMs = await selectDatabaseTimeMs(db);
  const months = new Months(db, order.retentionDays);
  const fromMs = nowMs - order.days * DAY_MS;
  if (fromMs < months.oldestMs(nowMs)) throw new Error(`expected at most ${order.retentionDays} days, as long as readings are kept (RETENTION_DAYS)`);
  const feeders = await enrolled(db, order, { fromMs, nowMs });
  for (const feeder of feeders) await months.makeRoom(monthsOf(feeder));
  const waiting = feeders.map((feeder, place) => ({ feeder, place }));
  const seeded: { feeder: SeededFeeder; life: FeederLife; place: number }[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      seeded.push({ ...next, life: await storeHistory(db, next.feeder, nowMs, order.onStored) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return seeded.sort((a, b) => a.place - b.place);
}

/** Enrols the feeders that are not there yet, and tells which history each is to have. */
async function enrolled(db: Database, { feeders, site, timeZone, seed }: SeedOrder, { fromMs, nowMs }: { fromMs: number; nowMs: number }): Promise<SeededFeeder[]> {
  const known = new Map((await selectFeeders(db)).map((feeder) => [feeder.feederId, feeder]));
  const spoolIds = await selectSpoolIds(db, feeders.map(({ feederId }) => feederId));
  const spans = feeders.map(({ feederId, lostHoursAgo = 0 }) => {
    const own = spoolIds.filter((spool) => spool.feederId === feederId).map(({ spoolId }) => spoolId);
    const earlier = own.map(spanOfSpool).find((found) => found !== undefined);
    if (earlier === undefined && own.length > 0) throw new Error(`expected ${feederId} to have no history yet: its agent has told records; choose another store`);
    return earlier ?? { seed, fromMs, toMs: nowMs - lostHoursAgo * HOUR_MS };
  });
  // No token is told: whoever wants to connect an agent makes one.
  for (const { feederId, name } of feeders) {
    if (known.has(feederId)) continue;
    await insertFeeder(db, { feederId, name, site, timeZone, tokenSha256: hashSecret(newSecret()), enrolledAtMs: fromMs });
  }
  return feeders.flatMap(({ feederId, lostHoursAgo }, index) => {
    const its = spans[index];
    return its ? [{ feederId, timeZone: known.get(feederId)?.timeZone ?? timeZone, isLost: lostHoursAgo !== undefined, ...its }] : [];
  });
}

function monthsOf({ fromMs, toMs }: SeededFeeder): number[] {
  const times = [toMs];
  for (let atMs = fromMs; atMs < toMs; atMs += 28 * DAY_MS) times.push(atMs);
  return times;
}
