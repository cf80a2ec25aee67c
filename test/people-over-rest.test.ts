import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ADMIN_KEY, eventually, openTestBridge, type Answer, type TestBridge } from './support/bridge.ts';
import { AUDIENCE, startOidcIssuer, type Claims, type OidcIssuer } from './support/oidc-issuer.ts';
import { problemIn } from './support/rest-shapes.ts';

let issuer: OidcIssuer;
let bridge: TestBridge;
/** Ends when the stream does whose reader's token expires soon. */
let cut: Promise<void>;

beforeAll(async () => {
  issuer = await startOidcIssuer();
  bridge = await openTestBridge({ OIDC_ISSUER: issuer.url, OIDC_AUDIENCE: AUDIENCE, OIDC_ROLE_CLAIM: 'role' });
  await bridge.enrol('pond-1', 'farm');
  await bridge.enrol('pond-2', 'fjord');
  // The clocks of issuer and bridge may differ by 5 s, so that there is one second left; a token that is late is followed by another.
  const stream = await eventually(async () => {
    const answer = await openStream(await issuer.token({ role: 'viewer', exp: Math.floor(Date.now() / 1000) - 4 }));
    return answer.statusCode === 200 ? answer : undefined;
  }, 20_000);
  cut = new Promise((resolve) => stream.on('error', () => undefined).once('close', resolve));
});
afterAll(async () => {
  await bridge.dispose();
  await issuer.dispose();
});

const openStream = (token: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    get(`${bridge.url}/api/v1/events`, { headers: { Authorization: `Bearer ${token}` } }, (answer) => resolve(answer.resume())).once('error', reject);
  });

const Items = z.object({ items: z.array(z.looseObject({ feederId: z.string() })) });
const Audit = z.object({ items: z.array(z.looseObject({ action: z.string() })) });
const Commands = z.object({ items: z.array(z.looseObject({ issuedBy: z.string() })) });

/** What a person with these claims is answered. */
async function as(claims: Claims, method: string, path: string, body?: unknown): Promise<Answer> {
  return bridge.rest(method, path, { body, headers: { Authorization: `Bearer ${await issuer.token(claims)}` } });
}

const idsIn = ({ body }: Answer): string[] => Items.parse(body).items.map(({ feederId }) => feederId);

describe('a person may do what role and sites say', () => {
  test('a viewer reads, and changes nothing', async () => {
    expect(idsIn(await as({ role: 'viewer' }, 'GET', '/feeders'))).toEqual(['pond-1']);
    problemIn(await as({ role: 'viewer' }, 'PATCH', '/feeders/pond-1/config', { mealGrams: 1 }), 403, 'forbidden');
    problemIn(await as({ role: 'viewer' }, 'PATCH', '/feeders/pond-2/config', { mealGrams: 1 }), 404, 'not-found');
  });

  test('an operator changes feeders, under the name that the issuer tells', async () => {
    const claims = { role: 'operator', feederbridge_sites: 'fjord', email: 'kari@farm.example' };
    problemIn(await as(claims, 'PATCH', '/feeders/pond-2/config', { mealGrams: 1 }), 409, 'feeder-offline');
    const issuedBy = await eventually(async () => Commands.parse((await as(claims, 'GET', '/feeders/pond-2/commands')).body).items[0]?.issuedBy);
    expect(issuedBy).toBe('kari@farm.example');
    problemIn(await as(claims, 'DELETE', '/feeders/pond-2'), 403, 'forbidden');
  });

  test('an admin of all sites enrols, and the audit has the name', async () => {
    const claims = { role: 'admin', feederbridge_sites: '*', email: 'ola@farm.example' };
    const enrolled = await as(claims, 'POST', '/feeders', { feederId: 'loch-1', name: 'loch', site: 'loch' });
    expect(enrolled.status).toBe(201);
    const { items } = Audit.parse((await as(claims, 'GET', '/audit')).body);
    const entry = items.find(({ action }) => action === 'enrolFeeder');
    expect(JSON.stringify(entry)).toContain('ola@farm.example');
    expect(JSON.stringify(entry)).toContain('"person"');
  });
});

test('who is not let in hears what is wrong with a token that is signed, and nothing else', async () => {
  const unsigned = problemIn(await bridge.rest('GET', '/feeders', { headers: { Authorization: `Bearer ${await issuer.token({ role: 'viewer' })}x` } }), 401, 'unauthenticated');
  expect(unsigned.detail).toBe(problemIn(await bridge.rest('GET', '/feeders', { headers: { Authorization: 'Bearer wrong' } }), 401, 'unauthenticated').detail);
  const roleless = await as({}, 'GET', '/feeders');
  expect(problemIn(roleless, 401, 'unauthenticated').detail).toContain('"role"');
  expect(roleless.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
});

test('a token as long as a header may be is looked at; a longer one is no request', async () => {
  expect((await as({ role: 'viewer', groups: 'x'.repeat(10_000) }, 'GET', '/feeders')).status).toBe(200);
  const token = await issuer.token({ role: 'viewer', groups: 'x'.repeat(20_000) });
  const answer = await new Promise<number>((resolve, reject) => {
    get(`${bridge.url}/api/v1/feeders`, { headers: { Authorization: `Bearer ${token}` } }, ({ statusCode = 0 }) => resolve(statusCode)).on('error', reject);
  });
  expect(answer).toBe(431);
});

test('what is being sent to a person ends when the token does', async () => {
  await cut;
  expect((await as({ role: 'viewer' }, 'GET', '/feeders')).status).toBe(200);
});

test('a bridge whose issuer is away starts, takes keys, and says why it takes no token', async () => {
  await bridge.restart({ OIDC_ISSUER: 'http://127.0.0.1:1' });
  const answer = await as({ iss: 'http://127.0.0.1:1', role: 'viewer' }, 'GET', '/feeders');
  problemIn(answer, 503, 'issuer-unavailable');
  expect(answer.headers.get('retry-after')).toBe('5');
  expect((await bridge.rest('GET', '/feeders', { headers: { Authorization: `Bearer ${ADMIN_KEY}` } })).status).toBe(200);
});

test('a bridge without an issuer takes no token', async () => {
  await bridge.restart({ OIDC_ISSUER: '' });
  problemIn(await as({ role: 'admin', feederbridge_sites: '*' }, 'GET', '/feeders'), 401, 'unauthenticated');
  expect((await bridge.rest('GET', '/feeders')).status).toBe(200);
});
