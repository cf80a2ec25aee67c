import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Log } from '../../machine/log.ts';
import type { Disk } from '../disk/disk.ts';
import { openLevelDisk, type LevelDisk } from '../disk/level-disk.ts';
import type { AgentSettings } from '../settings.ts';
import { openSpool, type DiskSpool } from './disk-spool.ts';
import type { RecordClock } from './kept-record.ts';

/** What the spools leave free of their disk, so that commands can be journaled on it when they have filled it. */
const LEFT_TO_JOURNAL_BYTES = 64 * 1024 * 1024;
const MEGABYTE = 1_000_000;

/** The spools of all feeders of an agent. */
export type Spools = {
  /** The feeder's own; never rejects. */
  of(feederId: string, clock: RecordClock): Promise<DiskSpool>;
  close(): Promise<void>;
};

/**
 * Opens the spools, beside the journal. Never rejects: where they cannot be used the agent keeps no history and says so,
 * until it is restarted, but it carries out commands.
 */
export async function openSpools({ dataDir, feeders, spool: { maxDays, maxMegabytes } }: AgentSettings, log: Log): Promise<Spools> {
  const onRepaired = (what: string): void => log.error({ what }, 'the spool was damaged, and begins anew: what it held is not sent');
  const useless = (error: unknown): Disk => {
    log.error({ err: error }, 'the spool cannot be used: no history is kept until the agent is restarted with one that can; commands are carried out');
    return uselessDisk(error);
  };
  const level = await openLevelDisk(join(dataDir, 'spool'), onRepaired, LEFT_TO_JOURNAL_BYTES).catch(noLevel(useless));
  const limits = { maxDays, maxBytes: (maxMegabytes * MEGABYTE) / feeders.length };
  const open = (disk: Disk, clock: RecordClock): Promise<DiskSpool> =>
    openSpool(disk, { newId: randomUUID, diskId: level.diskId, clock, limits });
  return {
    of: (feederId, clock) => open(level.of(feederId), clock).catch((error: unknown) => open(useless(error), clock)),
    close: () => level.close(),
  };
}

const noLevel = (useless: (error: unknown) => Disk) => (error: unknown): LevelDisk => {
  const disk = useless(error);
  return { diskId: 'none', of: () => disk, close: () => Promise.resolve() };
};

/** A disk that holds nothing and takes nothing. */
function uselessDisk(error: unknown): Disk {
  const refuse = (): Promise<never> => Promise.reject(new Error('expected a spool that can be used: see what was told at the start', { cause: error }));
  return {
    get: () => Promise.resolve(undefined),
    async *entries(): AsyncGenerator<never> {
      yield* await Promise.resolve([]);
    },
    write: refuse,
    letGo: refuse,
  };
}
