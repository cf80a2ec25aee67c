import { readFileSync } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StoreInUse } from './store-errors.ts';

/** What a holder's file is called: `bridge-<pid>-<when the process began>.lock`. */
const LOCK_NAME = /^bridge-(\d+)-(.*)\.lock$/;
const RETRY_MS = 100;

export type DirectoryLock = {
  /** Gives the directory up for the next holder. */
  release(): Promise<void>;
};

/** Locks this very process holds: without /proc its pid alone cannot tell them from those of a dead namesake. */
const heldHere = new Set<string>();

/**
 * Makes this process the only one that uses `directory`, waiting up to `waitMs` for another to go; then `StoreInUse`,
 * naming its pid. A lock whose process is dead is taken away.
 *
 * Each process first creates a file named after itself and then looks for others, so that of two that come at once at
 * least one sees the other and steps back. Names are never used again, so that removing a dead one's file is safe.
 */
export async function holdDirectory(directory: string, waitMs: number): Promise<DirectoryLock> {
  await mkdir(directory, { recursive: true });
  const name = `bridge-${process.pid}-${beginningOf(process.pid) ?? 'unknown'}.lock`;
  const path = join(directory, name);
  const deadline = performance.now() + waitMs;
  for (;;) {
    const other = heldHere.has(path) ? process.pid : await claim(directory, name);
    if (other === undefined) {
      return {
        async release() {
          await rm(path, { force: true });
          heldHere.delete(path);
        },
      };
    }
    if (performance.now() >= deadline) {
      throw new StoreInUse(`expected to be the only bridge on ${directory}, but process ${other} uses it`);
    }
    await pause(RETRY_MS * (0.5 + Math.random()));
  }
}

/** Puts this process's file there, and takes it back if another live process has one: then its pid is returned. */
async function claim(directory: string, name: string): Promise<number | undefined> {
  const path = join(directory, name);
  heldHere.add(path);
  const file = await open(path, 'w');
  await file.close();
  for (const entry of await readdir(directory)) {
    const [, pidText, beginning] = LOCK_NAME.exec(entry) ?? [];
    if (entry === name || pidText === undefined) continue;
    const pid = Number(pidText);
    if (isAlive(pid) && (beginningOf(pid) ?? beginning) === beginning) {
      await rm(path, { force: true });
      heldHere.delete(path);
      return pid;
    }
    await rm(join(directory, entry), { force: true });
  }
  return undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** When a process began, as boot and clock ticks since: tells it from others with its pid. Undefined without /proc. */
function beginningOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the second field, the program's name in brackets, may itself hold spaces and brackets
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${boot}-${fields[19] ?? ''}`;
  } catch {
    return undefined;
  }
}
