import type { Timers } from '../../machine/timers.ts';
import { toInstant } from '../../topics/identifiers.ts';
import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import { hashSecret, matchesHash, newSecret } from '../secrets.ts';
import { forgetPreviousTokens, updateClaimCode, updateToken, useClaimCode, type ClaimCode } from '../store/agent-tokens.ts';
import { insertAuditEntries, type AuditEntry, type Author } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import type { PreviousToken } from '../store/feeders.ts';
import { WriteBehind } from '../store/write-behind.ts';
import type { Turns } from '../turns.ts';
import { newClaimCode, readClaimCode } from './claim-code.ts';
import type { Directory, Feeder } from './directory.ts';

/** Long enough to bring a new token to the farm's computer before the old one stops. */
export const USUAL_OVERLAP_MS = 15 * 60_000;
const CLAIMABLE_MS = 15 * 60_000;
/** How soon after the end of an overlap a session that the old token opened ends. */
const LOOK_MS = 1_000;

export type AgentTokensDeps = {
  db: Database;
  clock: Pick<BridgeClock, 'now'>;
  timers: Timers;
  directory: Directory;
  /** One thing at a time for each feeder id, whoever does it. */
  turns: Turns;
  /** Those that were not used yet. */
  claimCodes: readonly ClaimCode[];
  /** Ends the feeder's session and lease at once. */
  dismiss: (feederId: string) => Promise<void>;
  onProblem: (error: unknown) => void;
};

/** A token just made, told once; the one before it is good until `previousUntilMs`, null: no longer. */
export type NewToken = { feederId: string; token: string; previousUntilMs: number | null };

/** The feeder was removed meanwhile. */
const noSuchFeeder = (): Problem => new Problem('not-found', 'There is no feeder with this id.');

/** A claim code that was never made, was used, or has expired: nobody can tell which. */
export const badClaimCode = (): Problem =>
  new Problem('unauthenticated', 'Expected a claim code that was not used yet and is not older than 15 minutes. Ask for a new one.', {
    headers: { 'WWW-Authenticate': 'Bearer' },
  });

/** The claim code is good, but for a feeder that the agent does not serve. */
export const feederNotAwaited = (feederId: string): Problem =>
  new Problem('feeder-not-awaited', `This claim code is for "${feederId}". Add that feeder, or ask for the code of another; this one was not used up.`);

/** Which tokens let a feeder's agent in: the present one, for a while the one before it, and new ones for claim codes. */
export class AgentTokens {
  readonly #deps: AgentTokensDeps;
  /** Feeders whose latest session was opened with their previous token. */
  readonly #onPrevious = new Map<string, PreviousToken>();
  /** Claim codes by the hash in hex: whoever guesses at them costs the database nothing. */
  readonly #claimCodes: Map<string, ClaimCode>;
  readonly #shown: WriteBehind<Feeder>;
  #callOff: () => void;

  constructor(deps: AgentTokensDeps) {
    this.#deps = deps;
    this.#claimCodes = new Map(deps.claimCodes.map((code) => [code.sha256.toString('hex'), code]));
    this.#shown = new WriteBehind({
      capacity: 100_000,
      keyOf: ({ feederId }) => feederId,
      write: (batch) => forgetPreviousTokens(deps.db, batch),
      onDropped: (_count, why) => deps.onProblem(why),
    });
    this.#callOff = this.#nextLook();
  }

  /**
   * Whether a feeder's agent may come in with this token. The first time that it shows the present one ends the previous
   * one.
   */
  letsIn(feederId: string, token: string): boolean {
    const feeder = this.#deps.directory.find(feederId);
    if (feeder === undefined) return false;
    const { tokenSha256, previousToken: previous } = feeder;
    if (matchesHash(token, tokenSha256)) {
      if (previous !== null) this.#presentShown(feeder);
      return true;
    }
    if (previous === null || previous.untilMs <= this.#deps.clock.now() || !matchesHash(token, previous.sha256)) return false;
    this.#onPrevious.set(feederId, previous);
    return true;
  }

  /**
   * Gives a feeder another token and ends its session. The one that its agent has lets it in again for `overlapMs` at most,
   * until the new one is first shown. One in between that nobody has shown yet never reached the farm, and is good no more.
   * @throws Problem 404 `not-found`.
   */
  rotate(feederId: string, overlapMs: number, author: Author): Promise<NewToken> {
    return this.#deps.turns.run(feederId, () => this.#replace(feederId, 'rotateToken', author, overlapMs));
  }

  /**
   * Makes a code with which an installer can fetch a new token, once and within 15 minutes, in the place of an earlier one.
   * @throws Problem 404 `not-found`.
   */
  async makeClaimCode(feederId: string, author: Author): Promise<{ code: string; expiresAtMs: number }> {
    const code = newClaimCode();
    const atMs = this.#deps.clock.now();
    const expiresAtMs = atMs + CLAIMABLE_MS;
    const sha256 = claimHash(code);
    await this.#deps.turns.run(feederId, async () => {
      await this.#deps.db.transaction(async (tx) => {
        if (!(await updateClaimCode(tx, feederId, sha256, expiresAtMs))) throw noSuchFeeder();
        await insertAuditEntries(tx, [this.#done(feederId, 'makeClaimCode', author, atMs, null, { expiresAt: toInstant(expiresAtMs) })]);
      });
      this.#forgetClaimCodes((other) => other.feederId === feederId);
      this.#claimCodes.set(sha256.toString('hex'), { feederId, sha256, untilMs: expiresAtMs });
    });
    return { code, expiresAtMs };
  }

  /**
   * Uses a claim code up for a new token, as a rotation makes it. `awaited` are the feeders that the agent serves.
   * @throws Problem 401 `unauthenticated`, 409 `feeder-not-awaited`.
   */
  async claim(code: string, awaited: readonly string[] | undefined, author: Author): Promise<NewToken> {
    const known = this.#claimCodes.get(claimHash(code).toString('hex'));
    if (known === undefined || known.untilMs <= this.#deps.clock.now()) throw badClaimCode();
    const { feederId, sha256 } = known;
    if (awaited?.includes(feederId) === false) throw feederNotAwaited(feederId);
    const installer: Author = { ...author, kind: 'feeder', id: feederId };
    const claimed = await this.#deps.turns.run(feederId, () => this.#replace(feederId, 'claimFeeder', installer, USUAL_OVERLAP_MS, sha256));
    this.#forgetClaimCodes((other) => other === known);
    return claimed;
  }

  /** Watches no more, and stores what waits to be stored. */
  async stop(): Promise<void> {
    this.#callOff();
    await this.#shown.stop();
  }

  async #replace(feederId: string, action: 'rotateToken' | 'claimFeeder', author: Author, overlapMs: number, codeSha256?: Buffer): Promise<NewToken> {
    const { db, clock, directory, dismiss } = this.#deps;
    const feeder = directory.find(feederId);
    if (feeder === undefined) throw codeSha256 ? badClaimCode() : noSuchFeeder();
    const token = newSecret();
    const tokenSha256 = hashSecret(token);
    const atMs = clock.now();
    const inUse = feeder.previousToken !== null && feeder.previousToken.untilMs > atMs ? feeder.previousToken.sha256 : feeder.tokenSha256;
    const previous = overlapMs > 0 ? { sha256: inUse, untilMs: atMs + overlapMs } : null;
    const previousUntilMs = previous?.untilMs ?? null;
    await db.transaction(async (tx) => {
      if (codeSha256 && !(await useClaimCode(tx, feederId, codeSha256, atMs))) throw badClaimCode();
      if (!(await updateToken(tx, feederId, tokenSha256, previous))) throw noSuchFeeder();
      const [before, after] = [shown(feeder.previousToken?.untilMs ?? null), shown(previousUntilMs)];
      await insertAuditEntries(tx, [this.#done(feederId, action, author, atMs, before, after)]);
    });
    directory.setToken(feederId, tokenSha256, previous);
    await dismiss(feederId);
    return { feederId, token, previousUntilMs };
  }

  #done(feederId: string, action: string, author: Author, atMs: number, before: object | null, after: object): AuditEntry {
    const site = this.#deps.directory.siteOf(feederId);
    return { atMs, author, action, sites: site === undefined ? null : [site], feederId, result: { kind: 'done', before, after } };
  }

  #forgetClaimCodes(isOver: (code: ClaimCode) => boolean): void {
    for (const [hash, code] of this.#claimCodes) if (isOver(code)) this.#claimCodes.delete(hash);
  }

  #presentShown(feeder: Feeder): void {
    const { feederId, tokenSha256 } = feeder;
    this.#onPrevious.delete(feederId);
    this.#deps.directory.setToken(feederId, tokenSha256, null);
    this.#shown.add(feeder);
  }

  /** Ends the sessions that a previous token opened and that outlived it. */
  #nextLook(): () => void {
    return this.#deps.timers.after(LOOK_MS, () => {
      const nowMs = this.#deps.clock.now();
      this.#forgetClaimCodes(({ untilMs }) => untilMs <= nowMs);
      for (const [feederId, previous] of this.#onPrevious) {
        const isLatest = this.#deps.directory.find(feederId)?.previousToken === previous;
        if (isLatest && previous.untilMs > nowMs) continue;
        this.#onPrevious.delete(feederId);
        // Another token since then: the session that this one opened was ended when that was made.
        if (isLatest) this.#deps.dismiss(feederId).catch(this.#deps.onProblem);
      }
      this.#callOff = this.#nextLook();
    });
  }
}

const shown = (previousUntilMs: number | null): object => ({
  previousTokenUntil: previousUntilMs === null ? null : toInstant(previousUntilMs),
});

/** What is no claim code has the hash of one that nobody was given, so that it is looked for like any other. */
const claimHash = (typed: string): Buffer => hashSecret(readClaimCode(typed) ?? '');
