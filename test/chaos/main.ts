import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stopOnSignal } from '../../machine/stop-signals.ts';
import { Chance, seedOf } from '../../machine/chance.ts';
import { hasPostgres, hasRedis } from '../support/server-process.ts';
import { readArguments } from './arguments.ts';
import { collectEvidence } from './collect.ts';
import { DoseBook } from './doses.ts';
import { Killer } from './kills.ts';
import { Load } from './load.ts';
import { untilBegun, untilServed, untilSettled, untilTold } from './settling.ts';
import { startSystem, type LeftBehind } from './system.ts';
import { killsOf, killsTable, mealsTable, mishapsTable, outcomesTable, verdictTable } from './table.ts';
import { judge } from './verdict.ts';

// Real processes, killed again and again while clients change, feed, pause and clear; then everything that remembers
// anything is compared.

const PROGRESS_MS = 5_000;
/** Far less than it takes for as many doses as a PLC remembers. */
const BOOKED_MS = 60_000;
/** How long clients work undisturbed before the last blow. */
const UNDER_WAY_MS = 500;
const BAD_USAGE = 2;

const leftBehind: LeftBehind = { keepers: [], mounts: [], directories: [] };
const early = new AbortController();
const began = performance.now();

/** Runs it all, and resolves with the exit code. */
async function run(seconds: number, seed: number, folder: string, isKept: boolean): Promise<number> {
  console.log(`seed ${seed}, ${seconds} s of kills; logs in ${folder}`);
  const system = await startSystem(folder, leftBehind);
  const feederIds = system.plcs.map(({ feederId }) => feederId);
  if (!system.agents.every(({ disk }) => disk.isOwn)) console.log('no disk is filled: expected to be root, and allowed to mount a tmpfs');
  await untilServed(system);
  const baselines = await untilBegun(system);

  const load = new Load(system.rest, feederIds, seedOf(seed, 0));
  const killer = new Killer(system, new Chance(seedOf(seed, 1)));
  const doseBook = new DoseBook();
  const told = setInterval(() => console.log(progress(load, killer)), PROGRESS_MS);
  const booked = setInterval(() => void doseBook.read(system.plcs), BOOKED_MS);
  await delay(seconds * 1000, undefined, { signal: early.signal }).catch(() => undefined);
  await killer.stop();
  // So that there are commands under way when nothing more is asked.
  await untilServed(system);
  await delay(UNDER_WAY_MS);
  await Promise.all([killer.killAll(), load.stop()]);
  clearInterval(told);
  clearInterval(booked);
  console.log(`${progress(load, killer)}; waiting for the last outcomes`);

  const settledMs = await untilSettled(system);
  const activeAlarms = await untilTold(system, doseBook);
  const { exchanges } = load;
  const { diskLosses, outages } = killer;
  const evidence = await collectEvidence(system, folder, { exchanges, diskLosses, outages, settledMs, doseBook, baselines, activeAlarms });
  if (isKept) await writeFile(join(folder, 'evidence.json'), JSON.stringify({ ...evidence, struck: killer.struck }, (_, value: unknown) => (value instanceof Map ? [...value] : value), 1));
  const findings = judge(evidence);
  console.log(`\n${killsTable(killer.struck)}\n\n${mishapsTable(killer)}\n\n${outcomesTable(evidence)}\n\n${mealsTable(evidence)}\n\n${verdictTable(findings)}\n`);
  const longest = Math.max(...settledMs.values());
  const holds = findings.every(({ problems }) => problems.length === 0);
  console.log(`${killsOf(killer.struck)} kills, ${diskLosses.length} disks or spools lost, ${evidence.commands.length} commands, last outcomes after ${Math.round(longest)} ms: ${holds ? 'all holds' : `BROKEN, seed ${seed}`}`);
  return holds ? 0 : 1;
}

function progress(load: Load, killer: Killer): string {
  const lost = load.exchanges.filter(({ told }) => told.kind === 'lost').length;
  const applied = load.exchanges.filter(({ told }) => told.kind === 'answer' && told.status === 200).length;
  return `${Math.round((performance.now() - began) / 1000)} s: ${killsOf(killer.struck)} kills, ${load.exchanges.length} requests, ${applied} applied, ${lost} answers lost`;
}

function readOrRefuse(): ReturnType<typeof readArguments> {
  try {
    if (hasPostgres && hasRedis) return readArguments(process.argv.slice(2));
    console.error('expected the binaries of Postgres and Redis: apt-get install postgresql redis-server');
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
  }
  process.exit(BAD_USAGE);
}

const { seconds, seed = Math.floor(Math.random() * 2 ** 32), keep } = readOrRefuse();
const folder = keep === undefined ? mkdtempSync(join(tmpdir(), 'feederbridge-chaos-')) : resolve(keep);
mkdirSync(folder, { recursive: true });
// Postgres runs as another user.
chmodSync(folder, 0o755);
if (keep === undefined) leftBehind.directories.push(folder);
process.on('exit', () => {
  for (const keeper of leftBehind.keepers) keeper.signal('SIGKILL');
  for (const mount of leftBehind.mounts) spawnSync('umount', ['-l', mount]);
  for (const directory of leftBehind.directories) rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
});
const code = run(seconds, seed, folder, keep !== undefined).catch((error: unknown) => {
  console.error(error);
  return 1;
});
stopOnSignal(
  async () => {
    early.abort();
    process.exit(await code);
  },
  (error) => console.error(error),
);
process.exit(await code);
