import { machineClocks, type MachineClocks } from '../machine/clocks.ts';
import type { Log } from '../machine/log.ts';
import { FeederAgent } from './feeder-agent.ts';
import { ModbusConnection } from './modbus/connection.ts';
import { endpointName } from './modbus/endpoint.ts';
import type { AgentSettings } from './settings.ts';

/** A running agent. */
export type Agent = { stop(): Promise<void> };

/**
 * Starts an agent for every feeder of its settings; resolves when each has looked at its PLC and begun to connect.
 * `machine` is handed in where a test moves the clocks.
 */
export async function startAgent(settings: AgentSettings, log: Log, machine: MachineClocks = machineClocks): Promise<Agent> {
  // Feeders behind the same address share its line, where one request is under way at a time.
  const connections = new Map<string, ModbusConnection>();
  const feeders = settings.feeders.map((feeder) => {
    const name = endpointName(feeder.endpoint);
    const connection = connections.get(name) ?? new ModbusConnection(feeder.endpoint);
    connections.set(name, connection);
    return new FeederAgent(feeder, settings, connection, machine, log);
  });
  await Promise.all(feeders.map((feeder) => feeder.start()));
  return {
    stop: async () => {
      await Promise.all(feeders.map((feeder) => feeder.stop()));
      await Promise.all([...connections.values()].map((connection) => connection.close()));
    },
  };
}
