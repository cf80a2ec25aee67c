import { z } from 'zod';
import { fromInstant } from '../../topics/identifiers.ts';

/** When something new is to expire, with whatever offset the caller likes. Null: never. */
export const FutureTime = z.iso
  .datetime({ offset: true, error: 'expected a time such as 2026-01-31T08:00:00.000Z' })
  .max(40)
  .nullable()
  .default(null)
  .meta({ description: 'A time in the future. Null: it does not expire.' });

/** The same, taking no time that is over. */
export const isFuture = (schema: typeof FutureTime, nowMs: number) =>
  schema.refine(
    // What is no time at all is told already.
    (expiresAt) => expiresAt === null || !(fromInstant(expiresAt) <= nowMs),
    'expected a time in the future',
  );
