import { fedBetween } from '../topics/counters.ts';
import { toInstant } from '../topics/identifiers.ts';
import type { HistoryRecord } from '../topics/payloads.ts';
import { momentOf } from '../src/history/site-days.ts';
import type { SeededFeeder } from './feeder.ts';
import { FeederLife, WRAP_AT, type Window } from './feeder-life.ts';
import { COMMAND_MS, type Plan, type PlannedOrder } from './plan.ts';
import { waterAt } from './water.ts';

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** A record that has no number yet. */
type Told = Without<HistoryRecord, 'seq' | 'at'> & { atMs: number };
/** Who had a meal fed. */
type Source = { source: 'schedule' } | { source: 'feed-now'; commandId: string };

const MINUTE_MS = 60_000;
/** How soon after a meal the counters show it at two polls. */
const SETTLED_MS = 2_000;
const MOTOR_AMPS = 1.8;
const JAMMED_MOTOR_AMPS = 9.5;

/**
 * What an agent would have recorded of a feeder, in the order of time and of its numbers: readings once a minute and when it
 * feeds, meals by the PLC's counters, alarms, config changes, the PLC lost and back. While agent or PLC is away there is
 * nothing, and afterwards what the counters show. Ends with the feeder as it then is.
 */
export function* seededRecords(feeder: SeededFeeder, plan: Plan): Generator<HistoryRecord, FeederLife> {
  let seq = 0;
  const numbered = ({ atMs, ...told }: Told): HistoryRecord => ({ ...told, at: toInstant(atMs), seq: seq++ });
  const { chance, days, incidents, orders } = plan;
  const life = new FeederLife(plan.config, chance);
  const place = chance.between(0, 100);
  const agent = new Onlooker(life);
  yield* agent.begin(feeder.fromMs).map(numbered);

  let [today, next, ordered] = [0, 0, 0];
  let window = windowOn(days[0]?.date ?? '', life, feeder.timeZone);
  for (let atMs = feeder.fromMs; atMs + MINUTE_MS <= feeder.toMs; atMs += MINUTE_MS) {
    while ((days[today]?.toMs ?? Infinity) <= atMs) {
      today += 1;
      life.beginDay();
      window = windowOn(days[today]?.date ?? '', life, feeder.timeZone);
    }
    while ((incidents[next]?.toMs ?? Infinity) <= atMs) next += 1;
    const ahead = incidents[next];
    const incident = ahead && ahead.fromMs <= atMs ? ahead : undefined;
    const dip = incident?.kind === 'oxygen-dip' ? (atMs - incident.fromMs) / (incident.toMs - incident.fromMs) : undefined;
    life.water = waterAt(atMs, days[today]?.fromMs ?? 0, place, dip);
    life.water.temperatureCelsius += chance.between(-0.06, 0.06);
    life.water.oxygenMgPerLitre += chance.between(-0.05, 0.05);
    life.isJammed = incident?.kind === 'motor-jam';
    life.refill(atMs);

    const isSeen = incident?.kind !== 'agent-down' && incident?.kind !== 'plc-lost';
    if (incident?.kind === 'plc-lost' && agent.seesPlc) yield numbered(agent.plc(atMs, 'unreachable'));
    if (isSeen) yield* agent.look(atMs).map(numbered);
    while ((orders[ordered]?.issuedAtMs ?? Infinity) < atMs + MINUTE_MS) {
      const order = orders[ordered++];
      if (order) yield* agent.carryOut(order).map(numbered);
    }
    if (!life.isMealDue(atMs, window)) continue;
    const grams = life.feedBySchedule(atMs);
    // A dose in the same minute is over by then.
    if (isSeen) yield* agent.meal(atMs + 48_000, grams, { source: 'schedule' }).map(numbered);
  }
  return life;
}

function windowOn(date: string, { config }: FeederLife, timeZone: string): Window {
  return {
    opensAtMs: momentOf(date, config.windowStartMinute, timeZone),
    closesAtMs: momentOf(date, config.windowEndMinute, timeZone),
  };
}

/** The agent beside the PLC: what it has told, and what of the feeder is news to it. */
class Onlooker {
  readonly #life: FeederLife;
  seesPlc = true;
  #counters: FeederLife['counters'];
  #isLow = false;
  #isJammed = false;

  constructor(life: FeederLife) {
    this.#life = life;
    this.#counters = life.counters;
  }

  begin(atMs: number): Told[] {
    const { counters, config } = this.#life;
    return [
      this.plc(atMs, 'ok'),
      { kind: 'config', atMs, values: config, source: 'start' },
      {
        kind: 'meal', atMs, count: 0, grams: 0, countTotal: counters.count, totalGrams: counters.totalGrams, source: 'schedule',
        baseline: true, countWrapsAt: WRAP_AT.count, totalGramsWrapsAt: WRAP_AT.totalGrams,
      },
    ];
  }

  plc(atMs: number, state: 'ok' | 'unreachable'): Told {
    this.seesPlc = state === 'ok';
    return { kind: 'plc', atMs, state };
  }

  /** All that is news, and the readings. */
  look(atMs: number): Told[] {
    const { isHopperLow, isJammed, counters } = this.#life;
    const told: Told[] = this.seesPlc ? [] : [this.plc(atMs, 'ok')];
    if (isHopperLow !== this.#isLow) told.push({ kind: 'alarm', atMs, name: 'hopperLow', active: (this.#isLow = isHopperLow) });
    if (isJammed !== this.#isJammed) told.push({ kind: 'alarm', atMs, name: 'motorJam', active: (this.#isJammed = isJammed) });
    const { count, grams } = fedBetween(this.#counters, counters, WRAP_AT);
    if (count > 0) told.push(this.#counted(atMs, count, grams, { source: 'schedule' }));
    told.push(this.#reading(atMs, false));
    return told;
  }

  /** A meal that it sees from its beginning to its end. */
  meal(atMs: number, grams: number, from: Source): Told[] {
    const endMs = atMs + Math.round((grams / this.#life.config.doseRateGramsPerSecond) * 1000);
    return [
      this.#reading(atMs, true),
      this.#counted(endMs, 1, grams, from),
      this.#reading(endMs + SETTLED_MS, false),
    ];
  }

  /** What comes of an order, the moment it is applied. */
  carryOut({ order, commandId, issuedAtMs }: PlannedOrder): Told[] {
    const atMs = issuedAtMs + COMMAND_MS;
    const life = this.#life;
    switch (order.kind) {
      case 'feed-now':
        return this.meal(atMs, life.feed(order.grams), { source: 'feed-now', commandId });
      case 'set-config':
        life.config = { ...life.config, ...order.changes };
        return [{ kind: 'config', atMs, values: life.config, source: 'command' }];
      case 'clear-alarms':
        return [];
    }
  }

  #counted(atMs: number, count: number, grams: number, from: Source): Told {
    const { counters } = this.#life;
    this.#counters = counters;
    return { kind: 'meal', atMs, count, grams, countTotal: counters.count, totalGrams: counters.totalGrams, ...from };
  }

  #reading(atMs: number, feeding: boolean): Told {
    const { hopperGrams, dispensedTodayGrams, mealsToday, isJammed, water } = this.#life;
    return {
      kind: 'reading',
      atMs,
      values: {
        hopperGrams: Math.round(hopperGrams),
        waterTemperatureCelsius: Math.round(water.temperatureCelsius * 10) / 10,
        dissolvedOxygenMgPerLitre: Math.round(water.oxygenMgPerLitre * 100) / 100,
        motorCurrentAmps: feeding ? MOTOR_AMPS : isJammed ? JAMMED_MOTOR_AMPS : 0,
        dispensedTodayGrams,
        mealsToday,
        feeding,
      },
    };
  }
}
