import { newApiKey, storeApiKey } from '../src/access/api-keys.ts';
import { settingsFromEnvironment, type Settings } from '../src/settings.ts';
import { selectDatabaseTimeMs } from '../src/store/time.ts';
import { parseArguments, type KeyOrder } from './arguments.ts';
import { openStore } from './open-store.ts';

// Makes keys on the server itself, such as the first one.

/** Exit codes: 1 for what may pass (the store), 2 for what someone must set right. */
const FAILED = 1;
const BAD_ORDER = 2;

const AUTHOR = { kind: 'server', id: null, name: 'npm run keys', address: null, requestId: null } as const;

async function create({ name, role, sites, expires: expiresAtMs }: KeyOrder, settings: Settings): Promise<string> {
  const db = await openStore(settings, fail);
  try {
    const { apiKey, key } = newApiKey({ name, role, sites, expiresAtMs, createdBy: AUTHOR.name }, await selectDatabaseTimeMs(db));
    await storeApiKey(db, apiKey, AUTHOR);
    return key;
  } finally {
    await db.close();
  }
}

function refuse(problem: string): void {
  console.error(problem);
  process.exitCode = BAD_ORDER;
}

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(FAILED);
}

const parsed = parseArguments(process.argv.slice(2));
const read = settingsFromEnvironment();
if (!parsed.ok) refuse(parsed.problem);
else if (!read.ok) refuse(read.problems.map((problem) => `bad setting: ${problem}`).join('\n'));
else {
  const { name, role, sites } = parsed.order;
  create(parsed.order, read.settings).then((key) => {
    console.error(`the key "${name}", ${role} of ${sites === null ? 'all sites' : sites.join(', ')} (shown once, keep it):`);
    console.log(key);
  }, fail);
}
