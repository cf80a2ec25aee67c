import { openDatabase } from '../src/store/database.ts';
import { settingsFromEnvironment } from '../src/settings.ts';
import { readArguments } from './arguments.ts';
import { seedHistory } from './seed-history.ts';

// A history to look at and to measure with, written as if agents had told it.

/** Where the seeded feeders are. */
const TIME_ZONE = 'Europe/Oslo';
const TELL_EVERY_MS = 2_000;

async function run(): Promise<void> {
  const { feeders: count, ...asked } = readArguments(process.argv.slice(2));
  const parsed = settingsFromEnvironment();
  if (!parsed.ok) throw new Error(parsed.problems.map((problem) => `bad setting: ${problem}`).join('\n'));
  const { DATABASE_URL: databaseUrl, DATA_DIR: dataDir, RETENTION_DAYS: retentionDays } = parsed.settings;
  const db = await openDatabase({ databaseUrl, dataDir, onLost: fail });
  let stored = 0;
  const startedAtMs = performance.now();
  const soFar = (): string => {
    const seconds = (performance.now() - startedAtMs) / 1000;
    return `${stored.toLocaleString('en')} records in ${seconds.toFixed(0)} s (${Math.round(stored / seconds).toLocaleString('en')} a second)`;
  };
  const telling = setInterval(() => console.log(`${soFar()} …`), TELL_EVERY_MS);
  try {
    const feeders = Array.from({ length: count }, (_, index) => ({ feederId: `seed-${index + 1}`, name: `Seeded pond ${index + 1}` }));
    console.log(`seeding ${asked.days} days of ${count} feeders at ${asked.site} …`);
    await seedHistory(db, { ...asked, feeders, timeZone: TIME_ZONE, retentionDays, onStored: (records) => (stored += records) });
    console.log(`stored ${soFar()}; what was there already stays as it was`);
  } finally {
    clearInterval(telling);
    await db.close();
  }
}

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

run().catch(fail);
