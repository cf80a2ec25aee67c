import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Timers } from '../machine/timers.ts';
import { Directory } from '../src/feeders/directory.ts';
import { newClaimCode, readClaimCode } from '../src/feeders/claim-code.ts';
import { Enrolment } from '../src/feeders/enrolment.ts';
import { selectClaimCodes } from '../src/store/agent-tokens.ts';
import { openDatabase, type Database } from '../src/store/database.ts';
import { selectFeeders } from '../src/store/feeders.ts';
import { migrate } from '../src/store/migrate.ts';
import { MIGRATIONS } from './support/migrations.ts';
import { freshDatabase, type FreshDatabase } from './support/postgres.ts';

let fresh: FreshDatabase;
let db: Database;
beforeAll(async () => {
  fresh = await freshDatabase();
  db = await openDatabase({ ...fresh, onLost: (reason) => expect.fail(reason.message) });
  await migrate(db, MIGRATIONS, () => undefined);
});
afterAll(async () => {
  await db.close();
  await fresh.dispose();
});

const AUTHOR = { kind: 'key', id: 'k-1', name: 'installer', address: '192.0.2.7', requestId: 'r-1' } as const;
const MINUTE_MS = 60_000;

/** The bridge's enrolment on a clock that the test moves; `restart` reads what the store holds anew. */
class House {
  nowMs = Date.parse('2026-01-31T08:00:00Z');
  readonly dismissed: string[] = [];
  #looks: (() => void)[] = [];
  #running: Enrolment | undefined;

  get enrolment(): Enrolment {
    return this.#running ?? expect.fail('not started');
  }

  async restart(): Promise<this> {
    await this.#running?.tokens.stop();
    this.#looks = [];
    const timers: Timers = { after: (_delayMs, work) => (this.#looks.push(work), () => undefined) };
    this.#running = new Enrolment({
      db,
      clock: this,
      timers,
      directory: new Directory(await selectFeeders(db), []),
      claimCodes: await selectClaimCodes(db),
      commands: { unsettled: () => Promise.resolve([]) },
      dismiss: (feederId) => Promise.resolve(void this.dismissed.push(feederId)),
      forget: () => undefined,
      settlePending: () => Promise.resolve(),
      onProblem: (error) => expect.fail(String(error)),
    });
    return this;
  }

  now(): number {
    return this.nowMs;
  }

  /** Lets time pass, and every timer that is due do its work. */
  pass(ms: number): void {
    this.nowMs += ms;
    for (const look of this.#looks.splice(0)) look();
  }

  async enrol(feederId: string): Promise<string> {
    return (await this.enrolment.enrol({ feederId, name: feederId, site: 'farm', timeZone: 'UTC' }, AUTHOR)).token;
  }

  lets(feederId: string, tokens: readonly string[]): boolean[] {
    return tokens.map((token) => this.enrolment.tokens.letsIn(feederId, token));
  }
}

let made = 0;
const newId = (): string => `pond-${++made}`;
const openHouse = (): Promise<House> => new House().restart();
const rejects = (work: Promise<unknown>, code: string) => expect(work).rejects.toMatchObject({ code });

const Audited = z.object({ action: z.string(), author_kind: z.string(), author_id: z.string(), address: z.string(), sites: z.array(z.string()), before: z.unknown(), after: z.unknown() });
const audited = async (feederId: string) =>
  z.array(Audited).parse((await db.query('SELECT * FROM audit_entry WHERE feeder_id = $1 ORDER BY at', [feederId])).rows);

describe('a rotated token', () => {
  test('lets in beside the new one until its time is over, also after a restart, and then its session ends', async () => {
    const house = await openHouse();
    const feederId = newId();
    const old = await house.enrol(feederId);
    const { token, previousUntilMs } = await house.enrolment.tokens.rotate(feederId, 15 * MINUTE_MS, AUTHOR);
    expect(previousUntilMs).toBe(house.nowMs + 15 * MINUTE_MS);
    expect(house.dismissed).toEqual([feederId]);
    await house.restart();
    house.pass(15 * MINUTE_MS - 1);
    expect(house.lets(feederId, [old, 'wrong', ''])).toEqual([true, false, false]);
    house.pass(0);
    expect(house.dismissed).toEqual([feederId]);
    house.pass(1);
    expect(house.dismissed).toEqual([feederId, feederId]);
    expect(house.lets(feederId, [old, token, old])).toEqual([false, true, false]);
    house.pass(MINUTE_MS);
    expect(house.dismissed).toHaveLength(2);
  });

  test('is good no more once the new one was shown, which is stored', async () => {
    const house = await openHouse();
    const feederId = newId();
    const old = await house.enrol(feederId);
    const { token } = await house.enrolment.tokens.rotate(feederId, 15 * MINUTE_MS, AUTHOR);
    expect(house.lets(feederId, [old, token, old])).toEqual([true, true, false]);
    house.pass(16 * MINUTE_MS);
    expect(house.dismissed).toEqual([feederId]); // by the rotation alone: the session is the new token's by now
    house.nowMs -= 16 * MINUTE_MS;
    await house.restart();
    expect(house.lets(feederId, [old, token])).toEqual([false, true]);
  });

  test('that was stolen stops at once', async () => {
    const house = await openHouse();
    const feederId = newId();
    const old = await house.enrol(feederId);
    const { token, previousUntilMs } = await house.enrolment.tokens.rotate(feederId, 0, AUTHOR);
    expect(previousUntilMs).toBeNull();
    expect(house.lets(feederId, [old, token])).toEqual([false, true]);
  });

  test('goes with its feeder, and does not come back with it', async () => {
    const house = await openHouse();
    const feederId = newId();
    const old = await house.enrol(feederId);
    const { token } = await house.enrolment.tokens.rotate(feederId, 15 * MINUTE_MS, AUTHOR);
    const { code } = await house.enrolment.tokens.makeClaimCode(feederId, AUTHOR);
    await house.enrolment.remove(feederId, false, AUTHOR);
    expect(house.lets(feederId, [old, token])).toEqual([false, false]);
    await rejects(house.enrolment.tokens.claim(code, undefined, AUTHOR), 'unauthenticated');
    await rejects(house.enrolment.tokens.rotate(feederId, 0, AUTHOR), 'not-found');
    await rejects(house.enrolment.tokens.makeClaimCode(feederId, AUTHOR), 'not-found');
    const again = await house.enrol(feederId);
    await house.restart();
    expect(house.lets(feederId, [old, token, again])).toEqual([false, false, true]);
    await rejects(house.enrolment.tokens.claim(code, undefined, AUTHOR), 'unauthenticated');
  });
});

test('whatever is done in whatever order, only the present token lets in, and the one that the agent has as long as it was told', async () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('rotate' as const), overlapMinutes: fc.constantFrom(0, 1, 15) }),
      fc.record({ kind: fc.constant('claim' as const) }),
      fc.record({ kind: fc.constant('show' as const), back: fc.nat(3) }),
      fc.record({ kind: fc.constant('pass' as const), minutes: fc.constantFrom(0.5, 1, 20) }),
      fc.record({ kind: fc.constant('restart' as const) }),
    ),
    { minLength: 2, maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const house = await openHouse();
      const feederId = newId();
      /** Every token the feeder ever had, the present one first. */
      const tokens = [await house.enrol(feederId)];
      /** The one that its agent has, while the present one was not shown. */
      let previous = { token: '', untilMs: 0 };
      for (const step of sequence) {
        if (step.kind === 'pass') house.pass(step.minutes * MINUTE_MS);
        else if (step.kind === 'restart') await house.restart();
        else if (step.kind === 'show') {
          const back = step.back % tokens.length;
          const shown = tokens[back] ?? '';
          const letsIn = house.enrolment.tokens.letsIn(feederId, shown);
          expect(letsIn).toBe(back === 0 || (shown === previous.token && house.nowMs < previous.untilMs));
          if (back === 0) previous = { token: '', untilMs: 0 };
        } else {
          const overlapMs = step.kind === 'rotate' ? step.overlapMinutes * MINUTE_MS : 15 * MINUTE_MS;
          const code = step.kind === 'claim' ? (await house.enrolment.tokens.makeClaimCode(feederId, AUTHOR)).code : '';
          const { token } = await (step.kind === 'claim'
            ? house.enrolment.tokens.claim(code, [feederId], AUTHOR)
            : house.enrolment.tokens.rotate(feederId, overlapMs, AUTHOR));
          const inUse = house.nowMs < previous.untilMs ? previous.token : (tokens[0] ?? '');
          previous = { token: inUse, untilMs: house.nowMs + overlapMs };
          tokens.unshift(token);
        }
      }
      await house.enrolment.tokens.stop();
    }),
    { numRuns: 20 },
  );
});

describe('a claim code', () => {
  test('gives one token, to one of two at once, and the old token its overlap', async () => {
    const house = await openHouse();
    const feederId = newId();
    const old = await house.enrol(feederId);
    const { code } = await house.enrolment.tokens.makeClaimCode(feederId, AUTHOR);
    const claims = await Promise.allSettled([1, 2, 3].map(() => house.enrolment.tokens.claim(code, [feederId], AUTHOR)));
    const [won, ...others] = claims.flatMap((claim) => (claim.status === 'fulfilled' ? [claim.value] : []));
    expect(others).toEqual([]);
    expect(won).toMatchObject({ feederId, previousUntilMs: house.nowMs + 15 * MINUTE_MS });
    expect(house.lets(feederId, [old, won?.token ?? ''])).toEqual([true, true]);
    await rejects(house.enrolment.tokens.claim(code, [feederId], AUTHOR), 'unauthenticated');
  });

  test('is good for 15 minutes, also after a restart, and no longer than until the next one', async () => {
    const house = await openHouse();
    const feederId = newId();
    await house.enrol(feederId);
    const { code: first } = await house.enrolment.tokens.makeClaimCode(feederId, AUTHOR);
    const { code: second, expiresAtMs } = await house.enrolment.tokens.makeClaimCode(feederId, AUTHOR);
    expect(expiresAtMs).toBe(house.nowMs + 15 * MINUTE_MS);
    await rejects(house.enrolment.tokens.claim(first, undefined, AUTHOR), 'unauthenticated');
    await house.restart();
    house.pass(15 * MINUTE_MS - 1);
    expect(await house.enrolment.tokens.claim(second, undefined, AUTHOR)).toMatchObject({ feederId });
    const { code: third } = await house.enrolment.tokens.makeClaimCode(feederId, AUTHOR);
    house.nowMs += 15 * MINUTE_MS;
    await rejects(house.enrolment.tokens.claim(third, undefined, AUTHOR), 'unauthenticated');
  });

  test('is not used up by an agent that does not serve its feeder', async () => {
    const house = await openHouse();
    const feederId = newId();
    await house.enrol(feederId);
    const { code } = await house.enrolment.tokens.makeClaimCode(feederId, AUTHOR);
    await rejects(house.enrolment.tokens.claim(code, ['elsewhere'], AUTHOR), 'feeder-not-awaited');
    expect(await house.enrolment.tokens.claim(code, ['elsewhere', feederId], AUTHOR)).toMatchObject({ feederId });
  });

  test('is read as people type it, and as nothing else', () => {
    const zeros = ['0', 'O', 'o'];
    const ones = ['1', 'I', 'i', 'L', 'l'];
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (choices) => {
        const pick = <T>(among: readonly [T, ...T[]] | readonly T[]): T => among[Number(choices.next().value) % among.length] ?? expect.fail();
        const code = newClaimCode();
        expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
        const typed = Array.from(code.replaceAll('-', ''))
          .map((each) => pick(each === '0' ? zeros : each === '1' ? ones : [each, each.toLowerCase()]) + pick(['', '', ' ', '-', '\u2013', '\t']))
          .join('');
        expect(readClaimCode(typed)).toBe(code.replaceAll('-', ''));
      }),
    );
    for (const typed of ['', '7KQ2-M0XN-3T9A-ZD5', '7KQ2-M0XN-3T9A-ZD5RR', '7KQ2-M0XN-3T9A-ZD5U', '7KQ2_M0XN_3T9A_ZD5R', '7KQ2-M0XN-3T9A-ZD5\u0660']) {
      expect(readClaimCode(typed)).toBeUndefined();
    }
  });

  test('that is none finds nobody, although others have none', async () => {
    const house = await openHouse();
    await house.enrol(newId());
    for (const code of ['', 'x', newClaimCode()]) await rejects(house.enrolment.tokens.claim(code, undefined, AUTHOR), 'unauthenticated');
  });
});

test('each change is in the audit with it, and without secrets; what was refused is not there as done', async () => {
  const house = await openHouse();
  const feederId = newId();
  const token = await house.enrol(feederId);
  await rejects(house.enrolment.enrol({ feederId, name: 'x', site: 'farm', timeZone: 'UTC' }, AUTHOR), 'feeder-exists');
  house.pass(1); // no two entries at the same time
  const rotated = await house.enrolment.tokens.rotate(feederId, 0, AUTHOR);
  house.pass(1);
  const { code } = await house.enrolment.tokens.makeClaimCode(feederId, AUTHOR);
  house.pass(1);
  const claimed = await house.enrolment.tokens.claim(code, undefined, { ...AUTHOR, kind: 'nobody', id: null, name: null });
  const claimedAtMs = house.nowMs;
  house.pass(1);
  await house.enrolment.remove(feederId, false, AUTHOR);
  const told = { name: feederId, site: 'farm', timeZone: 'UTC' };
  const after15 = (atMs: number): string => new Date(atMs + 15 * MINUTE_MS).toISOString();
  const by = { author_kind: 'key', author_id: 'k-1', address: '192.0.2.7', sites: ['farm'] };
  const entries = await audited(feederId);
  expect(entries).toEqual([
    { ...by, action: 'enrolFeeder', before: null, after: told },
    { ...by, action: 'rotateToken', before: { previousTokenUntil: null }, after: { previousTokenUntil: null } },
    { ...by, action: 'makeClaimCode', before: null, after: { expiresAt: after15(claimedAtMs - 1) } },
    { ...by, author_kind: 'feeder', author_id: feederId, action: 'claimFeeder', before: { previousTokenUntil: null }, after: { previousTokenUntil: after15(claimedAtMs) } },
    { ...by, action: 'removeFeeder', before: told, after: null },
  ]);
  for (const secret of [token, rotated.token, claimed.token, code]) expect(JSON.stringify(entries)).not.toContain(secret);
});
