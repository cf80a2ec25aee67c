import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './schema.d.ts';
import type { Problem } from './shapes.ts';

export type Api = Client<paths, 'application/json'>;

/** What came of asking the bridge: what it answered, what it has against it, or that it did not answer. */
export type Asked<T> = { ok: true; data: T; response: Response } | { ok: false; failure: Failure };

/** `no-answer`: nobody knows whether the bridge got it. */
export type Failure = { kind: 'problem'; problem: Problem; response: Response } | { kind: 'no-answer' };

/** Shorter than the patience of a person, longer than the bridge waits for a feeder. */
const ANSWER_WITHIN_MS = 30_000;

/** Asks this page's own bridge, with a bearer where there is one. `onRefused` is told when the bearer is known no more. */
export function createApi(bearer: () => string | undefined, onRefused: () => void): Api {
  const api = createClient<paths, 'application/json'>({ baseUrl: '/api/v1' });
  api.use({
    onRequest({ request }) {
      const value = bearer();
      if (value !== undefined) request.headers.set('Authorization', `Bearer ${value}`);
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
      return new Request(request, { signal, cache: 'no-store', credentials: 'omit' });
    },
    onResponse({ response, request }) {
      const value = bearer();
      // One that was asked by an earlier bearer says nothing of this one.
      if (response.status === 401 && value !== undefined && request.headers.get('Authorization') === `Bearer ${value}`) onRefused();
    },
  });
  return api;
}

/**
 * What came of a call. Never rejects: `asked(() => api.GET('/feeders'))`. A body that is no JSON, as a proxy on the way may
 * send, counts as no answer.
 */
export async function asked<T>(call: () => Promise<{ data?: T; error?: unknown; response: Response }>): Promise<Asked<T>> {
  try {
    const { data, error, response } = await call();
    if (isProblem(error)) return { ok: false, failure: { kind: 'problem', problem: error, response } };
    if (!response.ok || data === undefined) return { ok: false, failure: { kind: 'no-answer' } };
    return { ok: true, data, response };
  } catch {
    return { ok: false, failure: { kind: 'no-answer' } };
  }
}

/** The same for a call that is answered by nothing but that it is done, with 204. */
export const askedToDo = (call: () => Promise<{ error?: unknown; response: Response }>): Promise<Asked<null>> =>
  asked(async () => {
    const { error, response } = await call();
    return { error, response, ...(response.ok && { data: null }) };
  });

const isProblem = (error: unknown): error is Problem =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' && 'status' in error;
