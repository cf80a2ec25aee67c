import type { AlarmThresholds } from '../../api/shapes.ts';
import { numberIn } from '../../change/typed-value.ts';
import type { Language } from '../../words/language.ts';

export type ThresholdName = keyof AlarmThresholds;
export type ThresholdUnit = 'day' | 'meal' | 'minute' | 'mg/L' | '°C';
type Rule = { name: ThresholdName; unit: ThresholdUnit; least: number; most: number; isWhole?: true };

/** The thresholds in the order in which they are shown, and what the bridge takes for each. */
export const THRESHOLDS: readonly Rule[] = [
  { name: 'oxygenMinMgPerLitre', unit: 'mg/L', least: 0, most: 20 },
  { name: 'temperatureMinCelsius', unit: '°C', least: -5, most: 40 },
  { name: 'temperatureMaxCelsius', unit: '°C', least: -5, most: 40 },
  { name: 'hopperDaysLeft', unit: 'day', least: 0.1, most: 365 },
  { name: 'mealsMissed', unit: 'meal', least: 1, most: 1000, isWhole: true },
  { name: 'feedingMaxMinutes', unit: 'minute', least: 1, most: 1440 },
  { name: 'plcLostMinutes', unit: 'minute', least: 0.5, most: 10_080 },
  { name: 'agentLostMinutes', unit: 'minute', least: 0.5, most: 10_080 },
];

/** What is filled in for a threshold: whether it is watched, and at what. */
export type ThresholdField = { isWatched: boolean; typed: string };
export type ThresholdDraft = Readonly<Record<ThresholdName, ThresholdField>>;
export type ThresholdFault = 'unreadable' | 'not-whole' | 'out-of-range';

const decimalOf = (language: Language): string => new Intl.NumberFormat(language).formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.';

/** What the form begins with; one that is off begins empty. */
export function draftOf(held: AlarmThresholds, language: Language): ThresholdDraft {
  const field = (value: number | null): ThresholdField => ({ isWatched: value !== null, typed: value === null ? '' : String(value).replace('.', decimalOf(language)) });
  return {
    oxygenMinMgPerLitre: field(held.oxygenMinMgPerLitre),
    temperatureMinCelsius: field(held.temperatureMinCelsius),
    temperatureMaxCelsius: field(held.temperatureMaxCelsius),
    hopperDaysLeft: field(held.hopperDaysLeft),
    mealsMissed: field(held.mealsMissed),
    feedingMaxMinutes: field(held.feedingMaxMinutes),
    plcLostMinutes: field(held.plcLostMinutes),
    agentLostMinutes: field(held.agentLostMinutes),
  };
}

/** What the draft would change, and what is wrong in it; what stays as it is is not sent. */
export function reviewThresholds(
  draft: ThresholdDraft,
  held: AlarmThresholds,
  language: Language,
): { changes: Partial<AlarmThresholds>; faults: ReadonlyMap<ThresholdName, ThresholdFault> } {
  const changes: Partial<AlarmThresholds> = {};
  const faults = new Map<ThresholdName, ThresholdFault>();
  for (const rule of THRESHOLDS) {
    const { isWatched, typed } = draft[rule.name];
    const value = isWatched ? (numberIn(typed.replace(/[\s\u200e\u200f]/g, ''), language) ?? 'unreadable') : null;
    const fault = value === null ? undefined : faultOf(value, rule);
    if (fault !== undefined) faults.set(rule.name, fault);
    else if (value !== 'unreadable' && value !== held[rule.name]) changes[rule.name] = value;
  }
  return { changes, faults };
}

function faultOf(value: number | 'unreadable', { least, most, isWhole }: Rule): ThresholdFault | undefined {
  if (value === 'unreadable') return 'unreadable';
  if (value < least || value > most) return 'out-of-range';
  return isWhole && !Number.isInteger(value) ? 'not-whole' : undefined;
}
