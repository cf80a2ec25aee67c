import { parseArgs } from 'node:util';
import { z } from 'zod';

const USAGE = `usage: npm run chaos -- [--seconds 60] [--seed S] [--keep DIR]

  --seconds  how long processes are killed; what follows takes some seconds more
  --seed     a whole number: the same one gives the same kills and changes in the same order (their timing is the machine's)
  --keep     a new directory for logs, journals and evidence.json, which then stay`;

const Arguments = z.object({
  seconds: z.coerce.number('expected --seconds to be a number').min(1, 'expected --seconds of at least 1').default(60),
  seed: z.coerce.number().pipe(z.int('expected --seed to be a whole number').min(0, 'expected --seed from 0')).optional(),
  keep: z.string().min(1, 'expected --keep to name a directory').optional(),
});

/** What was asked for; throws with the usage where that cannot be told. */
export function readArguments(args: readonly string[]): z.infer<typeof Arguments> {
  const text = { type: 'string' } as const;
  let given: unknown;
  try {
    given = parseArgs({ args: [...args], options: { seconds: text, seed: text, keep: text } }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`, { cause: error });
  }
  const parsed = Arguments.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Error(`${parsed.error.issues.map(({ message }) => message).join('\n')}\n${USAGE}`);
}
