import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stopOnSignal } from '../machine/stop-signals.ts';
import { readArguments, type Scenario } from './arguments.ts';
import { compareChanges, warmUp } from './changes.ts';
import { fanOutEvents } from './events.ts';
import { freezeReader } from './frozen-reader.ts';
import { queryHistory } from './history.ts';
import { measureMemory } from './memory.ts';
import { Programs } from './programs.ts';
import { storeRecords } from './records.ts';
import { refuseChanges } from './refusal.ts';
import { reportOf, tellPeople, writeJson, type Results } from './report.ts';
import { Stores } from './stores.ts';
import { startFloor, startPlcs, startRealAgents, startRealBridge, type Bench } from './systems.ts';

// What the bridge and the agent take, against the floor: the least code that does the same work on the same machine in
// the same run. Ratios can be compared between machines; milliseconds cannot.

const FEEDERS = 50;
const IN_FLIGHT = 16;
/** The scenarios in which agents carry changes to PLCs. */
const ON_PLCS: readonly Scenario[] = ['changes', 'refusal', 'frozen-reader'];

const folder = await mkdtemp(join(tmpdir(), 'feederbridge-bench-'));
const programs = new Programs(folder);

/** Measures and reports; resolves with the exit code when nothing of it is left. */
async function run(): Promise<number> {
  let stores: Stores | undefined;
  try {
    const { only, json, profile, ...asked } = readArguments(process.argv.slice(2));
    const startedAt = new Date();
    stores = await Stores.open(folder, process.env);
    const bench: Bench = { programs, folder, profileFolder: profile && resolve(profile) };
    const results = await measure(bench, stores, new Set(only), asked);
    const report = reportOf(results, { stores: stores.kind, startedAt, elapsedSeconds: (Date.now() - startedAt.getTime()) / 1000 });
    console.log(`\n${tellPeople(report)}`);
    await writeJson(json, report);
    return report.failures.length === 0 ? 0 : 1;
  } finally {
    await programs.stop();
    await stores?.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

type Asked = { seconds: number; feeders: number; days: number };

async function measure(bench: Bench, stores: Stores, scenarios: ReadonlySet<Scenario>, asked: Asked): Promise<Results> {
  const results: Results = {};
  const { seconds } = asked;
  if (scenarios.has('memory')) {
    console.log('memory of connected agents …');
    results.memory = await measureMemory(bench, stores);
  }
  if (scenarios.has('records')) {
    console.log('records stored, and copied …');
    results.records = await storeRecords(bench, stores, seconds);
  }
  if (scenarios.has('history')) {
    console.log(`history of ${asked.feeders} feeders and ${asked.days} days …`);
    results.history = await queryHistory(bench, stores, asked);
  }
  if (scenarios.has('events')) {
    console.log('events told to many clients …');
    results.events = await fanOutEvents(bench, stores, seconds);
  }
  if (!ON_PLCS.some((scenario) => scenarios.has(scenario))) return results;
  console.log('starting PLCs, floor, bridge and agents …');
  const ports = await startPlcs(bench, 2 * FEEDERS);
  const bridge = await startRealBridge(bench, 'bridge', await stores.fresh('bridge'));
  const real = await startRealAgents(bench, bridge, ports.slice(0, FEEDERS));
  if (scenarios.has('changes')) {
    const floor = await startFloor(bench, await stores.fresh('floor'), ports.slice(FEEDERS));
    console.log('warming up …');
    for (const target of [floor.target, real]) await warmUp(target, IN_FLIGHT);
    console.log('verified changes, one at a time …');
    results.oneAtATime = await compareChanges(floor.target, real, { inFlight: 1, seconds });
    console.log(`verified changes, ${IN_FLIGHT} in flight …`);
    results.inFlight = await compareChanges(floor.target, real, { inFlight: IN_FLIGHT, seconds });
    await floor.stop();
  }
  if (scenarios.has('refusal')) {
    console.log('refused changes …');
    results.refusal = await refuseChanges(bridge, real, seconds);
  }
  if (scenarios.has('frozen-reader')) {
    console.log('changes beside a frozen reader …');
    results.frozenReader = await freezeReader(bench, bridge, real, seconds);
  }
  return results;
}

const running = run();
stopOnSignal(
  async () => {
    // Without its programs it fails, and removes what is left.
    await programs.stop();
    await running.catch(() => undefined);
  },
  (error) => console.error(error),
);
process.exitCode = await running.catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});
process.exit();
