import { z } from 'zod';
import { SiteId } from '../../topics/identifiers.ts';
import { coversSites, siteList, type Caller } from '../access/caller.ts';
import { Problem } from '../errors.ts';

const MOST = 100;

/** Which sites something new is for, in a body. */
export const someSites = z
  .array(SiteId)
  .min(1, 'expected at least one of the sites, or null for all')
  .max(MOST)
  .nullable()
  .optional()
  .meta({ description: 'Only for these sites. Null: for all. Left out: for those of whoever asks.' });

/** The caller asks for something that is for more than its own sites. */
export const foreignSite = (): Problem =>
  new Problem('forbidden', 'Name only sites that your key is for. Ask an admin of all sites for anything else.');

/**
 * The sites that something new is for, in order and each once: those of the caller where it says nothing; null for all.
 * @throws Problem 403 `forbidden` where they are not the caller's.
 */
export function sitesAskedBy(caller: Pick<Caller, 'sites'>, asked: readonly string[] | null | undefined): string[] | null {
  if (asked === undefined) return siteList(caller.sites);
  if (!coversSites(caller, asked)) throw foreignSite();
  return asked === null ? null : [...new Set(asked)].sort();
}
