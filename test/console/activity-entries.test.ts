import './support/in-english.ts';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../console/api/shapes.ts';
import type { News } from '../../console/farm/news.ts';
import { changesOf, entryMaker } from '../../console/screens/activity/entries.ts';
import { heldEntries, isAskedFor, newsSince, NO_FILTER } from '../../console/screens/activity/shown-entries.ts';
import { sentenceOf } from '../../console/screens/activity/sentence.ts';

const AT = '2026-01-31T08:00:00.000Z';

let nextId = 0;
const news = (type: string, feederId: string, data: object): News => {
  nextId += 1;
  return { type, id: String(nextId), data: { feederId, at: AT, ...data } } as News;
};
const presence = (feederId: string, state: 'online' | 'offline'): News =>
  news('presence', feederId, { presence: { state, sessionId: 's', at: AT, reason: state === 'online' ? 'connected' : 'lease-expired' } });
const config = (feederId: string, source: 'start' | 'command' | 'local', values: object): News =>
  news('config', feederId, { config: { version: 1, values, readAt: AT, source } });
const commandOf = (commandId: string, more: Partial<Command>): Command => ({
  commandId, feederId: 'pond-1', kind: 'set-config', state: 'sent', changes: { mealGrams: 120 }, version: 2, readBack: null, previous: null,
  reason: null, issuedBy: 'Kari', issuedAt: AT, expiresAt: AT, ackedAt: null, latencyMs: null, transitions: [], ...more,
});
const command = (commandId: string, more: Partial<Command> = {}): News => news('command', 'pond-1', { command: commandOf(commandId, more) });

/** News come newest first. */
const newestFirst = (...inOrder: News[]): News[] => inOrder.reverse();

describe('the entries of the activity', () => {
  it('tell of a command once, where it was sent, and how it stands now', () => {
    const entries = entryMaker()(newestFirst(command('c1'), presence('pond-2', 'online'), command('c1', { state: 'applied', readBack: { mealGrams: 120 }, previous: { mealGrams: 90 } })));
    expect(entries.map(({ what }) => what.type)).toEqual(['presence', 'command']);
    const [, sent] = entries;
    expect(sent?.what).toMatchObject({ command: { state: 'applied' } });
    expect(sent?.what.type === 'command' && changesOf(sent.what.command)).toEqual([{ name: 'mealGrams', old: 90, value: 120 }]);
  });

  it('are the very same for what has not changed, and others for a command that moved on', () => {
    const make = entryMaker();
    const before = newestFirst(presence('pond-1', 'offline'), command('c1'));
    const first = make(before);
    const second = make([command('c1', { state: 'rejected' }), presence('pond-2', 'online'), ...before]);
    expect(second).toHaveLength(3);
    expect(second[2]).toBe(first[1]);
    expect(second[1]).not.toBe(first[0]);
    expect(second[1]?.key).toBe(first[0]?.key);
  });

  it('tell what was changed on the panel by what the feeder held before, and nothing of it where that is not known', () => {
    const entries = entryMaker()(
      newestFirst(
        config('pond-1', 'local', { mealGrams: 90, feedingEnabled: true }),
        config('pond-1', 'command', { mealGrams: 120, feedingEnabled: true }),
        config('pond-2', 'start', { mealGrams: 1 }),
        config('pond-1', 'local', { mealGrams: 100, feedingEnabled: true }),
      ),
    );
    expect(entries.map(({ what }) => what.type === 'config' && what.changes)).toEqual([[{ name: 'mealGrams', old: 120, value: 100 }], undefined, undefined]);
  });

  it('say what a command asked for while nothing was read back, and what was held once it was', () => {
    expect(changesOf(commandOf('c', {}))).toEqual([{ name: 'mealGrams', old: undefined, value: 120 }]);
    expect(changesOf(commandOf('c', { state: 'rejected', previous: { mealGrams: 90 }, readBack: { mealGrams: 90 } }))).toEqual([{ name: 'mealGrams', old: 90, value: 120 }]);
    expect(changesOf(commandOf('c', { state: 'applied', previous: { mealGrams: 90 }, readBack: { mealGrams: 120.5 } }))).toEqual([{ name: 'mealGrams', old: 90, value: 120.5 }]);
  });

  it('call a change of feeding alone a pause, and one of more a change of settings', () => {
    const sentences = entryMaker()(
      newestFirst(command('1', { changes: { feedingEnabled: false } }), command('2', { changes: { feedingEnabled: true } }), command('3', { changes: { feedingEnabled: false, mealGrams: 1 } })),
    ).map(sentenceOf);
    expect(sentences).toEqual([expect.stringContaining('change settings'), expect.stringContaining('resume'), expect.stringContaining('pause')]);
  });
});

describe('a held list', () => {
  it('keeps its entries, each as it stands now, and counts what comes on top of it', () => {
    const make = entryMaker();
    const held = newestFirst(presence('pond-1', 'offline'), command('c1'));
    const now = [command('c1', { state: 'applied' }), presence('pond-2', 'online'), ...held];
    const { shown, newer } = heldEntries(make([...newsSince(now, held), ...held]), new Set(make(held).map(({ key }) => key)));
    expect(shown.map(({ what }) => what.type)).toEqual(['command', 'presence']);
    expect(shown[0]?.what).toMatchObject({ command: { state: 'applied' } });
    expect(newer.map(({ feederId }) => feederId)).toEqual(['pond-2']);
  });

  it('stays whole when the news it was made of are dropped, and when there were none', () => {
    const held = newestFirst(presence('pond-1', 'offline'));
    const later = [presence('pond-2', 'online')];
    expect(newsSince(later, held)).toEqual(later);
    expect(newsSince(later, [])).toEqual(later);
    expect(heldEntries(entryMaker()(later), new Set())).toMatchObject({ shown: [], newer: [{ feederId: 'pond-2' }] });
  });
});

describe('the filter', () => {
  const names = (feederId: string) => (feederId === 'pond-1' ? { name: 'Étang Nord', site: 'north' } : undefined);
  const [entry] = entryMaker()([presence('pond-1', 'online')]);
  if (entry === undefined) throw new Error('expected an entry');

  it.each([
    [NO_FILTER, true],
    [{ ...NO_FILTER, type: 'presence' }, true],
    [{ ...NO_FILTER, type: 'meal' }, false],
    [{ ...NO_FILTER, site: 'north' }, true],
    [{ ...NO_FILTER, site: 'south' }, false],
    [{ ...NO_FILTER, feeder: ' etang ' }, true],
    [{ ...NO_FILTER, feeder: 'POND-1' }, true],
    [{ ...NO_FILTER, feeder: 'pond-2' }, false],
  ] as const)('%o', (filter, isShown) => {
    expect(isAskedFor(filter, entry, names)).toBe(isShown);
  });

  it('finds a feeder that is known no more by its id, and at no site', () => {
    const gone = { ...entry, feederId: 'gone-1' };
    expect(isAskedFor({ ...NO_FILTER, feeder: 'gone' }, gone, names)).toBe(true);
    expect(isAskedFor({ ...NO_FILTER, site: 'north' }, gone, names)).toBe(false);
  });
});
