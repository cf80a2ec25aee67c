import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** Room enough for an agent, its spool and what that leaves to the journal; each agent's is a file system of its own. */
const DISK_BYTES = 96 * 1024 * 1024;
/** How full a disk is made: so that the spool takes no more, which leaves 64 MiB to the journal, or wholly. */
export const LEFT_BYTES = { 'for the spool': 40 * 1024 * 1024, 'at all': 0 } as const;
export type FullFor = keyof typeof LEFT_BYTES;

/** What becomes of an agent's disk while it is down. */
export type DiskFate = 'kept' | 'wiped' | 'spool wiped' | 'spool put back';

const CHUNK = Buffer.alloc(1024 * 1024);

/** The disk that an agent keeps its journals and spools on. */
export class AgentDisk {
  readonly dataDir: string;
  /** Whether it is a file system of its own, which can be filled. */
  readonly isOwn: boolean;
  readonly #ballast: string;
  readonly #spool: string;
  readonly #copy: string;

  /** `folder` is made; `mounts` hears of what is to be unmounted in the end. */
  static async make(folder: string, mounts: string[]): Promise<AgentDisk> {
    await mkdir(folder);
    return new AgentDisk(folder, mountsAt(folder, mounts));
  }

  private constructor(folder: string, isOwn: boolean) {
    this.isOwn = isOwn;
    this.dataDir = join(folder, 'data');
    this.#ballast = join(folder, 'ballast');
    this.#spool = join(this.dataDir, 'spool');
    this.#copy = `${folder}.copy`;
  }

  /** There is an earlier copy of its spool. */
  get hasCopy(): boolean {
    return existsSync(this.#copy);
  }

  async fill(fullFor: FullFor): Promise<void> {
    const handle = await open(this.#ballast, 'w');
    try {
      for (;;) {
        const { bavail, bsize } = await statfs(this.#ballast);
        const bytes = Math.min(CHUNK.length, bavail * bsize - LEFT_BYTES[fullFor]);
        if (bytes <= 0) return;
        await handle.write(CHUNK, 0, bytes);
      }
    } catch (error) {
      // The agent may have taken the last of it.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    } finally {
      await handle.close();
    }
  }

  free(): Promise<void> {
    return rm(this.#ballast, { force: true });
  }

  /** Deals with it as said, while nobody uses it. A spool that is kept is copied where there is no copy, to be put back once. */
  async suffer(fate: DiskFate): Promise<void> {
    switch (fate) {
      case 'kept':
        if (!this.hasCopy && existsSync(this.#spool)) await cp(this.#spool, this.#copy, { recursive: true });
        return;
      case 'wiped':
        await rm(this.dataDir, { recursive: true, force: true });
        return;
      case 'spool wiped':
        await rm(this.#spool, { recursive: true, force: true });
        return;
      case 'spool put back':
        if (!this.hasCopy) return;
        await rm(this.#spool, { recursive: true, force: true });
        await cp(this.#copy, this.#spool, { recursive: true });
        await rm(this.#copy, { recursive: true });
        return;
    }
  }
}

function mountsAt(folder: string, mounts: string[]): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return false;
  }
  mounts.push(folder);
  return true;
}
