import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Values } from '../topics/parameters.ts';
import type { CommandStore, Ending, Order, StoredCommand } from '../src/store/commands.ts';
import { openDatabase, type Database } from '../src/store/database.ts';
import { insertFeeder, mergeReport, selectFeeders, type ReportedConfig } from '../src/store/feeders.ts';
import { migrate } from '../src/store/migrate.ts';
import { postgresCommands } from '../src/store/postgres-commands.ts';
import { MIGRATIONS } from './support/migrations.ts';
import { freshDatabase, type FreshDatabase } from './support/postgres.ts';
import { ISSUED } from './support/issuer.ts';

let fresh: FreshDatabase;
let db: Database;
let commands: CommandStore;
beforeAll(async () => {
  fresh = await freshDatabase();
  db = await openDatabase({ ...fresh, onLost: (reason) => expect.fail(reason.message) });
  await migrate(db, MIGRATIONS, () => undefined);
  commands = postgresCommands(db);
});
afterAll(async () => {
  await db.close();
  await fresh.dispose();
});

const small = fc.integer({ min: 0, max: 2 });
const values: fc.Arbitrary<Values> = fc.record({ mealGrams: small, intervalSeconds: small });
const someValues: fc.Arbitrary<Values> = fc.record({ mealGrams: small, intervalSeconds: small }, { requiredKeys: [] });
/** How long after the one before a reading was made; it may be an older one that comes late. */
const sinceMs = fc.integer({ min: -3, max: 5 });

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('change' as const),
        order: fc.oneof(
          { weight: 3, arbitrary: fc.record({ kind: fc.constant('set-config' as const), changes: someValues }) },
          { weight: 1, arbitrary: fc.constantFrom<Order>({ kind: 'feed-now', grams: 50 }, { kind: 'clear-alarms' }) },
        ),
        ifMatch: fc.constantFrom('none', 'current', 'stale'),
        heardVersion: fc.integer({ min: 0, max: 12 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('ack' as const),
        which: fc.nat(),
        state: fc.constantFrom('applied' as const, 'rejected' as const, 'expired' as const, 'superseded' as const, 'indeterminate' as const),
        readBack: fc.option(someValues),
        sinceMs,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('report' as const),
        values,
        source: fc.constantFrom('start' as const, 'local' as const, 'command' as const),
        agentVersion: fc.integer({ min: 0, max: 12 }),
        sinceMs,
      }),
    },
  ),
  { minLength: 1, maxLength: 25 },
);

/** What there should be, kept by the simplest rules. */
type Model = {
  nowMs: number;
  values: Values | undefined;
  /** When each value was read; of two readings of one value the later stands. */
  readAt: Record<string, number>;
  /** The latest of those times. */
  readAtMs: number;
  /** The highest version given or heard of. */
  highest: number;
  unsettled: StoredCommand[];
  settled: StoredCommand[];
};

const shown = async (feederId: string): Promise<ReportedConfig | null> =>
  (await selectFeeders(db)).find((feeder) => feeder.feederId === feederId)?.config ?? null;

test('whatever comes in whatever order: versions never fall, values are the latest reading, and the ETag moves with them', async () => {
  let feeders = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const feederId = `pond-${++feeders}`;
      await insertFeeder(db, { feederId, name: 'pond', site: 'farm', timeZone: 'UTC', tokenSha256: Buffer.alloc(32), enrolledAtMs: 0 });
      const model: Model = { nowMs: 1_000, values: undefined, readAt: {}, readAtMs: -Infinity, highest: 0, unsettled: [], settled: [] };
      const read = (readAtMs: number, got: Values): void => {
        model.readAtMs = Math.max(model.readAtMs, readAtMs);
        model.values ??= {};
        for (const [name, value] of Object.entries(got)) {
          if (readAtMs < (model.readAt[name] ?? -Infinity)) continue;
          model.readAt[name] = readAtMs;
          model.values[name] = value;
        }
      };
      for (const step of sequence) {
        const before = await shown(feederId);
        model.nowMs += 10;
        switch (step.kind) {
          case 'change': {
            const current = before?.version ?? 0;
            const commandId = randomUUID();
            const insertion = await commands.insert({
              commandId, feederId, order: step.order, journalId: null, ...ISSUED, issuedAtMs: model.nowMs,
              expiresAtMs: model.nowMs + 10, traceparent: null, heardVersion: step.heardVersion, idempotency: undefined,
              ifMatch: step.ifMatch === 'none' ? undefined : [step.ifMatch === 'current' ? current : current + 100],
            });
            const isUnsettled = (kind: Order['kind']) => model.unsettled.find(({ order }) => order.kind === kind);
            const matches = step.ifMatch === 'none' || (step.ifMatch === 'current' && before !== null && !isUnsettled('set-config'));
            const pending = step.order.kind === 'feed-now' ? isUnsettled('feed-now') : undefined;
            if (!matches) expect(insertion).toEqual({ kind: 'version-mismatch' });
            else if (pending) expect(insertion).toEqual({ kind: 'pending', commandId: pending.commandId });
            else {
              const command = insertion.kind === 'stored' ? insertion.command : expect.fail(insertion.kind);
              expect(await commands.find(commandId)).toEqual(command);
              const isConfig = step.order.kind === 'set-config';
              expect(command.expected).toEqual(isConfig && step.ifMatch !== 'none' ? model.values : null);
              if (isConfig) {
                expect(command.version).toBeGreaterThan(Math.max(model.highest, step.heardVersion));
                model.highest = command.version ?? 0;
              } else {
                expect(command.version).toBeNull();
              }
              model.unsettled.push(command);
            }
            break;
          }
          case 'ack': {
            const all = [...model.unsettled, ...model.settled];
            const command = all[step.which % Math.max(1, all.length)];
            if (command === undefined) break;
            const readAtMs = Math.max(model.readAtMs, 0) + step.sinceMs;
            const ending: Ending = {
              state: step.state, endedAtMs: model.nowMs, readAtMs: step.readBack ? readAtMs : null,
              readBack: step.readBack, previous: null, reason: null,
            };
            const outcome = await commands.settle(command, ending);
            if (!model.unsettled.includes(command)) {
              expect(outcome.kind).toBe('later');
              expect((await commands.find(command.commandId))?.ending?.state).toBe(command.ending?.state);
              break;
            }
            expect(outcome).toEqual({ kind: 'first', config: await shown(feederId) });
            model.unsettled = model.unsettled.filter((other) => other !== command);
            model.settled.push({ ...command, ending });
            if (model.values && step.readBack && command.order.kind === 'set-config') read(readAtMs, step.readBack);
            if (before && step.state === 'applied') expect((await shown(feederId))?.version).toBeGreaterThanOrEqual(command.version ?? 0);
            break;
          }
          case 'report': {
            const readAtMs = Math.max(model.readAtMs, 0) + step.sinceMs;
            const merged = await mergeReport(db, feederId, { values: step.values, readAtMs, source: step.source, agentVersion: step.agentVersion });
            expect(merged).toEqual(await shown(feederId));
            model.highest = Math.max(model.highest, step.agentVersion);
            read(readAtMs, step.values);
            break;
          }
        }
        const after = await shown(feederId);
        expect(after?.values).toEqual(model.values);
        if (after === null) continue;
        expect(after.readAtMs).toBe(model.readAtMs);
        expect(after.version).toBeGreaterThanOrEqual(before?.version ?? 1);
        if (before && JSON.stringify(sorted(before.values)) !== JSON.stringify(sorted(after.values))) {
          expect(after.version).toBeGreaterThan(before.version);
        }
        model.highest = Math.max(model.highest, after.version);
      }
    }),
    { numRuns: 50 },
  );
});

const sorted = (unsorted: Values) => Object.entries(unsorted).sort(([a], [b]) => a.localeCompare(b));
