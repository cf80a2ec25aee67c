import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { program } from './program.ts';

/** `src/main.ts` in a process of its own. */
export type BridgeProcess = {
  /** Everything it printed so far, errors too. */
  output(): string;
  /** Resolves with what a pattern captures in the output, there or still to come; rejects when the process ends without. */
  printed(pattern: RegExp): Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** Resolves when it is gone and all it printed was read, with its exit code; null where a signal ended it. */
  exit: Promise<number | null>;
  /** Kills it on the spot, as a crash would. */
  kill(): Promise<void>;
};

/** Runs the bridge with this environment and no other; it is killed with the test. */
export function runBridge(environment: Readonly<Record<string, string | undefined>>): BridgeProcess {
  const bridge = spawnBridge(environment);
  onTestFinished(() => bridge.kill());
  return bridge;
}

/** As `runBridge`, for a bridge that several tests share; whoever runs it in a hook kills it. */
export function spawnBridge(environment: Readonly<Record<string, string | undefined>>): BridgeProcess {
  const child = spawn(process.execPath, program('src/main.ts'), {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let ended = false;
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      ended = true;
      resolve(code);
    });
  });
  const kill = async (): Promise<void> => {
    if (!ended) child.kill('SIGKILL');
    await exit;
  };
  return {
    output: () => output,
    async printed(pattern) {
      for (;;) {
        const found = pattern.exec(output);
        if (found) return found[1] ?? found[0];
        if (ended) throw new Error(`expected ${String(pattern)}, but the bridge ended: ${output}`);
        await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), exit]);
      }
    },
    signal: (name) => void child.kill(name),
    exit,
    kill,
  };
}

/** Runs the bridge, to be killed as a crash would; resolves when it listens. */
export async function startBridgeProcess(environment: Readonly<Record<string, string | undefined>>): Promise<BridgeProcess> {
  const bridge = runBridge(environment);
  await bridge.printed(/bridge listening/);
  return bridge;
}
