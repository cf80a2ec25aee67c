import type { State } from '../../topics/payloads.ts';
import type { Values } from '../../topics/parameters.ts';
import type { Known } from './rules.ts';

/** Readings that are older say nothing of now; an agent tells them at every heartbeat at least. */
const FRESH_MS = 120_000;
/** How long nobody may look before what was seen to last has to begin again. */
const UNSEEN_MS = 5 * 60_000;

/** What the bridge saw of a feeder since it started. */
type Sighting = {
  /** `feeding` without a break. */
  feeding: { sinceMs: number; lastMs: number } | undefined;
  plcUnreachableSinceMs: number | undefined;
  /** Since when the schedule was this one and the agent and the PLC were there. */
  schedule: { key: string; sinceMs: number; lastMs: number } | undefined;
};

/** What is seen of a feeder at one look. */
export type Look = {
  nowMs: number;
  presence: { state: 'online' | 'offline'; atMs: number } | undefined;
  plc: 'ok' | 'unreachable' | undefined;
  state: State | null;
};

/** What is seen to last: since when, as far as this bridge was there to see it. */
export class Sightings {
  readonly #startedAtMs: number;
  readonly #byFeeder = new Map<string, Sighting>();

  constructor(startedAtMs: number) {
    this.#startedAtMs = startedAtMs;
  }

  /** A feeder tells its latest readings. */
  heard(feederId: string, { values, quality }: State, nowMs: number): void {
    const sighting = this.#of(feederId);
    const { feeding } = values;
    if (feeding === undefined || quality['feeding'] !== undefined) return;
    if (feeding !== true) sighting.feeding = undefined;
    else if (sighting.feeding && nowMs - sighting.feeding.lastMs <= FRESH_MS) sighting.feeding.lastMs = nowMs;
    else sighting.feeding = { sinceMs: nowMs, lastMs: nowMs };
  }

  /** Looks at a feeder: what is known of it without asking the store. */
  look(feederId: string, { nowMs, presence, plc, state }: Look): Pick<Known, 'nowMs' | 'agent' | 'plc' | 'readings' | 'feedingSinceMs'> {
    const sighting = this.#of(feederId);
    const isOnline = presence?.state === 'online';
    if (isOnline && plc === 'unreachable') sighting.plcUnreachableSinceMs ??= nowMs;
    else sighting.plcUnreachableSinceMs = undefined;
    const isFresh = isOnline && state !== null && nowMs - Date.parse(state.at) <= FRESH_MS;
    return {
      nowMs,
      agent: isOnline ? { state: 'online' } : presence && { state: 'offline', sinceMs: Math.max(presence.atMs, this.#startedAtMs) },
      plc: !isOnline || plc === undefined
        ? undefined
        : plc === 'ok' ? { state: 'ok' } : { state: 'unreachable', sinceMs: sighting.plcUnreachableSinceMs ?? nowMs },
      readings: isFresh ? goodValues(state) : {},
      feedingSinceMs: isFresh && sighting.feeding && nowMs - sighting.feeding.lastMs <= FRESH_MS ? sighting.feeding.sinceMs : undefined,
    };
  }

  /**
   * Since when the schedule with this key is watched, at a look at which agent and PLC are there. A short absence is forgiven:
   * what was fed meanwhile the PLC's counters tell. Without a key no meals are expected.
   */
  watchedSinceMs(feederId: string, nowMs: number, key: string | undefined): number | undefined {
    const sighting = this.#of(feederId);
    const before = sighting.schedule;
    const goesOn = before !== undefined && before.key === key && nowMs - before.lastMs <= UNSEEN_MS;
    sighting.schedule = key === undefined ? undefined : { key, sinceMs: goesOn ? before.sinceMs : nowMs, lastMs: nowMs };
    return sighting.schedule?.sinceMs;
  }

  /** Lets go of the feeders that are no longer there. */
  keepOnly(isThere: (feederId: string) => boolean): void {
    for (const feederId of this.#byFeeder.keys()) if (!isThere(feederId)) this.#byFeeder.delete(feederId);
  }

  #of(feederId: string): Sighting {
    const known = this.#byFeeder.get(feederId);
    if (known) return known;
    const made: Sighting = { feeding: undefined, plcUnreachableSinceMs: undefined, schedule: undefined };
    this.#byFeeder.set(feederId, made);
    return made;
  }
}

/** The readings that are neither stale nor bad. */
const goodValues = ({ values, quality }: State): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => quality[name] === undefined));
