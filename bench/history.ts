import { toInstant } from '../topics/identifiers.ts';
import { figuresOf, type Figures } from './figures.ts';
import type { Rest } from './rest.ts';
import type { Stores } from './stores.ts';
import { startRealBridge, type Bench } from './systems.ts';

/** How long a query takes, and how long its answer is: a longer span shows more points, up to a thousand. */
export type QueryFigures = { figures: Figures; bytes: number };
/** Queries of one day, and of all of them. */
export type HistoryFigures = { feeders: number; days: number; routes: { path: Path; oneDay: QueryFigures; allDays: QueryFigures }[] };
type Path = 'readings' | 'meals';

const DAY_MS = 86_400_000;
const WARM_UP_SECONDS = 2;

/** Queries of one day and of the whole history turn by turn, of one feeder after the other. */
export async function queryHistory(bench: Bench, stores: Stores, { feeders, days, seconds }: { feeders: number; days: number; seconds: number }): Promise<HistoryFigures> {
  const store = await stores.fresh('history');
  const seeding = bench.programs.start({
    name: 'seed-history',
    file: 'seed/main.ts',
    args: ['--feeders', String(feeders), '--days', String(days)],
    env: { DATA_DIR: store.dataDir, ...(store.databaseUrl !== undefined && { DATABASE_URL: store.databaseUrl }) },
  });
  console.log(`  ${await seeding.printed(/^stored .*$/)}`);
  await seeding.ended();
  await stores.vacuum(store);
  const bridge = await startRealBridge(bench, 'history-bridge', store);
  const routes = [];
  for (const path of ['readings', 'meals'] as const) {
    await measure(bridge, path, { feeders, days, seconds: WARM_UP_SECONDS });
    routes.push({ path, ...(await measure(bridge, path, { feeders, days, seconds })) });
  }
  await bridge.program.stop();
  await stores.clearLeases();
  return { feeders, days, routes };
}

type Query = { tookMs: number; bytes: number };

async function measure(
  { url, key }: Rest,
  path: Path,
  { feeders, days, seconds }: { feeders: number; days: number; seconds: number },
): Promise<{ oneDay: QueryFigures; allDays: QueryFigures }> {
  const oneDay: Query[] = [];
  const allDays: Query[] = [];
  const toMs = Date.now();
  const untilMs = performance.now() + seconds * 1000;
  const query = async (place: number, overDays: number): Promise<Query> => {
    const startedAtMs = performance.now();
    const from = toInstant(toMs - overDays * DAY_MS);
    const answer = await fetch(`${url}/api/v1/feeders/seed-${(place % feeders) + 1}/${path}?from=${from}`, { headers: { Authorization: `Bearer ${key}` } });
    const { byteLength: bytes } = await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`expected ${path} of seed-${(place % feeders) + 1}, got ${answer.status}`);
    return { tookMs: performance.now() - startedAtMs, bytes };
  };
  for (let place = 0; performance.now() < untilMs; place += 1) {
    oneDay.push(await query(place, 1));
    allDays.push(await query(place, days));
  }
  return { oneDay: figuresIn(oneDay), allDays: figuresIn(allDays) };
}

function figuresIn(queries: readonly Query[]): QueryFigures {
  const sum = (figure: (query: Query) => number): number => queries.reduce((total, query) => total + figure(query), 0);
  return { figures: figuresOf(queries.map(({ tookMs }) => tookMs), sum(({ tookMs }) => tookMs)), bytes: sum(({ bytes }) => bytes) / queries.length };
}
