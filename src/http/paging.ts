import { z } from 'zod';
import { Problem } from '../errors.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

const Limit = z.string().regex(/^[1-9]\d{0,2}$/).transform(Number).refine((limit) => limit <= MAX_LIMIT);

/**
 * `?limit` and `?cursor` of a list. A cursor is what the page before gave, and only we can read it.
 * @throws Problem 400 `malformed`.
 */
export function parsePage<T>(
  query: Readonly<Record<string, unknown>>,
  cursorSchema: z.ZodType<T>,
): { limit: number; after: T | undefined } {
  const limit = Limit.default(DEFAULT_LIMIT).safeParse(query['limit']);
  if (!limit.success) throw new Problem('malformed', `Expected limit to be a whole number from 1 to ${MAX_LIMIT}.`);
  return { limit: limit.data, after: parseCursor(query['cursor'], cursorSchema) };
}

function parseCursor<T>(cursor: unknown, schema: z.ZodType<T>): T | undefined {
  if (cursor === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(Buffer.from(z.string().parse(cursor), 'base64url').toString('utf8')));
  } catch {
    throw new Problem('malformed', 'Expected cursor to be the nextCursor of an earlier page.');
  }
}

/** One page of a list; `nextCursor` only where there is more. Takes one item more than the page holds. */
export function page<T>(items: readonly T[], limit: number, cursorOf: (last: T) => unknown): { items: T[]; nextCursor?: string } {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  if (items.length <= limit || last === undefined) return { items: shown };
  return { items: shown, nextCursor: Buffer.from(JSON.stringify(cursorOf(last))).toString('base64url') };
}
