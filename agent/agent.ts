import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { machineClocks, type MachineClocks } from '../machine/clocks.ts';
import type { Log } from '../machine/log.ts';
import { BridgeTime } from './clock.ts';
import { FeederAgent } from './feeder-agent.ts';
import { openJournal } from './journal/disk-journal.ts';
import type { Journal } from './journal/journal.ts';
import { openLevelDisk } from './disk/level-disk.ts';
import { ModbusConnection } from './modbus/connection.ts';
import { endpointName } from './modbus/endpoint.ts';
import type { AgentSettings } from './settings.ts';
import { isSentInClear } from './bridge-address.ts';
import { openSpools, type Spools } from './spool/spools.ts';

/** A running agent. */
export type Agent = { stop(): Promise<void> };

/**
 * Starts an agent for every feeder of its settings; resolves when each has looked at its PLC and begun to connect.
 * Rejects with an error that says what to do where the journal cannot be opened: without it nothing may be written.
 * `machine` is handed in where a test moves the clocks.
 */
export async function startAgent(settings: AgentSettings, log: Log, machine: MachineClocks = machineClocks): Promise<Agent> {
  if (isSentInClear(settings.bridgeUrl)) {
    log.warn({ bridge: settings.bridgeUrl }, 'tokens go to the bridge in the clear, and anybody between can read and use them: give it a wss:// address');
  }
  const onDamaged = (what: string): void => log.error({ what }, 'the journal was damaged, and is repaired: what it may have forgotten is not written again');
  const journals = await openLevelDisk(join(settings.dataDir, 'journal'), onDamaged);
  const spools = await openSpools(settings, log);
  const closeDisks = async (): Promise<void> => {
    await Promise.all([journals.close(), spools.close()]);
  };
  const openJournalOf = (feederId: string): Promise<Journal> =>
    openJournal(journals.of(feederId), { newId: randomUUID, diskId: journals.diskId, onDamaged });
  try {
    const agent = await serve(settings, openJournalOf, spools, log, machine);
    return { stop: () => agent.stop().finally(closeDisks) };
  } catch (error) {
    await closeDisks();
    throw error;
  }
}

async function serve(
  settings: AgentSettings,
  openJournalOf: (feederId: string) => Promise<Journal>,
  spools: Spools,
  log: Log,
  machine: MachineClocks,
): Promise<Agent> {
  // Feeders behind the same address share its line, where one request is under way at a time.
  const connections = new Map<string, ModbusConnection>();
  const feeders: FeederAgent[] = [];
  for (const feeder of settings.feeders) {
    const { feederId } = feeder;
    const name = endpointName(feeder.endpoint);
    const connection = connections.get(name) ?? new ModbusConnection(feeder.endpoint);
    connections.set(name, connection);
    const clock = new BridgeTime(machine, settings.heartbeatSeconds);
    const [journal, spool] = [await openJournalOf(feederId), await spools.of(feederId, clock)];
    feeders.push(new FeederAgent(feeder, settings, { connection, journal, spool, clock, machine }, log));
  }
  await Promise.all(feeders.map((feeder) => feeder.start()));
  return {
    stop: async () => {
      await Promise.all(feeders.map((feeder) => feeder.stop()));
      await Promise.all([...connections.values()].map((connection) => connection.close()));
    },
  };
}
