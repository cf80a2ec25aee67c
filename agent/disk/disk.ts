/** One change of what is kept. */
export type DiskChange = { put: string; value: string } | { remove: string };

/** A disk that keeps texts by key. */
export type Disk = {
  get(key: string): Promise<string | undefined>;
  /** What is kept under keys that begin with `prefix`, in the order of the keys; from `fromKey` on, where that is given. */
  entries(prefix: string, fromKey?: string): AsyncIterable<[key: string, value: string]>;
  /** Makes the changes together, all or none; resolves when they outlive a power cut, rejects where they cannot be kept. */
  write(changes: readonly DiskChange[]): Promise<void>;
  /** Removes keys, without a sync of its own: after a power cut they may be there again. */
  letGo(keys: readonly string[]): Promise<void>;
};
