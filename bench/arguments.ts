import { parseArgs } from 'node:util';
import { z } from 'zod';

const SCENARIOS = ['changes', 'refusal', 'frozen-reader', 'memory', 'records', 'history', 'events'] as const;
export type Scenario = (typeof SCENARIOS)[number];

const USAGE = `usage: npm run bench -- [--only ${SCENARIOS.join(',')}] [--seconds 10] [--feeders 50] [--days 90] [--json FILE] [--profile FOLDER]

  --only     the scenarios to run, separated by commas
  --seconds  how long each of bridge and floor is measured in a scenario
  --feeders  how many feeders have a history, in the scenario history
  --days     how long that is
  --json     a file for the figures
  --profile  a folder for CPU profiles of bridge and agent`;

const Arguments = z.object({
  only: z
    .string()
    .transform((names) => names.split(','))
    .pipe(z.array(z.enum(SCENARIOS, `expected --only to name some of ${SCENARIOS.join(', ')}`)))
    .default([...SCENARIOS]),
  seconds: z.coerce.number('expected --seconds to be a number').min(1, 'expected --seconds of at least 1').default(10),
  feeders: z.coerce.number('expected --feeders to be a number').pipe(z.int().min(1, 'expected --feeders of at least 1')).default(50),
  days: z.coerce.number('expected --days to be a number').pipe(z.int().min(2, 'expected --days of at least 2')).default(90),
  json: z.string().default('bench-results.json'),
  profile: z.string().optional(),
});

/** What a benchmark was asked to do; throws with the usage where that cannot be told. */
export function readArguments(args: readonly string[]): z.infer<typeof Arguments> {
  const text = { type: 'string' } as const;
  let given: unknown;
  try {
    given = parseArgs({ args: [...args], options: { only: text, seconds: text, feeders: text, days: text, json: text, profile: text } }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`, { cause: error });
  }
  const parsed = Arguments.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Error(`${parsed.error.issues.map(({ message }) => message).join('\n')}\n${USAGE}`);
}
