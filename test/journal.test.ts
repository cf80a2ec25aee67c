import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openJournal } from '../agent/journal/disk-journal.ts';
import type { Journal } from '../agent/journal/journal.ts';
import { fromInstant, toInstant } from '../topics/identifiers.ts';
import { BEGAN_MS, feedNow, finishedAck, setConfig } from './support/journal-commands.ts';
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
    await journal.bridgeTimeTold(BEGAN_MS + 500, BEGAN_MS);
    await journal.bridgeTimeTold(BEGAN_MS + 20_500, BEGAN_MS + 3);
    expect(journal).toMatchObject({ horizonMs: BEGAN_MS, dosesForgottenUntilMs: BEGAN_MS });
    expect((await open(disk.crash())).journal).toMatchObject({ journalId: journal.journalId, horizonMs: BEGAN_MS });
  });

  it('knows of all doses once a PLC is seen that has never fed one', async () => {
    const disk = new MemoryDisk();
    const { journal } = await open(disk);
    await journal.bridgeTimeTold(BEGAN_MS, BEGAN_MS);
    await journal.start(startedDose({ commandId: 'c1' }, 1, 0));
    expect(journal.dosesForgottenUntilMs).toBeUndefined();
    await journal.start(startedDose({ commandId: 'c2' }, 2, 1));
    expect((await open(disk.crash())).journal.dosesForgottenUntilMs).toBeUndefined();
  });

  it('writes nothing when it is told the time and nothing is to be changed', async () => {
    const disk = new MemoryDisk();
    const { journal } = await open(disk);
    await journal.bridgeTimeTold(BEGAN_MS, BEGAN_MS);
    const { writes } = disk;
    for (let beat = 1; beat < 10; beat += 1) await journal.bridgeTimeTold(BEGAN_MS + beat * 20_000, BEGAN_MS);
    expect(disk.writes).toBe(writes);
  });
});

describe('doses', () => {
  it('count when they were fed or perhaps fed, from their start, and no longer than a day', async () => {
    const disk = new MemoryDisk();
    const { journal } = await open(disk);
    await journal.bridgeTimeTold(BEGAN_MS, BEGAN_MS);
    const end = async (outcome: 'applied' | 'rejected' | 'indeterminate', grams: number): Promise<void> => {
      await journal.start(startedDose({ commandId: outcome, grams }));
      await journal.finish(feedNow({ commandId: outcome, grams }), finishedAck(feedNow({ commandId: outcome }), outcome));
    };
    await end('applied', 10);
    await end('rejected', 20);
    await end('indeterminate', 30);
    await journal.start(startedDose({ commandId: 'started', grams: 40 }));
    // Issued under another journal, and so never started here.
    const foreign = feedNow({ commandId: 'foreign', grams: 50 });
    await journal.finish(foreign, finishedAck(foreign, 'indeterminate'));
    const expired = feedNow({ commandId: 'expired' });
    await journal.finish(expired, finishedAck(expired, 'expired'));

    const inPart = [10, 30, 40].map((grams) => ({ atMs: BEGAN_MS + 50, grams }));
    expect(journal.doses).toEqual([...inPart, { atMs: BEGAN_MS + 100, grams: 50 }]);
    const { journal: again } = await open(disk.crash());
    expect(again.doses).toHaveLength(4);
    await again.bridgeTimeTold(BEGAN_MS + 50 + DAY_MS, BEGAN_MS);
    expect(again.doses).toEqual([{ atMs: BEGAN_MS + 100, grams: 50 }]);
  });
});

describe('a bridge whose clock is put back', () => {
  it('lowers to now whatever lies ahead, for good', async () => {
    const disk = new MemoryDisk();
    const { journal } = await open(disk);
    const aheadMs = BEGAN_MS + 3_600_000;
    await journal.bridgeTimeTold(aheadMs, aheadMs);
    await journal.start(startedDose({ commandId: 'c1', issuedAtMs: aheadMs }));
    await journal.start(startedDose({ commandId: 'c2', issuedAtMs: aheadMs }));
    const fed = feedNow({ commandId: 'c1', issuedAtMs: aheadMs });
    await journal.finish(fed, finishedAck(fed, 'applied'));
    const pause = setConfig({ commandId: 'c3', version: 1 });
    await journal.finish(pause, finishedAck(pause, 'applied'), aheadMs);

    await journal.bridgeTimeTold(BEGAN_MS, BEGAN_MS - 1_000);
    const lowered = {
      horizonMs: BEGAN_MS,
      pausedAtMs: BEGAN_MS,
      dosesForgottenUntilMs: BEGAN_MS,
      doses: [{ atMs: BEGAN_MS }, { atMs: BEGAN_MS }],
      unfinished: [{ atMs: BEGAN_MS }],
    };
    expect(journal).toMatchObject(lowered);
    expect((await open(disk.crash())).journal).toMatchObject(lowered);
  });
});

describe('a write that fails', () => {
  it('leaves everything as it was, and the next goes on from there', async () => {
    const disk = new MemoryDisk();
    const { journal } = await open(disk);
    await journal.bridgeTimeTold(BEGAN_MS, BEGAN_MS);
    await journal.start(startedDose({ commandId: 'c1' }));
    disk.fails = true;
    await expect(journal.start(startedDose({ commandId: 'c2' }, 8, 0))).rejects.toThrow('room');
    const change = setConfig({ commandId: 'c3', version: 9 });
    await expect(journal.finish(change, finishedAck(change, 'applied'), BEGAN_MS)).rejects.toThrow('room');
    await expect(journal.bridgeTimeTold(BEGAN_MS - 5_000, BEGAN_MS)).rejects.toThrow('room');
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
    journal.bridgeTimeTold(BEGAN_MS, BEGAN_MS),
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
    await journal.bridgeTimeTold(BEGAN_MS, BEGAN_MS);
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
    await journal.bridgeTimeTold(BEGAN_MS + 9_000, BEGAN_MS + 8_000);
    expect(journal).toMatchObject({ horizonMs: BEGAN_MS + 8_000, dosesForgottenUntilMs: BEGAN_MS + 8_000 });
  });
});

describe('pruning', () => {
  it('takes the oldest finished entries beyond 100,000 and raises the horizon to them, but no started ones and no doses of a day', async () => {
    const disk = new MemoryDisk();
    // As the journal itself keeps them, but written by hand, as there are so many.
    const sample = feedNow({ commandId: 'sample' });
    await (await open(disk)).journal.finish(sample, finishedAck(sample, 'expired'));
    const text = disk.kept.get('entry/sample') ?? '';
    for (let at = 0; at < 100_010; at += 1) {
      const issuedAt = toInstant(BEGAN_MS + at);
      const entry = text.replaceAll('sample', `c${at}`).replace(sample.issuedAt, issuedAt);
      disk.kept.set(`entry/c${at}`, at === 2 ? entry.replace('{', `{"dose":{"atMs":${BEGAN_MS},"grams":40},`) : entry);
      disk.kept.set(`order/${issuedAt}/c${at}`, `c${at}`);
    }
    for (const key of disk.kept.keys()) if (key.endsWith('sample')) disk.kept.delete(key);
    const { journal } = await open(disk);
    await journal.start(startedDose({ commandId: 'started', issuedAtMs: BEGAN_MS - 1_000 }));
    expect(await journal.find('c0')).toBeDefined();
    await journal.bridgeTimeTold(BEGAN_MS + 200_000, BEGAN_MS - 5_000);
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
        if (next.what === 'told') isAcknowledged = await acknowledges(journal.bridgeTimeTold(nowMs, BEGAN_MS - 1));
        else {
          if (!issued.has(next.id)) issued.set(next.id, nowMs);
          const command = commandOf(next.id);
          if (next.what === 'start') {
            isAcknowledged = await acknowledges(journal.start({ ...startedDose({ commandId: `c${next.id}` }), command, atMs: nowMs }));
            if (isAcknowledged) acknowledged.set(next.id, 'started');
          } else {
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
      for (const [id, state] of acknowledged) {
        const entry = await journal.find(`c${id}`);
        const issuedAtMs = fromInstant(commandOf(id).issuedAt);
        // What it has let go of must be old, and known to be forgotten.
        if (entry === undefined) expect(issuedAtMs <= (journal.horizonMs ?? Infinity) && issuedAtMs <= nowMs - 30 * DAY_MS && state !== 'started').toBe(true);
        else if (state !== 'started') expect(entry).toMatchObject({ state: 'finished', ack: { outcome: state } });
        const counts = state !== 'rejected' && entry?.state === 'finished' && entry.dose && entry.dose.atMs > nowMs - DAY_MS;
        if (counts) expect(journal.doses).toContainEqual(entry.dose);
        if (entry?.state === 'started') expect(journal.unfinished).toContainEqual(entry);
      }
      if (journal.horizonMs !== undefined) expect(journal.horizonMs).toBeGreaterThanOrEqual(BEGAN_MS - 1);
    }
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), run), { numRuns: 1_000 });
});
