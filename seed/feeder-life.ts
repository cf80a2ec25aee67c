import type { Chance } from '../machine/chance.ts';
import { roundedGrams, type MealCounters } from '../topics/counters.ts';
import type { StandardConfig } from '../topics/parameters.ts';
import type { Water } from './water.ts';

/** Where the counters of the reference feeder begin again from 0. */
export const WRAP_AT: MealCounters = { count: 2 ** 16, totalGrams: 2 ** 32 };

const FULL_GRAMS = 25_000;
const LOW_GRAMS = 2_000;
const HOUR_MS = 3_600_000;

/** When meals of the schedule may begin. */
export type Window = { opensAtMs: number; closesAtMs: number };

/** What the feeder's PLC holds and does: it feeds by its schedule and counts what it feeds, whoever looks on. */
export class FeederLife {
  config: StandardConfig;
  hopperGrams: number;
  mealsToday = 0;
  dispensedTodayGrams = 0;
  counters: MealCounters;
  isJammed = false;
  water: Water = { temperatureCelsius: NaN, oxygenMgPerLitre: NaN };
  readonly #chance: Chance;
  #lastMealAtMs = -Infinity;
  /** When somebody comes with a new load. */
  #refillAtMs = Infinity;

  constructor(config: StandardConfig, chance: Chance) {
    this.#chance = chance;
    this.config = config;
    this.hopperGrams = Math.round(chance.between(4_000, 20_000));
    const count = 1_000 + chance.below(8_000);
    this.counters = { count, totalGrams: count * 100 };
  }

  get isHopperLow(): boolean {
    return this.hopperGrams < LOW_GRAMS;
  }

  /** Midnight at the site. */
  beginDay(): void {
    this.mealsToday = 0;
    this.dispensedTodayGrams = 0;
  }

  /** Somebody fills the hopper, some hours after it ran low. */
  refill(atMs: number): void {
    if (this.isHopperLow && this.#refillAtMs === Infinity) this.#refillAtMs = atMs + this.#chance.between(2, 18) * HOUR_MS;
    if (atMs < this.#refillAtMs) return;
    this.hopperGrams = FULL_GRAMS;
    this.#refillAtMs = Infinity;
  }

  /** Whether the schedule has a meal begin now. */
  isMealDue(atMs: number, { opensAtMs, closesAtMs }: Window): boolean {
    const { mealGrams, intervalSeconds, dailyLimitGrams, oxygenStopMgPerLitre, temperatureStopCelsius } = this.config;
    return (
      atMs >= opensAtMs &&
      atMs < closesAtMs &&
      atMs - this.#lastMealAtMs >= intervalSeconds * 1000 &&
      !this.isJammed &&
      this.dispensedTodayGrams + mealGrams <= dailyLimitGrams &&
      this.hopperGrams >= mealGrams &&
      this.water.oxygenMgPerLitre >= oxygenStopMgPerLitre &&
      this.water.temperatureCelsius <= temperatureStopCelsius
    );
  }

  /** A meal of the schedule; tells how much it was. */
  feedBySchedule(atMs: number): number {
    this.#lastMealAtMs = atMs;
    return this.feed(this.config.mealGrams);
  }

  /** Feeds so much, or what there is; tells how much it was. */
  feed(askedGrams: number): number {
    const grams = Math.min(askedGrams, this.hopperGrams);
    const { count, totalGrams } = this.counters;
    this.hopperGrams -= grams;
    this.mealsToday += 1;
    this.dispensedTodayGrams += grams;
    this.counters = { count: (count + 1) % WRAP_AT.count, totalGrams: roundedGrams(totalGrams + grams) % WRAP_AT.totalGrams };
    return grams;
  }
}
