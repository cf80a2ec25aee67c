import { randomBytes, randomUUID } from 'node:crypto';
import { toInstant } from '../../topics/identifiers.ts';
import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import { hashSecret, matchesHash, newSecret } from '../secrets.ts';
import { insertAuditEntries, type Author } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { deleteSiteLogin, insertSiteLogin, type SiteLogin } from '../store/site-logins.ts';

/** The bridge's clock may leap ahead, where this machine slept, and no timer leaps with it. */
const LONGEST_TIMER_MS = 1_000;

export type SiteLoginsDeps = {
  db: Database;
  clock: BridgeClock;
  /** Ends every session of a login at once. */
  endSessions: (siteLoginId: string) => void;
};

type Asked = Pick<SiteLogin, 'site' | 'name' | 'expiresAtMs'>;

/** Where a page of the list ended. */
export type SiteLoginPosition = Pick<SiteLogin, 'createdAtMs' | 'siteLoginId'>;

/**
 * Who may look on at which site over MQTT. All logins are held here, so that they work while the database is away; what
 * is stored is committed first and told second.
 */
export class SiteLogins {
  readonly #deps: SiteLoginsDeps;
  readonly #byUsername: Map<string, SiteLogin>;
  /** The logins that have expired and whose sessions were ended. */
  readonly #ended = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(rows: readonly SiteLogin[], deps: SiteLoginsDeps) {
    this.#deps = deps;
    this.#byUsername = new Map(rows.map((row) => [row.username, row]));
    this.#awaitNextExpiry();
  }

  /** Makes a login. The password is told here and never again; only its hash is kept. */
  async make(asked: Asked, author: Author): Promise<{ login: SiteLogin; password: string }> {
    const password = newSecret();
    const login: SiteLogin = {
      ...asked,
      siteLoginId: randomUUID(),
      username: `${asked.site}_${randomBytes(4).toString('hex')}`,
      passwordSha256: hashSecret(password),
      createdAtMs: this.#deps.clock.now(),
    };
    await this.#deps.db.transaction(async (tx) => {
      await insertSiteLogin(tx, login);
      await insertAuditEntries(tx, [
        { atMs: login.createdAtMs, author, action: 'makeSiteLogin', ...about(login), result: { kind: 'done', before: null, after: told(login) } },
      ]);
    });
    this.#byUsername.set(login.username, login);
    this.#awaitNextExpiry();
    return { login, password };
  }

  /** Up to `limit` of the logins that `isShown`, the newest first, after `after` where it is given. Those that have expired are among them. */
  page(limit: number, after: SiteLoginPosition | undefined, isShown: (login: SiteLogin) => boolean): SiteLogin[] {
    return [...this.#byUsername.values()]
      .filter((login) => isShown(login) && (after === undefined || newestFirst(after, login) < 0))
      .sort(newestFirst)
      .slice(0, limit);
  }

  /**
   * Removes a login that `isShown` and ends its sessions.
   * @throws Problem 404 `not-found`.
   */
  async remove(siteLoginId: string, author: Author, isShown: (login: SiteLogin) => boolean): Promise<void> {
    const login = [...this.#byUsername.values()].find((each) => each.siteLoginId === siteLoginId);
    if (login === undefined || !isShown(login)) throw new Problem('not-found', 'There is no site login with this id.');
    const atMs = this.#deps.clock.now();
    await this.#deps.db.transaction(async (tx) => {
      if (!(await deleteSiteLogin(tx, siteLoginId))) return;
      await insertAuditEntries(tx, [
        { atMs, author, action: 'removeSiteLogin', ...about(login), result: { kind: 'done', before: told(login), after: null } },
      ]);
    });
    this.#byUsername.delete(login.username);
    this.#ended.delete(siteLoginId);
    this.#deps.endSessions(siteLoginId);
  }

  /** The login with this user name and password, unless it has expired. */
  authenticate(username: string, password: string): SiteLogin | undefined {
    const login = this.#byUsername.get(username);
    if (login === undefined || !matchesHash(password, login.passwordSha256)) return undefined;
    return this.#hasExpired(login) ? undefined : login;
  }

  /** Lets go of the timer. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #hasExpired({ expiresAtMs }: SiteLogin): boolean {
    return expiresAtMs !== null && expiresAtMs <= this.#deps.clock.now();
  }

  /** Ends the sessions of what has expired, and comes back for the next. */
  #awaitNextExpiry(): void {
    clearTimeout(this.#timer);
    const nowMs = this.#deps.clock.now();
    let nextMs = Infinity;
    for (const login of this.#byUsername.values()) {
      if (this.#hasExpired(login)) this.#endExpired(login.siteLoginId);
      else if (login.expiresAtMs !== null) nextMs = Math.min(nextMs, login.expiresAtMs);
    }
    if (nextMs === Infinity) return;
    this.#timer = setTimeout(() => this.#awaitNextExpiry(), Math.min(Math.max(1, nextMs - nowMs), LONGEST_TIMER_MS)).unref();
  }

  /** Once: nobody is let in any more who could have another. */
  #endExpired(siteLoginId: string): void {
    if (this.#ended.has(siteLoginId)) return;
    this.#ended.add(siteLoginId);
    this.#deps.endSessions(siteLoginId);
  }
}

/** What the audit says of it. */
const about = ({ siteLoginId, site }: SiteLogin) => ({ target: siteLoginId, sites: [site] });
const told = ({ name, site, username, expiresAtMs }: SiteLogin): object => ({
  name,
  site,
  username,
  expiresAt: expiresAtMs === null ? null : toInstant(expiresAtMs),
});

const newestFirst = (one: SiteLoginPosition, other: SiteLoginPosition): number =>
  other.createdAtMs - one.createdAtMs || other.siteLoginId.localeCompare(one.siteLoginId);
