import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { FarmEvent } from './shapes.ts';

/** An event as it came: `reset` where what came before is known no more, and everything must be read anew. */
export type StreamedEvent = { type: string; id: string | undefined; data: FarmEvent };

export type EventStreamDeps = {
  bearer: () => string | undefined;
  onOpen: () => void;
  onEvent: (event: StreamedEvent) => void;
  /** Something came, if only a comment: the link is alive. */
  onSign: () => void;
  /** The stream is gone; it is asked for again by itself. `refused` where the bearer is known no more: then it is not. */
  onGone: (why: 'lost' | 'refused') => void;
};

/** The bridge sends a comment every 15 s: after this long without a byte the link counts as dead. */
const SILENT_MS = 35_000;
const RETRY_FIRST_MS = 1_000;
const RETRY_MOST_MS = 10_000;

/**
 * Follows what happens for as long as `signal` lets it, from its last event on whenever the link breaks. Keys travel in the
 * header, so it reads a streaming fetch: `EventSource` sends none. `cut` is for whoever doubts that the link is alive: it
 * is given up, and asked for anew.
 */
export function followEvents(from: string | undefined, signal: AbortSignal, deps: EventStreamDeps): { cut: () => void } {
  let attempt = new AbortController();
  let lastId: string | undefined;

  const follow = async (): Promise<void> => {
    let pauseMs = RETRY_FIRST_MS;
    while (!signal.aborted) {
      attempt = new AbortController();
      const came = await readStream(from, lastId, AbortSignal.any([signal, attempt.signal]), () => attempt.abort(), {
        ...deps,
        onOpen: () => {
          pauseMs = RETRY_FIRST_MS;
          deps.onOpen();
        },
        onId: (id) => void (lastId = id),
      });
      if (isAborted(signal)) return;
      deps.onGone(came);
      if (came === 'refused') return;
      await pause(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, RETRY_MOST_MS);
    }
  };
  void follow();
  return { cut: () => attempt.abort() };
}

/** Asked anew after a wait, which the compiler does not see. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

type StreamReader = EventStreamDeps & { onId: (id: string) => void };

/** Reads one stream to its end, or until it has been silent for too long; then `giveUp` must end it. */
async function readStream(from: string | undefined, lastId: string | undefined, signal: AbortSignal, giveUp: () => void, deps: StreamReader): Promise<'lost' | 'refused'> {
  const silence = watchSilence(giveUp);
  try {
    const query = lastId === undefined && from !== undefined ? `?from=${encodeURIComponent(from)}` : '';
    const response = await fetch(`/api/v1/events${query}`, {
      headers: { Authorization: `Bearer ${deps.bearer() ?? ''}`, ...(lastId !== undefined && { 'Last-Event-ID': lastId }) },
      cache: 'no-store',
      credentials: 'omit',
      signal,
    });
    if (response.status === 401) return 'refused';
    if (!response.ok || response.body === null) return 'lost';
    deps.onOpen();
    const sign = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (chunk, controller) => {
        silence.broken();
        deps.onSign();
        controller.enqueue(chunk);
      },
    });
    const reader = response.body.pipeThrough(sign).pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const { event, id, data } = read.value;
      if (id !== undefined) deps.onId(id);
      const parsed = event === undefined ? undefined : eventIn(data);
      if (event !== undefined && parsed !== undefined) deps.onEvent({ type: event, id, data: parsed });
    }
    return 'lost';
  } catch {
    // Whatever broke it, the link is gone: that is said, and it is tried again.
    return 'lost';
  } finally {
    silence.end();
  }
}

/** Calls `onSilent` when nothing has broken the silence for too long, or the device says that it has no network. */
function watchSilence(onSilent: () => void): { broken: () => void; end: () => void } {
  let brokenAtMs = Date.now();
  const look = (): void => {
    if (Date.now() - brokenAtMs > SILENT_MS) onSilent();
  };
  const timer = setInterval(look, 1_000);
  // A phone that was asleep has let no timer run.
  document.addEventListener('visibilitychange', look);
  addEventListener('offline', onSilent);
  return {
    broken: () => void (brokenAtMs = Date.now()),
    end: () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
      removeEventListener('offline', onSilent);
    },
  };
}

/** Waits; no longer than until the device has a network again. */
const pause = (forMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      removeEventListener('online', wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, forMs);
    addEventListener('online', wake);
    signal.addEventListener('abort', wake);
  });

/** What an event says; undefined where it is none of ours. */
function eventIn(text: string): FarmEvent | undefined {
  const data: unknown = JSON.parse(text);
  return isEvent(data) ? data : undefined;
}

const isEvent = (data: unknown): data is FarmEvent =>
  typeof data === 'object' && data !== null && ('newestId' in data || ('feederId' in data && typeof data.feederId === 'string'));
