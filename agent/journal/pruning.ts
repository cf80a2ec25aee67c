import type { Disk, DiskChange } from '../disk/disk.ts';
import { issuedAtMsOf, ORDER, removeFinished } from './journal-contents.ts';

/** How many entries go in one write, so that no command waits long for it. */
const MOST_AT_ONCE = 500;

/** Finished entries that go, and the time until which commands are forgotten with them; -Infinity where none goes. */
export type Pruning = { changes: DiskChange[]; count: number; forgottenUntilMs: number };

export const NOTHING_GONE: Pruning = { changes: [], count: 0, forgottenUntilMs: -Infinity };

/**
 * The finished entries to be removed next, oldest first: those issued before `tooOldMs`, and as many as there are `beyond`
 * the bound. Those that `mustStay` are passed over.
 */
export async function pruning(disk: Disk, tooOldMs: number, beyond: number, mustStay: (commandId: string) => boolean): Promise<Pruning> {
  const gone: Pruning = { ...NOTHING_GONE, changes: [] };
  for await (const [key, commandId] of disk.entries(ORDER)) {
    const issuedAtMs = issuedAtMsOf(key);
    if (gone.count === MOST_AT_ONCE || (issuedAtMs >= tooOldMs && gone.count >= beyond)) break;
    if (mustStay(commandId)) continue;
    gone.changes.push(...removeFinished(key, commandId));
    gone.count += 1;
    gone.forgottenUntilMs = issuedAtMs;
  }
  return gone;
}
