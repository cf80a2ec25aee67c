import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { TrapOrder } from './kill-at-point.ts';

/** What runs under a name, again and again. */
export type Program = {
  name: string;
  command: readonly [string, ...string[]];
  environment?: Readonly<Record<string, string>>;
  cwd: string;
  /** Where its standard error goes, one life after the other. */
  logFile: string;
  /** Ready when it prints this, or when this first says so. */
  ready: RegExp | (() => Promise<boolean>);
  /** Whether it can be told where to kill. */
  takesTraps?: boolean;
};

/** One life of a program, from its start to its end; times in milliseconds since 1970. */
export type Life = {
  name: string;
  startedAtMs: number;
  readyAtMs?: number;
  end?: { atMs: number; code: number | null; signal: string | null; asked: boolean };
};

type Running = { child: ChildProcess; life: Life; lines: Interface; ended: Promise<void>; isAsked: boolean };

const READY_POLL_MS = 20;
const READY_WITHIN_MS = 20_000;
const NEXT_TRY_MS = 100;
const STOP_WITHIN_MS = 10_000;

/** A program in a process of its own, which is started again whenever it is wanted. */
export class Keeper {
  readonly name: string;
  readonly lives: Life[] = [];
  readonly #program: Program;
  #running: Running | undefined;
  #reviving: Promise<void> | undefined;

  constructor(program: Program) {
    this.name = program.name;
    this.#program = program;
  }

  /** Of the process that is there now, ready or not. */
  get pid(): number | undefined {
    return this.#running?.child.pid;
  }

  get isReady(): boolean {
    return this.#running?.life.readyAtMs !== undefined;
  }

  /**
   * Resolves when it is ready, however often it has to be started for that: a server whose last life is still being
   * cleared away, or a program without the server it needs, ends by itself at first.
   */
  up(): Promise<void> {
    this.#reviving ??= this.#untilReady().finally(() => (this.#reviving = undefined));
    return this.#reviving;
  }

  /** Resolves when the process that is there now has ended; at once where there is none. */
  async down(): Promise<void> {
    await this.#running?.ended;
  }

  /** Sends a signal to the process that is there now. */
  signal(name: NodeJS.Signals): void {
    this.#running?.child.kill(name);
  }

  /** Tells it when to kill whom; whether it hears that shows by itself. */
  tell(order: TrapOrder): void {
    if (this.#running?.child.connected) this.#running.child.send(order, () => undefined);
  }

  /** Types a line on its standard input, and resolves with what it prints until a line matches `last`. */
  async ask(line: string, last: RegExp): Promise<string[]> {
    if (!this.#running) throw new Error(`expected ${this.name} to run`);
    const { child, lines, ended } = this.#running;
    const answer: string[] = [];
    const done = new Promise<void>((resolve) => {
      lines.on('line', function take(text: string) {
        answer.push(text);
        if (!last.test(text)) return;
        lines.off('line', take);
        resolve();
      });
    });
    child.stdin?.write(`${line}\n`);
    const gone = ended.then(() => Promise.reject(new Error(`${this.name} ended instead of answering ${line}`)));
    await Promise.race([done, gone]);
    return answer;
  }

  /** Ends it as a service manager does; kills it where that takes long. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    await this.#reviving?.catch(() => undefined);
    if (!this.#running) return;
    const { child, ended } = this.#running;
    this.#running.isAsked = true;
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await ended;
    clearTimeout(late);
  }

  async #untilReady(): Promise<void> {
    const deadlineMs = performance.now() + READY_WITHIN_MS;
    while (!this.isReady) {
      if (performance.now() > deadlineMs) throw new Error(`expected ${this.name} to be ready within ${READY_WITHIN_MS} ms; its log is ${this.#program.logFile}`);
      const running = (this.#running ??= this.#start());
      await Promise.race([this.#isReady(running), running.ended]);
      if (running.life.end) await delay(NEXT_TRY_MS);
      else running.life.readyAtMs = Date.now();
    }
  }

  #start(): Running {
    const { command, environment = {}, cwd, logFile, takesTraps = false } = this.#program;
    const [file, ...args] = command;
    const log = openSync(logFile, 'a');
    const child = spawn(file, args, {
      cwd,
      env: { PATH: process.env['PATH'], ...environment },
      // A group of its own: Ctrl-C in the terminal is the test's alone.
      detached: true,
      stdio: takesTraps ? ['pipe', 'pipe', log, 'ipc'] : ['pipe', 'pipe', log],
    });
    closeSync(log);
    const { stdin, stdout } = child;
    if (!stdin || !stdout) throw new Error('expected pipes to the process');
    // It may be killed while it is being told something.
    stdin.on('error', () => undefined);
    const life: Life = { name: this.name, startedAtMs: Date.now() };
    this.lives.push(life);
    const ended = new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        life.end = { atMs: Date.now(), code, signal, asked: running.isAsked };
        this.#running = undefined;
        resolve();
      });
    });
    const running: Running = { child, life, lines: createInterface({ input: stdout }), ended, isAsked: false };
    return running;
  }

  async #isReady({ lines, life }: Running): Promise<void> {
    const { ready } = this.#program;
    if (typeof ready === 'function') {
      while (!life.end && !(await ready())) await delay(READY_POLL_MS);
      return;
    }
    await new Promise<void>((resolve) => {
      lines.on('line', function look(line: string) {
        if (!ready.test(line)) return;
        lines.off('line', look);
        resolve();
      });
    });
  }
}
