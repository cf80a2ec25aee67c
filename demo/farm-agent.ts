import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startAgent, type Agent } from '../agent/agent.ts';
import { loadSettings } from '../agent/settings.ts';
import { formatProblems } from '../agent/yaml-file.ts';
import { createLog } from '../machine/log.ts';
import { REFERENCE_MAP } from './farm-plcs.ts';

/** A feeder that the agent serves: what it is let in with, and where its PLC listens on this machine. */
export type ServedFeeder = { feederId: string; token: string; plcPort: number };

/** Starts one agent for all of these feeders, from an `agent.yaml` as an installer would write it. */
export async function startFarmAgent(dataDir: string, url: string, feeders: readonly ServedFeeder[]): Promise<Agent> {
  const file = join(dataDir, 'agent.yaml');
  await writeFile(file, agentYaml(url, feeders), { mode: 0o600 });
  const loaded = await loadSettings(file);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return startAgent(loaded.settings, createLog('error'));
}

const agentYaml = (url: string, feeders: readonly ServedFeeder[]): string => `bridge: ${url.replace('http', 'ws')}/mqtt
feeders:
${feeders.map(asYaml).join('')}`;

const asYaml = ({ feederId, token, plcPort }: ServedFeeder): string => `  - feederId: ${feederId}
    token: ${token}
    plc: { host: 127.0.0.1, port: ${plcPort} }
    registerMap: ${JSON.stringify(REFERENCE_MAP)}
`;
