import { expect, test } from 'vitest';
import type { Caller } from '../src/access/caller.ts';
import { HeldByCallers } from '../src/access/held-by-callers.ts';
import { SignIns } from '../src/access/sign-ins.ts';
import type { Database } from '../src/store/database.ts';

// What time does to codes and sessions, with a clock that a test moves; over REST they are held to in sign-ins.test.ts.

const HOUR_MS = 3_600_000;
const author = { kind: 'key', id: 'k', name: 'office', address: null, requestId: null } as const;
const KEY: Caller = { kind: 'key', callerId: 'k', name: 'office', role: 'operator', sites: 'all', expiresAtMs: null };

/** Sign-ins at noon, and whom their one key stands for. */
function known(key: Caller = KEY) {
  const clock = { nowMs: 12 * HOUR_MS };
  const state: { key: Caller | undefined; stored: number; isAway: boolean } = { key, stored: 0, isAway: false };
  const query = () => {
    if (state.isAway) return Promise.reject(new Error('the database is away'));
    state.stored += 1;
    return Promise.resolve({ rows: [], rowCount: 1 });
  };
  const ended: string[] = [];
  const signIns = new SignIns({ db: { query } as unknown as Database, clock: { now: () => clock.nowMs }, callerOfKey: () => state.key, endStreams: (signInId) => ended.push(signInId) });
  const makeCode = async (caller: Caller, uses = 1, validSeconds = 300) => (await signIns.makeCode(caller, { uses, validSeconds }, author)).code;
  const signIn = async (caller: Caller) => signIns.signIn(await makeCode(caller), author);
  const callerBy = (bearer: string): Caller => signIns.authenticate(bearer) ?? expect.fail('expected to be let in');
  return { clock, state, signIns, makeCode, signIn, callerBy, ended };
}

test('a code is good until it expires', async () => {
  const { clock, signIns, makeCode } = known();
  const code = await makeCode(KEY, 2, 30);
  clock.nowMs += 29_999;
  await signIns.signIn(code, author);
  clock.nowMs += 1;
  await expect(signIns.signIn(code, author)).rejects.toThrow('unauthenticated');
});

test('a session lasts for 12 hours, however many others are opened by it', async () => {
  const { clock, signIn, signIns, callerBy } = known();
  const first = await signIn(KEY);
  clock.nowMs += 11 * HOUR_MS;
  const second = await signIn(callerBy(first.bearer));
  const third = await signIn(callerBy(second.bearer));
  clock.nowMs += HOUR_MS - 1;
  expect(callerBy(third.bearer)).toMatchObject({ ...KEY, expiresAtMs: 24 * HOUR_MS });
  clock.nowMs += 1;
  for (const { bearer } of [first, second, third]) expect(signIns.authenticate(bearer)).toBeUndefined();
});

test('a session of a person lasts as long as the token, through another session too', async () => {
  const person: Caller = { kind: 'person', callerId: 'issuer#kari', name: 'kari@farm.example', role: 'viewer', sites: new Set(['farm']), expiresAtMs: 13 * HOUR_MS };
  const { clock, signIn, signIns, callerBy, makeCode } = known();
  const first = await signIn(person);
  const second = await signIn(callerBy(first.bearer));
  const code = await makeCode(callerBy(second.bearer), 1, 86_400);
  clock.nowMs = 13 * HOUR_MS - 1;
  expect(callerBy(second.bearer)).toMatchObject(person);
  clock.nowMs += 1;
  expect(signIns.authenticate(first.bearer)).toBeUndefined();
  expect(signIns.authenticate(second.bearer)).toBeUndefined();
  await expect(signIns.signIn(code, author)).rejects.toThrow('unauthenticated');
});

test('a session may do what its key may do now, and nothing once that is revoked', async () => {
  const { state, signIn, signIns, callerBy, makeCode } = known();
  const { bearer } = await signIn(KEY);
  const code = await makeCode(KEY);
  state.key = { ...KEY, role: 'viewer', sites: new Set(['farm']) };
  expect(callerBy(bearer)).toMatchObject({ role: 'viewer', sites: new Set(['farm']), callerId: 'k', name: 'office' });
  state.key = undefined;
  expect(signIns.authenticate(bearer)).toBeUndefined();
  await expect(signIns.signIn(code, author)).rejects.toThrow('unauthenticated');
});

test('what cannot be told in the audit lets nobody in, and uses no code up', async () => {
  const { state, signIns, makeCode } = known();
  const code = await makeCode(KEY);
  state.isAway = true;
  await expect(signIns.signIn(code, author)).rejects.toThrow('away');
  await expect(makeCode(KEY)).rejects.toThrow('away');
  state.isAway = false;
  expect((await signIns.signIn(code, author)).bearer).toHaveLength(43);
  expect(state.stored).toBe(2);
});

test('of too many sessions of one caller the oldest ends, with what is being sent by it', async () => {
  const { signIn, signIns, callerBy, ended } = known();
  const first = await signIn(KEY);
  const firstId = callerBy(first.bearer).signIn?.signInId;
  const second = await signIn(KEY);
  for (let more = 0; more < 499; more += 1) await signIn(KEY);
  expect(signIns.authenticate(first.bearer)).toBeUndefined();
  expect(ended).toEqual([firstId]);
  callerBy(second.bearer);
});

test('memory is bounded, and each makes room with its own as long as it has any', () => {
  const held = new HeldByCallers<{ callerId: string; nth: number }>({ ofOne: 2, ofAll: 3 });
  const hold = (callerId: string, nth: number) => held.hold(`${callerId}${nth}`, { callerId, nth });
  expect([hold('a', 1), hold('a', 2), hold('a', 3)]).toEqual([undefined, undefined, { callerId: 'a', nth: 1 }]);
  expect(hold('b', 1)).toBeUndefined();
  expect(hold('b', 2)).toEqual({ callerId: 'b', nth: 1 });
  expect(hold('c', 1)).toEqual({ callerId: 'a', nth: 2 });
  held.drop('a3');
  expect([hold('c', 2), hold('c', 3)]).toEqual([undefined, { callerId: 'c', nth: 1 }]);
  held.dropWhere(({ callerId }) => callerId === 'c');
  expect(['a1', 'a2', 'a3', 'b1', 'b2', 'c1', 'c2', 'c3'].filter((secret) => held.find(secret) !== undefined)).toEqual(['b2']);
});
