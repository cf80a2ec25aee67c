import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { Comparison } from './changes.ts';
import type { EventFigures } from './events.ts';
import type { Figures } from './figures.ts';
import type { FrozenReaderFigures } from './frozen-reader.ts';
import type { HistoryFigures, QueryFigures } from './history.ts';
import type { MemoryFigures } from './memory.ts';
import type { RecordFigures } from './records.ts';
import type { RefusalFigures } from './refusal.ts';
import { textTable } from './table.ts';

/** What was measured in one run; a scenario that was left out is undefined. */
export type Results = {
  oneAtATime?: Comparison;
  inFlight?: Comparison;
  refusal?: RefusalFigures;
  frozenReader?: FrozenReaderFigures;
  memory?: MemoryFigures;
  records?: RecordFigures;
  history?: HistoryFigures;
  events?: EventFigures;
};

/** A figure that the design sets, and what it came to. */
type Goal = { what: string; measured: number; bound: '≤' | '≥'; goal: number; unit: string; byRound?: number[] };

/** All there is to tell of one run, as it is written to a file. */
export type Report = {
  machine: { cores: number; cpu: string; node: string; stores: string };
  startedAt: string;
  elapsedSeconds: number;
  results: Results;
  goals: (Goal & { reached: boolean })[];
  failures: string[];
};

/** Puts what was measured beside what is asked for. */
export function reportOf(results: Results, run: { stores: string; startedAt: Date; elapsedSeconds: number }): Report {
  const { oneAtATime, inFlight, refusal, frozenReader } = results;
  const [cpu] = cpus();
  return {
    machine: { cores: cpus().length, cpu: cpu?.model ?? 'unknown', node: process.version, stores: run.stores },
    startedAt: run.startedAt.toISOString(),
    elapsedSeconds: run.elapsedSeconds,
    results,
    goals: goalsOf(results).map((goal) => ({ ...goal, reached: isReached(goal) })),
    failures: [oneAtATime, inFlight, refusal, frozenReader].flatMap((scenario) => scenario?.failures ?? []),
  };
}

/** Writes a report where a program can read it. */
export const writeJson = (file: string, report: Report): Promise<void> => writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`);

/** A report as a person reads it. */
export function tellPeople({ machine, results, goals, failures, elapsedSeconds }: Report): string {
  const head = ['', '', 'count', 'per second', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'];
  const goalHead = ['', 'measured', 'by round', 'goal', ''];
  const goalRows = goals.map(({ what, measured, bound, goal, unit, byRound, reached }) => [
    what,
    `${measured.toFixed(2)}${unit}`,
    byRound ? `${Math.min(...byRound).toFixed(2)} to ${Math.max(...byRound).toFixed(2)}` : '',
    `${bound} ${goal}${unit}`,
    reached ? 'reached' : 'missed',
  ]);
  return [
    `${machine.cores} cores (${machine.cpu}), Node ${machine.node}, ${machine.stores}; ${elapsedSeconds.toFixed(0)} s`,
    textTable([head, ...figureRows(results)]),
    ...stageTable(results),
    ...notes(results),
    textTable([goalHead, ...goalRows]),
    failures.length === 0 ? 'Every change was answered as it must be.' : `${failures.length} failed, such as:\n${failures.slice(0, 10).join('\n')}`,
  ].join('\n\n');
}

/** What a change's time went into on average; what is left of it is Node's HTTP, on both ends. */
function stageTable({ oneAtATime, inFlight }: Results): string[] {
  const measured = [oneAtATime, inFlight].filter((comparison) => comparison !== undefined);
  const stages = measured[0]?.stages.map(({ stage }) => stage) ?? [];
  if (stages.length === 0) return [];
  const head = ['mean of each stage, ms', ...stages];
  const rows = measured.map((comparison) => [
    `${comparison.inFlight} in flight`,
    ...stages.map((name) => comparison.stages.find(({ stage }) => stage === name)?.meanMs.toFixed(2) ?? ''),
  ]);
  return [textTable([head, ...rows])];
}

/** What is told in words, because there is no goal for it. */
function notes({ records, history, events }: Results): string[] {
  const lines: string[] = [];
  if (records) {
    const { perSecond, copied } = records;
    lines.push(
      copied
        ? `records stored: ${perSecond.toFixed(0)} a second; copied: ${copied.perSecond.toFixed(0)} of ${copied.rows} readings a second`
        : `records stored: ${perSecond.toFixed(0)} a second; nothing to compare it with: that takes a Postgres server (DATABASE_URL) and psql`,
    );
  }
  for (const { path, oneDay, allDays } of history?.routes ?? []) {
    const ratio = (allDays.figures.p50Ms / oneDay.figures.p50Ms).toFixed(2);
    lines.push(`GET /${path}: ${history?.days ?? 0} days of ${history?.feeders ?? 0} feeders against 1 day: p50 ${ratio} ×, and more is shown`);
  }
  if (events) {
    const { clients, eventsPerSecond, bridgeCpuShare, residentKibEach } = events;
    lines.push(
      `events: ${eventsPerSecond.toFixed(0)} a second to each of ${clients} clients with ${(bridgeCpuShare * 100).toFixed(0)} % of a core in the bridge; ${residentKibEach.toFixed(0)} KiB resident for each client`,
    );
  }
  return lines.length === 0 ? [] : [lines.join('\n')];
}

const kibIn = ({ bytes }: QueryFigures): string => (bytes / 1024).toFixed(0);

function figureRows({ oneAtATime, inFlight, refusal, frozenReader, history, events }: Results): string[][] {
  const rows: string[][] = [];
  const add = (what: string, who: string, { count, perSecond, p50Ms, p95Ms, p99Ms, maxMs }: Figures): void => {
    const times = [p50Ms, p95Ms, p99Ms, maxMs].map((ms) => ms.toFixed(2));
    rows.push([what, who, String(count), perSecond.toFixed(0), ...times]);
  };
  for (const comparison of [oneAtATime, inFlight]) {
    if (!comparison) continue;
    add(`verified changes, ${comparison.inFlight} in flight`, 'floor', comparison.floor);
    add('', 'bridge', comparison.bridge);
  }
  if (refusal) add('refused changes, feeder offline', 'bridge', refusal);
  if (frozenReader) {
    add(`verified changes, ${frozenReader.inFlight} in flight, ${frozenReader.statesPerSecond} readings/s`, 'bridge', frozenReader.without);
    add('', 'frozen reader', frozenReader.frozen);
  }
  for (const { path, oneDay, allDays } of history?.routes ?? []) {
    add(`GET /${path}`, `1 day, ${kibIn(oneDay)} KiB`, oneDay.figures);
    add('', `${history?.days ?? 0} days, ${kibIn(allDays)} KiB`, allDays.figures);
  }
  if (events) add(`event stored, to the last of ${events.clients} clients`, 'bridge', events.toTheLast);
  return rows;
}

function goalsOf({ oneAtATime, inFlight, refusal, frozenReader, memory, records, history }: Results): Goal[] {
  const goals: Goal[] = [];
  if (oneAtATime) {
    const { p50Ratio: measured, p50RatioByRound: byRound } = oneAtATime;
    goals.push({ what: 'one change at a time, p50 / floor', measured, bound: '≤', goal: 1.3, unit: '', byRound });
  }
  if (inFlight) {
    const { rateRatio: measured, rateRatioByRound: byRound } = inFlight;
    goals.push({ what: `changes per second, ${inFlight.inFlight} in flight, / floor`, measured, bound: '≥', goal: 0.75, unit: '', byRound });
  }
  if (refusal) {
    goals.push({ what: 'refusal of an offline feeder, p99', measured: refusal.p99Ms, bound: '≤', goal: 5, unit: ' ms' });
    goals.push({ what: 'messages to the offline feeder', measured: refusal.messagesToFeeder, bound: '≤', goal: 0, unit: '' });
  }
  if (frozenReader) {
    goals.push({ what: 'changes beside a frozen reader, p99', measured: frozenReader.frozen.p99Ms, bound: '≤', goal: 250, unit: ' ms' });
  }
  if (records?.copied) {
    goals.push({ what: 'records stored a second, against COPY', measured: records.perSecond / records.copied.perSecond, bound: '≥', goal: 0.5, unit: ' ×' });
  }
  for (const { path, oneDay, allDays } of history?.routes ?? []) {
    const perByte = ({ figures, bytes }: QueryFigures): number => figures.p50Ms / bytes;
    goals.push({ what: `GET /${path}, p50 for each byte shown, all days against 1 day`, measured: perByte(allDays) / perByte(oneDay), bound: '≤', goal: 1.2, unit: ' ×' });
  }
  if (memory) {
    goals.push({ what: 'resident memory of each connected agent', measured: memory.residentKibEach, bound: '≤', goal: 64, unit: ' KiB' });
  }
  return goals;
}

const isReached = ({ measured, bound, goal }: Goal): boolean => (bound === '≤' ? measured <= goal : measured >= goal);
