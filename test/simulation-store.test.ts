import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ending, NewCommand, Order, StoredCommand } from '../src/store/commands.ts';
import { openDatabase, type Database } from '../src/store/database.ts';
import { insertFeeder, mergeReport, type Report } from '../src/store/feeders.ts';
import { migrate } from '../src/store/migrate.ts';
import { postgresCommands } from '../src/store/postgres-commands.ts';
import { OUTCOMES } from '../topics/commands.ts';
import { CommandTables } from './simulation/command-tables.ts';
import { MIGRATIONS } from './support/migrations.ts';
import { freshDatabase, type FreshDatabase } from './support/postgres.ts';
import { ISSUED } from './support/issuer.ts';

const BEGAN_MS = Date.UTC(2026, 0, 1);

/** One thing asked of the store. What is inserted is mostly new, what is settled mostly the latest; both sometimes not. */
type Operation =
  | { kind: 'insert'; isAgain: boolean; order: Order; heardVersion: number; ifMatch: number[] | 'any' | undefined; key: number | undefined; body: number }
  | { kind: 'find-key'; key: number; body: number; afterHours: number }
  | { kind: 'settle'; back: number; state: Ending['state']; readAtMs: number; readBack: Record<string, number | boolean> | null }
  | { kind: 'settle-unsent'; back: number; order: Order }
  | { kind: 'report'; report: Report }
  | { kind: 'look'; back: number };

/** How many commands back; -1 for one that was never stored. */
const back = fc.integer({ min: -1, max: 3 });
const rarely = fc.nat(9).map((number) => number === 0);
const key = fc.nat(3);
const body = fc.nat(1);
/** Few values and few times, so that readings meet each other. */
const values = fc.dictionary(fc.constantFrom('mealGrams', 'feedingEnabled', 'windowStartMinute'), fc.oneof(fc.nat(2), fc.boolean()));
const readAtMs = fc.nat(5).map((steps) => BEGAN_MS + steps * 1000);
const order: fc.Arbitrary<Order> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('set-config'), changes: values }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('feed-now'), grams: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear-alarms') }) },
);
const ifMatch = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constant('any' as const) },
  { weight: 2, arbitrary: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 4 }) },
);
const report = fc.record({ values, readAtMs, source: fc.constantFrom('start', 'command', 'local'), agentVersion: fc.nat(4) });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('insert'), isAgain: rarely, order, heardVersion: fc.nat(4), ifMatch, key: fc.option(key, { nil: undefined }), body }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('find-key'), key, body, afterHours: fc.constantFrom(0, 23, 24, 25) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('settle'), back, state: fc.constantFrom('applied', ...OUTCOMES), readAtMs, readBack: fc.option(values) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('settle-unsent'), back, order }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('report'), report }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('look'), back }) },
);

let given: FreshDatabase;
let db: Database;

beforeAll(async () => {
  given = await freshDatabase();
  db = await openDatabase({
    ...given,
    onLost: (reason) => {
      throw reason;
    },
  });
  await migrate(db, MIGRATIONS, () => undefined);
});
afterAll(async () => {
  await db.close();
  await given.dispose();
});

/** The answer, or that there was none. */
const answerOf = async (ask: () => unknown): Promise<unknown> => {
  try {
    return { answer: await ask() };
  } catch {
    return 'refused';
  }
};

test('the store of the simulation answers as Postgres does', async () => {
  const commands = postgresCommands(db);
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 25 }), async (operations) => {
      const feederId = `pond-${randomUUID()}`;
      const tokenSha256 = Buffer.alloc(32);
      await insertFeeder(db, { feederId, name: 'Pond', site: 'farm', timeZone: 'UTC', tokenSha256, enrolledAtMs: BEGAN_MS });
      const tables = new CommandTables(feederId);
      const ids: string[] = [];
      const idOf = (back: number): string => ids.at(-1 - back) ?? randomUUID();
      const use = (number: number, body: number) => ({
        apiKey: feederId,
        method: 'POST',
        path: '/',
        key: String(number),
        bodySha256: Buffer.from([body]),
      });
      const refused = (commandId: string, order: Order): StoredCommand => ({
        commandId,
        feederId,
        order,
        version: null,
        expected: null,
        journalId: null,
        issuedBy: 'somebody',
        issuedAtMs: BEGAN_MS,
        expiresAtMs: null,
        traceparent: null,
        ending: { state: 'refused', endedAtMs: BEGAN_MS, readAtMs: null, readBack: null, previous: null, reason: { code: 'expired', message: '' } },
      });
      const ask = (operation: Operation): [postgres: () => unknown, memory: () => unknown] => {
        switch (operation.kind) {
          case 'insert': {
            const { isAgain, order, heardVersion, ifMatch, key, body } = operation;
            if (!isAgain) ids.push(randomUUID());
            const issuedAtMs = BEGAN_MS + ids.length;
            const command: NewCommand = {
              commandId: idOf(0),
              feederId,
              order,
              journalId: 'journal',
              ...ISSUED,
              issuedAtMs,
              expiresAtMs: issuedAtMs + 10_000,
              traceparent: null,
              heardVersion,
              ifMatch,
              idempotency: key === undefined ? undefined : use(key, body),
            };
            return [() => commands.insert(command), () => tables.insert(command)];
          }
          case 'find-key': {
            const { key, body, afterHours } = operation;
            const nowMs = BEGAN_MS + afterHours * 3_600_000;
            return [() => commands.findIdempotent(use(key, body), nowMs), () => tables.findIdempotent(use(key, body), nowMs)];
          }
          case 'settle': {
            const { back, state, readAtMs, readBack } = operation;
            const ending: Ending = { state, endedAtMs: readAtMs + 1, readAtMs, readBack, previous: null, reason: null };
            const command = { commandId: idOf(back), feederId };
            return [() => commands.settle(command, ending), () => tables.settle(command, ending)];
          }
          case 'settle-unsent': {
            const command = refused(idOf(operation.back), operation.order);
            return [() => commands.settleUnsent(command), () => tables.settleUnsent(command)];
          }
          case 'report':
            return [() => mergeReport(db, feederId, operation.report), () => tables.report(operation.report)];
          case 'look': {
            const commandId = idOf(operation.back);
            return [() => commands.find(commandId), () => tables.find(commandId)];
          }
        }
      };
      for (const operation of operations) {
        const [postgres, memory] = ask(operation);
        expect(await answerOf(memory), JSON.stringify(operation)).toEqual(await answerOf(postgres));
        expect(tables.configOf(feederId)).toEqual(await commands.configOf(feederId));
      }
      const byId = (a: StoredCommand, b: StoredCommand): number => a.commandId.localeCompare(b.commandId);
      expect(tables.unsettled(feederId).sort(byId)).toEqual((await commands.unsettled(feederId)).sort(byId));
    }),
    { numRuns: 40 },
  );
});
