import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endingFrom, stateOf, toWire, transitionsOf } from '../src/commands/life-cycle.ts';
import type { Ending, StoredCommand } from '../src/store/commands.ts';
import { OUTCOMES, type Ack } from '../topics/commands.ts';
import { fromInstant, toInstant } from '../topics/identifiers.ts';
import { buildTopic, decode, encode } from '../topics/topics.ts';

const ISSUED_MS = 1_760_000_000_000;
const sent: StoredCommand = {
  commandId: 'c1',
  feederId: 'pond-1',
  order: { kind: 'set-config', changes: { mealGrams: 120 } },
  version: 7,
  expected: null,
  journalId: null,
  issuedBy: 'admin',
  issuedAtMs: ISSUED_MS,
  expiresAtMs: ISSUED_MS + 10_000,
  traceparent: null,
  ending: null,
};
const ack = (more: Partial<Ack>): Ack => ({
  commandId: 'c1',
  outcome: 'applied',
  at: toInstant(ISSUED_MS + 50),
  readBack: { mealGrams: 120 },
  ...more,
});

describe('states', () => {
  test('sent, then unresolved once the deadline has passed, then whatever the outcome is', () => {
    expect(stateOf(sent, ISSUED_MS + 9_999)).toBe('sent');
    expect(stateOf(sent, ISSUED_MS + 10_000)).toBe('unresolved');
    const late = { ...sent, ending: endingFrom(ack({}), ISSUED_MS + 50, sent, null, ISSUED_MS + 12_000) };
    expect(stateOf(late, ISSUED_MS + 99_000)).toBe('applied');
    expect(transitionsOf(late, ISSUED_MS + 99_000).map(({ state }) => state)).toEqual(['sent', 'unresolved', 'applied']);
  });

  test('transitions are in order of time and end in the state, whenever one looks', () => {
    const ending = fc.option(
      fc.record({ state: fc.constantFrom(...OUTCOMES), endedAtMs: fc.integer({ min: ISSUED_MS, max: ISSUED_MS + 60_000 }) }),
    );
    fc.assert(
      fc.property(ending, fc.integer({ min: 0, max: 120_000 }), (ended, later) => {
        const full: Ending | null = ended && { ...ended, readAtMs: null, readBack: null, previous: null, reason: null };
        const command = { ...sent, ending: full };
        const now = (ended?.endedAtMs ?? ISSUED_MS) + later;
        const transitions = transitionsOf(command, now);
        expect(transitions.at(-1)?.state).toBe(stateOf(command, now));
        expect(transitions.map(({ atMs }) => atMs)).toEqual(transitions.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('acks', () => {
  test.each([
    ['is missing', undefined],
    ['lacks the parameter', {}],
    ['shows another value', { mealGrams: 119 }],
    ['shows another type', { mealGrams: true }],
  ])('applied is not believed where the read-back %s', (_how, readBack) => {
    const bare: Ack = { commandId: 'c1', outcome: 'applied', at: toInstant(ISSUED_MS + 50) };
    const ending = endingFrom({ ...bare, ...(readBack && { readBack }) }, ISSUED_MS + 50, sent, null, ISSUED_MS + 100);
    expect(ending).toMatchObject({ state: 'rejected', reason: { code: 'read-back-mismatch', parameter: 'mealGrams' } });
  });

  test('every other outcome is taken as it is, with its reason', () => {
    const reason = { code: 'plc-exception', message: 'illegal address', exceptionCode: 2 };
    expect(endingFrom(ack({ outcome: 'rejected', reason }), ISSUED_MS, sent, null, ISSUED_MS)).toMatchObject({ state: 'rejected', reason });
    expect(endingFrom(ack({ outcome: 'superseded' }), ISSUED_MS, sent, null, ISSUED_MS)).toMatchObject({ state: 'superseded' });
  });

  test('a reading for a command is no older than the command, whatever the agent says', () => {
    expect(endingFrom(ack({}), ISSUED_MS - 5_000, sent, null, ISSUED_MS + 100).readAtMs).toBe(ISSUED_MS);
    expect(endingFrom(ack({}), ISSUED_MS + 50, sent, null, ISSUED_MS + 100).readAtMs).toBe(ISSUED_MS + 50);
  });
});

test('what goes on the wire is a command that the contract takes, the same on every sending', () => {
  const wire = toWire({ ...sent, expected: { mealGrams: 100 }, journalId: 'j1' });
  if (wire === undefined) throw new Error('expected a command');
  expect(decode(buildTopic('pond-1', 'command'), Buffer.from(encode('command', wire)))).toEqual({
    ok: true,
    value: { feederId: 'pond-1', topic: 'command', payload: wire },
  });
  expect(fromInstant(wire.expiresAt) - fromInstant(wire.issuedAt)).toBe(10_000);
});

test('a refused change never goes on the wire', () => {
  expect(toWire({ ...sent, version: null, expiresAtMs: null })).toBeUndefined();
});
