import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { parseSettings, settingNames, settingsFromEnvironment } from '../src/settings.ts';

const LOOPBACK = ['127.0.0.1', '127.5.0.9', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'localhost', 'Localhost'];
const ELSEWHERE = ['0.0.0.0', '::', '192.168.1.10', 'fe80::1', '::ffff:192.168.1.10', 'bridge.example', 'localhost.example', '127.0.0.1.example', '128.0.0.1'];

const problemsFor = (environment: Record<string, string>): string[] => {
  const parsed = parseSettings(environment);
  return parsed.ok ? [] : parsed.problems;
};

test('on loopback plain text needs no leave', () => {
  for (const HOST of LOOPBACK) expect(problemsFor({ HOST }), HOST).toEqual([]);
  fc.assert(fc.property(fc.ipV4(), (HOST) => (problemsFor({ HOST }).length === 0) === HOST.startsWith('127.')));
});

test('on any other host it does: TLS, a proxy, or the word of whoever runs it, and no other word', () => {
  for (const HOST of ELSEWHERE) {
    for (const leave of [{}, { ALLOW_INSECURE: 'false' }, { TRUST_PROXY: 'false' }]) {
      expect(problemsFor({ HOST, ...leave }), HOST).toEqual([expect.stringMatching(/^HOST: expected 127\.0\.0\.1.+TLS_CERT_FILE.+TRUST_PROXY.+ALLOW_INSECURE=true/)]);
    }
    for (const leave of [{ ALLOW_INSECURE: 'true' }, { TRUST_PROXY: '1' }, { TLS_CERT_FILE: 'cert.pem', TLS_KEY_FILE: 'key.pem' }]) {
      expect(problemsFor({ HOST, ...leave }), HOST).toEqual([]);
    }
  }
});

test('an environment in which a bridge would speak plain text to the network is a bad setting', () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const name of settingNames) vi.stubEnv(name, undefined);
  vi.stubEnv('HOST', '0.0.0.0');
  expect(settingsFromEnvironment()).toEqual({ ok: false, problems: [expect.stringMatching(/^HOST: expected 127\.0\.0\.1.+ALLOW_INSECURE=true/)] });
});
