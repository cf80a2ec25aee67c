import { createHash } from 'node:crypto';
import { Chance } from '../machine/chance.ts';
import { momentOf, siteDays, type SiteDay } from '../src/history/site-days.ts';
import type { Order } from '../src/store/commands.ts';
import type { StandardConfig } from '../topics/parameters.ts';
import { startConfig, type SeededFeeder } from './feeder.ts';

/** What goes wrong: the link or the agent is away, the PLC does not answer, the motor is stuck, the water lacks oxygen. */
export type IncidentKind = 'link-lost' | 'agent-down' | 'plc-lost' | 'motor-jam' | 'oxygen-dip';
/** From one whole minute of the history to another; no two at a time. */
export type Incident = { kind: IncidentKind; fromMs: number; toMs: number };

/** What somebody told the feeder to do, which it did; never during an incident. */
export type PlannedOrder = { commandId: string; order: Order; issuedAtMs: number; issuedBy: string };

/** All that befalls a feeder from outside, in the order of time. */
export type Plan = {
  days: readonly SiteDay[];
  incidents: readonly Incident[];
  orders: readonly PlannedOrder[];
  config: StandardConfig;
  /** For what the feeder itself and its water do by chance. */
  chance: Chance;
};

const MINUTE_MS = 60_000;
/** At both ends nothing goes wrong, so that all of it can be seen. */
const CALM_MS = 3_600_000;
/** How long a command takes to its outcome. */
export const COMMAND_MS = 80;

/** What a day may bring: how likely, when it begins (hours after midnight) and how long it lasts. */
const DAYS = [
  { kind: 'nothing', weight: 11, hours: [0, 1], minutes: [1, 1] },
  { kind: 'link-lost', weight: 2, hours: [0, 18], minutes: [3, 90] },
  { kind: 'agent-down', weight: 2, hours: [4, 15], minutes: [20, 300] },
  { kind: 'plc-lost', weight: 1, hours: [4, 16], minutes: [4, 60] },
  { kind: 'motor-jam', weight: 1, hours: [7, 15], minutes: [70, 240] },
  { kind: 'oxygen-dip', weight: 1, hours: [2, 6], minutes: [150, 330] },
] as const;

const FEED_NOW_SHARE = 0.25;
const CHANGE_SHARE = 0.12;
const PEOPLE = ['ingrid', 'ole', 'farm-office'];

/** The same for the same feeder, seed and span. */
export function planOf(feeder: SeededFeeder): Plan {
  const { feederId, seed, timeZone, fromMs, toMs } = feeder;
  const chance = new Chance(createHash('sha256').update(`${seed} ${feederId}`).digest().readUInt32BE());
  const config = startConfig(60 + 10 * chance.below(10));
  const days = siteDays(fromMs, toMs, timeZone);
  const incidents: Incident[] = [];
  const orders: PlannedOrder[] = [];
  let { mealGrams } = config;
  for (const { date } of days) {
    const { kind, hours, minutes } = chance.weighted(DAYS);
    const beginsMs = momentOf(date, Math.floor(chance.between(...range(hours)) * 60), timeZone);
    const startMs = fromMs + Math.round((beginsMs - fromMs) / MINUTE_MS) * MINUTE_MS;
    const endMs = startMs + Math.round(chance.between(...range(minutes))) * MINUTE_MS;
    const incident = kind === 'nothing' ? undefined : { kind, fromMs: startMs, toMs: endMs };
    if (incident && startMs >= fromMs + CALM_MS && endMs <= toMs - CALM_MS) incidents.push(incident);

    const isFree = (atMs: number): boolean =>
      atMs >= fromMs + CALM_MS && atMs < toMs - CALM_MS && !(incident && atMs >= incident.fromMs - MINUTE_MS && atMs < incident.toMs + MINUTE_MS);
    const add = (order: Order): void => {
      const minuteMs = momentOf(date, 8 * 60 + chance.below(11 * 60), timeZone);
      // Early in a minute of the history, so that what comes of it ends in the same one.
      const atMs = fromMs + Math.floor((minuteMs - fromMs) / MINUTE_MS) * MINUTE_MS + 5_000 + chance.below(30_000);
      const planned = { commandId: uuidBy(chance), order, issuedAtMs: atMs, issuedBy: chance.pick(PEOPLE) };
      if (!isFree(atMs)) return;
      orders.push(planned);
      if (order.kind === 'set-config') mealGrams = Number(order.changes['mealGrams']);
    };
    if (chance.hits(FEED_NOW_SHARE)) add({ kind: 'feed-now', grams: 20 + 10 * chance.below(10) });
    if (chance.hits(CHANGE_SHARE)) add({ kind: 'set-config', changes: { mealGrams: mealGrams + (mealGrams < 100 || chance.hits(0.4) ? 10 : -10) } });
    if (kind === 'motor-jam' && incidents.at(-1) === incident) {
      orders.push({ commandId: uuidBy(chance), order: { kind: 'clear-alarms' }, issuedAtMs: endMs - 1_000, issuedBy: chance.pick(PEOPLE) });
    }
  }
  orders.sort((a, b) => a.issuedAtMs - b.issuedAtMs);
  return { days, incidents, orders, config, chance };
}

const range = ([from, to]: readonly [number, number]): [number, number] => [from, to];

/** A random UUID (version 4). */
function uuidBy(chance: Chance): string {
  const hex = Array.from({ length: 32 }, () => chance.below(16).toString(16)).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
