import { parseArgs } from 'node:util';
import { z } from 'zod';
import { SiteId } from '../topics/identifiers.ts';

const USAGE = `usage: npm run seed-history -- [--feeders 3] [--days 30] [--site seed-farm] [--seed 1]

Fills the store that the environment names, as npm start does (DATABASE_URL, or DATA_DIR), with the history of feeders
seed-1, seed-2, … up to now. No bridge may have the store open meanwhile.`;

const whole = (min: number, max: number) => {
  const expected = `expected a whole number from ${min} to ${max}`;
  return z.coerce.number(expected).pipe(z.int(expected).min(min, expected).max(max, expected));
};

const Arguments = z.object({
  feeders: whole(1, 10_000).default(3),
  days: whole(1, 3_650).default(30),
  site: SiteId.default('seed-farm'),
  seed: whole(0, 999_999).default(1),
});

/** What is to be seeded; throws with the usage where that cannot be told. */
export function readArguments(args: readonly string[]): z.infer<typeof Arguments> {
  const text = { type: 'string' } as const;
  let given: unknown;
  try {
    given = parseArgs({ args: [...args], options: { feeders: text, days: text, site: text, seed: text } }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`, { cause: error });
  }
  const parsed = Arguments.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Error(`${parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n')}\n${USAGE}`);
}
