import { readFile } from 'node:fs/promises';

declare global {
  var postgresCode: Promise<object> | undefined;
}

const CODE = new URL('pglite.wasm', import.meta.resolve('@electric-sql/pglite'));

/**
 * Compiles the embedded Postgres once for this process and keeps it: V8 lends the code, optimized parts too, to every
 * thread that compiles the same bytes while somebody holds it. That halves what each start costs. It is kept where
 * it outlives the modules of a test file.
 */
export async function keepPostgresCode(): Promise<void> {
  globalThis.postgresCode ??= readFile(CODE).then((bytes) => WebAssembly.compile(bytes));
  await globalThis.postgresCode;
}
