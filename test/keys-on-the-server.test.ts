import { execFile } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { parseArguments } from '../keys/arguments.ts';
import { ADMIN_KEY, eventually, startTestBridge, type TestBridge } from './support/bridge.ts';
import { program } from './support/program.ts';
import { createDatabase, freshDatabase } from './support/postgres.ts';
import { hasPostgres, startPostgres } from './support/server-process.ts';

type Ran = { code: number; out: string; err: string };

/** `npm run keys` with this environment and no other. */
const keys = (environment: Readonly<Record<string, string | undefined>>, ...args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...program('keys/main.ts'), ...args],
      { env: { PATH: process.env['PATH'], ...environment } },
      (_error, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });

const status = async ({ url }: TestBridge, path: string, key: string): Promise<number> =>
  (await fetch(`${url}/api/v1${path}`, { headers: { Authorization: `Bearer ${key.trim()}` } })).status;

test('bad arguments are refused, with what was expected', async () => {
  for (const [args, expected] of [
    [[], /^expected "create"/],
    [['revoke'], /^expected "create", found "revoke"/],
    [['create', '--name', ' '], /^--name: expected a name .*\n--role: expected one of viewer, operator, admin/],
    [['create', '--sites', 'A', '--expires', '2020-01-01T00:00:00Z'], /--sites: expected a site id.*\n--expires: expected a time in the future/],
    [['create', '--colour', 'red'], /--colour/],
  ] as const) {
    const parsed = parseArguments(args);
    expect(parsed).toEqual({ ok: false, problem: expect.stringMatching(expected) as string });
    expect(parsed.ok ? '' : parsed.problem).toContain('usage: npm run keys -- create');
  }
  const ran = await keys({ DATA_DIR: '/nonexistent' }, 'create', '--name', 'x', '--role', 'king');
  expect(ran).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^--role: expected/) as string });
});

const embedded = test.skipIf(process.env['DATABASE_URL'] !== undefined);

embedded('the first key of an embedded store is printed once, and of a store in use none is made', { timeout: 60_000 }, async () => {
  const fresh = await freshDatabase();
  onTestFinished(() => fresh.dispose());
  const made = await keys({ DATA_DIR: fresh.dataDir }, 'create', '--name', 'first', '--role', 'admin', '--sites', 'site-b,site-a');
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^[\w-]{43}\n$/) as string });
  const bridge = await startTestBridge({ DATA_DIR: fresh.dataDir });
  expect(await status(bridge, '/keys', made.out)).toBe(200);
  expect(await status(bridge, '/feeders', made.out)).toBe(200);
  const refused = await keys({ DATA_DIR: fresh.dataDir }, 'create', '--name', 'second', '--role', 'admin');
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toContain('POST /api/v1/keys');
  await bridge.stop();
});

test.skipIf(!hasPostgres)('on a server it works before the first start and while the bridge runs, which takes the key by itself', { timeout: 60_000 }, async () => {
  const server = await startPostgres();
  onTestFinished(() => server.dispose());
  const { url } = await createDatabase(server.url);
  const environment = { DATABASE_URL: url };
  const first = await keys(environment, 'create', '--name', 'first', '--role', 'viewer', '--sites', 'site-a');
  expect(first).toMatchObject({ code: 0, err: expect.stringContaining('"first", viewer of site-a') as string });
  const bridge = await startTestBridge(environment);
  onTestFinished(() => bridge.stop());
  expect(await status(bridge, '/feeders', first.out)).toBe(200);
  expect(await status(bridge, '/keys', first.out)).toBe(403);
  const second = await keys(environment, 'create', '--name', 'second', '--role', 'admin');
  await eventually(async () => ((await status(bridge, '/keys', second.out)) === 200 ? true : undefined), 2_000);
  const again = await keys(environment, 'create', '--name', 'second', '--role', 'admin');
  expect(again).toMatchObject({ code: 1, out: '' });
  expect(again.err).toContain('Choose another name');
  const { body } = await bridge.rest('GET', '/audit?action=makeKey');
  const { items } = z.object({ items: z.array(z.looseObject({ author: z.looseObject({ kind: z.string(), name: z.string() }) })) }).parse(body);
  expect(items.map(({ author: { kind, name } }) => ({ kind, name }))).toEqual([0, 1].map(() => ({ kind: 'server', name: 'npm run keys' })));
  expect(JSON.stringify(body)).not.toContain(second.out.trim());
  expect(await status(bridge, '/keys', ADMIN_KEY)).toBe(200);
});
