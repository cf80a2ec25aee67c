import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openJournal } from '../agent/journal/disk-journal.ts';
import type { Journal } from '../agent/journal/journal.ts';
import { fromInstant, toInstant } from '../topics/identifiers.ts';
import { BEGAN_MS, exactly, feedNow, finishedAck, setConfig } from './support/journal-commands.ts';
import { MemoryDisk } from './support/memory-disk.ts';

const DAY_MS = 24 * 3_600_000;

let ids = 0;
async function open(disk: MemoryDisk, diskId = 'disk-1'): Promise<{ journal: Journal; told: string[] }> {
  const told: string[] = [];
  const journal = await openJournal(disk, { newId: () => `journal-${(ids += 1)}`, diskId, onDamaged: (what) => told.push(what) });
  return { journal, told };
}

type Dose = { commandId: string; issuedAtMs?: number; grams?: number };
const startedDose = (dose: Dose, token = 7, lastToken = 6) =>
  ({
    state: 'started',
    kind: 'feed-now',
    command: feedNow(dose),
    token,
    before: { lastToken },
    atMs: (dose.issuedAtMs ?? BEGAN_MS) + 50,
  }) as const;

describe('a new journal', () => {
  it('knows no horizon and no doses before the bridge told its time, and holds both from there on', async () => {
    const disk = new MemoryDisk();
    const { journal } = await open(disk);
    expect(journal).toMatchObject({ horizonMs: undefined, dosesForgottenUntilMs: Infinity, pausedAtMs: -Infinity, appliedVersion: 0 });
    await journal.bridgeTimeTold(exactly(BEGAN_MS + 500), BEGAN_MS);
    await journal.bridgeTimeTold(exactly(BEGAN_MS + 20_500), BEGAN_MS + 3);
    expect(journal).toMatchObject({ horizonMs: BEGAN_MS, dosesForgottenUntilMs: BEGAN_MS });
    expect((await open(disk.crash())).journal).toMatchObject({ journalId: journal.journalId, horizonMs: BEGAN_MS });
  });

  it('knows of all doses once a PLC is seen that has never fed one', async () => {
    const disk = new MemoryDisk();
    const { journal } = await open(disk);
    await journal.bridgeTimeTold(exactly(BEGAN_MS), BEGAN_MS);
    await journal.start(startedDose({ commandId: 'c1' }, 1, 0));
    expect(journal.dosesForgottenUntilMs).toBeUndefined();
    await journal.start(startedDose({ commandId: 'c2' }, 2, 1));
    expect((await open(disk.crash())).journal.dosesForgottenUntilMs).toBeUndefined();
  });

  it('writes nothing when it is told the time and nothing is to be changed', async () => {
    const disk = new MemoryDisk();
    const { journal } = await open(disk);
    await journal.bridgeTimeTold(exactly(BEGAN_MS), BEGAN_MS);
    const { writes } = disk;
    for (let beat = 1; beat < 10; beat += 1) await journal.bridgeTimeTold(exactly(BEGAN_MS + beat * 20_000), BEGAN_MS);
    expect(disk.writes).toBe(writes);
  });
});

describe('doses', () => {
  it('count from when they were fed or perhaps fed at the latest, until a day passed before the newest', async () => {
    const disk = new MemoryDisk();
    let { journal } = await open(disk);
    await journal.bridgeTimeTold(exactly(BEGAN_MS), BEGAN_MS);
    const end = async (outcome: 'applied' | 'rejected' | 'indeterminate', grams: number, endedAtMs: number, issuedAtMs = BEGAN_MS): Promise<void> => {
      const command = feedNow({ commandId: `${outcome}-${grams}`, grams, issuedAtMs });
      await journal.start(startedDose({ commandId: command.commandId, grams, issuedAtMs }));
      await journal.finish(command, { ...finishedAck(command, outcome), at: toInstant(endedAtMs) });
    };
    await end('applied', 10, BEGAN_MS + 3_000);
    await end('rejected', 20, BEGAN_MS + 3_000);
    // Not before they were started, whatever the clocks said; after their deadline too, as the PLC may have stood still.
    await end('indeterminate', 30, BEGAN_MS + 60_000);
    await end('applied', 40, BEGAN_MS + 40);
    await journal.start(startedDose({ commandId: 'started', grams: 50 }));
    // Issued under another journal, and so never started here.
    const foreign = feedNow({ commandId: 'foreign', grams: 60 });
    await journal.finish(foreign, finishedAck(foreign, 'indeterminate'));
    const expired = feedNow({ commandId: 'expired' });
    await journal.finish(expired, finishedAck(expired, 'expired'));

    const all = [
      { atMs: BEGAN_MS + 50, grams: 40 },
      { atMs: BEGAN_MS + 50, grams: 50 },
      { atMs: BEGAN_MS + 100, grams: 60 },
      { atMs: BEGAN_MS + 3_000, grams: 10 },
      { atMs: BEGAN_MS + 60_000, grams: 30 },
    ];
    expect(journal.doses).toEqual(all);
    ({ journal } = await open(disk.crash()));
    expect(journal.doses).toEqual(all);
    await end('applied', 70, BEGAN_MS + 100 + DAY_MS, BEGAN_MS + DAY_MS);
    await journal.bridgeTimeTold(exactly(BEGAN_MS + DAY_MS + 200), BEGAN_MS);
    expect(journal.doses).toEqual([...all.slice(2), { atMs: BEGAN_MS + 100 + DAY_MS, grams: 70 }]);
  });

  it('that were applied are told with their commands, after a restart too, and as soon as they are no longer under way', async () => {
    const disk = new MemoryDisk();
    let { journal } = await open(disk);
    await journal.bridgeTimeTold(exactly(BEGAN_MS), BEGAN_MS);
    const outcomes = ['applied', 'rejected', 'indeterminate', 'expired', 'applied'] as const;
    for (const [index, outcome] of outcomes.entries()) {
      const dose = { commandId: `c${index}`, grams: 10 + index, issuedAtMs: BEGAN_MS + index * 1_000 };
      const mealsBefore = { count: index, totalGrams: 100 * index };
      await journal.start({ ...startedDose(dose), before: { lastToken: 6, meals: mealsBefore } });
      expect(journal.appliedDoses.map(({ commandId }) => commandId)).not.toContain(dose.commandId);
      const isKnown = journal.finish(feedNow(dose), finishedAck(feedNow(dose), outcome));
      while (journal.unfinished.length > 0) await Promise.resolve();
      if (outcome === 'applied') expect(journal.appliedDoses.at(-1)).toEqual({ commandId: dose.commandId, grams: dose.grams, mealsBefore });
      await isKnown;
    }
    const applied = [
      { commandId: 'c0', grams: 10, mealsBefore: { count: 0, totalGrams: 0 } },
      { commandId: 'c4', grams: 14, mealsBefore: { count: 4, totalGrams: 400 } },
    ];
    expect(journal.appliedDoses).toEqual(applied);
    ({ journal } = await open(disk.crash()));
    expect(journal.appliedDoses).toEqual(applied);
  });

  it('are not lost by one that was begun a day later and came to nothing', async () => {
    const { journal } = await open(new MemoryDisk());
    await journal.bridgeTimeTold(exactly(BEGAN_MS), BEGAN_MS - 1_000);
    const fed = feedNow({ commandId: 'fed' });
    await journal.finish(fed, finishedAck(fed, 'applied'));
    const later = { commandId: 'later', issuedAtMs: BEGAN_MS + 2 * DAY_MS };
    await journal.start(startedDose(later));
    await journal.bridgeTimeTold(exactly(BEGAN_MS + 2 * DAY_MS + 500), BEGAN_MS);
    await journal.finish(feedNow(later), finishedAck(feedNow(later), 'rejected'));
    expect(journal.doses).toEqual([{ atMs: BEGAN_MS + 100, grams: 40 }]);
  });

  it('are not lost by a clock that jumps ahead and comes back, pruned though everything is', async () => {
    for (const restarts of [false, true]) {
      const disk = new MemoryDisk();
      let { journal } = await open(disk);
      const fed = feedNow({ commandId: 'fed' });
      await journal.bridgeTimeTold(exactly(BEGAN_MS), BEGAN_MS - 1_000);
      await journal.finish(fed, finishedAck(fed, 'applied'));
      await journal.start(startedDose({ commandId: 'started' }));
      await journal.bridgeTimeTold(exactly(BEGAN_MS + 60 * DAY_MS), BEGAN_MS);
      // Fed while the clock was ahead.
      const ahead = feedNow({ commandId: 'ahead', issuedAtMs: BEGAN_MS + 60 * DAY_MS, grams: 50 });
      await journal.finish(ahead, finishedAck(ahead, 'applied'));
      if (restarts) ({ journal } = await open(disk.crash()));
      await journal.bridgeTimeTold(exactly(BEGAN_MS + 9_000), BEGAN_MS);
      expect(journal.doses).toEqual([
        { atMs: BEGAN_MS + 50, grams: 40 },
        { atMs: BEGAN_MS + 100, grams: 40 },
        { atMs: BEGAN_MS + 60 * DAY_MS + 100, loweredToMs: BEGAN_MS + 9_000, grams: 50 },
      ]);
    }
  });
});

describe('what the PLC took before a dose', () => {
  const NOW_MS = BEGAN_MS + 60_000;
  /** A journal that knows of all doses: of the first, with token 1, to a new PLC. */
  const withDose = async (): Promise<{ disk: MemoryDisk; journal: Journal }> => {
    const disk = new MemoryDisk();
    const { journal } = await open(disk);
    await journal.bridgeTimeTold(exactly(BEGAN_MS), BEGAN_MS);
    await journal.sawLastToken(0, BEGAN_MS);
    await journal.start(startedDose({ commandId: 'c1' }, 1, 0));
    await journal.start(startedDose({ commandId: 'c2' }, 6, 5));
    return { disk, journal };
  };

  it.each([
    ['the token of the last dose', 6],
    ['what was there before it', 5],
    ['0, as it was emptied', 0],
  ])('is no news where it is %s', async (_, lastToken) => {
    const { disk, journal } = await withDose();
    await journal.sawLastToken(lastToken, NOW_MS);
    expect(journal.dosesForgottenUntilMs).toBeUndefined();
    const { writes } = disk;
    await journal.sawLastToken(lastToken, NOW_MS + 1);
    expect(disk.writes).toBe(writes);
  });

  it('tells of doses of another master, once for each token, a restart between or not', async () => {
    const { disk, journal } = await withDose();
    await journal.sawLastToken(9, NOW_MS);
    expect(journal.dosesForgottenUntilMs).toBe(NOW_MS);
    const { journal: again } = await open(disk.crash());
    await again.sawLastToken(9, NOW_MS + 1_000);
    expect(again.dosesForgottenUntilMs).toBe(NOW_MS);
    await again.sawLastToken(10, NOW_MS + 2_000);
    expect(again.dosesForgottenUntilMs).toBe(NOW_MS + 2_000);
    await again.start(startedDose({ commandId: 'c3' }, 11, 10));
    await again.sawLastToken(11, NOW_MS + 3_000);
    await again.sawLastToken(10, NOW_MS + 3_000);
    expect(again.dosesForgottenUntilMs).toBe(NOW_MS + 2_000);
  });

  it('is only kept where no dose was started yet, and then the next one is news', async () => {
    const disk = new MemoryDisk();
    const { journal } = await open(disk);
    await journal.bridgeTimeTold(exactly(BEGAN_MS), BEGAN_MS);
    await journal.sawLastToken(5, NOW_MS);
    expect(journal.dosesForgottenUntilMs).toBe(BEGAN_MS);
    await journal.sawLastToken(6, NOW_MS);
    expect(journal.dosesForgottenUntilMs).toBe(NOW_MS);
  });

  it('is news again where it could not be kept', async () => {
    const { disk, journal } = await withDose();
    disk.fails = true;
    await expect(journal.sawLastToken(9, NOW_MS)).rejects.toThrow('room');
    disk.fails = false;
    await journal.sawLastToken(9, NOW_MS + 1_000);
    expect(journal.dosesForgottenUntilMs).toBe(NOW_MS + 1_000);
  });
});

describe('a bridge whose clock is put back', () => {
  it('lowers to now whatever lies ahead, for good', async () => {
    const disk = new MemoryDisk();
    const { journal } = await open(disk);
    const aheadMs = BEGAN_MS + 3_600_000;
    await journal.bridgeTimeTold(exactly(aheadMs), aheadMs);
    await journal.start(startedDose({ commandId: 'c1', issuedAtMs: aheadMs }));
    await journal.start(startedDose({ commandId: 'c2', issuedAtMs: aheadMs }));
    const fed = feedNow({ commandId: 'c1', issuedAtMs: aheadMs });
    await journal.finish(fed, finishedAck(fed, 'applied'));
    const pause = setConfig({ commandId: 'c3', version: 1 });
    await journal.finish(pause, finishedAck(pause, 'applied'), aheadMs);

    await journal.bridgeTimeTold(exactly(BEGAN_MS), BEGAN_MS - 1_000);
    const lowered = {
      horizonMs: BEGAN_MS,
      pausedAtMs: BEGAN_MS,
      dosesForgottenUntilMs: BEGAN_MS,
      doses: [{ loweredToMs: BEGAN_MS }, { loweredToMs: BEGAN_MS }],
      unfinished: [{ loweredToMs: BEGAN_MS }],
    };
    expect(journal).toMatchObject(lowered);
    expect((await open(disk.crash())).journal).toMatchObject(lowered);
  });
});

describe("the bridge's time, known within half a round trip", () => {
  it('lowers only what lies ahead of the latest it can be, and to the earliest', async () => {
    const { journal } = await open(new MemoryDisk());
    await journal.bridgeTimeTold(exactly(BEGAN_MS), BEGAN_MS);
    const fed = feedNow({ commandId: 'c1', issuedAtMs: BEGAN_MS });
    await journal.finish(fed, finishedAck(fed, 'applied'));
    await journal.bridgeTimeTold({ earliestMs: BEGAN_MS - 400, latestMs: BEGAN_MS + 100 }, BEGAN_MS);
    expect(journal).toMatchObject({ horizonMs: BEGAN_MS, dosesForgottenUntilMs: BEGAN_MS, doses: [{ atMs: BEGAN_MS + 100 }] });
    await journal.bridgeTimeTold({ earliestMs: BEGAN_MS - 400, latestMs: BEGAN_MS - 1 }, BEGAN_MS);
    expect(journal).toMatchObject({ horizonMs: BEGAN_MS - 400, dosesForgottenUntilMs: BEGAN_MS - 400, doses: [{ atMs: BEGAN_MS + 100, loweredToMs: BEGAN_MS - 400 }] });
  });
});

describe('a write that fails', () => {
  it('leaves everything as it was, and the next goes on from there', async () => {
    const disk = new MemoryDisk();
    const { journal } = await open(disk);
    await journal.bridgeTimeTold(exactly(BEGAN_MS), BEGAN_MS);
    await journal.start(startedDose({ commandId: 'c1' }));
    disk.fails = true;
    await expect(journal.start(startedDose({ commandId: 'c2' }, 8, 0))).rejects.toThrow('room');
    const change = setConfig({ commandId: 'c3', version: 9 });
    await expect(journal.finish(change, finishedAck(change, 'applied'), BEGAN_MS)).rejects.toThrow('room');
    await expect(journal.bridgeTimeTold(exactly(BEGAN_MS - 5_000), BEGAN_MS)).rejects.toThrow('room');
    const asBefore = { lastDoseToken: 7, appliedVersion: 0, pausedAtMs: -Infinity, horizonMs: BEGAN_MS, dosesForgottenUntilMs: BEGAN_MS };
    expect(journal).toMatchObject({ ...asBefore, doses: [{}], unfinished: [{}] });
    expect(await journal.find('c2')).toBeUndefined();
    disk.fails = false;
    await journal.finish(change, finishedAck(change, 'applied'));
    expect(journal.appliedVersion).toBe(9);
  });
});

it('keeps all that is asked of it at once', async () => {
  const disk = new MemoryDisk();
  const { journal } = await open(disk);
  const change = setConfig({ commandId: 'c2', version: 5 });
  await Promise.all([
    journal.start(startedDose({ commandId: 'c1' })),
    journal.bridgeTimeTold(exactly(BEGAN_MS), BEGAN_MS),
    journal.finish(change, finishedAck(change, 'applied'), BEGAN_MS),
  ]);
  const all = { lastDoseToken: 7, horizonMs: BEGAN_MS, appliedVersion: 5, pausedAtMs: BEGAN_MS };
  expect(journal).toMatchObject(all);
  expect((await open(disk.crash())).journal).toMatchObject(all);
});

describe('an outcome', () => {
  it('is final', async () => {
    const { journal } = await open(new MemoryDisk());
    const dose = feedNow({ commandId: 'c1' });
    await journal.finish(dose, finishedAck(dose, 'expired'));
    await expect(journal.start(startedDose({ commandId: 'c1' }))).rejects.toThrow('c1 was expired');
    await expect(journal.finish(dose, finishedAck(dose, 'applied'))).rejects.toThrow('c1 was expired');
    expect(await journal.find('c1')).toMatchObject({ ack: { outcome: 'expired' } });
  });
});

describe('a journal that was damaged', () => {
  const prepared = async (): Promise<{ disk: MemoryDisk; journalId: string }> => {
    const disk = new MemoryDisk();
    const { journal } = await open(disk);
    await journal.bridgeTimeTold(exactly(BEGAN_MS), BEGAN_MS);
    await journal.start(startedDose({ commandId: 'c1' }, 1, 0));
    await journal.start(startedDose({ commandId: 'c2' }));
    const change = setConfig({ commandId: 'c3', version: 3 });
    await journal.finish(change, finishedAck(change, 'applied'));
    return { disk: disk.crash(), journalId: journal.journalId };
  };
  const isNew = { horizonMs: undefined, dosesForgottenUntilMs: Infinity };

  it.each([
    ['an entry that is no JSON', (disk: MemoryDisk) => disk.kept.set('entry/c2', '{"state":"sta')],
    ['an entry that is none', (disk: MemoryDisk) => disk.kept.set('entry/c2', '{}')],
    ['an entry of another command', (disk: MemoryDisk) => disk.kept.set('entry/c2', disk.kept.get('entry/c1') ?? '')],
    ['no meta', (disk: MemoryDisk) => disk.kept.delete('meta')],
    ['a meta that is none', (disk: MemoryDisk) => disk.kept.set('meta', '{"journalId":4}')],
  ])('by %s has a new id, keeps what can be read, and says so once', async (_, damage) => {
    const { disk, journalId } = await prepared();
    damage(disk);
    const { journal, told } = await open(disk);
    expect(told).toHaveLength(1);
    expect(journal).toMatchObject(isNew);
    expect(journal.journalId).not.toBe(journalId);
    expect(journal.unfinished[0]).toEqual(startedDose({ commandId: 'c1' }, 1, 0));
    expect(await journal.find('c3')).toMatchObject({ state: 'finished' });
    expect(await open(disk.crash())).toMatchObject({ told: [], journal: { journalId: journal.journalId } });
  });

  it('has a new id where its disk was repaired, and keeps what it knows', async () => {
    const { disk, journalId } = await prepared();
    const { journal } = await open(disk, 'disk-2');
    expect(journal).toMatchObject({ ...isNew, appliedVersion: 3, lastDoseToken: 7, unfinished: [{}, {}] });
    expect(journal.journalId).not.toBe(journalId);
    await journal.bridgeTimeTold(exactly(BEGAN_MS + 9_000), BEGAN_MS + 8_000);
    expect(journal).toMatchObject({ horizonMs: BEGAN_MS + 8_000, dosesForgottenUntilMs: BEGAN_MS + 8_000 });
  });
});

describe('pruning', () => {
  /** A disk with so many finished entries, issued one a millisecond; as the journal itself keeps them, but written by hand. */
  const expiredOnes = async (count: number): Promise<MemoryDisk> => {
    const disk = new MemoryDisk();
    const sample = feedNow({ commandId: 'sample' });
    await (await open(disk)).journal.finish(sample, finishedAck(sample, 'expired'));
    const text = disk.kept.get('entry/sample') ?? '';
    for (let at = 0; at < count; at += 1) {
      const issuedAt = toInstant(BEGAN_MS + at);
      disk.kept.set(`entry/c${at}`, text.replaceAll('sample', `c${at}`).replace(sample.issuedAt, issuedAt));
      disk.kept.set(`order/${issuedAt}/c${at}`, `c${at}`);
    }
    for (const key of disk.kept.keys()) if (key.endsWith('sample')) disk.kept.delete(key);
    return disk;
  };

  it('takes 500 of those older than 30 days each time the journal is told the time', async () => {
    const disk = await expiredOnes(1_200);
    const { journal } = await open(disk);
    const left: number[] = [];
    for (let beat = 0; beat < 4; beat += 1) {
      await journal.bridgeTimeTold(exactly(BEGAN_MS + 31 * DAY_MS), BEGAN_MS - 5_000);
      left.push([...disk.kept.keys()].filter((key) => key.startsWith('entry/')).length);
    }
    expect(left).toEqual([700, 200, 0, 0]);
    expect(journal.horizonMs).toBe(BEGAN_MS + 1_199);
  });

  it('takes the oldest finished entries beyond 100,000 and raises the horizon to them, but no started ones and no doses of a day', async () => {
    const disk = await expiredOnes(100_010);
    const entry = disk.kept.get('entry/c2') ?? '';
    disk.kept.set('entry/c2', entry.replace('{', `{"dose":{"atMs":${BEGAN_MS},"grams":40},`));
    const { journal } = await open(disk);
    await journal.start(startedDose({ commandId: 'started', issuedAtMs: BEGAN_MS - 1_000 }));
    expect(await journal.find('c0')).toBeDefined();
    await journal.bridgeTimeTold(exactly(BEGAN_MS + 200_000), BEGAN_MS - 5_000);
    const gone = [...Array(20).keys()].filter((at) => !disk.kept.has(`entry/c${at}`));
    expect(gone).toEqual([0, 1, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(journal.horizonMs).toBe(BEGAN_MS + 10);
    expect(journal.unfinished).toHaveLength(1);
    expect([...disk.kept.keys()].filter((key) => key.startsWith('order/'))).toHaveLength(100_000);

    for (const [at, commandId] of ['one', 'two'].entries()) {
      const more = feedNow({ commandId, issuedAtMs: BEGAN_MS + 200_000 });
      await journal.finish(more, finishedAck(more, 'expired'));
      expect([disk.kept.has(`entry/c${11 + at}`), disk.kept.has(`entry/c${12 + at}`)]).toEqual([false, true]);
      expect(journal.horizonMs).toBe(BEGAN_MS + 11 + at);
    }
  });
});

/** What happens to a journal, one after the other; `later` moves the bridge's clock. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('start' as const), id: fc.nat(11) }) },
  { weight: 6, arbitrary: fc.record({ what: fc.constant('finish' as const), id: fc.nat(11), outcome: fc.constantFrom('applied' as const, 'rejected' as const, 'indeterminate' as const) }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('later' as const), ms: fc.constantFrom(1_000, 11 * 3_600_000, 25 * DAY_MS, 31 * DAY_MS) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('told' as const) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('full' as const), fails: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('crash' as const), cut: fc.constantFrom('none' as const, 'before-write' as const, 'after-write' as const) }) },
);

it('forgets nothing it acknowledged, wherever the power goes, but what its horizon covers', async () => {
  const run = async (steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]): Promise<void> => {
    let disk = new MemoryDisk();
    let { journal } = await open(disk);
    const { journalId } = journal;
    let nowMs = BEGAN_MS;
    const issued = new Map<number, number>();
    const acknowledged = new Map<number, 'started' | 'applied' | 'rejected' | 'indeterminate'>();
    /** Of which an end was asked for: the power may have gone when it was kept and not yet acknowledged. */
    const mayHaveEnded = new Set<number>();
    const commandOf = (id: number) => feedNow({ commandId: `c${id}`, issuedAtMs: issued.get(id) ?? nowMs });
    /** Whether the work was acknowledged; a power cut is not, and ends the process. */
    const acknowledges = async (work: Promise<void>): Promise<boolean> => {
      const cut = disk.powerCut !== 'none';
      const ended = work.then(() => true, () => false);
      return cut ? Promise.race([ended, new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]) : ended;
    };
    const restart = async (): Promise<void> => {
      disk = disk.crash();
      const opened = await open(disk);
      expect(opened.told).toEqual([]);
      journal = opened.journal;
    };
    for (const next of steps) {
      if (next.what === 'later') nowMs += next.ms;
      else if (next.what === 'full') disk.fails = next.fails;
      else if (next.what === 'crash' && next.cut === 'none') await restart();
      else if (next.what === 'crash') disk.powerCut = next.cut;
      else {
        let isAcknowledged: boolean;
        if (next.what === 'told') isAcknowledged = await acknowledges(journal.bridgeTimeTold(exactly(nowMs), BEGAN_MS - 1));
        else {
          if (!issued.has(next.id)) issued.set(next.id, nowMs);
          const command = commandOf(next.id);
          if (next.what === 'start') {
            isAcknowledged = await acknowledges(journal.start({ ...startedDose({ commandId: `c${next.id}` }), command, atMs: nowMs }));
            if (isAcknowledged) acknowledged.set(next.id, 'started');
          } else {
            mayHaveEnded.add(next.id);
            isAcknowledged = await acknowledges(journal.finish(command, finishedAck(command, next.outcome)));
            if (isAcknowledged) acknowledged.set(next.id, next.outcome);
          }
        }
        if (!isAcknowledged && disk.powerCut !== 'none') await restart();
      }
      await holds();
    }

    async function holds(): Promise<void> {
      expect(journal.journalId).toBe(journalId);
      const newestMs = journal.doses.at(-1)?.atMs ?? -Infinity;
      for (const [id, state] of acknowledged) {
        const entry = await journal.find(`c${id}`);
        const issuedAtMs = fromInstant(commandOf(id).issuedAt);
        // What it has let go of must be old, and known to be forgotten.
        if (entry === undefined) {
          expect(issuedAtMs <= (journal.horizonMs ?? Infinity) && issuedAtMs <= nowMs - 30 * DAY_MS && mayHaveEnded.has(id)).toBe(true);
          // The same id may be kept anew from here on.
          acknowledged.delete(id);
        }
        if (entry && state !== 'started') expect(entry).toMatchObject({ state: 'finished', ack: { outcome: state } });
        const counts = state !== 'rejected' && entry?.state === 'finished' && entry.dose && entry.dose.atMs >= newestMs - DAY_MS;
        if (counts) expect(journal.doses).toContainEqual(entry.dose);
        if (entry?.state === 'started') expect(journal.unfinished).toContainEqual(entry);
      }
      if (journal.horizonMs !== undefined) expect(journal.horizonMs).toBeGreaterThanOrEqual(BEGAN_MS - 1);
    }
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), run), { numRuns: 400 });
});
