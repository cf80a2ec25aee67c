import type { Parameter, Values } from '../api/shapes.ts';
import type { Language } from '../words/language.ts';
import { faultOf, isSameValue, type ValueFault } from './parameter-rule.ts';
import { valueTyped, type Typed } from './typed-value.ts';

/** What somebody has filled in and not sent yet, by parameter; fields that nobody touched are not in it. */
export type Draft = Readonly<Record<string, Typed>>;

/** What a draft comes to: what it would change, and what is wrong in it. */
export type Review = { changes: Values; faults: ReadonlyMap<string, ValueFault> };

/** Reads a draft against what the feeder takes and what its PLC holds. What would change nothing is left out. */
export function review(draft: Draft, parameters: readonly Parameter[], held: Values, language: Language): Review {
  const changes: Values = {};
  const faults = new Map<string, ValueFault>();
  for (const parameter of parameters) {
    const { name } = parameter;
    const typed = Object.hasOwn(draft, name) ? draft[name] : undefined;
    if (typed === undefined) continue;
    const value = valueTyped(parameter, typed, language);
    if (value !== undefined && isSameValue(parameter, value, held[name])) continue;
    const fault = faultOf(parameter, value);
    if (fault) faults.set(name, fault);
    else if (value !== undefined) changes[name] = value;
  }
  return { changes, faults };
}

/** `feedingEnabled` is for pause and resume, which overtake what waits. */
export const isEditable = ({ name }: Pick<Parameter, 'name'>): boolean => name !== 'feedingEnabled';
