import { newApiKey, storeApiKey } from './access/api-keys.ts';
import type { BridgeClock } from './clock.ts';
import { hashSecret } from './secrets.ts';
import type { Settings } from './settings.ts';
import { hadApiKey, selectApiKeys, type ApiKey } from './store/api-keys.ts';
import type { Database } from './store/database.ts';

export type FirstKeys = {
  stored: ApiKey[];
  /** The one of the settings, if any: it is not stored. */
  given: ApiKey[];
  newAdminKey: string | undefined;
  /** Stores the new one, once it can be told. */
  keep: () => Promise<void>;
};

const ADMIN = { role: 'admin', sites: null, createdBy: null, expiresAtMs: null } as const;

/** The keys to begin with. Without ADMIN_KEY one is made on the first start. */
export async function loadApiKeys(settings: Settings, db: Database, clock: BridgeClock): Promise<FirstKeys> {
  const stored = await selectApiKeys(db);
  const nothing = { newAdminKey: undefined, keep: () => Promise.resolve() };
  if (settings.ADMIN_KEY !== undefined) {
    const given = { ...ADMIN, apiKeyId: 'ADMIN_KEY', name: 'ADMIN_KEY', keySha256: hashSecret(settings.ADMIN_KEY), createdAtMs: 0, lastUsedAtMs: null };
    return { stored, given: [given], ...nothing };
  }
  // Where all were revoked, that was somebody's will; `npm run keys` makes another.
  if (await hadApiKey(db)) return { stored, given: [], ...nothing };
  const { apiKey, key } = newApiKey({ ...ADMIN, name: 'admin' }, clock.now());
  const keep = (): Promise<void> => storeApiKey(db, apiKey, { kind: 'server', id: null, name: 'first start', address: null, requestId: null });
  return { stored: [apiKey], given: [], newAdminKey: key, keep };
}
