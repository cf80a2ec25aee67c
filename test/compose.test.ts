import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { describe, expect, onTestFinished, test } from 'vitest';
import { filledFromFiles } from '../src/settings-from-files.ts';
import { parseSettings, settingNames } from '../src/settings.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FILE = join(ROOT, 'docker-compose.yml');
const hasDockerCompose = spawnSync('docker-compose', ['--version']).status === 0;

const Service = z.object({
  image: z.string().optional(),
  build: z.literal('.').optional(),
  user: z.string().optional(),
  entrypoint: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  secrets: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  restart: z.literal('unless-stopped'),
  init: z.literal(true),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal('ALL')]),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  logging: z.object({ options: z.object({ 'max-size': z.string(), 'max-file': z.string() }) }),
});

const Compose = z.object({
  services: z.object({ bridge: Service, mosquitto: Service, postgres: Service, redis: Service }),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

const { services, secrets } = Compose.parse(parse(readFileSync(FILE, 'utf8'), { merge: true }));
const all = Object.entries(services);

/** What a container sees of a variable: compose turns `${NAME:-default}` into the default and `$$` into `$`. */
const withDefaults = (text: string): string => text.replace(/\$\{\w+:-([^}]*)\}/g, '$1').replaceAll('$$', '$');

test('the linter and its schema find nothing to say', () => {
  const linter = join(ROOT, 'node_modules/dclint/bin/dclint.cjs');
  const run = spawnSync(process.execPath, [linter, '--max-warnings', '0', FILE], { encoding: 'utf8' });
  expect({ found: run.stdout.trim(), errors: run.stderr, status: run.status }).toEqual({ found: '', errors: '', status: 0 });
});

test.skipIf(!hasDockerCompose)('docker-compose understands it, profile and all', () => {
  const run = spawnSync('docker-compose', ['--file', FILE, '--profile', 'farm', 'config', '--services'], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  expect(run.stdout.trim().split('\n').sort()).toEqual(Object.keys(services).sort());
});

describe('every service', () => {
  test.each(all)('%s comes from an image of one version, and not as root', (_name, { image, build, user }) => {
    if (build === undefined) {
      expect(image).toMatch(/:\d+\.\d+(\.\d+)?$/);
      expect(user).toMatch(/^[a-z]+$/);
    } else {
      const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
      expect(dockerfile).toMatch(/^USER node$/m);
      for (const [, base] of dockerfile.matchAll(/^FROM (\S+)/gm)) expect(base).toMatch(/^node:\d+\.\d+\.\d+-slim$/);
    }
  });

  test.each(all)('%s is asked for its health', (_name, { build, healthcheck }) => {
    if (build === undefined) expect(healthcheck?.test[0]).toMatch(/^CMD/);
    else expect(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')).toMatch(/^HEALTHCHECK /m);
  });

  test.each(all)('%s is published on this machine alone, and mounts what there is', (_name, { ports, volumes }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    const mounted = volumes.map((volume) => volume.split(':')[0] ?? '').filter((path) => path.startsWith('.'));
    for (const path of mounted) expect(existsSync(join(ROOT, path)), path).toBe(true);
  });
});

test('secrets are files that git ignores, and each service reads its own', () => {
  expect(readFileSync(join(ROOT, '.gitignore'), 'utf8')).toMatch(/^\/secrets\/$/m);
  for (const { file } of Object.values(secrets)) expect(file).toMatch(/^\.\/secrets\/[a-z-]+$/);
  for (const [name, service] of all) {
    const read = JSON.stringify([service.environment, service.entrypoint]).match(/(?<=\/run\/secrets\/)[a-z-]+/g) ?? [];
    expect(read.sort(), name).toEqual([...service.secrets].sort());
  }
  const given = new Set(all.flatMap(([, service]) => service.secrets));
  expect([...given].sort()).toEqual(Object.keys(secrets).sort());
});

test('the bridge knows and takes every setting it is given', () => {
  const { environment } = services.bridge;
  const known = settingNames.flatMap((name) => [name, `${name}_FILE`]);
  expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
  const values = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, withDefaults(value)]));
  const sample = (path: string): string => (path.endsWith('url') ? 'postgres://feederbridge:password@postgres/feederbridge\n' : 'key\n');
  const filled = filledFromFiles(values, settingNames, sample);
  expect(filled.problems).toEqual([]);
  expect(parseSettings(filled.environment)).toMatchObject({ ok: true, settings: { MQTT_PORT: 1883, ADMIN_KEY: 'key' } });
});

test("Mosquitto's file gets the farm's own lines, and nothing else of it changes", () => {
  const directory = mkdtempSync(join(tmpdir(), 'feederbridge-compose-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'site-username'), 'north-farm_1a2b3c4d\n');
  writeFileSync(join(directory, 'site-password'), 'Zm9v-_kingfisher\n');
  const [shell = '', flags = '', script = ''] = services.mosquitto.entrypoint ?? [];
  const here = withDefaults(script)
    .replaceAll('/run/secrets', directory)
    .replaceAll('/etc/mosquitto/feederbridge.conf', join(ROOT, 'mosquitto.conf'))
    .replaceAll('/tmp/mosquitto.conf', join(directory, 'made.conf'))
    .replace('exec mosquitto -c', 'cat');
  const BRIDGE_MQTT = withDefaults(services.mosquitto.environment['BRIDGE_MQTT'] ?? '');
  const made = execFileSync(shell, [flags, here], { encoding: 'utf8', env: { PATH: process.env['PATH'], BRIDGE_MQTT } }).split('\n');
  const before = readFileSync(join(ROOT, 'mosquitto.conf'), 'utf8').split('\n');
  expect(made).toHaveLength(before.length);
  expect(made.filter((line, index) => line !== before[index])).toEqual([
    'listener 1883',
    'address bridge:1883',
    'remote_username north-farm_1a2b3c4d',
    'remote_password Zm9v-_kingfisher',
  ]);
});
