import type { Parameter, Values } from '../api/shapes.ts';
import { isSameValue } from './parameter-rule.ts';

/** What somebody saw, what is there by now and what they want. */
export type Comparison = {
  /** The settings that they want changed; `isChanged`: by somebody else meanwhile. */
  rows: readonly { name: string; isChanged: boolean }[];
  /** The other settings that have changed. */
  others: readonly string[];
  /** What of theirs would still change something. */
  remaining: Values;
};

export function comparison(seen: Values, now: Values, wanted: Values, parameters: readonly Parameter[]): Comparison {
  const isSame = (name: string, a: Values, b: Values): boolean => isSameValue(parameters.find((each) => each.name === name), a[name], b[name]);
  const names = Object.keys(wanted);
  return {
    rows: names.map((name) => ({ name, isChanged: !isSame(name, seen, now) })),
    others: [...new Set([...Object.keys(seen), ...Object.keys(now)])].filter((name) => !names.includes(name) && !isSame(name, seen, now)),
    remaining: Object.fromEntries(Object.entries(wanted).filter(([name]) => !isSame(name, wanted, now))),
  };
}
