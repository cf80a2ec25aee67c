import type { BridgeClock } from './clock.ts';
import { ApiKeys } from './http/authenticate.ts';
import { hashSecret, newSecret } from './secrets.ts';
import type { Settings } from './settings.ts';
import { insertApiKey, selectApiKeys, type ApiKeyRow } from './store/api-keys.ts';
import type { Database } from './store/database.ts';

type Keys = { apiKeys: ApiKeys; newAdminKey: string | undefined; keep: () => Promise<void> };

/** The keys to accept. Without ADMIN_KEY one is made on the first start; `keep` stores it, once it can be told. */
export async function loadApiKeys(settings: Settings, db: Database, clock: BridgeClock): Promise<Keys> {
  const stored = await selectApiKeys(db);
  const nothing = { newAdminKey: undefined, keep: () => Promise.resolve() };
  if (settings.ADMIN_KEY !== undefined) {
    const given: ApiKeyRow = { name: 'ADMIN_KEY', role: 'admin', keySha256: hashSecret(settings.ADMIN_KEY) };
    return { apiKeys: new ApiKeys([...stored, given]), ...nothing };
  }
  if (stored.length > 0) return { apiKeys: new ApiKeys(stored), ...nothing };
  const newAdminKey = newSecret();
  const made: ApiKeyRow = { name: 'admin', role: 'admin', keySha256: hashSecret(newAdminKey) };
  return { apiKeys: new ApiKeys([made]), newAdminKey, keep: () => insertApiKey(db, made, clock.now()) };
}
