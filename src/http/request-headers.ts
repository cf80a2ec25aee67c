import { Version } from '../../topics/commands.ts';
import { Problem } from '../errors.ts';

const ENTITY_TAG = /^(W\/)?"([\x21\x23-\x7e]*)"$/;
const DECIMAL = /^(0|[1-9]\d*)$/;

/**
 * The config versions that an If-Match header accepts. A weak tag, or one that is no version, matches nothing
 * (RFC 9110, 13.1.1).
 * @throws Problem 400 `malformed`.
 */
export function parseIfMatch(header: string | undefined): readonly number[] | 'any' | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return 'any';
  return header.split(',').flatMap((part) => {
    const tag = ENTITY_TAG.exec(part.trim());
    if (tag === null) throw new Problem('malformed', 'Expected If-Match to hold an ETag with its quotes, such as "7".');
    const [, weak, version = ''] = tag;
    const isVersion = DECIMAL.test(version) && Version.safeParse(Number(version)).success;
    return weak === undefined && isVersion ? [Number(version)] : [];
  });
}

/** What a Prefer header (RFC 7240) asks for; what is not understood is ignored. */
export function parsePrefer(header: string | undefined): { respondAsync: boolean; waitMs: number | undefined } {
  const preferences = (header ?? '').split(',').map((preference) => preference.trim().toLowerCase());
  const wait = preferences.map((preference) => /^wait\s*=\s*"?(\d{1,6})"?$/.exec(preference)?.[1]).find((n) => n !== undefined);
  return {
    respondAsync: preferences.includes('respond-async'),
    waitMs: wait === undefined ? undefined : Number(wait) * 1000,
  };
}

/** @throws Problem 400 `malformed`. */
export function parseIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (/^[\x20-\x7e]{1,255}$/.test(header)) return header;
  throw new Problem('malformed', 'Expected Idempotency-Key to be 1 to 255 printable characters.');
}
