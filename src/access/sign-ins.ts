import { randomUUID } from 'node:crypto';
import { toInstant } from '../../topics/identifiers.ts';
import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import { newSecret } from '../secrets.ts';
import { insertAuditEntries, type Author } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { siteList, type Caller } from './caller.ts';
import { HeldByCallers } from './held-by-callers.ts';

/** How long a session lasts at most: a working day. */
const SESSION_MS = 12 * 3_600_000;
const MOST_CODES = { ofOne: 20, ofAll: 10_000 };
const MOST_SESSIONS = { ofOne: 500, ofAll: 10_000 };

export type SignInsDeps = {
  db: Database;
  clock: Pick<BridgeClock, 'now'>;
  /** Whom a key stands for now, if it still lets anybody in. */
  callerOfKey: (apiKeyId: string) => Caller | undefined;
  /** Ends at once whatever is still being sent by way of a session. */
  endStreams: (signInId: string) => void;
};

/** Who made it: a key, which is asked each time what it may do, or a person, of whom nothing is known but what the token said. */
type Code = {
  callerId: string;
  maker: Caller;
  /** The session that it was made by, if it was one. */
  madeBy: string | undefined;
  usesLeft: number;
  expiresAtMs: number;
};
type Session = { callerId: string; root: Caller; signInId: string; expiresAtMs: number };

/** What somebody signed in with, told once. */
export type SignedIn = { bearer: string; expiresAtMs: number };

/** A code that was never made, was used, or has expired: nobody can tell which. */
export const badSignInCode = (): Problem =>
  new Problem('unauthenticated', 'Expected a sign-in code that was not used up yet and has not expired. Ask for a new one.', {
    headers: { 'WWW-Authenticate': 'Bearer' },
  });

/**
 * Lets callers in on other devices without their key: for a code they get a session, which may do what its caller may, and ends
 * with it. All is held in memory alone, and only by its hash: a restart ends it.
 */
export class SignIns {
  readonly #deps: SignInsDeps;
  readonly #codes = new HeldByCallers<Code>(MOST_CODES);
  readonly #sessions = new HeldByCallers<Session>(MOST_SESSIONS);

  constructor(deps: SignInsDeps) {
    this.#deps = deps;
  }

  /** Makes a code of 256 random bits that lets its caller in so many times. It is told here and never again. */
  async makeCode(caller: Caller, { uses, validSeconds }: { uses: number; validSeconds: number }, author: Author): Promise<{ code: string; expiresAtMs: number }> {
    const { clock } = this.#deps;
    const expiresAtMs = earliest(clock.now() + validSeconds * 1000, caller.expiresAtMs);
    await this.#audit('makeSignInCode', caller, author, null, { uses, expiresAt: toInstant(expiresAtMs) });
    const code = newSecret();
    this.#codes.hold(code, { callerId: caller.callerId, maker: caller, madeBy: caller.signIn?.signInId, usesLeft: uses, expiresAtMs });
    return { code, expiresAtMs };
  }

  /**
   * Opens a session for whoever made the code, for 12 h at most, and never for longer than what the code was made with.
   * @throws Problem 401 `unauthenticated`.
   */
  async signIn(code: string, from: Pick<Author, 'address' | 'requestId'>): Promise<SignedIn> {
    const found = this.#codes.find(code);
    const atMs = this.#deps.clock.now();
    const root = found && this.#rootOf(found.maker);
    if (found === undefined || root === undefined || found.usesLeft === 0 || found.expiresAtMs <= atMs) throw badSignInCode();
    const signInId = randomUUID();
    const expiresAtMs = earliest(atMs + SESSION_MS, found.maker.expiresAtMs);
    // Taken before it is stored: nobody else uses it meanwhile.
    found.usesLeft -= 1;
    try {
      await this.#audit('signIn', root, { kind: root.kind, id: root.callerId, name: root.name, ...from }, signInId, { expiresAt: toInstant(expiresAtMs) });
    } catch (error) {
      found.usesLeft += 1;
      throw error;
    }
    if (found.usesLeft === 0) this.#codes.drop(code);
    const bearer = newSecret();
    const gone = this.#sessions.hold(bearer, { callerId: root.callerId, root, signInId, expiresAtMs });
    if (gone !== undefined) this.end(gone.signInId);
    return { bearer, expiresAtMs };
  }

  /** Whom a session stands for, if it is one and neither it nor what it came from is over. */
  authenticate(bearer: string): Caller | undefined {
    const session = this.#sessions.find(bearer);
    if (session === undefined) return undefined;
    const root = session.expiresAtMs <= this.#deps.clock.now() ? undefined : this.#rootOf(session.root);
    if (root === undefined) {
      this.#sessions.drop(bearer);
      return undefined;
    }
    return { ...root, expiresAtMs: session.expiresAtMs, signIn: { signInId: session.signInId, rootExpiresAtMs: root.expiresAtMs } };
  }

  /** Ends a session: it lets nobody in any more, the codes made by it neither, and what is being sent to whoever has it ends. */
  end(signInId: string): void {
    this.#sessions.dropWhere((session) => session.signInId === signInId);
    this.#codes.dropWhere(({ madeBy }) => madeBy === signInId);
    this.#deps.endStreams(signInId);
  }

  /** The key or person that a caller is, whatever it came in by, as it is now. */
  #rootOf({ signIn, ...caller }: Caller): Caller | undefined {
    switch (caller.kind) {
      case 'key':
        return this.#deps.callerOfKey(caller.callerId);
      case 'person': {
        const expiresAtMs = signIn === undefined ? caller.expiresAtMs : signIn.rootExpiresAtMs;
        return expiresAtMs !== null && expiresAtMs <= this.#deps.clock.now() ? undefined : { ...caller, expiresAtMs };
      }
    }
  }

  async #audit(action: string, { sites }: Caller, author: Author, target: string | null, after: object): Promise<void> {
    const { db, clock } = this.#deps;
    const result = { kind: 'done', before: null, after } as const;
    await insertAuditEntries(db, [{ atMs: clock.now(), author, action, sites: siteList(sites), target, result }]);
  }
}

const earliest = (oneMs: number, otherMs: number | null): number => (otherMs === null ? oneMs : Math.min(oneMs, otherMs));
