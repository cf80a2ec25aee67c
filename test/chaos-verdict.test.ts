import { describe, expect, test } from 'vitest';
import { POINTS } from '../machine/points.ts';
import { Chance } from '../machine/chance.ts';
import { continued } from './chaos/doses.ts';
import type { Evidence, FeederEvidence } from './chaos/evidence.ts';
import type { StoredHistory } from './chaos/history.ts';
import type { DiskLoss } from './chaos/kills.ts';
import type { Exchange, Told } from './chaos/load.ts';
import { CRUCIAL, plannedBlows, VICTIMS, type Blow } from './chaos/plan.ts';
import type { Life } from './chaos/processes.ts';
import type { StoredCommand } from './chaos/store.ts';
import { judge } from './chaos/verdict.ts';

const MINUTE_MS = 60_000;
/** What can happen beside kills, and with the fates of a disk. */
const MISHAPS = 11;
const FIRST_OTHERS = MISHAPS + 4;

const stored = (more: Partial<StoredCommand>): StoredCommand => ({
  commandId: 'change',
  feederId: 'pond-1',
  kind: 'set-config',
  state: 'applied',
  version: null,
  changes: null,
  grams: null,
  readBack: {},
  reason: null,
  journalId: 'journal',
  issuedAtMs: MINUTE_MS,
  endedAtMs: MINUTE_MS + 100,
  ...more,
});
const change = stored({ version: 1, changes: { intervalSeconds: 61 }, readBack: { intervalSeconds: 61 } });
const dose = stored({ commandId: 'dose', kind: 'feed-now', grams: 7 });

const answered = (order: Exchange['order'], told: Omit<Told, 'kind'>): Exchange => ({ feederId: 'pond-1', order, atMs: 0, told: { kind: 'answer', ...told } });
const changeOrder: Exchange['order'] = { kind: 'set-config', changes: { intervalSeconds: 61 } };
const doseOrder: Exchange['order'] = { kind: 'feed-now', grams: 7 };
const changed = answered(changeOrder, { status: 200, commandId: 'change', state: 'applied', readBack: { intervalSeconds: 61 } });
const fed = answered(doseOrder, { status: 200, commandId: 'dose', state: 'applied', readBack: {} });
const refused = answered(doseOrder, { status: 409, code: 'feeder-offline' });

const feeder: FeederEvidence = {
  feederId: 'pond-1',
  settledMs: 20,
  journalId: 'journal',
  journal: new Map([
    ['change', 'applied'],
    ['dose', 'applied'],
  ]),
  doses: [{ token: 1, grams: 7 }],
  counted: { count: 3, totalGrams: 117 },
  registers: { intervalSeconds: 61 },
  shown: { intervalSeconds: 61 },
  baseline: { count: 1, totalGrams: 10 },
  activeAlarms: ['motorJam'],
  history: {
    feederId: 'pond-1',
    counters: { count: 3, totalGrams: 117 },
    meals: [
      { count: 1, grams: 7, source: 'feed-now', commandId: 'dose', told: 'spool 1.0' },
      { count: 1, grams: 100, source: 'schedule', commandId: null, told: 'spool 2.0' },
    ],
    spools: [{ spoolId: 'spool', ranges: [[0, 5]], dropped: [] }],
    openAlarms: ['motorJam'],
    readings: 1,
  },
};

const life = (name: string, more: Partial<Life>): Life => ({ name, startedAtMs: 0, readyAtMs: 10, ...more });
const ended = (atMs: number, signal: string | null, code: number | null = null): Life['end'] & object => ({ atMs, code, signal, asked: false });
const stopped: Life['end'] & object = { atMs: 9 * MINUTE_MS, code: 0, signal: null, asked: true };
const bridge = life('bridge', { end: stopped });
const postgres = life('postgres', { end: ended(MINUTE_MS, 'SIGKILL') });
const postgresAgain = life('postgres', { startedAtMs: MINUTE_MS + 300, readyAtMs: MINUTE_MS + 1_000, end: stopped });

const sound: Evidence = {
  exchanges: [changed, fed],
  commands: [change, dose],
  feeders: [feeder],
  diskLosses: [],
  outages: [],
  lives: [bridge, postgres, postgresAgain],
  errors: [{ name: 'bridge', atMs: MINUTE_MS + 50, what: 'a background task failed', type: 'StoreUnavailable' }],
};
const broken = (evidence: Partial<Evidence>): string[] =>
  judge({ ...sound, ...evidence }).flatMap(({ invariant, problems }) => (problems.length > 0 ? [invariant] : []));
/** As `sound`, but for the one feeder. */
const brokenAt = (more: Partial<FeederEvidence>): string[] => broken({ feeders: [{ ...feeder, ...more }] });

const SETTLED = 'every command has its outcome, within 5 s of agent and PLC being back';
const ANSWERS = 'answers say what the store says';
const ONCE = 'what was refused is not sent, and what is repeated is sent once';
const JOURNAL = 'journal and store name the same outcome';
const NO_DOSE_TWICE = 'no dose is fed twice, and none that was not applied';
const ALL_FED = 'every applied dose is fed';
const SUMS = 'applied ≤ taken ≤ applied and indeterminate grams';
const INDETERMINATE = 'no dose is indeterminate but where the disk was lost';
const REGISTERS = 'the registers hold what was applied last';
const SHOWN = 'the bridge shows what the registers hold';
const MEALS = 'the stored meals come to what the PLC counted';
const DOSES_TOLD = 'every applied dose is stored as one meal';
const NO_DOSE_MADE_UP = 'no meal is stored of a dose that was not fed';
const NO_GAP = 'no record of a spool is missing but what was let go of';
const ALARMS = 'the open alarms are those of the PLC';
const ENDS = 'no program ends by itself';
const ERRORS = 'no error is logged that no kill explains';

test('sound evidence speaks against nothing', () => {
  expect(broken({})).toEqual([]);
});

describe('a command', () => {
  test('without an outcome', () => {
    expect(broken({ commands: [{ ...change, state: 'sent', endedAtMs: null }, dose], exchanges: [fed] })).toContain(SETTLED);
  });

  test('whose outcome came late', () => {
    expect(brokenAt({ settledMs: 5_001 })).toEqual([SETTLED]);
    expect(brokenAt({ settledMs: Infinity })).toEqual([SETTLED]);
  });

  test('with another outcome in the journal than in the store, or none there', () => {
    expect(brokenAt({ journal: new Map([['dose', 'expired']]) })).toEqual([JOURNAL]);
    expect(brokenAt({ journal: new Map([['dose', 'started']]) })).toEqual([JOURNAL]);
    expect(brokenAt({ journal: new Map([['dose', 'indeterminate']]), journalId: 'another' })).toEqual([]);
  });

  test('sent twice for one wish, or sent though it was refused', () => {
    const again = { ...dose, commandId: 'again' };
    expect(broken({ commands: [change, dose, again] })).toContain(ONCE);
    expect(broken({ commands: [change, dose, { ...again, state: 'expired' }] })).not.toContain(ONCE);
    expect(broken({ exchanges: [changed, refused] })).toEqual([ONCE]);
    expect(broken({ exchanges: [changed, refused, { ...fed, told: { kind: 'lost', why: 'ECONNRESET' } }] })).toEqual([]);
  });
});

describe('an answer', () => {
  const answers: [string, Exchange, Partial<StoredCommand>][] = [
    ['200 of one that was rejected', fed, { state: 'rejected' }],
    ['502 of one that was applied', answered(doseOrder, { status: 502, code: 'command-rejected', commandId: 'dose' }), {}],
    ['504 expired of one that was applied', answered(doseOrder, { status: 504, code: 'command-expired', commandId: 'dose' }), {}],
    ['409 superseded of one that was applied', answered(doseOrder, { status: 409, code: 'command-superseded', commandId: 'dose' }), {}],
    ['503 of one that was applied', answered(doseOrder, { status: 503, code: 'store-unavailable', commandId: 'dose' }), {}],
    ['202 of one that nobody knows', answered(doseOrder, { status: 202, commandId: 'nobody' }), {}],
    ['409 for a pending dose that is none', answered(doseOrder, { status: 409, code: 'command-pending', commandId: 'change' }), {}],
    ['500', answered(doseOrder, { status: 500, code: 'internal-error' }), {}],
    ['200 with another read-back', { ...changed, told: { kind: 'answer', status: 200, commandId: 'change', state: 'applied', readBack: { intervalSeconds: 60 } } }, {}],
  ];
  test.each(answers)('%s', (_, exchange, more) => {
    expect(broken({ exchanges: [changed, fed, exchange], commands: [change, { ...dose, ...more }] })).toContain(ANSWERS);
  });

  test('that leaves the outcome open says nothing wrong', () => {
    const open = answered(doseOrder, { status: 504, code: 'command-unresolved', commandId: 'dose' });
    expect(broken({ exchanges: [changed, open, answered(doseOrder, { status: 202, commandId: 'dose' })] })).toEqual([]);
  });
});

describe('a dose', () => {
  test('fed twice', () => {
    expect(brokenAt({ doses: [...feeder.doses, { token: 2, grams: 7 }] })).toEqual([NO_DOSE_TWICE, SUMS]);
  });

  test('fed though nobody asked, or though it was rejected, expired or superseded', () => {
    expect(brokenAt({ doses: [...feeder.doses, { token: 2, grams: 8 }] })).toEqual([NO_DOSE_TWICE, SUMS]);
    for (const state of ['rejected', 'expired', 'superseded', 'refused'] as const) {
      expect(broken({ commands: [change, { ...dose, state }], exchanges: [changed] })).toContain(NO_DOSE_TWICE);
    }
  });

  test('applied but never fed', () => {
    expect(brokenAt({ doses: [] })).toEqual([ALL_FED, SUMS]);
  });

  test('indeterminate though no disk was lost, or that of another agent, or long before', () => {
    const commands = [change, { ...dose, state: 'indeterminate' as const }];
    const doubtful = { commands, exchanges: [changed], feeders: [{ ...feeder, journal: new Map() }] };
    const wiped = (feederId: string, atMs: number, fate: DiskLoss['fate'] = 'wiped'): DiskLoss => ({ name: 'agent', feederIds: [feederId], fate, atMs });
    expect(broken(doubtful)).toEqual([INDETERMINATE]);
    expect(broken({ ...doubtful, diskLosses: [wiped('pond-2', MINUTE_MS + 50)] })).toEqual([INDETERMINATE]);
    expect(broken({ ...doubtful, diskLosses: [wiped('pond-1', 1)] })).toEqual([INDETERMINATE]);
    expect(broken({ ...doubtful, diskLosses: [wiped('pond-1', MINUTE_MS + 50, 'spool wiped')] })).toEqual([INDETERMINATE]);
    expect(broken({ ...doubtful, diskLosses: [wiped('pond-1', MINUTE_MS + 50)] })).toEqual([]);
  });
});

describe('history', () => {
  const { history } = feeder;
  const [doseMeal, ownMeal] = history.meals;
  if (!doseMeal || !ownMeal) throw new Error('expected two meals');
  const brokenWith = (more: Partial<StoredHistory>): string[] => brokenAt({ history: { ...history, ...more } });

  test('that lacks a meal, or has one twice', () => {
    expect(brokenWith({ meals: [doseMeal] })).toEqual([MEALS]);
    expect(brokenWith({ meals: [doseMeal, ownMeal, ownMeal] })).toEqual([MEALS]);
    expect(brokenAt({ counted: { count: 3, totalGrams: 118 } })).toEqual([MEALS]);
    expect(brokenAt({ counted: { count: 4, totalGrams: 117 } })).toEqual([MEALS]);
  });

  test('that does not tell a dose from the schedule, tells it twice, or not as it was', () => {
    expect(brokenWith({ meals: [{ ...doseMeal, source: 'schedule', commandId: null }, ownMeal] })).toEqual([DOSES_TOLD]);
    expect(brokenWith({ meals: [doseMeal, { ...ownMeal, source: 'feed-now', commandId: 'dose' }] })).toEqual([DOSES_TOLD]);
    expect(brokenWith({ meals: [{ ...doseMeal, grams: 6 }, { ...ownMeal, grams: 101 }] })).toEqual([DOSES_TOLD]);
    expect(brokenWith({ meals: [doseMeal, { ...ownMeal, source: 'feed-now', commandId: 'nobody' }] })).toEqual([NO_DOSE_MADE_UP]);
  });

  test('that tells of a dose what was out when the power of its PLC was cut, and then alone', () => {
    const short = { meals: [{ ...doseMeal, grams: 6 }, { ...ownMeal, grams: 101 }] };
    const cutAt = (atMs: number, name = 'plc of pond-1'): string[] => {
      const plc = life(name, { end: ended(atMs, 'SIGKILL') });
      return broken({ lives: [...sound.lives, plc], feeders: [{ ...feeder, history: { ...feeder.history, ...short } }] });
    };
    expect(cutAt(MINUTE_MS + 50)).toEqual([]);
    expect(cutAt(MINUTE_MS - 1)).toEqual([DOSES_TOLD]);
    expect(cutAt(2 * MINUTE_MS)).toEqual([DOSES_TOLD]);
    expect(cutAt(MINUTE_MS + 50, 'plc of pond-2')).toEqual([DOSES_TOLD]);
  });

  test('of a spool with a gap that it does not tell of', () => {
    const spool = (ranges: [number, number][], dropped: [number, number][] = []) => brokenWith({ spools: [{ spoolId: 'spool', ranges, dropped }] });
    expect(spool([[1, 5]])).toEqual([NO_GAP]);
    expect(spool([[0, 2], [3, 5]])).toEqual([NO_GAP]);
    expect(spool([[0, 2], [4, 5]], [[2, 2]])).toEqual([NO_GAP]);
    expect(spool([[0, 2], [4, 5]], [[1, 3]])).toEqual([]);
    expect(spool([])).toEqual([]);
  });

  test('with an alarm that stays open, or is not told', () => {
    expect(brokenWith({ openAlarms: ['hopperLow', 'motorJam'] })).toEqual([ALARMS]);
    expect(brokenWith({ openAlarms: [] })).toEqual([ALARMS]);
  });
});

describe('settings', () => {
  test('that are not those of the newest version applied', () => {
    const values = { registers: { intervalSeconds: 60 }, shown: { intervalSeconds: 60 } };
    expect(brokenAt(values)).toEqual([REGISTERS]);
    const newer = stored({ commandId: 'newer', version: 2, changes: { intervalSeconds: 60 } });
    expect(broken({ commands: [newer, change, dose], feeders: [{ ...feeder, ...values }] })).toEqual([]);
    expect(broken({ commands: [{ ...newer, state: 'rejected' }, change, dose], feeders: [{ ...feeder, ...values }] })).toEqual([REGISTERS]);
    expect(broken({ commands: [{ ...newer, state: 'indeterminate' }, change, dose], feeders: [{ ...feeder, ...values }] })).toEqual([]);
  });

  test('that the bridge shows otherwise', () => {
    expect(brokenAt({ shown: { intervalSeconds: 60 } })).toEqual([SHOWN]);
  });
});

describe('a program', () => {
  const killed = { ...postgres, end: ended(MINUTE_MS, 'SIGKILL') };
  const ends: [string, Life, boolean][] = [
    ['killed', life('bridge', { end: ended(MINUTE_MS, 'SIGKILL') }), true],
    ['that crashed', life('bridge', { end: ended(MINUTE_MS, null, 1) }), false],
    ['that failed to stop', life('bridge', { end: { ...stopped, code: 1 } }), false],
    ['never ended', life('bridge', {}), false],
    ['that could not start without Postgres', { name: 'bridge', startedAtMs: MINUTE_MS + 10, end: ended(MINUTE_MS + 900, null, 1) }, true],
    ['that could not start though Postgres was there', { name: 'bridge', startedAtMs: 3 * MINUTE_MS, end: ended(3 * MINUTE_MS + 900, null, 1) }, false],
    ['an agent that could not start', { name: 'agent-1', startedAtMs: MINUTE_MS + 10, end: ended(MINUTE_MS + 900, null, 1) }, false],
  ];
  test.each(ends)('%s', (_, end, isExplained) => {
    expect(broken({ lives: [killed, postgresAgain, end] })).toEqual(isExplained ? [] : [ENDS]);
  });

  test('that logs an error no kill explains', () => {
    const error = { name: 'bridge', atMs: MINUTE_MS + 50, what: 'something failed', type: 'TypeError' };
    expect(broken({ errors: [error] })).toEqual([ERRORS]);
    const late = { ...error, atMs: 3 * MINUTE_MS, type: 'StoreSilent' };
    expect(broken({ errors: [late] })).toEqual([ERRORS]);
    expect(broken({ errors: [late], outages: [{ name: 'bridge', fromMs: late.atMs - 4_000, toMs: late.atMs - 1_999 }] })).toEqual([]);
    expect(broken({ errors: [late], outages: [{ name: 'bridge', fromMs: late.atMs - 4_000, toMs: late.atMs - 2_000 }] })).toEqual([ERRORS]);
  });
});

test('a full disk explains what its agent says of it, and that it could not start, nothing else', () => {
  const error = { name: 'agent-1', atMs: 3 * MINUTE_MS, what: 'something failed: no room', type: 'DiskError' };
  const full = { name: 'disk of agent-1', fromMs: error.atMs - 500, toMs: error.atMs + 500 };
  expect(broken({ errors: [error] })).toEqual([ERRORS]);
  expect(broken({ errors: [error], outages: [full] })).toEqual([]);
  expect(broken({ errors: [{ ...error, type: 'TypeError' }], outages: [full] })).toEqual([ERRORS]);
  expect(broken({ errors: [error], outages: [{ ...full, name: 'disk of agent-2' }] })).toEqual([ERRORS]);
  const end = { name: 'agent-1', startedAtMs: error.atMs, end: ended(error.atMs + 900, null, 1) };
  expect(broken({ lives: [...sound.lives, end], outages: [full] })).toEqual([]);
  expect(broken({ lives: [...sound.lives, { ...end, readyAtMs: error.atMs + 10 }], outages: [full] })).toEqual([ENDS]);
});

test('an agent says that its spool is an old copy where it is', () => {
  const error = { name: 'agent-1', atMs: 3 * MINUTE_MS, what: 'the bridge has more: it is an old copy, and begins anew', type: undefined };
  const loss = { name: 'agent-1', feederIds: ['pond-1'], fate: 'spool put back' as const, atMs: 2 * MINUTE_MS };
  expect(broken({ errors: [error] })).toEqual([ERRORS]);
  expect(broken({ errors: [error], diskLosses: [loss] })).toEqual([]);
  expect(broken({ errors: [error], diskLosses: [{ ...loss, fate: 'spool wiped' }] })).toEqual([ERRORS]);
});

test('a bridge cannot start while Postgres is stopped', () => {
  const end = { name: 'bridge', startedAtMs: 3 * MINUTE_MS, end: ended(3 * MINUTE_MS + 900, null, 1) };
  expect(broken({ lives: [...sound.lives, end], outages: [{ name: 'postgres', fromMs: 3 * MINUTE_MS - 500, toMs: 3 * MINUTE_MS + 500 }] })).toEqual([]);
});

describe('an error that tells of a server', () => {
  const error = (sinceKillMs: number, type = 'StoreSilent') => ({ name: 'bridge', atMs: MINUTE_MS + sinceKillMs, what: 'a background task failed', type });

  test.each([0, 500, 2_999])('that was killed, not ready yet or since less than 2 s, %i ms after the kill', (sinceKillMs) => {
    expect(broken({ errors: [error(sinceKillMs)] })).toEqual([]);
  });

  test.each([-1_000, 3_000, 5_000, 9_000])('that was there, %i ms after the kill', (sinceKillMs) => {
    expect(broken({ errors: [error(sinceKillMs)] })).toEqual([ERRORS]);
  });

  test('while another server was away', () => {
    expect(broken({ errors: [error(500, 'LeaseStoreUnavailable')] })).toEqual([ERRORS]);
    const redis = life('redis', { end: ended(3 * MINUTE_MS, 'SIGKILL') });
    const lives = [bridge, postgres, postgresAgain, redis, life('redis', { startedAtMs: 3 * MINUTE_MS, readyAtMs: 3 * MINUTE_MS + 50, end: stopped })];
    expect(broken({ lives, errors: [error(2 * MINUTE_MS + 100)] })).toEqual([ERRORS]);
    expect(broken({ lives, errors: [error(2 * MINUTE_MS + 100, 'LeaseStoreUnavailable')] })).toEqual([]);
  });

  test('that did not come back yet, and that ended by itself', () => {
    expect(broken({ lives: [bridge, postgres], errors: [error(9_000)] })).toEqual([]);
    const crashed = life('postgres', { end: ended(MINUTE_MS, null, 1) });
    expect(broken({ lives: [bridge, crashed, postgresAgain], errors: [error(500)] })).toEqual([ENDS, ERRORS]);
  });
});

test('the doses that a PLC forgets are kept', () => {
  const [one, two, three, four] = [1, 2, 3, 4].map((token) => ({ token, grams: token }));
  if (!one || !two || !three || !four) throw new Error('expected four doses');
  expect(continued([], [one, two])).toEqual([one, two]);
  expect(continued([one, two], [one, two, three])).toEqual([one, two, three]);
  expect(continued([one, two, three], [two, three, four])).toEqual([one, two, three, four]);
  // A dose fed twice stays there twice.
  expect(continued([one, two], [one, two, two])).toEqual([one, two, two]);
});

test('the same seed plans the same blows; a round has every victim at every point', () => {
  const before = CRUCIAL.length + FIRST_OTHERS;
  const round = (seed: number): Blow[] => {
    const blows = plannedBlows(new Chance(seed));
    return Array.from({ length: before + Math.ceil((VICTIMS.length * (POINTS.length + 2) + MISHAPS) * 1.5) }, () => blows.next().value);
  };
  expect(round(1)).toEqual(round(1));
  expect(round(1)).not.toEqual(round(2));
  const cellsIn = (blows: Blow[]): string[] => blows.flatMap((blow) => (blow.kind === 'kill' ? [`${blow.victims[0]} ${blow.at}`] : []));
  expect(new Set(cellsIn(round(1).slice(before))).size).toBe(VICTIMS.length * (POINTS.length + 1));
  const crucial = CRUCIAL.map(([victim, at]) => `${victim} ${at}`);
  expect(cellsIn(round(1).slice(0, CRUCIAL.length)).sort()).toEqual([...crucial].sort());
  for (const cell of crucial) expect(cellsIn(round(1)).filter((one) => one === cell).length).toBeGreaterThan(5);
});

test('all that can happen happens early, each once', () => {
  const blows = plannedBlows(new Chance(1));
  const early = Array.from({ length: CRUCIAL.length + FIRST_OTHERS }, () => blows.next().value).slice(CRUCIAL.length);
  const mishaps = early.flatMap((blow) => (blow.kind === 'kill' ? [] : [[blow.kind, 'victim' in blow && blow.victim, 'fullFor' in blow && blow.fullFor].join(' ')]));
  expect([mishaps.length, new Set(mishaps).size]).toEqual([MISHAPS, MISHAPS]);
  const fates = early.flatMap((blow) => (blow.kind === 'kill' ? [blow.disk] : []));
  expect([...fates].sort()).toEqual(['kept', 'spool put back', 'spool wiped', 'wiped']);
});
