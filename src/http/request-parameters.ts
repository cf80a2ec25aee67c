import type { Request } from 'express';
import { z } from 'zod';
import { Problem } from '../errors.ts';

/**
 * The query parameters as their schema says.
 * @throws Problem 400 `malformed` that names each one that is not.
 */
export const parseQuery = <T extends z.ZodObject>(schema: T, request: Request): z.output<T> => parse(schema, request.query);

/**
 * The headers that the schema names, as it says.
 * @throws Problem 400 `malformed` that names each one that is not.
 */
export const parseHeaders = <T extends z.ZodObject>(schema: T, request: Request): z.output<T> =>
  parse(schema, Object.fromEntries(Object.keys(schema.shape).map((name) => [name, request.get(name)])));

function parse<T extends z.ZodObject>(schema: T, given: unknown): z.output<T> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const detail = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new Problem('malformed', `${detail}.`);
}
