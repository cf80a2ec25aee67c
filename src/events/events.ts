import type { Writable } from 'node:stream';
import type { Timers } from '../../machine/timers.ts';
import type { BridgeClock } from '../clock.ts';
import type { Database } from '../store/database.ts';
import { isEventKept, purgeEvents, selectEvents } from '../store/events.ts';
import type { EventFilter, FollowerDeps, Start } from './follower.ts';
import { Hub } from './hub.ts';
import { Sequencer } from './sequencer.ts';

const PURGE_EVERY_MS = 3_600_000;
const KEPT_FOR_MS = 7 * 24 * 3_600_000;
/** How many events one statement removes. */
const PURGE_BATCH = 500;

export type EventsDeps = Pick<FollowerDeps, 'render' | 'renderState' | 'feederIds' | 'onProblem' | 'onDropped'> & {
  db: Database;
  clock: Pick<BridgeClock, 'now'>;
  timers: Timers;
};

/** What happens to the feeders, for whoever follows it. */
export type Events = {
  /** How many follow. */
  count(): number;
  /** Something was committed that may be an event. It costs next to nothing. */
  poke(): void;
  /** A feeder told its readings. */
  state(feederId: string): void;
  /** Where a client goes on that had an event last, if it had any. Rejects with `StoreUnavailable`. */
  startAfter(lastEventId: number | undefined): Promise<Start>;
  /** Sends a client what it wants, until it is gone, is too slow or the bridge stops. */
  follow(out: Writable, filter: EventFilter, start: Start): void;
  /** Ends every stream at once. What happens from now on the next bridge tells. */
  stop(): Promise<void>;
};

/** Begins to number what happens and to send it. Rejects where the store cannot be asked. */
export async function startEvents({ db, clock, timers, ...deps }: EventsDeps): Promise<Events> {
  const sequencer: Sequencer = await Sequencer.start({
    db,
    clock,
    timers,
    isWaitedFor: () => hub.count > 0,
    onEvents: (events) => hub.publish(events),
    onProblem: deps.onProblem,
  });
  const read: FollowerDeps['read'] = (afterId, throughId, limit) => selectEvents(db, afterId, throughId, limit);
  const hub = new Hub({ ...deps, newestId: () => sequencer.newestId, read }, timers);

  const purge = async (): Promise<void> => {
    const storedBeforeMs = clock.now() - KEPT_FOR_MS;
    while ((await purgeEvents(db, storedBeforeMs, PURGE_BATCH)) === PURGE_BATCH);
  };
  const purging = setInterval(() => void purge().catch(deps.onProblem), PURGE_EVERY_MS);

  return {
    count: () => hub.count,
    poke: () => sequencer.poke(),
    state: (feederId) => hub.publishState(feederId),
    startAfter: async (lastEventId) => {
      if (lastEventId === undefined) return { kind: 'now' };
      return (await isEventKept(db, lastEventId)) ? { kind: 'after', eventId: lastEventId } : { kind: 'reset' };
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
