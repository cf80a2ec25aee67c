import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../machine/log.ts';
import { startBridge, type Bridge } from '../src/bridge.ts';
import { parseSettings } from '../src/settings.ts';
import { runBridge } from './support/bridge-process.ts';
import { freshDatabase } from './support/postgres.ts';

/** A bridge in this process. */
function start(environment: Readonly<Record<string, string | undefined>>): Promise<Bridge> {
  const parsed = parseSettings(environment);
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  return startBridge(parsed.settings, createLog('silent'), (reason) => expect.unreachable(String(reason)));
}

test('every bad variable is named at once with what was expected, and nothing is started', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'feederbridge-settings-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  const bridge = runBridge({
    PORT: '70000',
    MQTT_PORT: 'mqtt',
    TRUST_PROXY: 'hunter2.farm.example',
    ALLOW_INSECURE: 'perhaps',
    DATABASE_URL: 'mysql://user:hunter2@host/db',
    REDIS_URL: 'localhost:hunter2',
    DATA_DIR: join(parent, 'data'),
    LEASE_SECONDS: '-1',
    ACK_TIMEOUT_MS: '1.5',
    RESEND_MS: '99',
    RETENTION_DAYS: '0',
    WRITES_PER_MINUTE: '0',
    ALLOWED_ORIGINS: 'https://farm.example/path, x',
    ADMIN_KEY: 'hunter2 with spaces',
    OIDC_ISSUER: 'http://hunter2.farm.example',
    OIDC_CLIENT_ID: 'hunter2\n',
    OIDC_SCOPE: 'openid  hunter2',
    SMTP_URL: 'mail.example:hunter2',
    SMTP_FROM: 'the farm',
    ALLOW_PRIVATE_WEBHOOKS: 'perhaps',
    LOG_LEVEL: 'loud',
  });
  expect(await bridge.exit).toBe(2);
  const lines = bridge.output().trim().split('\n');
  const expected = {
    PORT: 'a whole number from 0 to 65535',
    MQTT_PORT: 'a whole number from 0 to 65535',
    TRUST_PROXY: 'a number of proxies from 1 to 10, or their addresses and networks',
    ALLOW_INSECURE: 'true or false',
    DATABASE_URL: 'a URL such as postgres://',
    REDIS_URL: 'a URL such as redis://',
    LEASE_SECONDS: 'seconds',
    ACK_TIMEOUT_MS: 'a whole number from 1 to',
    RESEND_MS: 'a whole number from 100 to 600000',
    RETENTION_DAYS: 'a whole number from 1 to 36500',
    WRITES_PER_MINUTE: 'a whole number from 3 to 10000000',
    ALLOWED_ORIGINS: 'origins such as https://farm.example',
    ADMIN_KEY: 'printable characters',
    OIDC_ISSUER: 'an https URL such as',
    OIDC_CLIENT_ID: 'printable characters',
    OIDC_SCOPE: 'scopes such as',
    SMTP_URL: 'a URL such as smtp://',
    SMTP_FROM: 'an e-mail address such as',
    ALLOW_PRIVATE_WEBHOOKS: 'true or false',
    LOG_LEVEL: 'one of fatal, error',
  };
  for (const [name, what] of Object.entries(expected)) {
    const told = lines.filter((line) => line.startsWith(`bad setting: ${name}: expected`));
    expect(told, name).toHaveLength(1);
    expect(told[0]).toContain(what);
  }
  expect(lines).toHaveLength(Object.keys(expected).length);
  expect(bridge.output()).not.toContain('hunter2');
  expect(await readdir(parent)).toEqual([]);
});

test('a port that is taken, or a host that is not of this machine, is told clearly, with 1', { timeout: 60_000 }, async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const address = other.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  const fresh = await freshDatabase();
  onTestFinished(() => fresh.dispose());
  const environment = { PORT: '0', DATA_DIR: fresh.dataDir, DATABASE_URL: fresh.databaseUrl, ALLOW_INSECURE: 'true' };
  const what = 'expected HOST to be of this machine, and PORT and MQTT_PORT to be free';
  const bridge = runBridge({ ...environment, PORT: port });
  expect(await bridge.exit).toBe(1);
  expect(bridge.output()).toContain(what);
  expect(bridge.output()).toContain(port);
  expect(bridge.output()).not.toContain('bridge listening');
  for (const [name, value] of [['MQTT_PORT', port], ['HOST', '192.0.2.1']] as const) {
    const message = await start({ ...environment, [name]: value }).then(() => 'it started', String);
    expect(message, name).toContain(what);
    expect(message, name).toContain(value);
  }
});

test('an empty variable counts as unset, and the defaults are those of the README', () => {
  expect(parseSettings({ PORT: '', ADMIN_KEY: '', DATABASE_URL: '' })).toEqual({
    ok: true,
    settings: {
      HOST: '127.0.0.1', PORT: 3000, ALLOW_INSECURE: false, DATA_DIR: './data', LEASE_SECONDS: 25, ACK_TIMEOUT_MS: 10_000, RESEND_MS: 2_000, RETENTION_DAYS: 400,
      WRITES_PER_MINUTE: 30_000, ALLOWED_ORIGINS: [], OIDC_ROLE_CLAIM: 'feederbridge_role', OIDC_SITES_CLAIM: 'feederbridge_sites', OIDC_SCOPE: 'openid profile', ALLOW_PRIVATE_WEBHOOKS: false, LOG_LEVEL: 'info',
    },
  });
});

test('a mail server without an address to send from is told', () => {
  const parsed = parseSettings({ SMTP_URL: 'smtp://mail.example' });
  expect(parsed).toEqual({ ok: false, problems: ['SMTP_FROM: expected, with SMTP_URL, the address that e-mail comes from'] });
});

test('an issuer without an audience is told: tokens for other programs would let people in here', () => {
  const parsed = parseSettings({ OIDC_ISSUER: 'https://login.farm.example' });
  expect(parsed).toEqual({ ok: false, problems: ['OIDC_AUDIENCE: expected, with OIDC_ISSUER, whom its tokens for this bridge are made out to'] });
});

test('half a page that signs people in is told', () => {
  const issuer = { OIDC_ISSUER: 'https://login.farm.example', OIDC_AUDIENCE: 'feederbridge' };
  expect(parseSettings({ OIDC_CLIENT_ID: 'page' })).toEqual({ ok: false, problems: ['OIDC_ISSUER: expected, with OIDC_CLIENT_ID, the issuer that knows it'] });
  expect(parseSettings({ ...issuer, OIDC_CLIENT_SECRET: 'hunter2' })).toEqual({ ok: false, problems: ['OIDC_CLIENT_ID: expected, with OIDC_CLIENT_SECRET, whose secret it is'] });
  expect(parseSettings({ ...issuer, OIDC_CLIENT_ID: 'page', OIDC_CLIENT_SECRET: 'hunter2' })).toMatchObject({ ok: true });
});

test('no text in any variable makes the settings throw, or comes back in a complaint about a secret', () => {
  const names = ['HOST', 'PORT', 'MQTT_PORT', 'TRUST_PROXY', 'ALLOW_INSECURE', 'DATABASE_URL', 'REDIS_URL', 'LEASE_SECONDS', 'ACK_TIMEOUT_MS', 'RESEND_MS', 'RETENTION_DAYS', 'ALLOWED_ORIGINS', 'OIDC_ISSUER', 'OIDC_AUDIENCE', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'OIDC_SCOPE', 'SMTP_URL', 'SMTP_FROM', 'ALLOW_PRIVATE_WEBHOOKS', 'ADMIN_KEY', 'LOG_LEVEL'];
  // What some of them need beside them.
  const rest = { OIDC_ISSUER: 'https://login.farm.example', OIDC_AUDIENCE: 'feederbridge', OIDC_CLIENT_ID: 'page' };
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.string({ unit: 'binary', minLength: 12 }), (name, text) => {
      const parsed = parseSettings({ ...rest, [name]: text });
      if (parsed.ok) return;
      expect(parsed.problems).toHaveLength(1);
      expect(parsed.problems[0]).toMatch(new RegExp(`^${name}: expected`));
      expect(parsed.problems[0]).not.toContain(text);
    }),
    { numRuns: 1_000 },
  );
});
