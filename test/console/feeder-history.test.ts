import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlarmThresholds, Command } from '../../console/api/shapes.ts';
import { changeLinesOf, ledgerAfter, stateAt } from '../../console/screens/feeder/ledger-after.ts';
import { draftOf, reviewThresholds, THRESHOLDS } from '../../console/screens/feeder/threshold-draft.ts';
import { LANGUAGES } from '../../console/words/language.ts';
import { DEFAULT_THRESHOLDS, parseThresholdChanges, Thresholds } from '../../src/alarms/thresholds.ts';

const STATES: readonly Command['state'][] = ['sent', 'unresolved', 'applied', 'rejected', 'refused', 'expired', 'superseded', 'indeterminate'];

const command = (minute: number, state: Command['state'], rest: Partial<Command> = {}): Command => ({
  commandId: `command-${minute}`,
  feederId: 'pond-1',
  kind: 'set-config',
  state,
  changes: { mealGrams: 120 },
  version: 7,
  readBack: null,
  previous: null,
  reason: null,
  issuedBy: 'ole',
  issuedAt: new Date(Date.UTC(2026, 0, 31, 8, minute)).toISOString(),
  expiresAt: new Date(Date.UTC(2026, 0, 31, 8, minute, 10)).toISOString(),
  ackedAt: null,
  latencyMs: null,
  transitions: [],
  ...rest,
});

const heard = (...commands: Command[]): Map<string, Command> => new Map(commands.map((each) => [each.commandId, each]));

describe('the ledger, as it goes on', () => {
  test('never goes back: what was heard before it was read changes nothing', () => {
    const items = [command(2, 'applied'), command(1, 'unresolved')];
    const after = ledgerAfter({ items, isWhole: true, state: undefined }, heard(command(2, 'sent'), command(1, 'rejected')));
    expect(after.map(({ state }) => state)).toEqual(['applied', 'rejected']);
  });

  test('tells of new commands at its head, and leaves older ones to their page', () => {
    const read = { items: [command(5, 'applied'), command(4, 'applied')], state: undefined };
    const told = heard(command(6, 'sent'), command(1, 'applied'));
    expect(ledgerAfter({ ...read, isWhole: false }, told).map(({ commandId }) => commandId)).toEqual(['command-6', 'command-5', 'command-4']);
    expect(ledgerAfter({ ...read, isWhole: true }, told).map(({ commandId }) => commandId)).toEqual(['command-6', 'command-5', 'command-4', 'command-1']);
  });

  test('of one state holds no command of another', () => {
    const items = [command(5, 'sent')];
    expect(ledgerAfter({ items, isWhole: true, state: 'sent' }, heard(command(5, 'applied'), command(6, 'sent'))).map(({ commandId }) => commandId)).toEqual(['command-6']);
  });

  test('has each command once, newest first, however it came', () => {
    const some = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.constantFrom(...STATES)), { selector: ([minute]) => minute });
    fc.assert(
      fc.property(some, some, (read, told) => {
        const items = read.map(([minute, state]) => command(minute, state)).sort((a, b) => b.issuedAt.localeCompare(a.issuedAt));
        const after = ledgerAfter({ items, isWhole: true, state: undefined }, heard(...told.map(([minute, state]) => command(minute, state))));
        const minutes = [...new Set([...read, ...told].map(([minute]) => minute))].sort((a, b) => b - a);
        expect(after.map(({ commandId }) => commandId)).toEqual(minutes.map((minute) => `command-${minute}`));
      }),
    );
  });

  test('calls a command overdue once its deadline has passed, and no other', () => {
    const sent = command(0, 'sent');
    const deadlineMs = Date.parse(sent.expiresAt ?? '');
    expect(stateAt(sent, deadlineMs)).toBe('sent');
    expect(stateAt(sent, deadlineMs + 1)).toBe('unresolved');
    expect(stateAt(command(0, 'applied'), deadlineMs + 1)).toBe('applied');
  });
});

describe('what a command changed', () => {
  test('is shown as changed only by what the PLC held afterwards', () => {
    const values = { readBack: { mealGrams: 120 }, previous: { mealGrams: 100 } };
    expect(changeLinesOf(command(0, 'applied', values))).toEqual([{ name: 'mealGrams', kind: 'held', old: 100, now: 120 }]);
    expect(changeLinesOf(command(0, 'rejected', { ...values, readBack: { mealGrams: 100 } }))).toEqual([{ name: 'mealGrams', kind: 'asked', asked: 120, held: 100 }]);
    for (const state of ['sent', 'unresolved', 'refused', 'expired', 'indeterminate'] as const) {
      expect(changeLinesOf(command(0, state))).toEqual([{ name: 'mealGrams', kind: 'asked', asked: 120, held: undefined }]);
    }
  });
});

describe('thresholds that are filled in', () => {
  const held: AlarmThresholds = { ...DEFAULT_THRESHOLDS, agentLostMinutes: null, oxygenMinMgPerLitre: 4.5 };

  test('change nothing as long as nobody touches them, in each language', () => {
    for (const language of LANGUAGES) expect(reviewThresholds(draftOf(held, language), held, language)).toEqual({ changes: {}, faults: new Map() });
  });

  test('send what differs alone; null is off', () => {
    const draft = { ...draftOf(held, 'es'), oxygenMinMgPerLitre: { isWatched: true, typed: '4,75' }, mealsMissed: { isWatched: false, typed: '2' }, agentLostMinutes: { isWatched: true, typed: '10' } };
    expect(reviewThresholds(draft, held, 'es').changes).toEqual({ oxygenMinMgPerLitre: 4.75, mealsMissed: null, agentLostMinutes: 10 });
  });

  test('are taken exactly where the bridge takes them', () => {
    const number = fc.oneof(
      fc.constantFrom(0, 0.1, 0.5, 1, 1.5, -5, 20, 40, 365, 1000, 1440, 10_080),
      fc.integer({ min: -10, max: 11_000 }),
      fc.integer({ min: -1_000, max: 1_100_000 }).map((hundredths) => hundredths / 100),
    );
    fc.assert(
      fc.property(fc.constantFrom(...THRESHOLDS.map(({ name }) => name)), number, (name, value) => {
        const off: AlarmThresholds = { ...DEFAULT_THRESHOLDS, [name]: null };
        const { changes, faults } = reviewThresholds({ ...draftOf(off, 'en'), [name]: { isWatched: true, typed: String(value) } }, off, 'en');
        const isTaken = ((): boolean => {
          try {
            parseThresholdChanges({ [name]: value });
            return true;
          } catch {
            return false;
          }
        })();
        expect(faults.has(name)).toBe(!isTaken);
        expect(changes).toEqual(isTaken ? { [name]: value } : {});
      }),
    );
    expect(THRESHOLDS.map(({ name }) => name).sort()).toEqual(Object.keys(Thresholds.shape).sort());
  });

  test('must be numbers', () => {
    const draft = { ...draftOf(held, 'en'), hopperDaysLeft: { isWatched: true, typed: 'two' }, plcLostMinutes: { isWatched: true, typed: '' } };
    expect([...reviewThresholds(draft, held, 'en').faults]).toEqual([['hopperDaysLeft', 'unreadable'], ['plcLostMinutes', 'unreadable']]);
  });
});
