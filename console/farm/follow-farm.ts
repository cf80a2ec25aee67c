import { asked, type Asked } from '../api/client.ts';
import { followEvents, type StreamedEvent } from '../api/event-stream.ts';
import type { Feeder, FeederOverview } from '../api/shapes.ts';
import { bridgeNowMs, hearBridgeTime } from '../device/clock.ts';
import { api, bearerNow, endSession } from '../session/session.ts';
import { Farm } from './farm.ts';
import { keepWhileSeen } from './keeping.ts';

const PAGE = 500;
/** How often what came is shown: many readings a second become one drawing. */
const SHOW_EVERY_MS = 200;
/** For how long feeders whose overview is old are gathered, to be asked for together. */
const GATHER_MS = 1_000;
/** How many are asked for by their ids at once; for more, all are read. */
const MOST_BY_ID = 50;
/** Today's plan, the hopper's forecast and the day's bar move on without an event. */
const OVERVIEW_EVERY_MS = 60_000;
/** How far back the live list of what happened begins. */
const NEWS_FROM_MS = 2 * 3_600_000;
const RETRY_MS = 5_000;

/** Keeps a farm in step with the bridge until `signal` ends it, and its last values on this device, for `keptFor`. */
export function followFarm(keptFor: string, signal: AbortSignal): Farm {
  const old = new Set<string>();
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let loading: Promise<void> | undefined;
  let again = false;
  /** When the bridge was last heard, by its clock: the values are as of then. */
  let heardMs = bridgeNowMs();
  /** The link is live when the stream is open and everything was read since it broke. */
  let isOpen = false;
  let isFresh = false;
  const farm = new Farm(
    (feederId) => {
      old.add(feederId);
      gathering ??= setTimeout(() => void refresh(), GATHER_MS);
    },
    () => void load(),
  );

  /** Reads every feeder and its overview. Asked for while it is under way, it does so once more. */
  const load = (): Promise<void> => {
    again = loading !== undefined;
    loading ??= loadAll().finally(() => {
      loading = undefined;
      if (again && !signal.aborted) void load();
    });
    return loading;
  };
  const loadAll = async (): Promise<void> => {
    const feeders = await readFeeders(signal);
    if (signal.aborted) return;
    if (!feeders.ok) {
      // Else it is read as soon as the stream is open.
      if (isOpen) setTimeout(() => void load(), RETRY_MS);
      // A proxy may hold a stream open that nothing comes through any more.
      if (feeders.failure.kind === 'no-answer' && isOpen) stream.cut();
      return;
    }
    heardMs = bridgeNowMs();
    farm.setFeeders(feeders.data, heardMs);
    farm.isLoaded.value = true;
    isFresh = true;
    if (isOpen) farm.link.value = { kind: 'live' };
    const overviews = await readOverviews(signal);
    if (overviews.ok && !isAborted(signal)) farm.setOverviews(overviews.data);
  };
  const refresh = async (): Promise<void> => {
    gathering = undefined;
    const feederIds = [...old];
    old.clear();
    if (feederIds.length === 0 || signal.aborted) return;
    const overviews = await readOverviews(signal, feederIds.length > MOST_BY_ID ? undefined : feederIds);
    if (overviews.ok && !isAborted(signal)) farm.setOverviews(overviews.data);
  };

  let waiting: StreamedEvent[] = [];
  let showing: ReturnType<typeof setTimeout> | undefined;
  const show = (): void => {
    showing = undefined;
    if (!farm.isLoaded.peek()) {
      showing = setTimeout(show, SHOW_EVERY_MS);
      return;
    }
    const events = waiting;
    waiting = [];
    farm.apply(events);
  };
  const stream = followEvents(new Date(bridgeNowMs() - NEWS_FROM_MS).toISOString(), signal, {
    bearer: bearerNow,
    onOpen: () => {
      isOpen = true;
      heardMs = bridgeNowMs();
      if (isFresh) farm.link.value = { kind: 'live' };
      else void load();
    },
    onEvent: (event) => {
      waiting.push(event);
      showing ??= setTimeout(show, SHOW_EVERY_MS);
    },
    onSign: () => void (heardMs = bridgeNowMs()),
    onGone: (why) => {
      isOpen = isFresh = false;
      if (farm.link.peek().kind !== 'lost') farm.link.value = { kind: 'lost', sinceMs: heardMs };
      if (farm.isLoaded.peek()) farm.asOfMs.value = heardMs;
      if (why === 'refused') endSession();
    },
  });
  const reading = setInterval(() => {
    if (document.visibilityState === 'visible' && isOpen) void load();
  }, OVERVIEW_EVERY_MS);
  signal.addEventListener('abort', () => {
    clearInterval(reading);
    clearTimeout(gathering);
    clearTimeout(showing);
  });
  keepWhileSeen(farm, () => heardMs, keptFor, signal);
  void load();
  return farm;
}

/** Asked anew after a wait, which the compiler does not see. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

/** Every feeder there is. */
async function readFeeders(signal: AbortSignal): Promise<Asked<Feeder[]>> {
  return readPages((query) => asked(() => api.GET('/feeders', { params: { query }, signal })));
}

/** The overview of every feeder, or of some. */
async function readOverviews(signal: AbortSignal, feederIds?: readonly string[]): Promise<Asked<FeederOverview[]>> {
  const some = feederIds && { feeders: feederIds.join(',') };
  return readPages((query) => asked(() => api.GET('/overview', { params: { query: { ...query, ...some } }, signal })));
}

async function readPages<T>(
  readPage: (query: { limit: number; cursor?: string }) => Promise<Asked<{ items: T[]; nextCursor?: string }>>,
): Promise<Asked<T[]>> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (;;) {
    const answer = await readPage({ limit: PAGE, ...(cursor !== undefined && { cursor }) });
    if (!answer.ok) return answer;
    hearBridgeTime(answer.response.headers.get('Date'));
    items.push(...answer.data.items);
    cursor = answer.data.nextCursor;
    if (cursor === undefined) return { ...answer, data: items };
  }
}
