import type { Writable } from 'node:stream';
import type { Timers } from '../../machine/timers.ts';
import type { BridgeClock } from '../clock.ts';
import type { Database } from '../store/database.ts';
import { isEventKept, purgeEvents, selectEventIdAhead, selectEvents, selectNewestEventIdThrough } from '../store/events.ts';
import { selectNewestEventIdOf, selectNextEventIdOf } from '../store/events-of-sites.ts';
import { Turns } from '../turns.ts';
import type { EventFilter, FollowerDeps, Start } from './follower.ts';
import { Hub } from './hub.ts';
import { floorIdAt, Sequencer } from './sequencer.ts';

const PURGE_EVERY_MS = 3_600_000;
const KEPT_FOR_MS = 7 * 24 * 3_600_000;
/** How many events one statement removes. */
const PURGE_BATCH = 500;
/** How many stored events are read at once for one client, and how many are looked through for them. */
const PAGE = 100;
const LOOKED_THROUGH = 2_000;

export type EventsDeps = Pick<FollowerDeps, 'render' | 'renderState' | 'feeders' | 'onProblem' | 'onDropped'> & {
  db: Database;
  clock: Pick<BridgeClock, 'now'>;
  timers: Timers;
  /** The newest event that is stored. */
  newestId: number;
};

/** What happens to the feeders, for whoever follows it. */
export type Events = {
  /** How many follow. */
  count(): number;
  /** Something was committed that may be an event. It costs next to nothing. */
  poke(): void;
  /** A feeder told its readings. */
  state(feederId: string): void;
  /**
   * Where a client of some sites, undefined for all, goes on that had an event last, if it had any. Rejects with
   * `StoreUnavailable`.
   */
  startAfter(lastEventId: number | undefined, sites: ReadonlySet<string> | undefined): Promise<Start>;
  /** Where a client of some sites begins that wants what was stored after a time. Rejects with `StoreUnavailable`. */
  startFrom(fromMs: number, sites: ReadonlySet<string> | undefined): Promise<Start>;
  /** Sends a client what it wants, until it is gone, is too slow or the bridge stops. */
  follow(out: Writable, filter: EventFilter, start: Start): void;
  /** Ends every stream at once. What happens from now on the next bridge tells. */
  stop(): Promise<void>;
};

/** Begins to number what happens and to send it. */
export function startEvents({ db, clock, timers, newestId, ...deps }: EventsDeps): Events {
  const sequencer: Sequencer = new Sequencer(
    {
      db,
      clock,
      timers,
      isWaitedFor: () => hub.count > 0,
      onEvents: (events) => hub.publish(events),
      onProblem: deps.onProblem,
    },
    newestId,
  );
  // One client's page after the other's, each of few milliseconds however rare is what it looks for: on the embedded store
  // commands wait behind it.
  const turns = new Turns();
  const read: FollowerDeps['read'] = (asked) =>
    turns.run('page', async () => {
      // What happened elsewhere before the next event of its sites is not looked through.
      const nextId = asked.sites === undefined ? asked.afterId + 1 : await selectNextEventIdOf(db, asked.sites, asked);
      if (nextId === undefined) return { events: [], problems: [], throughId: asked.throughId };
      const afterId = nextId - 1;
      const aheadId = await selectEventIdAhead(db, afterId, LOOKED_THROUGH);
      return selectEvents(db, { ...asked, afterId, throughId: Math.min(asked.throughId, aheadId ?? Infinity) }, PAGE);
    });
  const hub = new Hub({ ...deps, newestId: () => sequencer.newestId, read }, timers);

  const purge = async (): Promise<void> => {
    const storedBeforeMs = clock.now() - KEPT_FOR_MS;
    while ((await purgeEvents(db, storedBeforeMs, PURGE_BATCH)) === PURGE_BATCH);
  };
  const purging = setInterval(() => void purge().catch(deps.onProblem), PURGE_EVERY_MS);

  const newestOf = async (sites: readonly string[] | undefined): Promise<number> =>
    sites === undefined ? sequencer.newestId : selectNewestEventIdOf(db, sites, sequencer.newestId);

  return {
    count: () => hub.count,
    poke: () => sequencer.poke(),
    state: (feederId) => hub.publishState(feederId),
    startAfter: async (lastEventId, sites) => {
      const some = sites && [...sites];
      if (lastEventId !== undefined && (await isEventKept(db, lastEventId, some))) return { kind: 'after', eventId: lastEventId };
      const eventId = await newestOf(some);
      return { kind: lastEventId === undefined ? 'now' : 'reset', eventId };
    },
    startFrom: async (fromMs, sites) => {
      const some = sites && [...sites];
      if (fromMs < clock.now() - KEPT_FOR_MS) return { kind: 'reset', eventId: await newestOf(some) };
      const throughId = Math.min(floorIdAt(fromMs), sequencer.newestId);
      const eventId = some === undefined ? await selectNewestEventIdThrough(db, throughId) : await selectNewestEventIdOf(db, some, throughId);
      // Only an event that is there is one to come back with.
      return (await isEventKept(db, eventId, some)) ? { kind: 'now', eventId } : { kind: 'after', eventId: throughId };
    },
    follow: (out, filter, start) => {
      hub.follow(out, filter, start);
      sequencer.poke();
    },
    stop: async () => {
      clearInterval(purging);
      hub.close();
      await sequencer.stop();
    },
  };
}
