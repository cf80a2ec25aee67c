import { isDeepStrictEqual } from 'node:util';
import type { ParameterValue } from '../../topics/parameters.ts';
import { contradictionIn, nothingSentBy } from './answers.ts';
import type { Evidence } from './evidence.ts';
import { storedSum } from './history.ts';
import { isExplainedEnd, isExplainedError } from './explained.ts';
import type { Exchange } from './load.ts';
import type { Life } from './processes.ts';
import type { StoredCommand } from './store.ts';
import { plcOf } from './system.ts';

/** Something that must hold, and where it does not. */
export type Finding = { invariant: string; problems: readonly string[] };

/** Agent and PLC are back: so long, and every outcome is known. */
const SETTLED_WITHIN_MS = 5_000;
/** An agent that lost its disk tells its new journal's id when it connects; what is issued until then names the old one. */
const NEW_JOURNAL_TOLD_MS = 10_000;
/** A dose is out within some scans of the PLC, and its outcome may be stored before that. */
const DOSE_OUT_WITHIN_MS = 1_000;

const INVARIANTS: Readonly<Record<string, (evidence: Evidence) => string[]>> = {
  'every command has its outcome, within 5 s of agent and PLC being back': ({ commands, feeders }) => [
    ...commands.filter(({ state }) => state === 'sent').map((command) => `${told(command)} has none`),
    ...feeders.filter(({ settledMs }) => settledMs > SETTLED_WITHIN_MS).map(({ feederId, settledMs }) => `${feederId}: ${settledMs} ms`),
  ],
  'answers say what the store says': ({ exchanges, commands }) => {
    const byId = new Map(commands.map((command) => [command.commandId, command]));
    return exchanges.flatMap((exchange) => {
      const commandId = exchange.told.kind === 'answer' ? exchange.told.commandId : undefined;
      const wrong = contradictionIn(exchange, commandId === undefined ? undefined : byId.get(commandId));
      return wrong === undefined ? [] : [`${wrong}: ${JSON.stringify(exchange)}`];
    });
  },
  'what was refused is not sent, and what is repeated is sent once': ({ exchanges, commands }) => {
    const sent = groupedByMark(commands.filter(({ state }) => state !== 'refused' && state !== 'expired'), markOfCommand);
    return [...groupedByMark(exchanges, markOfExchange)].flatMap(([mark, asked]) => {
      const count = sent.get(mark)?.length ?? 0;
      const most = asked.every(({ told }) => nothingSentBy(told)) ? 0 : 1;
      return count > most ? [`${mark} was sent ${count} times: ${JSON.stringify(asked)}`] : [];
    });
  },
  'journal and store name the same outcome': ({ commands, feeders }) =>
    feeders.flatMap(({ feederId, journalId, journal }) =>
      commands
        // Of a command of another journal this one can only say that it does not know.
        .filter((command) => command.feederId === feederId && command.journalId === journalId)
        .flatMap((command) => {
          const outcome = journal.get(command.commandId);
          return outcome === undefined || outcome === command.state ? [] : [`${told(command)}, but ${outcome} in the journal`];
        }),
    ),
  'no dose is fed twice, and none that was not applied': ({ commands, feeders }) =>
    feeders.flatMap(({ feederId, doses }) => {
      const byGrams = groupedByGrams(commands, feederId);
      const seen = new Set<number>();
      return doses.flatMap(({ grams, token }) => {
        const dose = `${feederId}: ${grams} g by token ${token}`;
        const [command, ...others] = byGrams.get(grams) ?? [];
        if (seen.has(grams)) return [`${dose} once more`];
        seen.add(grams);
        if (command === undefined) return [`${dose} of no command`];
        if (others.length > 0) return [`${dose} of ${others.length + 1} commands`];
        return command.state === 'applied' || command.state === 'indeterminate' ? [] : [`${dose}, but ${told(command)}`];
      });
    }),
  'every applied dose is fed': ({ commands, feeders }) =>
    feeders.flatMap(({ feederId, doses }) => {
      const fed = new Set(doses.map(({ grams }) => grams));
      const applied = commands.filter((command) => command.feederId === feederId && command.kind === 'feed-now' && command.state === 'applied');
      return applied.filter(({ grams }) => grams === null || !fed.has(grams)).map((command) => `${told(command)}, but was not fed`);
    }),
  'applied ≤ taken ≤ applied and indeterminate grams': ({ commands, feeders }) =>
    feeders.flatMap(({ feederId, doses }) => {
      const sumOf = (...states: string[]): number =>
        sum(commands.filter((command) => command.feederId === feederId && states.includes(command.state)).map(({ grams }) => grams ?? 0));
      const taken = sum(doses.map(({ grams }) => grams));
      const holds = sumOf('applied') <= taken && taken <= sumOf('applied', 'indeterminate');
      return holds ? [] : [`${feederId}: ${sumOf('applied')} g applied, ${taken} g taken, ${sumOf('indeterminate')} g indeterminate`];
    }),
  'no dose is indeterminate but where the disk was lost': ({ commands, diskLosses }) =>
    commands
      .filter(({ kind, state }) => kind === 'feed-now' && state === 'indeterminate')
      .filter(
        ({ feederId, issuedAtMs, endedAtMs }) =>
          !diskLosses.some(({ feederIds, fate, atMs }) => fate === 'wiped' && feederIds.includes(feederId) && issuedAtMs - NEW_JOURNAL_TOLD_MS < atMs && atMs < (endedAtMs ?? 0)),
      )
      .map(told),
  'the registers hold what was applied last': ({ commands, feeders }) =>
    feeders.flatMap(({ feederId, registers }) =>
      [...lastApplied(commands, feederId)].flatMap(([name, { value, command }]) =>
        registers[name] === value ? [] : [`${feederId}: ${name} is ${registers[name]}, but ${told(command)} with ${value}`],
      ),
    ),
  'the bridge shows what the registers hold': ({ feeders }) =>
    feeders
      .filter(({ registers, shown }) => !isDeepStrictEqual(registers, shown))
      .map(({ feederId, registers, shown }) => `${feederId}: ${JSON.stringify({ registers, shown })}`),
  'the stored meals come to what the PLC counted': ({ feeders }) =>
    feeders.flatMap(({ feederId, baseline, counted, history }) => {
      const moved = { count: counted.count - baseline.count, totalGrams: counted.totalGrams - baseline.totalGrams };
      const stored = storedSum(history);
      return isDeepStrictEqual(moved, stored) ? [] : [`${feederId}: ${JSON.stringify({ moved, stored })}`];
    }),
  'every applied dose is stored as one meal': ({ commands, feeders, lives }) =>
    feeders.flatMap(({ feederId, history }) => {
      const applied = commands.filter((command) => command.feederId === feederId && command.kind === 'feed-now' && command.state === 'applied');
      return applied.flatMap((command) => {
        const meals = history.meals.filter(({ commandId }) => commandId === command.commandId);
        const asked = command.grams ?? 0;
        const isWhole = (grams: number): boolean => grams === asked || (grams < asked && isCutShort(command, lives));
        const isOne = meals.length === 1 && meals.every(({ grams, source }) => isWhole(grams) && source === 'feed-now');
        return isOne ? [] : [`${told(command)}, but as meals ${JSON.stringify(meals)}`];
      });
    }),
  'no meal is stored of a dose that was not fed': ({ commands, feeders }) => {
    const mayBeFed = new Set(commands.flatMap(({ kind, state, commandId }) => (kind === 'feed-now' && (state === 'applied' || state === 'indeterminate') ? [commandId] : [])));
    return feeders.flatMap(({ feederId, history }) =>
      history.meals.filter(({ commandId }) => commandId !== null && !mayBeFed.has(commandId)).map((meal) => `${feederId}: ${JSON.stringify(meal)}`),
    );
  },
  'no record of a spool is missing but what was let go of': ({ feeders }) =>
    feeders.flatMap(({ feederId, history }) =>
      history.spools.flatMap(({ spoolId, ranges, dropped }) =>
        gapsIn(ranges)
          .filter(([from, through]) => !dropped.some(([first, last]) => first <= from && through <= last))
          .map(([from, through]) => `${feederId}: ${from} to ${through} of spool ${spoolId}`),
      ),
    ),
  'the open alarms are those of the PLC': ({ feeders }) =>
    feeders
      .filter(({ activeAlarms, history }) => !isDeepStrictEqual(activeAlarms, history.openAlarms))
      .map(({ feederId, activeAlarms, history }) => `${feederId}: ${JSON.stringify({ activeAlarms, openAlarms: history.openAlarms })}`),
  'no program ends by itself': (evidence) => evidence.lives.filter((life) => !isExplainedEnd(life, evidence)).map((life) => JSON.stringify(life)),
  'no error is logged that no kill explains': (evidence) =>
    evidence.errors.filter((error) => !isExplainedError(error, evidence)).map((error) => JSON.stringify(error)),
};

/** Every invariant, with what speaks against it. */
export const judge = (evidence: Evidence): Finding[] =>
  Object.entries(INVARIANTS).map(([invariant, problemsIn]) => ({ invariant, problems: problemsIn(evidence) }));

const told = ({ feederId, kind, commandId, state, grams, version }: StoredCommand): string =>
  `${feederId}: ${kind} ${commandId}${version === null ? '' : ` of version ${version}`}${grams === null ? '' : ` of ${grams} g`} is ${state}`;

/** Whether the power of a dose's PLC was cut while it was fed: what was out by then is all that was fed. */
const isCutShort = ({ feederId, issuedAtMs, endedAtMs }: StoredCommand, lives: readonly Life[]): boolean =>
  lives.some(({ name, end }) => name === plcOf(feederId) && end !== undefined && issuedAtMs <= end.atMs && end.atMs <= (endedAtMs ?? Infinity) + DOSE_OUT_WITHIN_MS);

/** The numbers that are missing, from 0 on: from which through which. */
const gapsIn = (ranges: readonly (readonly [number, number])[]): [number, number][] =>
  ranges.flatMap(([from], index): [number, number][] => {
    const before = ranges[index - 1]?.[1] ?? 0;
    return from > before ? [[before, from - 1]] : [];
  });

/** What no two wishes of the clients have in common: the grams of a dose, the interval of a change. */
const markOfExchange = ({ feederId, order }: Exchange): string | undefined =>
  markOf(feederId, order.kind === 'feed-now' ? order.grams : undefined, order.kind === 'set-config' ? order.changes['intervalSeconds'] : undefined);
const markOfCommand = ({ feederId, grams, changes }: StoredCommand): string | undefined =>
  markOf(feederId, grams ?? undefined, changes?.['intervalSeconds']);

function markOf(feederId: string, grams: number | undefined, intervalSeconds: ParameterValue | undefined): string | undefined {
  if (grams !== undefined) return `${feederId}: a dose of ${grams} g`;
  return intervalSeconds === undefined ? undefined : `${feederId}: an interval of ${intervalSeconds} s`;
}

function groupedByMark<T>(list: readonly T[], markOf: (item: T) => string | undefined): Map<string, T[]> {
  const grouped = new Map<string, T[]>();
  for (const item of list) {
    const mark = markOf(item);
    if (mark !== undefined) grouped.set(mark, [...(grouped.get(mark) ?? []), item]);
  }
  return grouped;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** A feeder's doses that were sent, by their grams: each weight was asked for once. */
function groupedByGrams(commands: readonly StoredCommand[], feederId: string): Map<number, StoredCommand[]> {
  const grouped = new Map<number, StoredCommand[]>();
  for (const command of commands) {
    if (command.feederId !== feederId || command.kind !== 'feed-now' || command.state === 'refused' || command.grams === null) continue;
    grouped.set(command.grams, [...(grouped.get(command.grams) ?? []), command]);
  }
  return grouped;
}

type Held = { value: ParameterValue; command: StoredCommand };

/** Each parameter's value as the newest applied version set it, unless a newer command may have touched it. */
function lastApplied(commands: readonly StoredCommand[], feederId: string): Map<string, Held> {
  const held = new Map<string, Held>();
  const changes = commands.filter((command) => command.feederId === feederId && command.kind === 'set-config' && command.version !== null);
  for (const command of changes.toSorted((one, other) => (one.version ?? 0) - (other.version ?? 0))) {
    for (const [name, value] of Object.entries(command.changes ?? {})) {
      if (command.state === 'applied') held.set(name, { value, command });
      if (command.state === 'indeterminate') held.delete(name);
    }
  }
  return held;
}
