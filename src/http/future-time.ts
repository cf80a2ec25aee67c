import { z } from 'zod';
import { fromInstant, toInstant } from '../../topics/identifiers.ts';
import type { Caller } from '../access/caller.ts';
import { Problem } from '../errors.ts';

/** When something new is to expire, with whatever offset the caller likes. Null: never. */
export const FutureTime = z.iso
  .datetime({ offset: true, error: 'expected a time such as 2026-01-31T08:00:00.000Z' })
  .max(40)
  .nullable()
  .optional()
  .meta({ description: 'A time in the future. Null: it does not expire. Left out: when the key of whoever asks does.' });

/** The same, taking no time that is over. */
export const isFuture = (schema: typeof FutureTime, nowMs: number) =>
  schema.refine(
    // What is no time at all is told already.
    (expiresAt) => expiresAt === null || expiresAt === undefined || !(fromInstant(expiresAt) <= nowMs),
    'expected a time in the future',
  );

/**
 * When something new that lets somebody in expires, in milliseconds since 1970; null: never. What a key hands out does not
 * outlast it, nor does what a session of that key hands out; a session's own end is no such limit, or whoever signed in by
 * a code would make keys for hours. A person's token lives for minutes, and people hand out what is for longer.
 * @throws Problem 403 `forbidden`.
 */
export function expiryAskedBy({ kind, expiresAtMs, signIn }: Pick<Caller, 'kind' | 'expiresAtMs' | 'signIn'>, asked: string | null | undefined): number | null {
  const ownMs = signIn === undefined ? expiresAtMs : signIn.rootExpiresAtMs;
  const latestMs = kind === 'key' ? ownMs : null;
  if (asked === undefined) return latestMs;
  const askedMs = asked === null ? null : fromInstant(asked);
  if (latestMs === null || (askedMs !== null && askedMs <= latestMs)) return askedMs;
  throw new Problem('forbidden', `Ask for nothing that outlasts your key, which expires at ${toInstant(latestMs)}, or ask an admin whose key does not.`);
}
