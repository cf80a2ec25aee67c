import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOST_ATTEMPTS, pauseMs } from '../src/notices/back-off.ts';
import { letterOf } from '../src/notices/letter.ts';
import { isPublicAddress, literalAddress } from '../src/notices/public-address.ts';
import { signatureHeaders } from '../src/notices/signature.ts';

test('the signature is the one of the Standard Webhooks reference', () => {
  const headers = signatureHeaders('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330_999, '{"test": 2432232314}');
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('pauses begin at 5 s, grow to an hour and fill about a day, whatever the chance', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: MOST_ATTEMPTS, maxLength: MOST_ATTEMPTS }), (chances) => {
      const pauses = chances.slice(1).map((chance, index) => pauseMs(index + 1, chance));
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(2_500);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(3_600_000);
      expect(pauses.at(-1)).toBeGreaterThanOrEqual(1_800_000);
      const hours = pauses.reduce((sum, ms) => sum + ms, 0) / 3_600_000;
      expect(hours).toBeGreaterThan(14);
      expect(hours).toBeLessThan(32);
    }),
  );
});

describe('public addresses', () => {
  test.each(['1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '172.15.0.1', '172.32.0.1', '192.169.0.1', '223.255.255.255', '2606:4700:4700::1111', '2a00:1450:400f::1'])('%s is one', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.each([
    ...['0.0.0.0', '10.0.0.1', '100.64.0.1', '127.0.0.1', '127.255.255.255', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.168.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::ffff:8.8.8.8', '::ffff:127.0.0.1', '::127.0.0.1', '64:ff9b::7f00:1', 'fc00::1', 'fd12::1', 'fe80::1', 'fe80::1%eth0', 'ff02::1', '2001::1', '2001:db8::1', '2002:7f00:1::'],
    ...['', 'localhost', '1.1.1', '01.1.1.1.1'],
  ])('%s is none', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test('however an address is written in a URL, it is seen to be one', () => {
    for (const host of ['127.0.0.1', '2130706433', '0x7f000001', '017700000001', '127.1', '127.0.0.1.', '１２７.0.0.1']) {
      expect(literalAddress(new URL(`http://${host}:80/`)), host).toBe('127.0.0.1');
    }
    expect(literalAddress(new URL('http://[::1]/'))).toBe('::1');
    expect(literalAddress(new URL('http://localhost/'))).toBeUndefined();
  });
});

describe('letters', () => {
  const alarm = {
    alarmId: '8d1f0c6e-1f5b-4f0e-9b7a-2c7c4b6a9e11',
    feederId: 'pond-1',
    name: 'waterTooWarm',
    origin: 'bridge' as const,
    severity: 'warning' as const,
    detail: 'the water is 23.1 °C, above 22 °C',
    raisedAtMs: Date.UTC(2026, 2, 29, 0, 30),
    clearedAtMs: null,
    acknowledgedAtMs: null,
    acknowledgedBy: null,
  };
  const feeder = { feederId: 'pond-1', name: 'North pond', site: 'farm', timeZone: 'Europe/Oslo' };
  const notice = { noticeId: 'n', moment: 'raised' as const, attempts: 1, alarm, feeder };
  const to = { kind: 'email' as const, emailContactId: 'c', address: 'kari@farm.example', step: 0, next: { address: 'boss@farm.example', atMs: Date.UTC(2026, 2, 29, 1, 15) } };

  test('times are those of the site, across a change of the clocks', () => {
    const { subject, text } = letterOf(notice, to);
    expect(subject).toBe('Alarm: water too warm - North pond, farm');
    expect(text).toMatch(/^Since: 29 March 2026 at 01:30 (CET|GMT\+1)$/m);
    expect(text).toMatch(/boss@farm\.example hears of it at 29 March 2026 at 03:15 (CEST|GMT\+2)\.$/m);
  });

  test('what is over, or taken care of, asks for nothing', () => {
    const over = letterOf({ ...notice, moment: 'cleared', alarm: { ...alarm, clearedAtMs: Date.UTC(2026, 2, 29, 2, 0) } }, { ...to, next: null });
    expect(over.subject).toBe('Over: water too warm - North pond, farm');
    expect(over.text).toMatch(/^Over: 29 March 2026 at 04:00/m);
    expect(over.text).not.toContain('acknowledge');
    const known = letterOf({ ...notice, alarm: { ...alarm, acknowledgedAtMs: alarm.raisedAtMs, acknowledgedBy: 'kari' } }, to);
    expect(known.text).not.toContain('POST');
  });
});
