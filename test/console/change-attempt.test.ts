import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command, Problem, ProblemCode } from '../../console/api/shapes.ts';
import { askingAt, KEY_KNOWN_FOR_MS, progressAfter, SEND_AGAIN_WITHIN_MS, type Happening, type Progress } from '../../console/change/attempt.ts';
import { heldAfterRejection } from '../../console/change/ending.ts';

const ID = 'e2b7a6de-44a1-4d0c-8f7e-5d0b9a6c1f38';

const command = (state: Command['state'], more: Partial<Command> = {}): Command => ({
  commandId: ID,
  feederId: 'pond-1',
  kind: 'set-config',
  state,
  changes: { mealGrams: 120 },
  version: 8,
  readBack: null,
  previous: null,
  reason: null,
  issuedBy: 'ops',
  issuedAt: '2026-01-31T08:04:59.960Z',
  expiresAt: '2026-01-31T08:05:09.960Z',
  ackedAt: null,
  latencyMs: null,
  transitions: [],
  ...more,
});

const problem = (code: ProblemCode, more: Partial<Problem> = {}): Problem => ({ type: 'about:blank', title: code, status: 400, detail: code, code, ...more });
const refused = (code: ProblemCode, asking: 'order' | 'key' = 'order', more: Partial<Problem> = {}): Happening => ({ kind: 'turned-away', problem: problem(code, more), asking });

const SENDING: Progress = { kind: 'sending' };
const UNSURE: Progress = { kind: 'unsure', asks: 2 };
const PENDING: Progress = { kind: 'pending', commandId: ID, isOverdue: false };
const endingAfter = (from: Progress, happening: Happening): string => {
  const next = progressAfter(from, happening);
  return next.kind === 'ended' ? next.ending.kind : next.kind;
};

const anyState = fc.constantFrom<Command['state'][]>('applied', 'rejected', 'expired', 'superseded', 'indeterminate', 'sent', 'unresolved', 'refused');
const anyCode = fc.constantFrom<ProblemCode[]>(
  'feeder-offline', 'plc-unreachable', 'command-pending', 'command-superseded', 'version-mismatch', 'invalid-config', 'rate-limited', 'internal-error',
  'command-rejected', 'command-indeterminate', 'store-unavailable', 'lease-store-unavailable', 'bridge-stopping', 'command-unresolved', 'command-expired',
  'unauthenticated', 'forbidden', 'not-found', 'idempotency-mismatch',
);
const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  anyState.map((state): Happening => ({ kind: 'answered', command: command(state) })),
  fc.tuple(anyState, fc.boolean()).map(([state, isOwn]): Happening => ({ kind: 'told', command: command(state, isOwn ? {} : { commandId: 'another' }) })),
  fc.tuple(anyCode, fc.constantFrom<('order' | 'key')[]>('order', 'key'), fc.boolean()).map(([code, asking, hasId]) => refused(code, asking, hasId ? { commandId: ID } : {})),
  fc.constant<Happening>({ kind: 'no-answer' }),
);

describe('an attempt to change a feeder', () => {
  it('stays as it ended, and goes back from what the bridge has in no case, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(anyHappening, { maxLength: 12 }), (happenings) => {
        let progress: Progress = SENDING;
        for (const happening of happenings) {
          const next = progressAfter(progress, happening);
          if (progress.kind === 'ended') expect(next).toBe(progress);
          if (progress.kind === 'pending') expect(['pending', 'ended']).toContain(next.kind);
          if (progress.kind === 'unsure') expect(next.kind).not.toBe('sending');
          progress = next;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('counts as applied only where the bridge said so of a command', () => {
    fc.assert(
      fc.property(fc.array(anyHappening, { maxLength: 12 }), (happenings) => {
        const last = happenings.reduce(progressAfter, SENDING);
        const wasSaid = happenings.some((each) => (each.kind === 'answered' || each.kind === 'told') && each.command.state === 'applied');
        if (last.kind === 'ended' && last.ending.kind === 'applied') expect(wasSaid).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('tells what a refusal means', () => {
    expect(endingAfter(SENDING, refused('feeder-offline'))).toBe('offline');
    expect(endingAfter(SENDING, refused('plc-unreachable'))).toBe('plc-unreachable');
    expect(endingAfter(SENDING, refused('version-mismatch'))).toBe('changed-meanwhile');
    expect(endingAfter(SENDING, refused('command-pending', 'order', { commandId: ID }))).toBe('command-pending');
    expect(endingAfter(SENDING, refused('forbidden'))).toBe('not-allowed');
    expect(endingAfter(SENDING, refused('out-of-range'))).toBe('invalid');
    expect(endingAfter(SENDING, refused('store-unavailable'))).toBe('refused');
  });

  it('follows a command whose outcome was not known in time until it is', () => {
    const overdue = progressAfter(SENDING, refused('command-unresolved', 'order', { commandId: ID }));
    expect(overdue).toEqual({ kind: 'pending', commandId: ID, isOverdue: true });
    expect(progressAfter(overdue, { kind: 'told', command: command('applied', { commandId: 'another' }) })).toBe(overdue);
    expect(endingAfter(overdue, { kind: 'told', command: command('superseded') })).toBe('superseded');
  });

  it('takes a change that the PLC did not have as it was seen for a change meanwhile, by whatever way it is told', () => {
    const reason = { code: 'stale-version' as const, message: 'mealGrams is 90 by now' };
    expect(endingAfter(SENDING, refused('version-mismatch', 'order', { commandId: ID, reason }))).toBe('changed-meanwhile');
    expect(endingAfter(PENDING, { kind: 'told', command: command('rejected', { reason }) })).toBe('changed-meanwhile');
  });

  it('is told apart from one that never arrived, once its key alone is asked for', () => {
    expect(endingAfter(UNSURE, { kind: 'answered', command: command('applied') })).toBe('applied');
    for (const code of ['version-mismatch', 'feeder-offline', 'plc-unreachable', 'command-pending'] as const) {
      expect(endingAfter(UNSURE, refused(code, 'key'))).toBe('never-arrived');
    }
    // It says that the earlier one was not taken either, and why this one was not.
    expect(endingAfter(UNSURE, refused('feeder-offline', 'order'))).toBe('offline');
  });

  it('stays unsure where a refusal says nothing of the request before it', () => {
    for (const code of ['rate-limited', 'store-unavailable', 'bridge-stopping', 'internal-error'] as const) {
      expect(progressAfter(UNSURE, refused(code))).toEqual({ kind: 'unsure', asks: 3 });
    }
    expect(endingAfter(UNSURE, refused('not-found'))).toBe('unknown');
    expect(endingAfter(SENDING, refused('internal-error'))).toBe('unsure');
  });

  it('is never begun long after it was asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 48 * 3_600_000 }), (ageMs) => {
        const asking = askingAt(UNSURE, ageMs);
        if (ageMs >= SEND_AGAIN_WITHIN_MS) expect(asking).not.toBe('order');
        expect(asking === undefined).toBe(ageMs >= KEY_KNOWN_FOR_MS);
      }),
    );
  });
});

describe('what a PLC holds after a rejection', () => {
  it('is as before only where everything written was read back so', () => {
    expect(heldAfterRejection({ readBack: { mealGrams: 90 }, previous: { mealGrams: 90 } })).toBe('as-before');
    expect(heldAfterRejection({ readBack: { mealGrams: 100 }, previous: { mealGrams: 90 } })).toBe('otherwise');
    expect(heldAfterRejection({ readBack: {}, previous: {} })).toBe('not-told');
    expect(heldAfterRejection({ readBack: { mealGrams: 90 }, previous: {} })).toBe('not-told');
  });
});
