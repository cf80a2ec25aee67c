import type { Values } from '../../topics/parameters.ts';
import type { Thresholds } from './thresholds.ts';
import { ACTIVE, OVER, UNKNOWN, type Verdict } from './verdict.ts';

/** What the rules go by: what is known of one feeder now. What is not known is undefined. */
export type Known = {
  nowMs: number;
  agent: { state: 'online' } | { state: 'offline'; sinceMs: number } | undefined;
  plc: { state: 'ok' } | { state: 'unreachable'; sinceMs: number } | undefined;
  /** Readings that are neither old, stale nor bad. */
  readings: Values;
  /** Since when `feeding` was seen without a break. */
  feedingSinceMs: number | undefined;
  /** How much it fed a day lately. */
  gramsPerDay: number | undefined;
  meals: Meals | undefined;
};

/** What the schedule would have fed and was not counted. */
export type Meals =
  /** The schedule asks for none just now. */
  | { state: 'none-expected' }
  | {
      state: 'expected';
      /** Since the last one that was counted; infinite where none ever was. */
      missedSinceMeal: number;
      /** The same, as far as somebody was there to see it. */
      missedWhileWatched: number;
      lastMealAtMs: number | undefined;
    };

const MINUTE_MS = 60_000;
/** How far back a value must come before its alarm is over, so that one at the threshold does not raise it again and again. */
const CLEAR_MARGIN = { daysShare: 1.1, oxygenMgPerLitre: 0.3, temperatureCelsius: 0.5 };

type Rule = (known: Known, thresholds: Thresholds) => Verdict;

/** The alarms that are judged by what is known now. What is not known is neither raised nor cleared. */
const RULES = {
  hopperEmptySoon: ({ readings, gramsPerDay }, { hopperDaysLeft }) => {
    const grams = numberIn(readings, 'hopperGrams');
    if (hopperDaysLeft === null) return OVER;
    if (grams === undefined) return UNKNOWN;
    if (grams <= 0) return ACTIVE('the hopper is empty');
    if (gramsPerDay === undefined) return UNKNOWN;
    const days = grams / gramsPerDay;
    if (days <= hopperDaysLeft) {
      return ACTIVE(`the hopper will be empty in ${rounded(days)} days: ${rounded(grams)} g are left, and ${rounded(gramsPerDay)} g are fed a day`);
    }
    return days > hopperDaysLeft * CLEAR_MARGIN.daysShare ? OVER : UNKNOWN;
  },

  mealsMissed: ({ nowMs, meals }, { mealsMissed }) => {
    if (mealsMissed === null) return OVER;
    if (meals === undefined) return UNKNOWN;
    if (meals.state === 'none-expected' || meals.missedSinceMeal < mealsMissed) return OVER;
    // The last one may have come while nobody was there, and is only not known yet.
    if (meals.missedWhileWatched < mealsMissed) return UNKNOWN;
    const last = meals.lastMealAtMs === undefined ? 'none was ever counted' : `the last one was counted ${minutesSince(meals.lastMealAtMs, nowMs)} ago`;
    return ACTIVE(`${meals.missedWhileWatched} meals of the schedule in a row were not fed; ${last}`);
  },

  feedingTooLong: ({ nowMs, readings, feedingSinceMs }, { feedingMaxMinutes }) => {
    if (feedingMaxMinutes === null) return OVER;
    if (readings['feeding'] === false) return OVER;
    return lasting(feedingSinceMs, feedingMaxMinutes, nowMs, 'it has been feeding without a break for');
  },

  plcLost: ({ nowMs, plc }, { plcLostMinutes }) => {
    if (plcLostMinutes === null || plc?.state === 'ok') return OVER;
    return lasting(plc?.sinceMs, plcLostMinutes, nowMs, 'the agent is online, but the PLC has not answered it for');
  },

  agentLost: ({ nowMs, agent }, { agentLostMinutes }) => {
    if (agentLostMinutes === null || agent?.state === 'online') return OVER;
    return lasting(agent?.sinceMs, agentLostMinutes, nowMs, 'the agent has been offline for');
  },

  oxygenLow: ({ readings }, { oxygenMinMgPerLitre: least }) => {
    const oxygen = numberIn(readings, 'dissolvedOxygenMgPerLitre');
    if (least === null) return OVER;
    if (oxygen === undefined) return UNKNOWN;
    if (oxygen < least) return ACTIVE(`the water has ${rounded(oxygen)} mg/L of oxygen, below ${least} mg/L`);
    return oxygen >= least + CLEAR_MARGIN.oxygenMgPerLitre ? OVER : UNKNOWN;
  },

  temperatureLow: ({ readings }, { temperatureMinCelsius: least }) => {
    const celsius = numberIn(readings, 'waterTemperatureCelsius');
    if (least === null) return OVER;
    if (celsius === undefined) return UNKNOWN;
    if (celsius < least) return ACTIVE(`the water has ${rounded(celsius)} °C, below ${least} °C`);
    return celsius >= least + CLEAR_MARGIN.temperatureCelsius ? OVER : UNKNOWN;
  },

  temperatureHigh: ({ readings }, { temperatureMaxCelsius: most }) => {
    const celsius = numberIn(readings, 'waterTemperatureCelsius');
    if (most === null) return OVER;
    if (celsius === undefined) return UNKNOWN;
    if (celsius > most) return ACTIVE(`the water has ${rounded(celsius)} °C, above ${most} °C`);
    return celsius <= most - CLEAR_MARGIN.temperatureCelsius ? OVER : UNKNOWN;
  },
} satisfies Record<string, Rule>;

/** What each rule says. */
export const verdictsOn = (known: Known, thresholds: Thresholds): Record<keyof typeof RULES, Verdict> => ({
  hopperEmptySoon: RULES.hopperEmptySoon(known, thresholds),
  mealsMissed: RULES.mealsMissed(known, thresholds),
  feedingTooLong: RULES.feedingTooLong(known, thresholds),
  plcLost: RULES.plcLost(known, thresholds),
  agentLost: RULES.agentLost(known, thresholds),
  oxygenLow: RULES.oxygenLow(known, thresholds),
  temperatureLow: RULES.temperatureLow(known, thresholds),
  temperatureHigh: RULES.temperatureHigh(known, thresholds),
});

/** What has lasted too long. Until then, one that is raised already stays so: it may have begun before this bridge looked. */
function lasting(sinceMs: number | undefined, mostMinutes: number, nowMs: number, what: string): Verdict {
  if (sinceMs === undefined || nowMs - sinceMs < mostMinutes * MINUTE_MS) return UNKNOWN;
  return ACTIVE(`${what} ${minutesSince(sinceMs, nowMs)}`);
}

function minutesSince(sinceMs: number, nowMs: number): string {
  const minutes = Math.floor((nowMs - sinceMs) / MINUTE_MS);
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} hours` : `${Math.floor(minutes / 1440)} days`;
}

function numberIn(readings: Values, name: string): number | undefined {
  const value = readings[name];
  return typeof value === 'number' ? value : undefined;
}

/** As a person would write it: whole from 100 on, with at most two decimals below. */
const rounded = (value: number): number => (Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100);
