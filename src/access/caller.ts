/** What someone may do. Each role may do all that the ones before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Which sites someone has to do with; `all` includes those that are yet to be. */
export type Sites = 'all' | ReadonlySet<string>;

/** Someone who is known: a key, or a person whom the issuer of `OIDC_ISSUER` vouches for. */
export type Caller = {
  kind: 'key' | 'person';
  /** Stays the same for as long as it exists, and is never another's. */
  callerId: string;
  /** What people call it; `issuedBy` shows it. */
  name: string;
  role: Role;
  sites: Sites;
  /** When it stops being known, in milliseconds since 1970. Null: when somebody says so. */
  expiresAtMs: number | null;
  /** Where it asks by a session instead of its key or token itself: which one, and when the key or token expires. */
  signIn?: { signInId: string; rootExpiresAtMs: number | null };
};

/** Whether `caller` may do what `role` is needed for. */
export const hasRole = ({ role }: Pick<Caller, 'role'>, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);

/** Whether `caller` may know of what belongs to `site`. What belongs to no site, or to one nobody knows, only those of all sites may. */
export const seesSite = ({ sites }: Pick<Caller, 'sites'>, site: string | null | undefined): boolean =>
  sites === 'all' || (site !== null && site !== undefined && sites.has(site));

/** Whether `caller` may know of, and hand out, what is about all of `wanted`; null stands for all sites. */
export const coversSites = ({ sites }: Pick<Caller, 'sites'>, wanted: readonly string[] | null): boolean =>
  sites === 'all' || (wanted !== null && wanted.length > 0 && wanted.every((site) => sites.has(site)));

/** Sites as a database or a JSON body has them: null for all. */
export const siteList = (sites: Sites): string[] | null => (sites === 'all' ? null : [...sites].sort());

/** The sites of such a list. */
export const sitesFrom = (list: readonly string[] | null): Sites => (list === null ? 'all' : new Set(list));
