import type { Disk, DiskChange } from '../../agent/disk/disk.ts';

/** A disk in memory. A write lands when it is made, or with `fails` not at all; what is done to it by hand is damage. */
export class MemoryDisk implements Disk {
  readonly kept: Map<string, string>;
  /** How many writes were asked for. */
  writes = 0;
  /** Makes the next writes fail, as on a full disk, until it is undone. */
  fails = false;
  /** The next write is the last: the power goes when it is on the disk, or just before; it never settles. */
  powerCut: 'none' | 'before-write' | 'after-write' = 'none';
  #isDead = false;

  constructor(kept: ReadonlyMap<string, string> = new Map()) {
    this.kept = new Map(kept);
  }

  /** The disk as whoever starts next finds it; nothing reaches it from here any more. */
  crash(): MemoryDisk {
    this.#isDead = true;
    return new MemoryDisk(this.kept);
  }

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.kept.get(key));
  }

  async *entries(prefix: string, fromKey = prefix): AsyncGenerator<[string, string]> {
    const keys = [...this.kept.keys()].filter((key) => key.startsWith(prefix) && key >= fromKey).sort();
    yield* await Promise.resolve(keys.map((key): [string, string] => [key, this.kept.get(key) ?? '']));
  }

  write(changes: readonly DiskChange[]): Promise<void> {
    this.writes += 1;
    if (this.fails) return Promise.reject(new Error('expected room on the disk'));
    if (this.#isDead || this.powerCut === 'before-write') return this.#never();
    for (const change of changes) {
      if ('put' in change) this.kept.set(change.put, change.value);
      else this.kept.delete(change.remove);
    }
    return this.powerCut === 'after-write' ? this.#never() : Promise.resolve();
  }

  letGo(keys: readonly string[]): Promise<void> {
    return this.write(keys.map((key) => ({ remove: key })));
  }

  #never(): Promise<never> {
    this.#isDead = true;
    return new Promise(() => undefined);
  }
}
