import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { program } from './program.ts';

/** A TypeScript file of test/support run as a process of its own, and what it prints. */
export type Child = {
  pid: number;
  /** Every line so far. */
  lines: string[];
  /** Resolves with the first line, printed or still to come, that passes; rejects when the process ends before. */
  line(passes: (line: string) => boolean): Promise<string>;
  /** Kills it on the spot and waits until it is gone and all it printed was read. */
  kill(): Promise<void>;
};

export function runChild(file: string, ...args: string[]): Child {
  const child = spawn(process.execPath, [...program(`test/support/${file}`), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const output = createInterface({ input: child.stdout });
  const lines: string[] = [];
  output.on('line', (line) => lines.push(line));
  const closed = once(child, 'close');
  return {
    pid: pidOf(child),
    lines,
    async line(passes) {
      for (;;) {
        const found = lines.find(passes);
        if (found !== undefined) return found;
        const more = await Promise.race([once(output, 'line'), closed.then(() => undefined)]);
        if (more === undefined) throw new Error(`expected another line of ${file}, got: ${lines.join(', ')}`);
      }
    },
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('expected the process to start');
  return pid;
}
