import { z } from 'zod';
import { SiteId } from '../../topics/identifiers.ts';
import { ROLES, type Role, type Sites } from './caller.ts';

/** Which claims say what someone may do. */
export type ClaimNames = { role: string; sites: string };

/** What a token's claims say of a person, or which of them is not as expected. */
export type ReadClaims =
  | { ok: true; sub: string; name: string; role: Role; sites: Sites; expiresAtMs: number }
  | { ok: false; claim: string; expected: string };

/** A claim that is shown and stored. */
const Shown = z.string().regex(/^[^\p{C}]{1,255}$/u);
/** No time beyond what a Date can hold. */
const EndsAtSeconds = z.number().min(0).max(8.64e12);

/**
 * Reads the claims of a token that is valid otherwise. Whoever lacks a role or sites is nobody here: there is no
 * role that people have by default. `issuerHost` tells where a name comes from that is no address.
 */
export function readClaims(claims: Readonly<Record<string, unknown>>, names: ClaimNames, issuerHost: string): ReadClaims {
  const sub = Shown.safeParse(claims['sub']);
  if (!sub.success) return { ok: false, claim: 'sub', expected: '1 to 255 characters' };
  const ends = EndsAtSeconds.safeParse(claims['exp']);
  if (!ends.success) return { ok: false, claim: 'exp', expected: 'a time in seconds since 1970' };
  const role = roleFrom(claims[names.role]);
  if (role === undefined) return { ok: false, claim: names.role, expected: `one of ${ROLES.join(', ')}` };
  const sites = sitesFrom(claims[names.sites]);
  if (sites === undefined) return { ok: false, claim: names.sites, expected: 'ids of sites, or "*" for all of them' };
  return { ok: true, sub: sub.data, name: qualified(nameFrom(claims) ?? sub.data, issuerHost), role, sites, expiresAtMs: ends.data * 1000 };
}

/** A name that nobody takes for a key's of this bridge, such as ADMIN_KEY. */
const qualified = (name: string, issuerHost: string): string => (name.includes('@') ? name : `${name}@${issuerHost}`);

/** Anybody may have called himself by an address that the issuer has not verified. */
function nameFrom({ email, email_verified: isVerified, preferred_username: username }: Readonly<Record<string, unknown>>): string | undefined {
  const names = isVerified === false || isVerified === 'false' ? [username] : [email, username];
  return names.map((name) => Shown.safeParse(name).data).find((name) => name !== undefined);
}

/** One text, or several: issuers put roles of other programs beside it. The highest counts. */
function roleFrom(claim: unknown): Role | undefined {
  const given: unknown[] = Array.isArray(claim) ? claim : [claim];
  return ROLES.findLast((role) => given.includes(role));
}

/** One id that is none makes the whole claim none: whoever wrote it meant something else. */
function sitesFrom(claim: unknown): Sites | undefined {
  const parts = typeof claim === 'string' ? claim.split(/[\s,]+/).filter((part) => part !== '') : claim;
  const parsed = z.array(z.union([z.literal('*'), SiteId])).min(1).safeParse(parts);
  if (!parsed.success) return undefined;
  return parsed.data.includes('*') ? 'all' : new Set(parsed.data);
}
