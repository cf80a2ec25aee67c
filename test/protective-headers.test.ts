import { afterAll, expect, test } from 'vitest';
import { ADMIN_KEY, openTestBridge } from './support/bridge.ts';

const bridge = await openTestBridge({ TRUST_PROXY: 'loopback' });
afterAll(() => bridge.dispose());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(bridge.url + path, { headers: { Authorization: `Bearer ${ADMIN_KEY}`, ...headers } });

test.each([
  ['/api/v1/feeders', 200],
  ['/api/v1/feeders/nobody', 404],
  ['/api/v1/nothing', 404],
  ['/nothing', 404],
  ['/metrics', 200],
  ['/openapi.json', 200],
])('of %s (%i) nothing may be run, framed, sniffed or kept', async (path, status) => {
  const { status: answered, headers } = await get(path);
  expect(answered).toBe(status);
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-store',
  });
  expect(headers.get('x-powered-by')).toBeNull();
});

test('so it is with a stream of events, and with whoever is not known', async () => {
  const unknown = await get('/api/v1/feeders', { Authorization: 'Bearer wrong' });
  expect(unknown.status).toBe(401);
  const stream = await get('/api/v1/events');
  for (const { headers } of [unknown, stream]) {
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
  }
  await stream.body?.cancel();
});

test('a page of ours may load its own files, and be kept as long as they are the same', async () => {
  const { headers } = await get('/docs');
  expect(headers.get('content-security-policy')?.split(';')).toEqual(expect.arrayContaining(["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"]));
  expect(headers.get('cache-control')).toBe('no-cache');
  expect(headers.get('last-modified')).not.toBeNull();
});

test.each(['/docs', '/'])('nothing at %s may frame, open, or use a device of whoever looks at it', async (path) => {
  const { headers } = await get(path);
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('content-security-policy')?.split(';').sort()).toEqual([
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "worker-src 'self'",
  ]);
  expect(headers.get('permissions-policy')).toContain('camera=()');
  expect(Object.fromEntries(headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-cache',
  });
});

test('HTTPS is asked for where it was used, and nowhere else', async () => {
  expect((await get('/livez')).headers.get('strict-transport-security')).toBeNull();
  for (const path of ['/livez', '/docs', '/openapi.json']) {
    const { headers } = await get(path, { 'X-Forwarded-Proto': 'https' });
    expect(headers.get('strict-transport-security'), path).toBe('max-age=31536000');
  }
});
