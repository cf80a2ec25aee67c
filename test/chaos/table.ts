import { textTable } from '../../bench/table.ts';
import { POINTS } from '../../machine/points.ts';
import { COMMAND_KINDS, OUTCOMES } from '../../topics/commands.ts';
import type { Evidence } from './evidence.ts';
import { storedSum } from './history.ts';
import type { Killer, Struck } from './kills.ts';
import { VICTIMS, type Mishap, type Victim } from './plan.ts';
import type { Finding } from './verdict.ts';

const SHOWN_PROBLEMS = 20;

/** Who was killed how often, and when. */
export function killsTable(struck: readonly Struck[]): string {
  const moments = [...POINTS, 'any moment'] as const;
  const count = (victim: Victim | undefined, at: string | undefined): string =>
    String(killsOf(struck.filter(({ blow }) => at === undefined || (blow.kind === 'kill' && blow.at === at)), victim));
  const row = (name: string, at: string | undefined): string[] => [name, ...VICTIMS.map((victim) => count(victim, at)), count(undefined, at)];
  return textTable([['killed at', ...VICTIMS, 'all'], ...moments.map((at) => row(at, at)), row('all', undefined)]);
}

/** How many kills there were, of one victim or of all. */
export const killsOf = (struck: readonly Struck[], victim?: Victim): number =>
  struck
    .filter(({ blow }) => blow.kind === 'kill')
    .reduce((total, { fallen }) => total + fallen.filter((one) => victim === undefined || one === victim).length, 0);

/** What else happened, and how often. */
export function mishapsTable({ struck, diskLosses }: Pick<Killer, 'struck' | 'diskLosses'>): string {
  const happened = [
    ...struck.flatMap(({ blow }) => (blow.kind === 'kill' ? [] : [nameOf(blow)])),
    ...diskLosses.map(({ fate }) => `agent's ${fate === 'wiped' ? 'disk wiped' : fate}`),
  ];
  const names = [...new Set(happened)].sort();
  return textTable([['beside kills', 'times'], ...names.map((name) => [name, String(happened.filter((one) => one === name).length)])]);
}

function nameOf(mishap: Mishap): string {
  switch (mishap.kind) {
    case 'suspend':
      return `${mishap.victim} suspended`;
    case 'stop':
      return `${mishap.victim} stopped`;
    case 'fill':
      return `disk full ${mishap.fullFor}`;
    case 'cut':
      return 'link cut';
    case 'half-open':
      return 'link half-open';
    case 'jam':
      return 'motor jammed';
  }
}

/** What the PLCs counted, and how it is stored. */
export const mealsTable = ({ feeders }: Pick<Evidence, 'feeders'>): string =>
  textTable([
    ['history', 'PLC meals', 'PLC grams', 'stored meals', 'stored grams', 'rows', 'doses told', 'spools', 'readings'],
    ...feeders.map(({ feederId, baseline, counted, history }) => {
      const { count, totalGrams } = storedSum(history);
      const told = history.meals.filter(({ commandId }) => commandId !== null).length;
      const figures = [counted.count - baseline.count, counted.totalGrams - baseline.totalGrams, count, totalGrams, history.meals.length];
      return [feederId, ...[...figures, told, history.spools.length, history.readings].map(String)];
    }),
  ]);

/** How many commands ended how. */
export function outcomesTable({ commands }: Pick<Evidence, 'commands'>): string {
  const states = [...OUTCOMES, 'refused', 'sent'] as const;
  const count = (kind: string, state: string): string => String(commands.filter((command) => command.kind === kind && command.state === state).length);
  return textTable([['commands', ...states], ...COMMAND_KINDS.map((kind) => [kind, ...states.map((state) => count(kind, state))])]);
}

/** Whether everything held, with what speaks against it. */
export const verdictTable = (findings: readonly Finding[]): string =>
  findings
    .flatMap(({ invariant, problems }) => [
      `${problems.length === 0 ? 'holds ' : 'BROKEN'}  ${invariant}`,
      ...problems.slice(0, SHOWN_PROBLEMS).map((problem) => `          ${problem}`),
      ...(problems.length > SHOWN_PROBLEMS ? [`          and ${problems.length - SHOWN_PROBLEMS} more`] : []),
    ])
    .join('\n');
