import { loadRegisterMap } from '../../agent/plc/register-map.ts';
import { formatProblems } from '../../agent/yaml-file.ts';
import type { MealCounters } from '../../topics/counters.ts';
import type { DoseBook } from './doses.ts';
import type { Evidence, FeederEvidence } from './evidence.ts';
import { allHistories } from './history.ts';
import { readJournals } from './journals.ts';
import { readErrors } from './logs.ts';
import { readRegisters } from './panel.ts';
import { configOf } from './rest.ts';
import { allCommands } from './store.ts';
import type { System } from './system.ts';

type Held = Pick<FeederEvidence, 'registers' | 'shown'>;
type Gathered = Pick<Evidence, 'exchanges' | 'diskLosses' | 'outages'> & {
  settledMs: ReadonlyMap<string, number>;
  doseBook: DoseBook;
  baselines: ReadonlyMap<string, MealCounters>;
  activeAlarms: ReadonlyMap<string, readonly string[]>;
};

/** Asks a system at rest what it holds, ends it, and reads what it leaves behind in `folder`. */
export async function collectEvidence(
  system: System,
  folder: string,
  { settledMs, doseBook, baselines, activeAlarms, ...told }: Gathered,
): Promise<Evidence> {
  const held = await readHeld(system);
  const programs = [system.bridge, ...[...system.agents, ...system.plcs].map(({ keeper }) => keeper)];
  await Promise.all(programs.map((keeper) => keeper.stop('SIGTERM')));
  const commands = await allCommands(system.databaseUrl);
  const histories = new Map((await allHistories(system.databaseUrl)).map((history) => [history.feederId, history]));
  await Promise.all([system.postgres.stop('SIGINT'), system.redis.stop('SIGTERM'), ...system.agents.map(({ line }) => line.close())]);

  const journals = new Map((await Promise.all(system.agents.map((site) => readJournals(site, commands)))).flatMap((found) => [...found]));
  const feeders: FeederEvidence[] = [];
  const fedBy = await doseBook.read(system.plcs);
  for (const { feederId } of system.plcs) {
    const [journal, values, fed] = [journals.get(feederId), held.get(feederId), fedBy.get(feederId)];
    const [baseline, history] = [baselines.get(feederId), histories.get(feederId)];
    if (!journal || !values || !fed || !baseline || !history) throw new Error(`expected to know of ${feederId}`);
    const alarms = activeAlarms.get(feederId) ?? [];
    feeders.push({ feederId, settledMs: settledMs.get(feederId) ?? Infinity, ...journal, ...values, ...fed, baseline, activeAlarms: alarms, history });
  }
  const errors = await readErrors(folder, [system.bridge, ...system.agents.map(({ keeper }) => keeper)].map(({ name }) => name));
  return { ...told, commands, feeders, lives: system.all.flatMap(({ lives }) => lives), errors };
}

/** What every PLC holds, and what the bridge shows of it. */
async function readHeld({ rest, plcs, mapFile }: System): Promise<Map<string, Held>> {
  const loaded = await loadRegisterMap(mapFile);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  const names = [...loaded.map.config.keys()];
  const held = new Map<string, Held>();
  for (const { feederId, keeper } of plcs) {
    const registers = await readRegisters(keeper, names);
    held.set(feederId, { registers, shown: (await configOf(rest, feederId))?.values ?? {} });
  }
  return held;
}
