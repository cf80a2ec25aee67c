import { afterAll, describe, expect, test } from 'vitest';
import { ADMIN_KEY, openTestBridge, startTestBridge } from './support/bridge.ts';

const FARM = 'https://farm.example';
const bridge = await openTestBridge({ ALLOWED_ORIGINS: `${FARM}, https://office.example:8443` });
afterAll(() => bridge.dispose());

const KEY = { Authorization: `Bearer ${ADMIN_KEY}` };
const PREFLIGHT = { 'Access-Control-Request-Method': 'PATCH', 'Access-Control-Request-Headers': 'authorization,if-match' };

/** Asks as a browser does for a page of `origin`. */
const asPage = (method: string, path: string, headers: Record<string, string> = {}, origin: string | undefined = FARM) =>
  fetch(bridge.url + path, { method, headers: { ...headers, Origin: origin } });

const words = (list: string | null): string[] => (list ?? '').split(',').map((word) => word.trim().toLowerCase()).sort();
const corsHeaders = ({ headers }: Response): string[] => [...headers.keys()].filter((name) => name.startsWith('access-control-'));

describe('a page of an allowed origin', () => {
  test.each([
    ['GET', '/api/v1/feeders', KEY, 200],
    ['GET', '/openapi.json', {}, 200],
    ['GET', '/api/v1/feeders', {}, 401],
    ['GET', '/api/v1/feeders/nobody', KEY, 404],
    ['GET', '/api/v1/feeders?limit=0', KEY, 400],
    ['PUT', '/api/v1/feeders', KEY, 405],
    ['OPTIONS', '/api/v1/feeders', KEY, 405],
  ] as const)('may read what %s %s answers', async (method, path, headers, status) => {
    const answer = await asPage(method, path, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('access-control-allow-origin')).toBe(FARM);
    expect(words(answer.headers.get('vary'))).toContain('origin');
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false);
    expect(words(answer.headers.get('access-control-expose-headers'))).toEqual(
      ['etag', 'location', 'preference-applied', 'retry-after', 'x-request-id'],
    );
  });

  test('asks beforehand without a key what it may send', async () => {
    const answer = await asPage('OPTIONS', '/api/v1/feeders/pond-1/config', PREFLIGHT, 'https://office.example:8443');
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://office.example:8443');
    expect(words(answer.headers.get('access-control-allow-methods'))).toEqual(['delete', 'get', 'head', 'patch', 'post']);
    expect(words(answer.headers.get('access-control-allow-headers'))).toEqual(expect.arrayContaining(
      ['authorization', 'content-type', 'if-match', 'idempotency-key', 'prefer', 'last-event-id', 'traceparent'],
    ));
  });
});

describe('a page of another origin', () => {
  test.each(['https://farm.example.evil.example', 'http://farm.example', 'https://farm.example:444', 'null'])('%s is told nothing', async (origin) => {
    const answer = await asPage('GET', '/api/v1/feeders', KEY, origin);
    expect(answer.status).toBe(200);
    expect(corsHeaders(answer)).toEqual([]);
    expect(words(answer.headers.get('vary'))).toContain('origin');
    const preflight = await asPage('OPTIONS', '/api/v1/feeders', PREFLIGHT, origin);
    expect(preflight.status).toBe(401);
    expect(corsHeaders(preflight)).toEqual([]);
  });

  test('nor is any page of what is not the API', async () => {
    expect(corsHeaders(await asPage('GET', '/readyz'))).toEqual([]);
    expect(corsHeaders(await asPage('GET', '/docs'))).toEqual([]);
  });
});

test('without ALLOWED_ORIGINS there is no such header at all', async () => {
  const closed = await startTestBridge();
  for (const [method, headers] of [['GET', KEY], ['OPTIONS', { ...KEY, ...PREFLIGHT }]] as const) {
    const answer = await fetch(`${closed.url}/api/v1/feeders`, { method, headers: { ...headers, Origin: FARM } });
    expect(answer.status).toBe(method === 'GET' ? 200 : 405);
    expect(corsHeaders(answer)).toEqual([]);
    expect(answer.headers.has('vary')).toBe(false);
  }
});
