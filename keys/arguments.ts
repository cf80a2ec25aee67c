import { parseArgs } from 'node:util';
import { z } from 'zod';
import { fromInstant, SiteId } from '../topics/identifiers.ts';
import { ROLES } from '../src/access/caller.ts';
import { DisplayName } from '../src/http/display-name.ts';

const USAGE = `usage: npm run keys -- create --name NAME --role ${ROLES.join('|')} [--sites north-farm,south-farm] [--expires 2027-01-31T16:00:00Z]

Makes a key for the REST API in the store that the environment names, as npm start does (DATABASE_URL, or DATA_DIR), and
prints it, once. Without --sites it is for all sites. A bridge that has the database takes it within a second.`;

const Arguments = z.object({
  name: z.string('expected a name, such as admin').pipe(DisplayName),
  role: z.enum(ROLES, `expected one of ${ROLES.join(', ')}`),
  sites: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(SiteId))
    .transform((sites) => [...new Set(sites)].sort())
    .nullable()
    .default(null),
  expires: z.iso
    .datetime({ offset: true, error: 'expected a time such as 2027-01-31T16:00:00Z' })
    .max(40)
    .transform(fromInstant)
    .refine((expiresAtMs) => expiresAtMs > Date.now(), 'expected a time in the future')
    .nullable()
    .default(null),
});

export type KeyOrder = z.output<typeof Arguments>;

/** The key that was asked for, or what is wrong with what was. */
export type ParsedArguments = { ok: true; order: KeyOrder } | { ok: false; problem: string };

/** Reads the command line. */
export function parseArguments(args: readonly string[]): ParsedArguments {
  const text = { type: 'string' } as const;
  const wrong = (problem: string): ParsedArguments => ({ ok: false, problem: `${problem}\n\n${USAGE}` });
  let given: { values: object; positionals: string[] };
  try {
    given = parseArgs({ args: [...args], allowPositionals: true, options: { name: text, role: text, sites: text, expires: text } });
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = given;
  if (positionals.join(' ') !== 'create') return wrong(`expected "create", found "${positionals.join(' ')}"`);
  const parsed = Arguments.safeParse(values);
  if (parsed.success) return { ok: true, order: parsed.data };
  return wrong(parsed.error.issues.map(({ path, message }) => `--${String(path[0])}: ${message}`).join('\n'));
}
