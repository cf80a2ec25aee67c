import type { Disk, DiskChange } from '../../agent/disk/disk.ts';
import type { Chance } from '../../machine/chance.ts';
import type { Life } from './life.ts';
import type { VirtualTime } from './virtual-time.ts';

/** There is no room on the disk, as the agent is told. */
export class DiskFull extends Error {
  readonly code = 'ENOSPC';
}

/** How many writes can be undone by a torn tail. */
const UNDOABLE = 2;

/**
 * A disk that outlives the agents that use it. Writes take time; one under way when the agent is killed is there
 * afterwards or is not, but never in part.
 */
export class SimulatedDisk {
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #kept = new Map<string, string>();
  /** What the last writes replaced, the latest last. */
  readonly #replaced: Map<string, string | undefined>[] = [];
  #repairs = 0;
  isFull = false;

  constructor(time: VirtualTime, chance: Chance) {
    this.#time = time;
    this.#chance = chance;
  }

  /** Another one after each repair. */
  get diskId(): string {
    return `disk-${this.#repairs}`;
  }

  /** After a power cut the last writes are gone, and the disk knows that it was repaired. */
  loseTail(): void {
    for (const replaced of this.#replaced.splice(0).reverse()) {
      for (const [key, value] of replaced) this.#set(key, value);
    }
    this.#repairs += 1;
  }

  /** The disk as one run of the agent uses it. */
  of(life: Life): Disk {
    const kept = this.#kept;
    const write = (changes: readonly DiskChange[]): Promise<void> =>
      new Promise((resolve, reject) => {
        this.#time.after(this.#chance.between(0.5, 8), () => {
          if (life.isOver && this.#chance.hits(0.5)) return;
          if (this.isFull) {
            life.take(() => reject(new DiskFull('no space left on device')));
            return;
          }
          this.#write(changes);
          life.after(0.1, resolve);
        });
      });
    return {
      get: (key) => Promise.resolve(kept.get(key)),
      entries: async function* (prefix, fromKey = prefix) {
        for (const key of [...kept.keys()].filter((key) => key.startsWith(prefix) && key >= fromKey).sort()) {
          const value = await Promise.resolve(kept.get(key));
          if (value !== undefined) yield [key, value];
        }
      },
      write,
      letGo: (keys) => write(keys.map((key) => ({ remove: key }))),
    };
  }

  #write(changes: readonly DiskChange[]): void {
    const replaced = new Map<string, string | undefined>();
    for (const change of changes) {
      const key = 'put' in change ? change.put : change.remove;
      if (!replaced.has(key)) replaced.set(key, this.#kept.get(key));
      this.#set(key, 'put' in change ? change.value : undefined);
    }
    this.#replaced.push(replaced);
    if (this.#replaced.length > UNDOABLE) this.#replaced.shift();
  }

  #set(key: string, value: string | undefined): void {
    if (value === undefined) this.#kept.delete(key);
    else this.#kept.set(key, value);
  }
}
