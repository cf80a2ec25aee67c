import { fileURLToPath } from 'node:url';

/** The bridge's own migrations. */
export const MIGRATIONS = fileURLToPath(new URL('../../src/store/migrations', import.meta.url));
