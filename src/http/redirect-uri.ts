import type { Request } from 'express';
import { z } from 'zod';
import { Problem } from '../errors.ts';

const EXPECTED = 'expected an http or https URL without a fragment, such as https://feeders.farm.example/';

const isPageUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '' && !text.includes('#');
};

/** Where the issuer sends somebody back to. */
export const RedirectUri = z.string().max(2_000, EXPECTED).refine(isPageUrl, EXPECTED).meta({ description: "The page's own address, as it is registered with the issuer." });

/** A page would be sent back to somebody else's. */
export const redirectElsewhere = (pointer = '/redirectUri'): Problem => {
  const detail = 'expected an address of the page that asks';
  return new Problem('malformed', `${pointer}: ${detail}.`, { errors: [{ pointer, code: 'malformed', detail }] });
};

/**
 * Holds a page to its own origin. Browsers always tell it; whoever is no page tells none.
 * @throws Problem 400 `malformed`.
 */
export function requireOwnOrigin(request: Request, redirectUri: string, pointer: string): void {
  const { origin } = request.headers;
  if (origin !== undefined && new URL(redirectUri).origin !== origin) throw redirectElsewhere(pointer);
}
