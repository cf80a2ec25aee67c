import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STOP_MS = 10_000;
/** How much of the log of a program that failed is shown. */
const SHOWN_LOG_BYTES = 2_000;

/** What a process has of the machine's memory, what it uses of that for its own objects and buffers, and its CPU time so far. */
const Usage = z.object({ residentBytes: z.int(), usedBytes: z.int(), cpuMs: z.number() });
type Usage = z.infer<typeof Usage>;

export type ProgramOptions = {
  /** For messages and the log's name. */
  name: string;
  /** The file to run, from the root of the repository. */
  file: string;
  args?: readonly string[];
  nodeArgs?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Told on the first line of its standard input, which stays open. */
  orders?: Record<string, unknown>;
};

/** A program in a process of its own. */
export type Program = {
  /** Resolves with what a pattern captures in the first line of its output that matches; rejects when it ends without. */
  printed(pattern: RegExp): Promise<string>;
  /** What it uses, after a collection; it must run with `usage-probe.ts`. */
  usage(): Promise<Usage>;
  /** Tells it to go on, where it waits for that. */
  tell(): void;
  /** Resolves when it has ended by itself. */
  ended(): Promise<void>;
  /** Ends it, and resolves when it is gone. */
  stop(): Promise<void>;
};

/** The processes of a benchmark, with their logs in one folder; all are ended together, whatever happened. */
export class Programs {
  readonly #folder: string;
  readonly #running = new Set<Program>();
  #stopped = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Starts a program; its standard error goes to a file, as in production. */
  start({ name, file, args = [], nodeArgs = [], env = {}, orders }: ProgramOptions): Program {
    if (this.#stopped) throw new Error('stopped');
    const logFile = join(this.#folder, `${name}.log`);
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, ['--import', 'tsx', ...nodeArgs, join(ROOT, file), ...args], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['pipe', 'pipe', log, 'ipc'],
    });
    closeSync(log);
    if (orders) child.stdin?.write(`${JSON.stringify(orders)}\n`);
    const program = handle(child, name, logFile, () => this.#running.delete(program));
    this.#running.add(program);
    return program;
  }

  /** Ends whatever still runs, the last one first; nothing is started any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const program of [...this.#running].reverse()) await program.stop();
  }
}

function handle(child: ChildProcess, name: string, logFile: string, onEnd: () => void): Program {
  const { stdout, stdin } = child;
  if (stdout === null || stdin === null) throw new Error('expected pipes to the process');
  const lines: string[] = [];
  const output = createInterface({ input: stdout }).on('line', (line) => lines.push(line));
  // It may end before it has read what it is told; `closed` tells.
  stdin.on('error', () => undefined);
  const closed = once(child, 'close').finally(onEnd);
  let isOver = false;
  void closed.finally(() => (isOver = true));
  return {
    async printed(pattern) {
      for (;;) {
        for (const line of lines) {
          const found = pattern.exec(line);
          if (found) return found[1] ?? found[0];
        }
        if (isOver) throw new Error(`${name} ended: ${(await readFile(logFile, 'utf8')).slice(-SHOWN_LOG_BYTES)}`);
        await Promise.race([once(output, 'line'), closed]);
      }
    },
    async usage() {
      const answer = new Promise((resolve) => child.once('message', resolve));
      child.send('usage');
      return Usage.parse(await answer);
    },
    tell() {
      child.send('go on');
    },
    async ended() {
      await closed;
    },
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}
