import { execFileSync } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../agent/journal/disk-journal.ts';
import type { Journal } from '../agent/journal/journal.ts';
import { openLevelDisk } from '../agent/disk/level-disk.ts';
import { logSizes, sizesAfterWrite } from '../agent/disk/level-files.ts';
import { runChild } from './support/child-process.ts';
import { BEGAN_MS, exactly, feedNow, finishedAck, setConfig } from './support/journal-commands.ts';

/** As many as make LevelDB begin another log twice. */
const WRITES_OVER_TWO_LOGS = 700;

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'journal-'));
  endings.push(() => rm(made, { recursive: true, force: true }));
  return made;
}

type Opened = { journal: Journal; told: string[]; close: () => Promise<void> };

let ids = 0;
async function open(directory: string): Promise<Opened> {
  const told: string[] = [];
  const level = await openLevelDisk(directory, (what) => told.push(what));
  endings.push(() => level.close());
  const journal = await openJournal(level.of('pond-1'), {
    newId: () => `journal-${(ids += 1)}`,
    diskId: level.diskId,
    onDamaged: (what) => told.push(what),
  });
  return { journal, told, close: () => level.close() };
}

const feeding = (commandId: string) => feedNow({ commandId });
const started = (commandId: string) =>
  ({ state: 'started', kind: 'feed-now', command: feeding(commandId), token: 7, before: { lastToken: 6 }, atMs: BEGAN_MS }) as const;

async function keep(journal: Journal, commandId: string): Promise<void> {
  await journal.start(started(commandId));
  await journal.finish(feeding(commandId), finishedAck(feeding(commandId), 'applied'));
}

describe('the length of the logs', () => {
  it('is known after every write, and asked for anew where LevelDB has begun another log', async () => {
    const directory = join(await folder(), 'level');
    const level = await openLevelDisk(directory, (what) => expect.fail(what));
    endings.push(() => level.close());
    const disk = level.of('pond-1');
    let sizes: ReadonlyMap<string, number> = await logSizes(directory);
    let rotations = 0;
    for (let write = 0; write < WRITES_OVER_TWO_LOGS; write += 1) {
      await disk.write([{ put: `key-${write}`, value: 'x'.repeat(16_000) }]);
      const known = sizesAfterWrite(directory, sizes);
      sizes = await logSizes(directory);
      if (known === undefined) rotations += 1;
      else for (const [log, size] of sizes) expect(known.get(log)).toBe(size);
    }
    expect(rotations).toBeGreaterThan(1);
    expect(rotations).toBeLessThan(10);
  });
});

describe('a journal whose files were removed while it is open', () => {
  it('keeps nothing more, and says why', async () => {
    const directory = join(await folder(), 'level');
    const { journal } = await open(directory);
    await keep(journal, 'c1');
    await rm(directory, { recursive: true });
    await expect(journal.start(started('c2'))).rejects.toThrow(/were removed: restart the agent/);
    expect(journal.unfinished).toEqual([]);
  });
});

describe('a journal that was closed', () => {
  it('knows everything again, each feeder its own, and reports nothing', async () => {
    const directory = join(await folder(), 'agent-data', 'journal');
    const first = await open(directory);
    await first.journal.bridgeTimeTold(exactly(BEGAN_MS), BEGAN_MS - 1_000);
    await keep(first.journal, 'c1');
    await first.journal.start(started('c2'));
    const pause = setConfig({ commandId: 'c3', version: 4 });
    await first.journal.finish(pause, finishedAck(pause, 'applied'), BEGAN_MS);
    await first.close();

    const { journal, told, close } = await open(directory);
    expect(told).toEqual([]);
    expect(journal).toMatchObject({
      journalId: first.journal.journalId,
      appliedVersion: 4,
      horizonMs: BEGAN_MS - 1_000,
      pausedAtMs: BEGAN_MS,
      lastDoseToken: 7,
      dosesForgottenUntilMs: BEGAN_MS - 1_000,
      doses: [{ atMs: BEGAN_MS, grams: 40 }, { atMs: BEGAN_MS + 100, grams: 40 }],
      unfinished: [started('c2')],
    });
    expect(await journal.find('c1')).toMatchObject({ state: 'finished', ack: { outcome: 'applied' } });
    await close();

    const level = await openLevelDisk(directory, (what) => expect.fail(what));
    endings.push(() => level.close());
    const other = await openJournal(level.of('pond'), { newId: () => 'other', diskId: level.diskId, onDamaged: (what) => expect.fail(what) });
    expect(other).toMatchObject({ journalId: 'other', unfinished: [], doses: [] });
    expect(await other.find('c1')).toBeUndefined();
  });
});

describe('a journal that was killed', () => {
  it('holds all it acknowledged, under the same id, and has nothing to report', { timeout: 60_000 }, async () => {
    const directory = join(await folder(), 'journal');
    for (let run = 0; run < 2; run += 1) {
      const child = runChild('journal-killee.ts', directory);
      await child.line((line) => line.startsWith('finished'));
      await new Promise((resolve) => setTimeout(resolve, run * 30));
      await child.kill();
      const lines = child.lines.map((line) => line.split(' '));
      const { journal, told, close } = await open(directory);
      expect(told).toEqual([]);
      expect(lines[0]).toEqual(['journal', journal.journalId]);
      for (const [state, commandId = ''] of lines.slice(1)) {
        const entry = await journal.find(commandId);
        expect(entry?.state).toBe(state === 'finished' || entry?.state === 'finished' ? 'finished' : 'started');
      }
      expect(journal.unfinished.length).toBeLessThanOrEqual(run + 1);
      await close();
    }
  });
});

describe('damaged files', () => {
  let template: string;
  let log: string;
  let logSize: number;
  let templateId: string;
  /** Entries that were moved to tables; those after them are in the log. */
  const inTables = Array.from({ length: 60 }, (_, at) => `table-${at}`);
  const inLog = ['log-1', 'log-2', 'log-3'];

  beforeAll(async () => {
    template = await mkdtemp(join(tmpdir(), 'journal-template-'));
    const directory = join(template, 'journal');
    const first = await open(directory);
    templateId = first.journal.journalId;
    await first.journal.bridgeTimeTold(exactly(BEGAN_MS), BEGAN_MS - 1_000);
    for (const commandId of inTables) await keep(first.journal, commandId);
    await first.close();
    const second = await open(directory);
    for (const commandId of inLog) await keep(second.journal, commandId);
    await second.close();
    log = (await readdir(directory)).find((file) => file.endsWith('.log')) ?? expect.fail('expected a log');
    logSize = (await stat(join(directory, log))).size;
    return () => rm(template, { recursive: true, force: true });
  });

  /** A copy of the template, to be damaged. */
  async function copy(): Promise<string> {
    const to = await folder();
    await cp(template, to, { recursive: true });
    return join(to, 'journal');
  }

  const fileOf = async (directory: string, pattern: RegExp): Promise<string> =>
    join(directory, (await readdir(directory)).find((file) => pattern.test(file)) ?? expect.fail(`expected a file like ${pattern.source}`));

  async function change(file: string, edit: (bytes: Buffer) => void): Promise<void> {
    const bytes = await readFile(file);
    edit(bytes);
    await writeFile(file, bytes);
  }

  /** Opens what was damaged: either all is known, or it is reported and the journal has a new id and no horizon. Works again. */
  async function isNeverForgottenInSilence(directory: string, what: string): Promise<Opened> {
    const opened = await open(directory);
    const { journal, told } = opened;
    const found = await Promise.all([...inTables, ...inLog].map((commandId) => journal.find(commandId)));
    const isAllKnown = found.every((entry) => entry?.state === 'finished');
    const isNew = journal.journalId !== templateId;
    expect({ what, isNew }).toEqual({ what, isNew: told.length > 0 });
    if (isNew) expect(journal).toMatchObject({ horizonMs: undefined, dosesForgottenUntilMs: Infinity });
    else expect({ what, isAllKnown }).toEqual({ what, isAllKnown: true });
    await keep(journal, 'afterwards');
    return opened;
  }

  it('a log cut within its last records is reported with its place, once, though the agent dies before it is repaired', async () => {
    for (const cut of [1, 6, 7, 8, 100, 500, logSize - 1]) {
      const directory = await copy();
      await truncate(join(directory, log), logSize - cut);
      const { journal, told, close } = await isNeverForgottenInSilence(directory, `cut by ${cut}`);
      expect(told).toEqual([expect.stringMatching(/\.log cannot be read from byte \d+ of \d+ on$/)]);
      expect(journal.journalId).not.toBe(templateId);
      await close();
      const again = await open(directory);
      expect(again.told).toEqual([]);
      expect(again.journal.journalId).toBe(journal.journalId);
      await again.close();
    }
    const directory = await copy();
    await truncate(join(directory, log), logSize - 5);
    // Repaired, and then killed before any journal was opened.
    await (await openLevelDisk(directory, () => undefined)).close();
    const { journal, told } = await open(directory);
    expect(told).toEqual([]);
    expect(journal.journalId).not.toBe(templateId);
  });

  it('changed bits and zeros in a log are reported', async () => {
    for (const at of [0, 5, 6, 7, 400, logSize - 1]) {
      const directory = await copy();
      await change(join(directory, log), (bytes) => void (bytes[at] = (bytes[at] ?? 0) ^ 0x10));
      await (await isNeverForgottenInSilence(directory, `bit ${at}`)).close();
    }
    const directory = await copy();
    await change(join(directory, log), (bytes) => void bytes.fill(0, 300, 600));
    await isNeverForgottenInSilence(directory, 'zeros');
  });

  it('missing files are reported', async () => {
    for (const pattern of [/^CURRENT$/, /^MANIFEST/, /\.ldb$/, /\.log$/]) {
      const directory = await copy();
      await rm(await fileOf(directory, pattern));
      const { told, close } = await isNeverForgottenInSilence(directory, pattern.source);
      expect(told.length).toBeGreaterThan(0);
      await close();
    }
  });

  it('cut and changed files of other kinds are reported', async () => {
    for (const pattern of [/^CURRENT$/, /^MANIFEST/, /\.ldb$/]) {
      for (const part of [0, 0.5, 0.999]) {
        const cut = await copy();
        const cutFile = await fileOf(cut, pattern);
        const { size } = await stat(cutFile);
        await truncate(cutFile, Math.floor(size * part));
        await (await isNeverForgottenInSilence(cut, `${pattern.source} cut at ${part}`)).close();
        const changed = await copy();
        await change(await fileOf(changed, pattern), (bytes) => {
          const at = Math.floor(bytes.length * part);
          bytes[at] = (bytes[at] ?? 0) ^ 0x41;
        });
        await (await isNeverForgottenInSilence(changed, `${pattern.source} changed at ${part}`)).close();
      }
    }
  });

  it('what no repair helps is moved aside', async () => {
    const directory = await copy();
    await rm(join(directory, 'CURRENT'));
    await mkdir(join(directory, 'CURRENT', 'kelp'), { recursive: true });
    const { told } = await isNeverForgottenInSilence(directory, 'CURRENT');
    expect(told.at(-1)).toBe(`it was moved to ${directory}.damaged-1`);
    expect(await readdir(`${directory}.damaged-1`)).toContain('CURRENT');
  });

  it('a lost id of the disk makes new journals', async () => {
    const directory = await copy();
    await rm(`${directory}.id`);
    const { journal, close } = await open(directory);
    expect(journal.journalId).not.toBe(templateId);
    await close();
  });
});

describe('a disk that cannot be used', () => {
  it('says that another agent uses it, and takes nothing from that one', async () => {
    const directory = join(await folder(), 'journal');
    const { journal, close } = await open(directory);
    await keep(journal, 'c1');
    await expect(open(directory)).rejects.toMatchObject({ code: 'disk-in-use', message: expect.stringContaining(directory) as string });
    // A write of the other agent's that was under way looked like a torn log.
    const log = (await readdir(directory)).find((file) => file.endsWith('.log')) ?? '';
    await writeFile(join(directory, log), 'half', { flag: 'a' });
    await expect(open(directory)).rejects.toMatchObject({ code: 'disk-in-use' });
    await truncate(join(directory, log), (await stat(join(directory, log))).size - 4);
    await close();
    expect(await open(directory)).toMatchObject({ told: [], journal: { journalId: journal.journalId } });
  });

  it('says what to do where it is no directory', async () => {
    const directory = join(await folder(), 'journal');
    await writeFile(directory, '');
    await expect(open(directory)).rejects.toMatchObject({ code: 'disk-not-writable', message: expect.stringContaining('set its owner, or dataDir') as string });
  });
});

const mayMount = process.getuid?.() === 0 && process.platform === 'linux';

describe.skipIf(!mayMount)('a full disk', () => {
  type FullDisk = { directory: string; fill: () => Promise<void>; makeRoom: () => Promise<void> };

  async function smallDisk(): Promise<FullDisk> {
    const mount = await folder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', mount]);
    endings.push(() => Promise.resolve(execFileSync('umount', ['-l', mount])));
    const video = join(mount, 'fish-videos');
    const fill = async (): Promise<void> => {
      // To the last page: a write that is longer than the room is left out as a whole.
      for (const bytes of [1_000_000, 4_096]) {
        const chunk = Buffer.alloc(bytes);
        const hasRoom = (): Promise<boolean> => appendFile(video, chunk).then(() => true, () => false);
        while (await hasRoom());
      }
    };
    return { directory: join(mount, 'journal'), fill, makeRoom: () => rm(video) };
  }

  const isRefused = async (journal: Journal, commandId: string): Promise<boolean> => {
    const refusal = await journal.start(started(commandId)).then(() => undefined, (error: unknown) => error);
    if (refusal !== undefined) expect(refusal).toMatchObject({ code: 'disk-full', message: expect.stringContaining('free some space') as string });
    return refusal !== undefined;
  };

  const firstRefused = async (journal: Journal, name: string): Promise<string> => {
    for (let at = 0; ; at += 1) if (await isRefused(journal, `${name}-${at}`)) return `${name}-${at}`;
  };

  it('takes no command and still answers for those it has; takes them again when there is room', async () => {
    const { directory, fill, makeRoom } = await smallDisk();
    const { journal, told, close } = await open(directory);
    await keep(journal, 'before');
    await fill();
    const refused = await firstRefused(journal, 'full');
    expect(await isRefused(journal, 'still-full')).toBe(true);
    expect(journal.unfinished.map(({ command }) => command.commandId)).not.toContain(refused);
    expect(await journal.find('before')).toMatchObject({ state: 'finished' });
    await makeRoom();
    await keep(journal, 'after');
    expect(await journal.find(refused)).toBeUndefined();

    await fill();
    const refusedToo = await firstRefused(journal, 'full-again');
    await close();
    await makeRoom();
    const again = await open(directory);
    expect([...told, ...again.told]).toEqual([]);
    expect(again.journal.journalId).toBe(journal.journalId);
    expect(await again.journal.find('after')).toMatchObject({ state: 'finished' });
    for (const commandId of [refused, 'still-full', refusedToo]) expect(await again.journal.find(commandId)).toBeUndefined();
    await again.close();
  });

  it('holds nothing of what was refused when the agent is killed then', async () => {
    const { directory, fill } = await smallDisk();
    const { journal } = await open(directory);
    await fill();
    const refused = await firstRefused(journal, 'full');
    // What a process finds that starts after the kill.
    const left = join(await folder(), 'journal');
    await cp(directory, left, { recursive: true });
    await cp(`${directory}.id`, `${left}.id`);
    const { journal: again, told } = await open(left);
    expect(told).toEqual([]);
    expect(again.journalId).toBe(journal.journalId);
    expect(await again.find(refused)).toBeUndefined();
    expect(new Set(again.unfinished)).toEqual(new Set(journal.unfinished));
  });

  it('that cannot be opened again at first is opened when it can be, and nothing begun anew meanwhile', async () => {
    const { directory, fill, makeRoom } = await smallDisk();
    const { journal } = await open(directory);
    await keep(journal, 'before');
    await fill();
    await firstRefused(journal, 'full');
    await makeRoom();
    await rename(join(directory, 'CURRENT'), join(directory, 'away'));
    for (let times = 0; times < 2; times += 1) {
      await expect(journal.find('before')).rejects.toMatchObject({ code: 'disk-fault' });
      await expect(journal.start(started('after'))).rejects.toMatchObject({ code: 'disk-fault' });
    }
    await rename(join(directory, 'away'), join(directory, 'CURRENT'));
    const found = await Promise.all(['before', 'after'].map((commandId) => journal.find(commandId)));
    expect(found).toMatchObject([{ state: 'finished' }, undefined]);
    await keep(journal, 'after');
    expect(await journal.find('after')).toMatchObject({ state: 'finished' });
  });
});
