import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

/** A database server of the test's own, to be stopped and frozen at will. Whoever starts one must end it with `dispose`. */
export type ServerProcess = {
  url: string;
  start(): Promise<void>;
  /** Kills it on the spot and waits until it is gone. */
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
  dispose(): Promise<void>;
};

const run = promisify(execFile);

const REDIS = ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server'].find(existsSync);
const MOSQUITTO = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'].find(existsSync);
const POSTGRES = postgresDirectory();
export const hasRedis = REDIS !== undefined;
export const hasMosquitto = MOSQUITTO !== undefined;
export const hasPostgres = POSTGRES !== undefined;

/** How to run a server, and how to see that it serves. */
export type Server = { url: string; command: string[]; isReady: () => Promise<boolean> };

/** A Redis that keeps nothing on disk. */
export function redisServer(port: number): Server {
  if (REDIS === undefined) throw new Error('expected a redis-server binary');
  const command = [REDIS, '--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  return { url: `redis://127.0.0.1:${port}`, command, isReady: () => listens(port) };
}

export async function startRedis(): Promise<ServerProcess> {
  return serverProcess(redisServer(await freePort()));
}

/** Mosquitto with a configuration file whose listener is on `port`. */
export async function startMosquitto(configFile: string, port: number): Promise<ServerProcess> {
  if (MOSQUITTO === undefined) throw new Error('expected a mosquitto binary');
  return serverProcess({ url: `mqtt://127.0.0.1:${port}`, command: [MOSQUITTO, '-c', configFile], isReady: () => listens(port) });
}

/** An empty Postgres without a password, its data in a directory of its own below the temporary one; remove that when done. */
export async function postgresServer(port: number): Promise<Server & { directory: string }> {
  if (POSTGRES === undefined) throw new Error('expected Postgres binaries');
  const directory = mkdtempSync(join(tmpdir(), 'feederbridge-postgres-'));
  // Postgres refuses to run as root
  const asUser = process.getuid?.() === 0 ? ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--clear-groups'] : [];
  if (asUser.length > 0) await run('chown', ['postgres', directory]);
  chmodSync(directory, 0o700);
  const initdb = [...asUser, join(POSTGRES, 'initdb'), '-D', directory, '-U', 'postgres', '-A', 'trust', '-N'];
  await run('env', initdb, { cwd: '/' });
  const isReady = join(POSTGRES, 'pg_isready');
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    // Shared memory as files below its directory: what is killed removes none of the usual kind.
    command: [...asUser, join(POSTGRES, 'postgres'), '-D', directory, '-p', String(port), '-k', directory, '-F', '-c', 'dynamic_shared_memory_type=mmap'],
    isReady: () => succeeds(isReady, '-h', '127.0.0.1', '-p', String(port)),
    directory,
  };
}

export async function startPostgres(): Promise<ServerProcess> {
  const { directory, ...server } = await postgresServer(await freePort());
  return serverProcess(server, () => {
    rmSync(directory, { recursive: true, force: true });
  });
}

async function serverProcess({ url, command, isReady }: Server, cleanUp?: () => void): Promise<ServerProcess> {
  let child: ChildProcess | undefined;
  const signal = (name: NodeJS.Signals): void => {
    if (child?.pid !== undefined) signalTree(child.pid, name);
  };
  const server: ServerProcess = {
    url,
    async start() {
      child = spawn('env', command, { stdio: 'ignore', cwd: '/' });
      await once(child, 'spawn');
      const deadline = performance.now() + 10_000;
      while (!(await isReady())) {
        if (performance.now() > deadline) throw new Error(`expected ${url} to be ready within 10 s`);
        await pause(20);
      }
    },
    async kill() {
      if (child?.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      signal('SIGKILL');
      await gone;
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async dispose() {
      await server.kill();
      cleanUp?.();
    },
  };
  await server.start();
  return server;
}

/** Signals a process and all below it. */
export function signalTree(pid: number, name: NodeJS.Signals): void {
  for (const each of withDescendants(pid)) signalTo(each, name);
}

/** Signals a process, unless it has ended by itself since it was listed: Postgres's do when their connection ends. */
function signalTo(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** A process and all below it: Postgres serves each connection by a process of its own. */
function withDescendants(pid: number): number[] {
  const children = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .flatMap(([child]) => (child === undefined ? [] : [child]));
  return [pid, ...children.flatMap(withDescendants)];
}

const succeeds = (command: string, ...args: string[]): Promise<boolean> =>
  run(command, args).then(
    () => true,
    () => false,
  );

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const connected = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return connected;
}

function postgresDirectory(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  return versions.map((version) => join(root, version, 'bin')).find((path) => existsSync(join(path, 'postgres')));
}
