import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeederId } from '../../topics/identifiers.ts';
import type { Failure } from '../../console/api/client.ts';
import { isLoopback } from '../../console/device/loopback.ts';
import { differencesOf, isReading } from '../../console/screens/admin/audit-differences.ts';
import { auditQuery, NO_AUDIT_FILTER } from '../../console/screens/admin/audit-query.ts';
import { tidied, wrongIn } from '../../console/screens/admin/enrolment.ts';
import { beginOfDay, endOfDay, expiryAsked } from '../../console/screens/admin/expiry.ts';
import { isId, isName, wrongFieldsOf } from '../../console/screens/admin/wrong-fields.ts';
import { DisplayName } from '../../src/http/display-name.ts';

const NOW_MS = Date.parse('2026-01-31T08:00:00.000Z');

describe('what is filled in', () => {
  it('takes ids and names as the bridge does', () => {
    const idLike = fc.array(fc.constantFrom('a', '9', '-', 'A', '_', ' ', 'é'), { maxLength: 70, size: 'max' }).map((letters) => letters.join(''));
    fc.assert(fc.property(idLike, (text) => isId(text) === FeederId.safeParse(text).success));
    const nameLike = fc.oneof(fc.string({ maxLength: 110, size: 'max' }), fc.constantFrom('', '   ', 'מאביס 1', ' x ', 'a\u0000b', '\ud800', 'x'.repeat(101), '🐟'.repeat(100)));
    fc.assert(fc.property(nameLike, (text) => isName(text) === DisplayName.safeParse(text).success));
  });

  it('names what is wrong with an enrolment, and takes one that is tidied', () => {
    expect(wrongIn({ feederId: 'Pond 1', name: ' ', site: '', timeZone: 'Mars/Base' })).toEqual({ feederId: 'feederId', name: 'name', site: 'site', timeZone: 'timeZone' });
    expect(wrongIn(tidied({ feederId: ' pond-1 ', name: ' North pond ', site: 'farm ', timeZone: ' Europe/Oslo' }))).toEqual({});
  });
});

describe('what the bridge does not take', () => {
  const problem = (code: string, errors?: { pointer: string; code: string; detail: string }[]): Failure =>
    ({ kind: 'problem', problem: { type: 't', title: 't', status: 400, detail: 'd', code, errors }, response: new Response() }) as Failure;
  const at = (pointer: string) => ({ pointer, code: 'malformed', detail: 'expected something' });

  it('is told at the fields of its pointers', () => {
    expect(wrongFieldsOf(problem('malformed', [at('/sites/0'), at('/expiresAt'), at('')]))).toEqual({ sites: 'sites', expiresAt: 'expiresAt' });
    expect(wrongFieldsOf(problem('feeder-exists'))).toEqual({ feederId: 'feederExists' });
    expect(wrongFieldsOf(problem('key-exists'))).toEqual({ name: 'keyExists' });
  });

  it('is told at no field where it lies in none', () => {
    for (const failure of [undefined, { kind: 'no-answer' } as const, problem('forbidden'), problem('malformed', [at('/role')])]) expect(wrongFieldsOf(failure)).toEqual({});
  });
});

describe('an expiry', () => {
  it('is a time, none, or that of the own key', () => {
    expect(expiryAsked({ choice: 'month', date: '' }, NOW_MS)).toEqual({ expiresAt: '2026-03-02T08:00:00.000Z' });
    expect(expiryAsked({ choice: 'never', date: '2026-03-01' }, NOW_MS)).toEqual({ expiresAt: null });
    expect(expiryAsked({ choice: 'own', date: '' }, NOW_MS)).toEqual({});
  });

  it('by a day is the end of it, and no day that is over', () => {
    expect(expiryAsked({ choice: 'date', date: '2026-03-01' }, NOW_MS)).toEqual({ expiresAt: new Date(2026, 2, 2).toISOString() });
    for (const date of ['', '2025-12-31', 'soon']) expect(expiryAsked({ choice: 'date', date }, NOW_MS)).toBeUndefined();
  });

  it('takes each day from its begin to that of the next', () => {
    const day = fc.date({ min: new Date(2000, 0, 1), max: new Date(2099, 11, 30), noInvalidDate: true });
    const written = (date: Date): string => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
    fc.assert(
      fc.property(day, (date) => {
        const [begin, end] = [beginOfDay(written(date)), endOfDay(written(date))];
        if (begin === undefined || end === undefined) throw new Error('expected a day');
        expect(begin).toBeLessThanOrEqual(date.getTime());
        expect(end).toBeGreaterThan(date.getTime());
        expect(beginOfDay(written(new Date(end)))).toBe(end);
      }),
    );
  });
});

describe('the audit', () => {
  it('is asked for by what is filled in alone', () => {
    expect(auditQuery(NO_AUDIT_FILTER)).toEqual({});
    expect(auditQuery({ feeder: ' Pond-1 ', action: 'changeConfig', author: ' Kari ', result: 'refused', fromDay: '2026-01-30', toDay: '2026-01-30' })).toEqual({
      feeder: 'pond-1', action: 'changeConfig', author: 'Kari', result: 'refused', from: new Date(2026, 0, 30).toISOString(), to: new Date(2026, 0, 31).toISOString(),
    });
    expect(auditQuery({ ...NO_AUDIT_FILTER, fromDay: '2026-02-01', toDay: '2026-01-30' })).toBeUndefined();
  });

  it('tells before, asked and after, and what was asked only where something else came of it', () => {
    expect(differencesOf({ before: { mealGrams: 90 }, asked: { kind: 'set-config', mealGrams: 120 }, after: { mealGrams: 120 } })).toEqual([
      { name: 'mealGrams', before: 90, asked: undefined, after: 120 },
      { name: 'kind', before: undefined, asked: 'set-config', after: undefined },
    ]);
    expect(differencesOf({ before: { mealGrams: 90 }, asked: { mealGrams: 120 }, after: { mealGrams: 90 } })).toEqual([{ name: 'mealGrams', before: 90, asked: 120, after: 90 }]);
    expect(differencesOf({ before: null, asked: null, after: null })).toEqual([]);
  });

  it('knows which operations only read', () => {
    expect(['listKeys', 'getFeeder', 'followEvents'].every(isReading)).toBe(true);
    expect(['makeKey', 'signIn', 'listen'].some(isReading)).toBe(false);
  });
});

describe('an address that only this computer knows', () => {
  it.each([['localhost', true], ['127.0.0.1', true], ['[::1]', true], ['x.localhost', true], ['127.example.com', false], ['192.168.0.7', false], ['bridge.example', false]])('%s: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
