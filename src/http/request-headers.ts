import { z } from 'zod';
import { Version } from '../../topics/commands.ts';
import { parseTraceparent } from './trace-context.ts';

const TAG = String.raw`(?:W/)?"[\x21\x23-\x7e]*"`;
const IF_MATCH = new RegExp(String.raw`^\s*(?:\*|${TAG}(?:\s*,\s*${TAG})*)\s*$`);
const STRONG_TAG = /(?<!W\/)"([\x21\x23-\x7e]*)"/g;
const DECIMAL = /^(0|[1-9]\d*)$/;

/** The config versions that an If-Match accepts. A weak tag, or one that is no version, matches nothing (RFC 9110, 13.1.1). */
function versionsIn(ifMatch: string): readonly number[] | 'any' {
  if (ifMatch.trim() === '*') return 'any';
  return [...ifMatch.matchAll(STRONG_TAG)].flatMap(([, version = '']) =>
    DECIMAL.test(version) && Version.safeParse(Number(version)).success ? [Number(version)] : [],
  );
}

/** What a Prefer header (RFC 7240) asks for; what is not understood is ignored. */
function preferencesIn(prefer: string): { respondAsync: boolean; waitMs: number | undefined } {
  const preferences = prefer.split(',').map((preference) => preference.trim().toLowerCase());
  const wait = preferences.map((preference) => /^wait\s*=\s*"?(\d{1,6})"?$/.exec(preference)?.[1]).find((n) => n !== undefined);
  return { respondAsync: preferences.includes('respond-async'), waitMs: wait === undefined ? undefined : Number(wait) * 1000 };
}

/** The headers of a change. */
export const ChangeHeaders = z.object({
  'If-Match': z
    .string()
    .regex(IF_MATCH, 'expected an ETag with its quotes, such as "7"')
    .transform(versionsIn)
    .optional()
    .meta({ description: 'Act only if this is still the ETag of the config, and no change of it is under way.', example: '"7"' }),
  'Idempotency-Key': z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/, 'expected 1 to 255 printable characters')
    .optional()
    .meta({
      description: 'For 24 hours the same key and body get the same command, as it then stands. Send one with whatever you might repeat; `feed-now` is not taken without.',
      example: '6f2c1d',
    }),
  Prefer: z
    .string()
    .transform(preferencesIn)
    .optional()
    .meta({ description: '`respond-async` answers 202 at once; `wait=n` shortens the wait to n seconds.', example: 'wait=5' }),
  traceparent: z
    .string()
    .transform(parseTraceparent)
    .optional()
    .meta({
      description: "The caller's trace (W3C Trace Context), carried to the agent; one that is malformed is ignored.",
      example: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    }),
});
