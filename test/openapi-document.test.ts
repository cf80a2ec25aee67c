import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Ruleset, Spectral } from '@stoplight/spectral-core';
import { oas } from '@stoplight/spectral-rulesets';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBridge } from './support/bridge.ts';
import { OpenApi, OpenApiCheck, operationsOf, type Exchange } from './support/openapi-check.ts';

const bridge = await openTestBridge();
afterAll(() => bridge.dispose());

let text = '';
beforeAll(async () => {
  const answer = await fetch(`${bridge.url}/openapi.json`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  text = await answer.text();
});
const read = () => OpenApi.parse(JSON.parse(text));

test('Spectral finds nothing', { timeout: 60_000 }, async () => {
  const spectral = new Spectral();
  spectral.setRuleset(new Ruleset({ extends: [[oas, 'recommended']] }));
  expect(await spectral.run(read())).toEqual([]);
});

test('Redocly finds nothing', { timeout: 60_000 }, async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const found = await lintFromString({ source: text, config });
  const named = found.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer].join(' '));
  // It takes nothing, from anyone: there is nothing to refuse.
  expect(named.filter((each) => each !== 'operation-4xx-response Operation must have at least one `4XX` response. #/paths/~1sign-in-ways/get/responses')).toEqual([]);
});

test('it has every path of REST and no other', () => {
  expect(operationsOf(read()).map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort()).toEqual([
    'DELETE /email-contacts/{emailContactId}',
    'DELETE /feeders/{feederId}',
    'DELETE /keys/{apiKeyId}',
    'DELETE /sign-ins/own',
    'DELETE /site-logins/{siteLoginId}',
    'DELETE /webhooks/{webhookId}',
    'GET /audit',
    'GET /commands/{commandId}',
    'GET /email-contacts',
    'GET /events',
    'GET /feeders',
    'GET /feeders/{feederId}',
    'GET /feeders/{feederId}/alarm-thresholds',
    'GET /feeders/{feederId}/alarms',
    'GET /feeders/{feederId}/commands',
    'GET /feeders/{feederId}/config',
    'GET /feeders/{feederId}/meals',
    'GET /feeders/{feederId}/overview',
    'GET /feeders/{feederId}/presence',
    'GET /feeders/{feederId}/readings',
    'GET /keys',
    'GET /me',
    'GET /overview',
    'GET /sign-in-ways',
    'GET /site-logins',
    'GET /webhooks',
    'GET /webhooks/{webhookId}/deliveries',
    'PATCH /feeders/{feederId}/alarm-thresholds',
    'PATCH /feeders/{feederId}/config',
    'POST /claims',
    'POST /email-contacts',
    'POST /feeders',
    'POST /feeders/{feederId}/alarms/{alarmId}/acknowledge',
    'POST /feeders/{feederId}/claim-code',
    'POST /feeders/{feederId}/commands',
    'POST /feeders/{feederId}/token',
    'POST /keys',
    'POST /oidc-authorizations',
    'POST /sign-in-codes',
    'POST /sign-ins',
    'POST /site-logins',
    'POST /webhooks',
  ]);
});

test('it names every code that clients are written against', () => {
  expect(read().components.schemas['Problem']).toMatchObject({
    properties: {
      code: {
        enum: [
          'malformed', 'unauthenticated', 'forbidden', 'not-found', 'method-not-allowed', 'feeder-offline', 'plc-unreachable',
          'command-pending', 'command-superseded', 'feeder-exists', 'feeder-not-awaited', 'key-exists', 'email-not-set-up',
          'version-mismatch', 'too-large', 'unsupported-media-type',
          'invalid-config', 'unsupported-parameter', 'out-of-range', 'unsupported-command', 'idempotency-mismatch', 'rate-limited',
          'internal-error', 'command-rejected', 'command-indeterminate', 'store-unavailable', 'lease-store-unavailable', 'issuer-unavailable',
          'bridge-stopping', 'command-unresolved', 'command-expired',
        ],
      },
    },
  });
});

test('every example is one of what it is an example of', () => {
  const check = new OpenApiCheck(read());
  let examples = 0;
  const faults = check.operations.flatMap(({ operationId, parameters, requestBody, responses }) => {
    const contents = [requestBody?.content, ...Object.values(responses).map(({ content }) => content)];
    const bodies = contents.flatMap((content) => Object.values(content ?? {})).flatMap(({ schema, example, examples: named }) =>
      (example === undefined ? Object.values(named).map(({ value }) => value) : [example]).map((value) => ({ schema, value })),
    );
    const headers = Object.values(responses).flatMap((response) => Object.values(response.headers).map(({ schema, example }) => ({ schema, value: example })));
    const given = parameters.flatMap(({ schema, example }) => (example === undefined ? [] : [{ schema, value: example }]));
    const all = [...bodies, ...headers, ...given];
    examples += all.length;
    return all.flatMap(({ schema, value }) => check.faultsIn(schema, value, `${operationId}: ${JSON.stringify(value)}`));
  });
  expect(faults).toEqual([]);
  expect(examples).toBeGreaterThan(200);
});

describe('what is not as documented is noticed', () => {
  const id = { 'x-request-id': '1' };
  const exchange: Exchange = {
    method: 'GET', path: '/feeders?limit=2', requestHeaders: new Headers(), requestBody: undefined,
    status: 200, headers: new Headers({ ...id, 'content-type': 'application/json' }), body: '{"items": []}',
  };
  const config = { ...exchange, method: 'PATCH', path: '/feeders/pond-1/config' };
  let check: OpenApiCheck;
  beforeAll(() => {
    check = new OpenApiCheck(read());
  });
  test.each<[string, Partial<Exchange>]>([
    ['a field', { body: '{"items": [], "more": 1}' }],
    ['no field', { body: '{}' }],
    ['a status', { status: 418 }],
    ['a content type', { headers: new Headers({ ...id, 'content-type': 'text/html' }) }],
    ['a header that is missing', { headers: new Headers({ 'content-type': 'application/json' }) }],
    ['a header', { headers: new Headers({ ...id, 'content-type': 'application/json', etag: '"1"' }) }],
    ['a query parameter', { path: '/feeders?order=name' }],
    ['a value of one', { path: '/feeders?limit=501' }],
    ['a header of a request', { requestHeaders: new Headers({ 'If-Match': '"1"' }) }],
    ['a body of a request', { requestBody: '{}' }],
    ['a body that is none', { ...config, requestBody: '{}' }],
    ['a path', { path: '/nothing' }],
    ['a method', { method: 'PUT' }],
    ['a path parameter', { path: '/feeders/Pond' }],
    ['a code', { status: 401, headers: new Headers({ ...id, 'www-authenticate': 'Bearer', 'content-type': 'application/problem+json' }),
      body: '{"type": "t", "title": "t", "status": 401, "detail": "d", "code": "forbidden"}' }],
  ])('%s', (_, wrong) => {
    check.check(exchange);
    expect(() => check.check({ ...exchange, ...wrong })).toThrow('not as /openapi.json says');
  });
});
