import type { AlarmName } from '../alarm-names.ts';
import { sameValue, STANDARD_PARAMETERS, type Parameter, type ParameterValue, type Values } from '../../topics/parameters.ts';
import type { ConfigWatch, Deviation } from '../store/config-watch.ts';
import { ACTIVE, OVER, type Verdict } from './verdict.ts';

/** A config report and what is known of how it came about. */
export type ConfigSeen = {
  atMs: number;
  values: Values;
  /** Whether a command may have brought this value. */
  wasOrdered: (parameter: string, value: ParameterValue) => boolean;
  /** The PLC had just come back. */
  plcWasAway: boolean;
};

type Parameters = readonly Parameter[];

/** Which alarm tells of a deviation, by what caused it. */
export const ALARM_OF = { panel: 'configChangedOnPanel', fallback: 'configFellBack' } as const satisfies Record<Deviation['cause'], AlarmName>;

/**
 * What deviates after a config report. A value that no command brought deviates until it is back at what it was, or a
 * command sets it; `was` is what it was when somebody last wanted it so.
 */
export function watchAfter(feederId: string, before: ConfigWatch | undefined, seen: ConfigSeen, parameters: Parameters): ConfigWatch {
  const { atMs, values, plcWasAway } = seen;
  if (before === undefined) return { feederId, atMs, values, deviations: [] };
  const deviations = new Map(before.deviations.map((deviation) => [deviation.parameter, deviation]));
  for (const parameter of new Set([...Object.keys(before.values), ...Object.keys(values)])) {
    const [former, is] = [before.values[parameter], values[parameter]];
    // It is no longer in the register map, or was not before.
    if (former === undefined || is === undefined) {
      deviations.delete(parameter);
      continue;
    }
    const same = sameAs(parameter, parameters);
    if (same(former, is)) continue;
    const was = deviations.get(parameter)?.was ?? former;
    if (same(was, is) || seen.wasOrdered(parameter, is)) deviations.delete(parameter);
    else deviations.set(parameter, { parameter, was, is, atMs, cause: plcWasAway ? 'fallback' : 'panel' });
  }
  return { feederId, atMs: Math.max(before.atMs, atMs), values, deviations: [...deviations.values()] };
}

/** Whether two values of a parameter are the same to its PLC. */
export function sameAs(name: string, parameters: Parameters): (a: ParameterValue, b: ParameterValue) => boolean {
  const parameter = parameters.find((each) => each.name === name);
  return (a, b) => sameValue(parameter, a, b);
}

/** The most deviations that are told one by one. */
const MOST_TOLD = 20;

/** What is said of the deviations of each cause. */
export function configVerdicts(
  deviations: readonly Deviation[],
  parameters: Parameters,
): { configChangedOnPanel: Verdict; configFellBack: Verdict } {
  const verdict = (cause: Deviation['cause'], said: string): Verdict => {
    const told = deviations.filter((deviation) => deviation.cause === cause).map((deviation) => inWords(deviation, parameters));
    if (told.length === 0) return OVER;
    const rest = told.length > MOST_TOLD ? [`and ${told.length - MOST_TOLD} more`] : [];
    return ACTIVE(`${said}: ${[...told.slice(0, MOST_TOLD), ...rest].join(BETWEEN)}`);
  };
  return {
    configChangedOnPanel: verdict('panel', 'changed at the PLC itself, by no command'),
    configFellBack: verdict('fallback', 'other settings since the PLC was away, by no command'),
  };
}

/** Between the changes that one alarm tells of. */
const BETWEEN = ', ';

/** Whether the words `now` tell of a change that was not in those of `before`. */
export function tellsMore(before: string, now: string): boolean {
  const changesIn = (words: string): string[] => words.slice(words.indexOf(': ') + 2).split(BETWEEN);
  const told = changesIn(before);
  return changesIn(now).some((change) => !told.includes(change));
}

function inWords({ parameter, was, is }: Deviation, parameters: Parameters): string {
  const unit = parameters.find(({ name }) => name === parameter)?.unit ?? standardUnit(parameter);
  const words = (value: ParameterValue): string => (unit === '' ? String(value) : `${value} ${unit}`);
  return `${parameter} ${words(was)} -> ${words(is)}`;
}

const standardUnit = (parameter: string): string =>
  Object.entries(STANDARD_PARAMETERS).find(([name]) => name === parameter)?.[1].unit ?? '';
