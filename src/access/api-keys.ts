import { randomUUID } from 'node:crypto';
import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import { hashSecret, newSecret } from '../secrets.ts';
import { insertApiKey, revokeApiKey, selectApiKeys, updateLastUsed, type ApiKey } from '../store/api-keys.ts';
import { insertAuditEntries, type Author } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { WriteBehind } from '../store/write-behind.ts';
import { sitesFrom, type Caller, type Role } from './caller.ts';

/** How exactly the time of the last use is stored. */
const LAST_USED_EVERY_MS = 60_000;
/** How often, at most, the store is asked for a key that is not known here: another program may have made it. */
const LOOK_AGAIN_MS = 1_000;

export type ApiKeysDeps = {
  db: Database;
  clock: Pick<BridgeClock, 'now'>;
  /** Ends at once whatever is still being sent to a caller. */
  endStreams: (callerId: string) => void;
  onDropped: (count: number, why: unknown) => void;
};

type Asked = { name: string; role: Role; sites: string[] | null; expiresAtMs: number | null };

/** Where a page of the list ended. */
export type ApiKeyPosition = Pick<ApiKey, 'createdAtMs' | 'apiKeyId'>;

/** What the bridge calls authors that are no key of its list. */
const RESERVED = ['ADMIN_KEY', 'npm run keys'];

/** A key of that name is there already, for the same sites: of others nobody hears by it. */
export const keyExists = (name: string): Problem =>
  new Problem('key-exists', `A key with the name "${name}" is there already for the same sites. Choose another name, or revoke that one.`);

/**
 * The keys of the REST API. All are held here, so that they work while the database is away; what is stored is committed
 * first and told second.
 */
export class ApiKeys {
  readonly #deps: ApiKeysDeps;
  /** By the hash of the key, in hex. */
  readonly #byHash: Map<string, ApiKey>;
  readonly #byId: Map<string, ApiKey>;
  /** Those of the settings, which nobody can revoke here. */
  readonly #given: readonly ApiKey[];
  readonly #uses: WriteBehind<string>;
  readonly #lastUsedAtMs = new Map<string, number>();
  /** A look at the store that began before a key was revoked must not bring it back. */
  readonly #revoked = new Set<string>();
  #looked: { atMs: number; done: Promise<void> } | undefined;

  constructor(stored: readonly ApiKey[], given: readonly ApiKey[], deps: ApiKeysDeps) {
    this.#deps = deps;
    this.#given = given;
    this.#byHash = new Map([...stored, ...given].map((key) => [key.keySha256.toString('hex'), key]));
    this.#byId = new Map([...stored, ...given].map((key) => [key.apiKeyId, key]));
    this.#uses = new WriteBehind({
      capacity: 10_000,
      keyOf: (apiKeyId) => apiKeyId,
      write: (batch) => updateLastUsed(deps.db, batch.flatMap((apiKeyId) => {
        const atMs = this.#lastUsedAtMs.get(apiKeyId);
        // Revoked meanwhile, perhaps with that very use.
        return atMs === undefined ? [] : [{ apiKeyId, atMs }];
      })),
      onDropped: deps.onDropped,
    });
  }

  /** Whom a key stands for, unless it has expired. Only hashes are kept and compared. */
  async authenticate(key: string): Promise<Caller | undefined> {
    const hash = hashSecret(key).toString('hex');
    if (!this.#byHash.has(hash)) await this.#lookAgain();
    return this.#callerBy(this.#byHash.get(hash));
  }

  /** Whom the key with this id stands for now, to let somebody in whom it let in before: nobody once it is revoked or has expired. */
  callerOf(apiKeyId: string): Caller | undefined {
    return this.#callerBy(this.#byId.get(apiKeyId));
  }

  /**
   * Makes a key of 256 random bits. It is told here and never again; only its hash is kept.
   * @throws Problem 409 `key-exists`.
   */
  async make(asked: Asked, author: Author): Promise<{ apiKey: ApiKey; key: string }> {
    if (RESERVED.includes(asked.name)) throw keyExists(asked.name);
    const { apiKey, key } = newApiKey({ ...asked, createdBy: author.name }, this.#deps.clock.now());
    await storeApiKey(this.#deps.db, apiKey, author);
    this.#add(apiKey);
    return { apiKey, key };
  }

  /** Up to `limit` of the keys that `isShown`, the newest first, after `after` where it is given. Those that have expired are among them. */
  page(limit: number, after: ApiKeyPosition | undefined, isShown: (key: ApiKey) => boolean): ApiKey[] {
    return [...this.#byHash.values()]
      .filter((key) => !this.#given.includes(key) && isShown(key) && (after === undefined || newestFirst(after, key) < 0))
      .sort(newestFirst)
      .slice(0, limit)
      .map((key) => ({ ...key, lastUsedAtMs: this.#lastUsedAtMs.get(key.apiKeyId) ?? key.lastUsedAtMs }));
  }

  /**
   * Revokes a key that `isShown`: it lets nobody in any more, and what is being sent to whoever has it ends.
   * @throws Problem 404 `not-found`.
   */
  async revoke(apiKeyId: string, author: Author, isShown: (key: ApiKey) => boolean): Promise<void> {
    const key = [...this.#byHash.values()].find((each) => each.apiKeyId === apiKeyId && !this.#given.includes(each));
    if (key === undefined || !isShown(key)) throw noSuchKey();
    const atMs = this.#deps.clock.now();
    this.#revoked.add(apiKeyId);
    await this.#deps.db.transaction(async (tx) => {
      if (!(await revokeApiKey(tx, apiKeyId, atMs))) return;
      await insertAuditEntries(tx, [
        { atMs, author, action: 'revokeKey', sites: key.sites, target: apiKeyId, result: { kind: 'done', before: told(key), after: null } },
      ]);
    });
    this.#byHash.delete(key.keySha256.toString('hex'));
    this.#byId.delete(apiKeyId);
    this.#lastUsedAtMs.delete(apiKeyId);
    this.#deps.endStreams(apiKeyId);
  }

  /** Stores what waits to be stored. */
  async stop(): Promise<void> {
    await this.#uses.stop();
  }

  #add(key: ApiKey): void {
    const hash = key.keySha256.toString('hex');
    if (this.#byHash.has(hash) || this.#revoked.has(key.apiKeyId)) return;
    this.#byHash.set(hash, key);
    this.#byId.set(key.apiKeyId, key);
  }

  #callerBy(key: ApiKey | undefined): Caller | undefined {
    const nowMs = this.#deps.clock.now();
    if (key === undefined || (key.expiresAtMs !== null && key.expiresAtMs <= nowMs)) return undefined;
    this.#used(key, nowMs);
    return { kind: 'key', callerId: key.apiKeyId, name: key.name, role: key.role, sites: sitesFrom(key.sites), expiresAtMs: key.expiresAtMs };
  }

  #used(key: ApiKey, nowMs: number): void {
    const { apiKeyId, lastUsedAtMs } = key;
    if (this.#given.includes(key)) return;
    const storedMs = this.#lastUsedAtMs.get(apiKeyId) ?? lastUsedAtMs;
    if (storedMs !== null && nowMs - storedMs < LAST_USED_EVERY_MS) return;
    this.#lastUsedAtMs.set(apiKeyId, nowMs);
    this.#uses.add(apiKeyId);
  }

  /** Reads the keys anew; once for all who ask within a second. While the database is away, those that are known are all there are. */
  #lookAgain(): Promise<void> {
    const nowMs = this.#deps.clock.now();
    if (this.#looked === undefined || nowMs - this.#looked.atMs >= LOOK_AGAIN_MS) {
      const look = async (): Promise<void> => {
        const stored = await selectApiKeys(this.#deps.db).catch(() => undefined);
        for (const key of stored ?? []) this.#add(key);
      };
      this.#looked = { atMs: nowMs, done: look() };
    }
    return this.#looked.done;
  }
}

/** A new key, and the row that stands for it. */
export function newApiKey(asked: Asked & Pick<ApiKey, 'createdBy'>, createdAtMs: number): { apiKey: ApiKey; key: string } {
  const key = newSecret();
  return { key, apiKey: { ...asked, apiKeyId: randomUUID(), keySha256: hashSecret(key), createdAtMs, lastUsedAtMs: null } };
}

/**
 * Stores a new key, and who made it.
 * @throws Problem 409 `key-exists`.
 */
export function storeApiKey(db: Database, apiKey: ApiKey, author: Author): Promise<void> {
  return db.transaction(async (tx) => {
    if (!(await insertApiKey(tx, apiKey))) throw keyExists(apiKey.name);
    await insertAuditEntries(tx, [
      { atMs: apiKey.createdAtMs, author, action: 'makeKey', sites: apiKey.sites, target: apiKey.apiKeyId, result: { kind: 'done', before: null, after: told(apiKey) } },
    ]);
  });
}

/** There is no such key, or it is none that the caller may know of. */
export const noSuchKey = (): Problem => new Problem('not-found', 'There is no key with this id.');

const told = ({ name, role, sites, expiresAtMs }: ApiKey): object => ({ name, role, sites, expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString() });

const newestFirst = (one: ApiKeyPosition, other: ApiKeyPosition): number =>
  other.createdAtMs - one.createdAtMs || other.apiKeyId.localeCompare(one.apiKeyId);
