import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort } from '../support/free-port.ts';
import { postgresServer, redisServer } from '../support/server-process.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { AgentDisk } from './agent-disk.ts';
import { Keeper, type Program } from './processes.ts';
import { enrol, type Rest } from './rest.ts';

/** Figures as short as they go, so that much happens in a minute. */
const LEASE_SECONDS = 3;
const HEARTBEAT_SECONDS = 0.5;
const ACK_TIMEOUT_MS = 2_500;
const RESEND_MS = 300;
const POLL_SECONDS = 0.1;
const PLC_TIMEOUT_MS = 500;
/** Feeder seconds in a second: a dose is out within a scan or two. */
const PLC_SPEED = 2_000;
/** On its panel: a hopper full enough for all doses of a day of this, and meals of its own all day long. */
const SET_UP = ['set hopperGrams 4000000000', 'set dailyLimitGrams 4000000000', 'set windowStartMinute 0', 'set windowEndMinute 0'];

/** The feeders of each agent. */
const AGENTS = [['pond-1', 'pond-2'], ['pond-3']];
const ADMIN_KEY = 'kingfisher-4711-kingfisher-4711';
const KILL_AT_POINT = pathToFileURL(resolve('test/chaos/kill-at-point.ts')).href;

/** The name of the PLC of a feeder among the programs. */
export const plcOf = (feederId: string): string => `plc of ${feederId}`;

/** An agent's process, where it keeps its journals and spools, its line to the bridge, and the feeders it serves. */
export type AgentSite = { keeper: Keeper; disk: AgentDisk; line: TcpProxy; feederIds: readonly string[] };
/** A PLC's process, and where it keeps what survives a power cut. */
export type PlcSite = { keeper: Keeper; feederId: string; retainFile: string };

/** A bridge, agents, the PLCs of their feeders, and the servers: all that is killed. */
export type System = {
  rest: Rest;
  databaseUrl: string;
  postgres: Keeper;
  redis: Keeper;
  bridge: Keeper;
  agents: readonly AgentSite[];
  plcs: readonly PlcSite[];
  all: readonly Keeper[];
  mapFile: string;
};

/** What has been started and made so far, to be ended and removed whatever happens. */
export type LeftBehind = { keepers: Keeper[]; mounts: string[]; directories: string[] };

/** Starts everything, with what it keeps in `folder`; resolves when every feeder can be changed. */
export async function startSystem(folder: string, { keepers, mounts, directories }: LeftBehind): Promise<System> {
  const keep = (program: Omit<Program, 'logFile'>): Keeper => {
    const keeper = new Keeper({ ...program, logFile: join(folder, `${program.name}.log`) });
    keepers.push(keeper);
    return keeper;
  };
  const node = (file: string, ...args: string[]): Pick<Program, 'command' | 'cwd' | 'takesTraps'> => ({
    command: [process.execPath, '--import', 'tsx', '--import', KILL_AT_POINT, resolve(file), ...args],
    cwd: resolve('.'),
    takesTraps: true,
  });

  const server = await postgresServer(await freePort());
  directories.push(server.directory);
  const postgres = keep({ name: 'postgres', command: ['env', ...server.command], cwd: '/', ready: server.isReady });
  const leases = redisServer(await freePort());
  const redis = keep({ name: 'redis', command: ['env', ...leases.command], cwd: '/', ready: leases.isReady });
  await Promise.all([postgres.up(), redis.up()]);

  const port = await freePort();
  const rest: Rest = { url: `http://127.0.0.1:${port}`, key: ADMIN_KEY };
  const bridge = keep({
    name: 'bridge',
    ...node('src/main.ts'),
    environment: {
      PORT: String(port),
      DATABASE_URL: server.url,
      REDIS_URL: leases.url,
      DATA_DIR: join(folder, 'bridge'),
      ADMIN_KEY,
      LEASE_SECONDS: String(LEASE_SECONDS),
      ACK_TIMEOUT_MS: String(ACK_TIMEOUT_MS),
      RESEND_MS: String(RESEND_MS),
    },
    ready: /^bridge listening/,
  });

  const mapFile = join(folder, 'feeder.yaml');
  await writeFile(mapFile, mapOf(await readFile('agent/register-maps/reference-feeder.yaml', 'utf8')));
  const plcs = await Promise.all(
    AGENTS.flat().map(async (feederId) => {
      const plcPort = await freePort();
      const retainFile = join(folder, `${feederId}.plc`);
      const args = ['--port', String(plcPort), '--map', mapFile, '--speed', String(PLC_SPEED), '--retain', retainFile];
      const keeper = keep({ name: plcOf(feederId), ...node('agent/plc/simulator/main.ts', ...args), ready: /listening on/ });
      return { keeper, feederId, retainFile, plcPort };
    }),
  );
  await Promise.all([bridge.up(), ...plcs.map(({ keeper }) => keeper.up())]);
  for (const line of SET_UP) await Promise.all(plcs.map(({ keeper }) => keeper.ask(line, / = /)));

  const agents = await Promise.all(
    AGENTS.map(async (feederIds, index) => {
      const name = `agent-${index + 1}`;
      const disk = await AgentDisk.make(join(folder, name), mounts);
      const line = await openTcpProxy(port);
      const served = plcs.filter(({ feederId }) => feederIds.includes(feederId));
      const feeders = await Promise.all(
        served.map(async ({ feederId, plcPort }) => ({
          feederId,
          token: await enrol(rest, feederId),
          plc: { host: '127.0.0.1', port: plcPort, timeoutMs: PLC_TIMEOUT_MS },
          registerMap: mapFile,
          pollSeconds: POLL_SECONDS,
        })),
      );
      const settings = { bridge: `ws://127.0.0.1:${line.port}/mqtt`, dataDir: disk.dataDir, heartbeatSeconds: HEARTBEAT_SECONDS, feeders };
      // JSON is YAML.
      const file = join(folder, `${name}.yaml`);
      await writeFile(file, JSON.stringify(settings));
      const keeper = keep({ name, ...node('agent/main.ts', '--config', file), ready: /^agent for .* started/ });
      return { keeper, disk, line, feederIds };
    }),
  );
  await Promise.all(agents.map(({ keeper }) => keeper.up()));
  return {
    rest,
    databaseUrl: server.url,
    postgres,
    redis,
    bridge,
    agents,
    plcs,
    all: [postgres, redis, bridge, ...[...agents, ...plcs].map(({ keeper }) => keeper)],
    mapFile,
  };
}

/**
 * The reference map without what would keep doses and meals from flowing, and with room for a weight of its own for every
 * dose and an interval of its own for every change.
 */
function mapOf(reference: string): string {
  return reference
    .replace(/^guards:.*$/m, '')
    .replace(/(?<=grams: .*address: 21, type: )uint16/, 'uint32')
    .replace(/(?<=(dailyLimitGrams|intervalSeconds): .*max: )\d+/g, '4000000000');
}
