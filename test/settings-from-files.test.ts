import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { filledFromFiles } from '../src/settings-from-files.ts';
import { settingNames, settingsFromEnvironment } from '../src/settings.ts';
import { runBridge } from './support/bridge-process.ts';
import { freshDatabase } from './support/postgres.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'feederbridge-files-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

test('a bridge takes its settings from files, without the newline at their end', async () => {
  const fresh = await freshDatabase();
  onTestFinished(() => fresh.dispose());
  const bridge = runBridge({
    PORT_FILE: await fileOf('port', '0\n'),
    DATA_DIR_FILE: await fileOf('data-dir', fresh.dataDir),
    ADMIN_KEY_FILE: await fileOf('admin-key', 'kingfisher-4711-kingfisher\n'),
    ...(fresh.databaseUrl !== undefined && { DATABASE_URL_FILE: await fileOf('database-url', `${fresh.databaseUrl}\r\n`) }),
  });
  const url = await bridge.printed(/bridge listening on (\S+)/);
  const answer = await fetch(`${url}/api/v1/feeders`, { headers: { Authorization: 'Bearer kingfisher-4711-kingfisher' } });
  expect(answer.status).toBe(200);
  bridge.signal('SIGTERM');
  expect(await bridge.exit).toBe(0);
  expect(bridge.output()).not.toContain('kingfisher');
});

test('every mistake in a file or in naming it is told, beside those in other settings, and no value with it', async () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const name of settingNames) vi.stubEnv(name, undefined);
  const environment = {
    ADMIN_KEY: 'kingfisher-4711',
    ADMIN_KEY_FILE: await fileOf('both', 'kingfisher-4712'),
    DATABASE_URL_FILE: join(directory, 'missing-kingfisher'),
    REDIS_URL_FILE: await fileOf('empty', '\n'),
    ALLOWED_ORIGINS_FILE: directory,
    LOG_LEVEL_FILE: await fileOf('loud', 'kingfisher'),
    MQTT_PORT: 'kingfisher',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const parsed = settingsFromEnvironment();
  expect(parsed.ok ? [] : parsed.problems.sort()).toEqual([
    'ADMIN_KEY_FILE: expected no ADMIN_KEY beside it',
    'ALLOWED_ORIGINS_FILE: expected the path of a file that this process can read (EISDIR)',
    'DATABASE_URL_FILE: expected the path of a file that this process can read (ENOENT)',
    'LOG_LEVEL: expected one of fatal, error, warn, info, debug, trace, silent',
    'MQTT_PORT: expected a whole number from 0 to 65535',
    'REDIS_URL_FILE: expected a file with the value in it, but it is empty',
  ]);
});

test('an empty path counts as unset, an empty value beside a path as well, and other names are left alone', () => {
  const environment = { A_FILE: '', B: '', B_FILE: 'b', OTHER_FILE: 'other' };
  expect(filledFromFiles(environment, ['A', 'B'], (path) => `in ${path}\n\n`)).toEqual({
    environment: { ...environment, B: 'in b\n' },
    problems: [],
  });
});
