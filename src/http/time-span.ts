import { z } from 'zod';
import { fromInstant, Instant, toInstant } from '../../topics/identifiers.ts';
import { Problem } from '../errors.ts';
import { badPage } from './paging.ts';

const DAY_MS = 86_400_000;
/** Beyond this nothing that is asked for has a meaning. */
const MAX_DAYS = 3_660;
const EXAMPLE = toInstant(Date.UTC(2026, 0, 31, 8));
/** So that the end of a day or bucket that begins before it can still be written. */
const END_MS = Date.UTC(9999);
/** A time that can be asked about. */
export const Time = Instant.refine((text) => fromInstant(text) >= 0 && fromInstant(text) < END_MS, 'expected a time from 1970 to 9998');

/** The query of every history: what happened in `from` ≤ t < `to`. */
export const spanQuery = (defaultDays: number) =>
  z.object({
    from: Time.optional().meta({ description: `Since when; ${defaultDays === 1 ? '24 hours' : `${defaultDays} days`} before \`to\` unless given.`, example: EXAMPLE }),
    to: Time.optional().meta({ description: 'Until when, that moment left out; now unless given.', example: EXAMPLE }),
  });

export type TimeSpan = { fromMs: number; toMs: number };
type SpanTexts = { from?: string | undefined; to?: string | undefined };

/**
 * The span that a query asks for.
 * @throws Problem 400 `malformed`.
 */
export function spanIn(query: SpanTexts, defaultDays: number, nowMs: number): TimeSpan {
  const toMs = query.to === undefined ? nowMs : fromInstant(query.to);
  const fromMs = query.from === undefined ? Math.max(0, toMs - defaultDays * DAY_MS) : fromInstant(query.from);
  if (fromMs >= toMs) throw badSpan();
  if (toMs - fromMs > MAX_DAYS * DAY_MS) throw new Problem('malformed', `from: expected a time at most ${MAX_DAYS} days before to.`);
  return { fromMs, toMs };
}

/** The latest time a Date can hold. */
const LAST_MS = 8.64e15;
/** A moment in a cursor, in milliseconds since 1970. */
export const CursorMs = z.int().min(0).max(LAST_MS);
/** What each cursor of a history says of its list's span: one that is counted from now stays where it was. */
export const SpanCursor = z.object({ fromMs: CursorMs, toMs: CursorMs });

/**
 * The span of a page: that of the page before, where there was one.
 * @throws Problem 400 `malformed`, also for a cursor of another span than the query's.
 */
export function spanOfPage(query: SpanTexts, defaultDays: number, nowMs: number, after: TimeSpan | undefined): TimeSpan {
  if (after === undefined) return spanIn(query, defaultDays, nowMs);
  const isOther = (text: string | undefined, atMs: number): boolean => text !== undefined && fromInstant(text) !== atMs;
  if (after.fromMs >= after.toMs || isOther(query.from, after.fromMs) || isOther(query.to, after.toMs)) throw badPage();
  return { fromMs: after.fromMs, toMs: after.toMs };
}

/** A query of no time at all. */
export const badSpan = (): Problem => new Problem('malformed', 'from: expected a time before to.');
