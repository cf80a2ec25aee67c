import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { machineClocks, type MachineClocks } from '../machine/clocks.ts';
import type { Log } from '../machine/log.ts';
import { FeederAgent } from './feeder-agent.ts';
import { openJournal } from './journal/disk-journal.ts';
import { openLevelDisk, type LevelDisk } from './disk/level-disk.ts';
import { ModbusConnection } from './modbus/connection.ts';
import { endpointName } from './modbus/endpoint.ts';
import type { AgentSettings } from './settings.ts';

/** A running agent. */
export type Agent = { stop(): Promise<void> };

/**
 * Starts an agent for every feeder of its settings; resolves when each has looked at its PLC and begun to connect.
 * Rejects with an error that says what to do where the journal cannot be opened: without it nothing may be written.
 * `machine` is handed in where a test moves the clocks.
 */
export async function startAgent(settings: AgentSettings, log: Log, machine: MachineClocks = machineClocks): Promise<Agent> {
  const onDamaged = (what: string): void => log.error({ what }, 'the journal was damaged, and is repaired: what it may have forgotten is not written again');
  const disk = await openLevelDisk(join(settings.dataDir, 'journal'), onDamaged);
  try {
    return await serve(settings, disk, onDamaged, log, machine);
  } catch (error) {
    await disk.close();
    throw error;
  }
}

async function serve(
  settings: AgentSettings,
  disk: LevelDisk,
  onDamaged: (what: string) => void,
  log: Log,
  machine: MachineClocks,
): Promise<Agent> {
  // Feeders behind the same address share its line, where one request is under way at a time.
  const connections = new Map<string, ModbusConnection>();
  const feeders: FeederAgent[] = [];
  for (const feeder of settings.feeders) {
    const name = endpointName(feeder.endpoint);
    const connection = connections.get(name) ?? new ModbusConnection(feeder.endpoint);
    connections.set(name, connection);
    const journal = await openJournal(disk.of(feeder.feederId), { newId: randomUUID, diskId: disk.diskId, onDamaged });
    feeders.push(new FeederAgent(feeder, settings, connection, journal, machine, log));
  }
  await Promise.all(feeders.map((feeder) => feeder.start()));
  return {
    stop: async () => {
      await Promise.all(feeders.map((feeder) => feeder.stop()));
      await Promise.all([...connections.values()].map((connection) => connection.close()));
      await disk.close();
    },
  };
}
