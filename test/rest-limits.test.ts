import { request } from 'node:http';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { ADMIN_KEY, openTestBridge, type Answer } from './support/bridge.ts';
import { problemIn } from './support/rest-shapes.ts';

const WRITES_AT_ONCE = 20;
const FAILURES_AT_ONCE = 60;
const bridge = await openTestBridge({ WRITES_PER_MINUTE: String(3 * WRITES_AT_ONCE) });
afterAll(() => bridge.dispose());

const wrong = { Authorization: 'Bearer wrong' };
const write = (key: string): Promise<Answer> => bridge.rest('POST', '/feeders', { body: {}, headers: { Authorization: `Bearer ${key}` } });

/** Asks until the answer is another than at first; how many there were before, and that one. */
async function untilAnother(ask: () => Promise<Answer>): Promise<{ before: number; answer: Answer }> {
  const { status } = await ask();
  for (let before = 1; before < 200; before++) {
    const answer = await ask();
    if (answer.status !== status) return { before, answer };
  }
  return expect.fail(`it is always ${status}`);
}

/** What is answered in the end where one may be given back each second. */
async function limited(ask: () => Promise<Answer>): Promise<Answer> {
  for (let times = 0; times < 200; times++) {
    const answer = await ask();
    if (answer.status === 429) return answer;
  }
  return expect.fail('it is never limited');
}

function expectLimited(answer: Answer): void {
  problemIn(answer, 429, 'rate-limited');
  expect(answer.headers.get('retry-after')).toBe('1');
}

test('whoever changes too much must wait, and nobody else; reading goes on', async () => {
  const made = await bridge.rest('POST', '/keys', { body: { name: 'other desk', role: 'admin' } });
  const { key } = z.looseObject({ key: z.string() }).parse(made.body);
  // Some may be given back meanwhile, one a second.
  const { before, answer } = await untilAnother(() => write(key));
  expectLimited(answer);
  expect(before).toBeGreaterThanOrEqual(WRITES_AT_ONCE);
  expect(before).toBeLessThan(WRITES_AT_ONCE + 10);
  const headers = { Authorization: `Bearer ${key}` };
  for (const path of ['/feeders', '/keys', '/site-logins']) expect((await bridge.rest('GET', path, { headers })).status).toBe(200);
  expect((await bridge.rest('HEAD', '/feeders', { headers })).status).toBe(200);
  // Not with the body that it is refused for, but before it: 429 says nothing of what is there.
  expectLimited(await limited(() => bridge.rest('DELETE', '/feeders/nobody', { headers })));
  problemIn(await write(ADMIN_KEY), 400, 'malformed');
});

test('a network whose logins fail must wait, but whoever is known passes from the same address', async () => {
  const guess = (forwardedFor: string) => bare('GET', '/api/v1/feeders', { ...wrong, 'x-forwarded-for': forwardedFor });
  let guesses = 0;
  const { before, answer } = await untilAnother(() => guess(`192.0.2.${guesses++}`));
  expectLimited(answer);
  expect(before).toBeGreaterThanOrEqual(FAILURES_AT_ONCE);
  expect(before).toBeLessThan(FAILURES_AT_ONCE + 20);

  const flood = Array.from({ length: 100 }, () => bridge.rest('GET', '/feeders', { headers: wrong }));
  const known = Array.from({ length: 100 }, () => bridge.rest('GET', '/feeders'));
  expect(new Set((await Promise.all(known)).map(({ status }) => status))).toEqual(new Set([200]));
  const refused = (await Promise.all(flood)).filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(50);
  expect((await bridge.rest('POST', '/feeders', { body: { feederId: 'meanwhile', name: 'meanwhile', site: 'farm' } })).status).toBe(201);
  // Who sends no key does not guess.
  problemIn(await bare('GET', '/api/v1/feeders'), 401, 'unauthenticated');
});

test('a claim code is guessed no faster, and the right one passes all the same', async () => {
  const claim = (code: string): Promise<Answer> => bridge.rest('POST', '/claims', { body: { code } });
  await bridge.enrol('claimed');
  const { code } = z.looseObject({ code: z.string() }).parse((await bridge.rest('POST', '/feeders/claimed/claim-code')).body);
  expectLimited(await limited(() => claim('7KQ2-M0XN-3T9A-ZD5R')));
  expect((await claim(code)).status).toBe(201);
});

/** One request with these headers and no other. */
function bare(method: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, bridge.url), { method, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const told = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
        resolve({ status: incoming.statusCode ?? 0, headers: new Headers(told), body: JSON.parse(Buffer.concat(chunks).toString()) });
      });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
