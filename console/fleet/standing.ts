import type { Alarm, Feeder, FeederOverview } from '../api/shapes.ts';
import type { FeederFacts } from '../farm/feeder-after.ts';

/** How a feeder stands, coarsely: what the fleet is sorted, filtered and counted by. No reading is in it, so it changes seldom. */
export type Standing = {
  readonly feederId: string;
  readonly name: string;
  readonly site: string;
  readonly presence: Feeder['presence'];
  readonly plc: Feeder['plc'];
  /** Undefined where its config was never told. */
  readonly isPaused: boolean | undefined;
  /** Undefined until its overview has come; so is the next. */
  readonly worstAlarm: Alarm['severity'] | 'none' | undefined;
  readonly isHopperSoonEmpty: boolean | undefined;
};

/** What somebody may have to look after; one feeder may have several. */
export const CONCERNS = ['alarms', 'plcUnreachable', 'offline', 'paused', 'hopperSoonEmpty'] as const;
export type Concern = (typeof CONCERNS)[number];

/** The worst of what is the matter with a feeder, the worst first. `unknown`: not enough was told to call it fine. */
export const CONDITIONS = ['critical', 'plcUnreachable', 'offline', 'alarm', 'paused', 'hopperSoonEmpty', 'unknown', 'fine'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** As the bridge's own alarm has it, unless someone set it otherwise for a feeder. */
const SOON_DAYS = 3;
const HOPPER_ALARMS: readonly string[] = ['hopperEmptySoon', 'hopperLow'];

/** How a feeder stands by what is known of it. */
export function standingOf({ feederId, name, site, presence, plc, config }: FeederFacts, overview: FeederOverview | undefined): Standing {
  const enabled = config?.values['feedingEnabled'];
  return {
    feederId,
    name,
    site,
    presence,
    plc,
    isPaused: config === null ? undefined : enabled === false,
    worstAlarm: overview && (overview.openAlarms[0]?.severity ?? 'none'),
    isHopperSoonEmpty: overview && isSoonEmpty(overview),
  };
}

const isSoonEmpty = ({ hopper, openAlarms }: FeederOverview): boolean =>
  (hopper.daysLeft !== null && hopper.daysLeft < SOON_DAYS) || openAlarms.some(({ name }) => HOPPER_ALARMS.includes(name));

/** Whether two say the same. */
export const isSameStanding = (one: Standing, other: Standing): boolean =>
  one.feederId === other.feederId &&
  one.name === other.name &&
  one.site === other.site &&
  one.presence === other.presence &&
  one.plc === other.plc &&
  one.isPaused === other.isPaused &&
  one.worstAlarm === other.worstAlarm &&
  one.isHopperSoonEmpty === other.isHopperSoonEmpty;

const HAS: Record<Concern, (standing: Standing) => boolean> = {
  alarms: ({ worstAlarm }) => worstAlarm !== undefined && worstAlarm !== 'none',
  plcUnreachable: ({ plc }) => plc === 'unreachable',
  offline: ({ presence }) => presence === 'offline',
  paused: ({ isPaused }) => isPaused === true,
  hopperSoonEmpty: ({ isHopperSoonEmpty }) => isHopperSoonEmpty === true,
};

export const hasConcern = (standing: Standing, concern: Concern): boolean => HAS[concern](standing);

/** The one word for how a feeder is: the worst that is the matter with it. */
export function conditionOf(standing: Standing): Condition {
  if (standing.worstAlarm === 'critical') return 'critical';
  if (standing.plc === 'unreachable') return 'plcUnreachable';
  if (standing.presence === 'offline') return 'offline';
  if (hasConcern(standing, 'alarms')) return 'alarm';
  if (standing.isPaused === true) return 'paused';
  if (standing.isHopperSoonEmpty === true) return 'hopperSoonEmpty';
  const isKnown = standing.plc === 'ok' && standing.isPaused !== undefined && standing.worstAlarm !== undefined;
  return isKnown ? 'fine' : 'unknown';
}

/** Whether somebody should look after it. */
export const needsAttention = (standing: Standing): boolean => CONCERNS.some((concern) => hasConcern(standing, concern));

/** How many feeders have each concern; undefined where that is not known of any of them yet. */
export function countConcerns(standings: readonly Standing[]): Record<Concern, number | undefined> {
  const isOverviewKnown = standings.length === 0 || standings.some(({ worstAlarm }) => worstAlarm !== undefined);
  const count = (concern: Concern): number => standings.filter((standing) => hasConcern(standing, concern)).length;
  return {
    alarms: isOverviewKnown ? count('alarms') : undefined,
    plcUnreachable: count('plcUnreachable'),
    offline: count('offline'),
    paused: count('paused'),
    hopperSoonEmpty: isOverviewKnown ? count('hopperSoonEmpty') : undefined,
  };
}
