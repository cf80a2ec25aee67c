import { request } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ADMIN_KEY, openTestBridge, type Answer } from './support/bridge.ts';
import { liveFeeder } from './support/live-feeder.ts';
import { problemIn } from './support/rest-shapes.ts';

const bridge = await openTestBridge();
afterAll(() => bridge.dispose());

const UNKNOWN_COMMAND = '00000000-0000-4000-8000-000000000000';

test.each([undefined, 'Bearer wrong', 'Bearer', ADMIN_KEY, `Basic ${ADMIN_KEY}`, `Bearer ${ADMIN_KEY} x`])(
  'the key %j is 401',
  async (authorization) => {
    const answer = await raw('GET', '/api/v1/feeders', authorization === undefined ? {} : { authorization }, undefined, false);
    problemIn(answer, 401, 'unauthenticated');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  },
);

test('liveness and readiness need no key', async () => {
  for (const path of ['/livez', '/readyz']) {
    expect((await raw('GET', path, {}, undefined, false)).status).toBe(200);
  }
});

test.each([
  ['GET', '/feeders/nobody'],
  ['GET', '/feeders/nobody/config'],
  ['PATCH', '/feeders/nobody/config'],
  ['POST', '/feeders/nobody/commands'],
  ['GET', '/feeders/nobody/commands'],
  ['POST', '/feeders/nobody/token'],
  ['DELETE', '/feeders/nobody'],
  ['GET', '/feeders/__proto__'],
  ['GET', '/feeders/constructor'],
  ['GET', `/feeders/${'x'.repeat(8000)}`],
  ['GET', '/feeders/%00'],
  ['GET', '/feeders/%F0%9F%90%9F'],
  ['GET', '/feeders//config'],
  ['GET', `/commands/${UNKNOWN_COMMAND}`],
  ['GET', '/commands/nonsense'],
  ['GET', '/commands/%00'],
  ['GET', '/nothing'],
  ['GET', '//index'],
  ['GET', '//nothing'],
  ['GET', '//api/v2/feeders'],
])('%s %s is 404', async (method, path) => {
  problemIn(await bridge.rest(method, path), 404, 'not-found');
});

test('a path with broken percent-encoding is 400', async () => {
  for (const path of ['/feeders/%zz', '/feeders/%E0%A4%A', '/commands/%', '/feeders/%ff/config']) {
    problemIn(await raw('GET', `/api/v1${path}`), 400, 'malformed');
  }
});

test.each([
  ['PUT', '/feeders', 'HEAD, GET, POST'],
  ['PATCH', '/feeders/pond-1', 'HEAD, GET, DELETE'],
  ['GET', '/feeders/pond-1/token', 'POST'],
  ['HEAD', '/feeders/pond-1/token', 'POST'],
  ['PUT', '/feeders/pond-1/config', 'HEAD, GET, PATCH'],
  ['DELETE', '/feeders/pond-1/commands', 'HEAD, GET, POST'],
  ['POST', `/commands/${UNKNOWN_COMMAND}`, 'HEAD, GET'],
  ['OPTIONS', '/feeders', 'HEAD, GET, POST'],
  ['POST', '//livez', 'HEAD, GET'],
])('%s %s is 405 with what it takes', async (method, path, allow) => {
  const answer = await bridge.rest(method, path);
  if (method === 'HEAD') expect(answer.status).toBe(405);
  else problemIn(answer, 405, 'method-not-allowed');
  expect(answer.headers.get('allow')).toBe(allow);
});

test('HEAD answers as GET does, without a body', async () => {
  await liveFeeder(bridge, 'headed');
  for (const path of ['/feeders', '/feeders/headed', '/feeders/headed/config', '/feeders/headed/commands', '//livez']) {
    const head = await bridge.rest('HEAD', path);
    const get = await bridge.rest('GET', path);
    expect(head.status).toBe(200);
    expect(head.body).toBeUndefined();
    for (const name of ['etag', 'content-type']) expect(head.headers.get(name)).toBe(get.headers.get(name));
  }
  expect((await bridge.rest('HEAD', '/feeders/nobody')).status).toBe(404);
});

describe('a body that cannot be taken', () => {
  const cases: [string, number, string, string | Buffer | undefined, Record<string, string>][] = [
    ['none', 400, 'malformed', undefined, {}],
    ['no JSON', 400, 'malformed', '{"mealGrams": ', {}],
    ['JSON with a comment', 400, 'malformed', '{} //', {}],
    ['bare NaN', 400, 'malformed', 'NaN', {}],
    ['another type', 415, 'unsupported-media-type', '{}', { 'content-type': 'text/plain' }],
    ['a form', 415, 'unsupported-media-type', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['no type', 415, 'unsupported-media-type', '{}', { 'content-type': '' }],
    ['an unknown encoding', 415, 'unsupported-media-type', '{}', { 'content-encoding': 'zstd' }],
    ['an unknown charset', 415, 'unsupported-media-type', '{}', { 'content-type': 'application/json; charset=ebcdic' }],
    ['no gzip where it says so', 400, 'malformed', '{}', { 'content-encoding': 'gzip' }],
    ['too much', 413, 'too-large', JSON.stringify({ name: 'x'.repeat(70_000) }), {}],
    ['a gzip bomb', 413, 'too-large', gzipSync(Buffer.alloc(10_000_000, 0x20)), { 'content-encoding': 'gzip' }],
  ];
  test.each(cases)('%s: %i %s', async (_, status, code, body, headers) => {
    await bridge.rest('POST', '/feeders', { body: { feederId: 'taken', name: 'taken', site: 'farm' } });
    const all = { 'content-type': 'application/json', ...headers };
    problemIn(await raw('POST', '/api/v1/feeders', all, body), status, code);
    problemIn(await raw('PATCH', '/api/v1/feeders/taken/config', all, body), status, code);
    problemIn(await raw('POST', '/api/v1/feeders/taken/commands', all, body), status, code);
  });

  test('merge-patch is a type for PATCH alone', async () => {
    await bridge.enrol('patched');
    const headers = { 'Content-Type': 'application/merge-patch+json' };
    problemIn(await bridge.rest('PATCH', '/feeders/patched/config', { body: { mealGrams: 1 }, headers }), 409, 'feeder-offline');
    problemIn(await bridge.rest('POST', '/feeders/patched/commands', { body: { kind: 'pause' }, headers }), 415, 'unsupported-media-type');
  });
});

describe('an enrolment', () => {
  test.each([
    [{ feederId: 'Pond 1' }, ['/feederId']],
    [{ feederId: '-pond' }, ['/feederId']],
    [{ feederId: 'x'.repeat(64) }, ['/feederId']],
    [{ feederId: 7 }, ['/feederId']],
    [{ feederId: null }, ['/feederId']],
    [{ name: '' }, ['/name']],
    [{ name: 'x'.repeat(101) }, ['/name']],
    [{ name: 'a\u0000b' }, ['/name']],
    [{ name: 'a\ud800b' }, ['/name']],
    [{ site: 'Farm' }, ['/site']],
    [{ timeZone: 'Mars/Olympus' }, ['/timeZone']],
    [{ timeZone: 'a\u0000' }, ['/timeZone']],
    [{ timeZone: 3 }, ['/timeZone']],
    [{ feederId: '', name: '', site: '', timeZone: '' }, ['/feederId', '/name', '/site', '/timeZone']],
  ])('with %j is 400 with a pointer for each', async (wrong, pointers) => {
    const body = { feederId: 'right', name: 'Right', site: 'farm', ...wrong };
    const problem = problemIn(await bridge.rest('POST', '/feeders', { body }), 400, 'malformed');
    expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(pointers);
  });

  test('that is no object is 400', async () => {
    for (const body of ['null', '[]', '"x"', '7', '{}', '{"__proto__": {"feederId": "x"}}']) {
      problemIn(await bridge.rest('POST', '/feeders', { body }), 400, 'malformed');
    }
  });
});

test('huge headers and a never-ending path are turned away, and the bridge goes on', async () => {
  expect(await raw('GET', '/api/v1/feeders', { 'x-much': 'x'.repeat(100_000) })).toMatchObject({ status: 431, body: { status: 431, code: 'too-large' } });
  expect((await raw('GET', `/api/v1/feeders/${'x'.repeat(100_000)}`)).status).toBe(431);
  problemIn(await raw('GET', '/api/v1/feeders', { 'idempotency-key': 'unused', authorization: 'x'.repeat(8000) }, undefined, false), 401, 'unauthenticated');
  expect((await bridge.rest('GET', '/feeders')).status).toBe(200);
});

test('what is no HTTP is answered as a problem too', async () => {
  const unreadable = ['\0\0\0\0', 'GET / HTTP/1.1\r\nHost: x\r\nX-Odd: \u0001\r\n\r\n'];
  for (const text of unreadable) {
    const socket = connect(Number(new URL(bridge.url).port), '127.0.0.1');
    socket.end(text);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(z.instanceof(Buffer).parse(chunk));
    const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(head).toContain('application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status: 400, code: 'malformed' });
  }
});

test('deep JSON is refused as any other', async () => {
  await bridge.enrol('deep');
  const deep = '['.repeat(30_000) + ']'.repeat(30_000);
  problemIn(await bridge.rest('POST', '/feeders', { body: deep }), 400, 'malformed');
  problemIn(await bridge.rest('POST', '/feeders', { body: `{"feederId": ${deep}, "name": []}` }), 400, 'malformed');
  problemIn(await bridge.rest('POST', '/feeders/deep/commands', { body: `{"kind": ${deep}}` }), 400, 'malformed');
  await liveFeeder(bridge, 'deep-live');
  problemIn(await bridge.rest('PATCH', '/feeders/deep-live/config', { body: `{"mealGrams": ${deep}}` }), 422, 'invalid-config');
});

test('no body, whatever is in it, is answered 500 or 200', async () => {
  await liveFeeder(bridge, 'strict');
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(['POST', '/feeders'], ['PATCH', '/feeders/strict/config'], ['POST', '/feeders/strict/commands']),
      fc.oneof(
        fc.json(),
        fc.string({ unit: 'binary' }),
        fc.dictionary(fc.constantFrom('feederId', 'name', 'site', 'kind', '__proto__', 'constructor'), fc.jsonValue()).map((value) => JSON.stringify(value)),
      ),
      async ([method = '', path = ''], body) => {
        const { status } = await bridge.rest(method, path, { body });
        expect([400, 422]).toContain(status);
      },
    ),
    { numRuns: 300 },
  );
});

/** One request just as given: no path is tidied up, no header added but the key. */
function raw(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Buffer,
  withKey = true,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(bridge.url);
    const authorization = withKey ? { authorization: `Bearer ${ADMIN_KEY}` } : {};
    const outgoing = request({ hostname, port, method, path, headers: { ...authorization, ...headers } }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const told = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
        resolve({ status: incoming.statusCode ?? 0, headers: new Headers(told), body: text === '' ? undefined : JSON.parse(text) });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
