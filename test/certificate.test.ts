import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { readCertificate } from '../src/certificate.ts';
import { Encryption } from '../src/encryption.ts';
import { parseSettings, settingNames, settingsFromEnvironment } from '../src/settings.ts';
import { Authority, type Pair } from './support/certificates.ts';
import { memoryLog } from './support/memory-log.ts';

const DAY_MS = 86_400_000;

let folder: string;
let authority: Authority;
let good: Pair;
let expired: Pair;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feederbridge-certificate-'));
  authority = await Authority.make();
  good = await authority.leaf();
  expired = await authority.leaf({ fromDays: -30, toDays: -1 });
});
afterAll(() => rm(folder, { recursive: true }));

async function files({ cert = good.cert, key = good.key }: Partial<Pair> = {}): Promise<{ certFile: string; keyFile: string }> {
  const named = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  await writeFile(named.certFile, cert);
  await writeFile(named.keyFile, key);
  return named;
}

const problemsOf = async (pair: Partial<Pair>): Promise<string[]> => {
  const read = readCertificate(await files(pair), Date.now());
  return read.ok ? [] : read.problems;
};

describe('the files', () => {
  test('a certificate with those that vouch for it, and its key, are taken', async () => {
    const read = readCertificate(await files({ cert: `${good.cert}\n${authority.cert}` }), Date.now());
    expect(read).toMatchObject({ ok: true, certificate: { key: good.key } });
  });

  test('what is in the wrong file, cut off, empty, encrypted, of another key or out of date is told as that', async () => {
    const cut = good.cert.slice(0, 200);
    const locked = createPrivateKey(good.key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'kingfisher' }).toString();
    const noCertificate = ['TLS_CERT_FILE: expected a PEM file: the certificate, then those that vouch for it'];
    const noKey = ['TLS_KEY_FILE: expected a PEM file with the private key'];
    for (const cert of ['', cut, 'no certificate', good.key]) expect(await problemsOf({ cert })).toEqual(noCertificate);
    for (const key of ['', good.cert, good.key.slice(0, 80)]) expect(await problemsOf({ key })).toEqual(noKey);
    expect(await problemsOf({ cert: cut, key: '' })).toEqual([...noCertificate, ...noKey]);
    expect(await problemsOf({ key: locked })).toEqual(['TLS_KEY_FILE: expected a private key without a passphrase']);
    const others = ['TLS_KEY_FILE: expected the key of the first certificate in TLS_CERT_FILE'];
    expect(await problemsOf({ key: expired.key })).toEqual(others);
    expect(await problemsOf({ cert: `${authority.cert}\n${good.cert}` })).toEqual(others);
    for (const old of [expired, await authority.leaf({ fromDays: 1 })]) {
      expect(await problemsOf(old)).toEqual([expect.stringMatching(/^TLS_CERT_FILE: expected a certificate that is valid now, but this one is from .+ to .+ GMT$/)]);
    }
    expect(await problemsOf({ cert: `${good.cert}\n${cut}` })).toEqual([expect.stringMatching(/^TLS_CERT_FILE: expected what TLS can serve: /)]);
  });

  test('both settings are needed', () => {
    expect(parseSettings({ TLS_CERT_FILE: 'cert.pem' })).toEqual({
      ok: false,
      problems: ['TLS_KEY_FILE: expected, with TLS_CERT_FILE, the PEM file of its private key'],
    });
    expect(parseSettings({ TLS_KEY_FILE: 'key.pem' })).toEqual({
      ok: false,
      problems: ['TLS_CERT_FILE: expected, with TLS_KEY_FILE, the PEM file of the certificate that the key is of'],
    });
  });

  test('a file that is not there is a bad setting', async () => {
    const { certFile } = await files(expired);
    onTestFinished(() => void vi.unstubAllEnvs());
    for (const name of settingNames) vi.stubEnv(name, undefined);
    vi.stubEnv('TLS_CERT_FILE', certFile);
    vi.stubEnv('TLS_KEY_FILE', join(folder, 'kingfisher.pem'));
    expect(settingsFromEnvironment()).toEqual({ ok: false, problems: ['TLS_KEY_FILE: expected the path of a file that this process can read (ENOENT)'] });
  });
});

describe('a certificate that expires', () => {
  /** A day is over where the test says so. */
  function days(): { wallMs: () => number; timers: { after(ms: number, work: () => void): () => void }; pass(count: number): void } {
    let nowMs = Date.now();
    let waiting: { atMs: number; work: () => void } | undefined;
    return {
      wallMs: () => nowMs,
      timers: {
        after: (ms, work) => {
          const own = (waiting = { atMs: nowMs + ms, work });
          return () => {
            if (waiting === own) waiting = undefined;
          };
        },
      },
      pass: (count) => {
        for (let day = 0; day < count; day++) {
          nowMs += DAY_MS;
          if (waiting !== undefined && waiting.atMs <= nowMs) waiting.work();
        }
      },
    };
  }

  test('is told at the start and once a day within 14 days, and as an error once it has expired; a new one ends that', async () => {
    const { log, lines } = memoryLog();
    const clock = days();
    const encryption = new Encryption(await files(await authority.leaf({ toDays: 16.5 })), { ...clock, log });
    clock.pass(2);
    expect(lines).toEqual([]);
    clock.pass(1);
    expect(lines.map(({ level, msg }) => `${level} ${msg}`)).toEqual([expect.stringMatching(/^warn .+expires within 14 days/)]);
    clock.pass(13);
    expect(lines).toHaveLength(14);
    expect(lines.at(-1)?.msg).toContain('expires within 1 days');
    clock.pass(1);
    expect(lines.at(-1)).toMatchObject({ level: 'error' });
    expect(lines.at(-1)?.msg).toContain('has expired');
    await files(await authority.leaf({ toDays: 90 }));
    encryption.renew();
    const told = lines.length;
    expect(lines.at(-1)).toMatchObject({ level: 'info' });
    clock.pass(10);
    expect(lines).toHaveLength(told);
    encryption.stop();
  });
});
