import type { Request } from 'express';
import { z } from 'zod';
import { Problem } from '../errors.ts';
import { parseQuery } from './request-parameters.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;
const WHOLE = /^[1-9]\d{0,2}$/;
const EXPECTED = `expected a whole number from 1 to ${MAX_LIMIT}`;

/** The query of every list. */
export const PageQuery = z.object({
  limit: z
    .string({ error: EXPECTED })
    .regex(WHOLE, EXPECTED)
    .transform(Number)
    .pipe(z.int().min(1, EXPECTED).max(MAX_LIMIT, EXPECTED))
    .default(DEFAULT_LIMIT)
    .meta({ description: 'How many items a page holds at most.' }),
  cursor: z
    .string({ error: 'expected the nextCursor of an earlier page' })
    .optional()
    .meta({ description: 'The `nextCursor` of the page before.' }),
});

/**
 * Which page of a list is asked for. A cursor is what the page before gave, and only we can read it.
 * @throws Problem 400 `malformed`.
 */
export const parsePage = <T>(request: Request, cursorSchema: z.ZodType<T>): { limit: number; after: T | undefined } =>
  pageIn(parseQuery(PageQuery, request), cursorSchema);

/** The same from a query that was parsed, for a list that may be asked for more than a page. */
export const pageIn = <T>(
  { limit, cursor }: z.output<typeof PageQuery>,
  cursorSchema: z.ZodType<T>,
): { limit: number; after: T | undefined } => ({
  limit,
  after: cursor === undefined ? undefined : parseCursor(cursor, cursorSchema),
});

function parseCursor<T>(cursor: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw badPage();
  }
}

/** A query that asks for no page. */
export const badPage = (): Problem => new Problem('malformed', 'cursor: expected the nextCursor of an earlier page.');

/** One page of a list; `nextCursor` only where there is more. Takes one item more than the page holds. */
export function page<T>(items: readonly T[], limit: number, cursorOf: (last: T) => unknown): { items: T[]; nextCursor?: string } {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  if (items.length <= limit || last === undefined) return { items: shown };
  return { items: shown, nextCursor: Buffer.from(JSON.stringify(cursorOf(last))).toString('base64url') };
}
