import type { Timers } from '../../machine/timers.ts';
import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import { hashSecret, newSecret } from '../secrets.ts';
import { insertAuditEntries, type Author } from '../store/audit.ts';
import type { ClaimCode } from '../store/agent-tokens.ts';
import type { CommandStore } from '../store/commands.ts';
import type { Database } from '../store/database.ts';
import { insertFeeder, removeFeeder } from '../store/feeders.ts';
import { Turns } from '../turns.ts';
import { AgentTokens } from './agent-tokens.ts';
import type { Directory, Feeder } from './directory.ts';

export type EnrolmentDeps = {
  db: Database;
  commands: Pick<CommandStore, 'unsettled'>;
  clock: Pick<BridgeClock, 'now'>;
  timers: Timers;
  directory: Directory;
  claimCodes: readonly ClaimCode[];
  /** Ends the feeder's session and lease at once. */
  dismiss: (feederId: string) => Promise<void>;
  /** Forgets what is retained and remembered of a feeder that was removed. */
  forget: (feederId: string) => void;
  /** Settles the feeder's commands that have no outcome as `indeterminate`. */
  settlePending: (feederId: string) => Promise<void>;
  onProblem: (error: unknown) => void;
};

type Asked = { feederId: string; name: string; site: string; timeZone: string };

/** Another feeder has this id. */
export const feederExists = (feederId: string): Problem =>
  new Problem('feeder-exists', `"${feederId}" is enrolled already. Choose another id, or rotate its token.`);

/** A feeder cannot be removed while a command of it has no outcome. */
export const commandPending = (commandId: string | undefined): Problem =>
  new Problem('command-pending', 'Wait for its outcome, or remove the feeder with ?force=true.', {
    ...(commandId !== undefined && { commandId }),
  });

/** Which feeders belong to this bridge, and the tokens their agents prove it with. */
export class Enrolment {
  readonly #deps: EnrolmentDeps;
  /** One thing at a time for each feeder id, so that a removal never meets the next enrolment half done. */
  readonly #turns = new Turns();
  readonly tokens: AgentTokens;

  constructor(deps: EnrolmentDeps) {
    this.#deps = deps;
    this.tokens = new AgentTokens({ ...deps, turns: this.#turns });
  }

  /**
   * Enrols a feeder. The token is told here and never again; only its hash is kept.
   * @throws Problem 409 `feeder-exists`.
   */
  enrol(asked: Asked, author: Author): Promise<{ feeder: Feeder; token: string }> {
    return this.#turns.run(asked.feederId, () => this.#enrol(asked, author));
  }

  async #enrol(asked: Asked, author: Author): Promise<{ feeder: Feeder; token: string }> {
    const { db, clock, directory } = this.#deps;
    const token = newSecret();
    const tokenSha256 = hashSecret(token);
    const { feederId, site } = asked;
    const atMs = clock.now();
    await db.transaction(async (tx) => {
      if (!(await insertFeeder(tx, { ...asked, tokenSha256, enrolledAtMs: atMs }))) throw feederExists(feederId);
      await insertAuditEntries(tx, [{ atMs, author, action: 'enrolFeeder', sites: [site], feederId, result: { kind: 'done', before: null, after: told(asked) } }]);
    });
    const feeder: Feeder = {
      ...asked, tokenSha256, previousToken: null, profile: null, config: null, journalId: null, state: null, lastSeenAtMs: null, alarmThresholds: {},
    };
    directory.add(feeder);
    return { feeder, token };
  }

  /**
   * Removes a feeder: its session, lease and retained messages go, its history and version counter stay.
   * @throws Problem 409 `command-pending` while commands have no outcome, unless forced; forcing settles them.
   */
  remove(feederId: string, force: boolean, author: Author): Promise<void> {
    return this.#turns.run(feederId, () => this.#remove(feederId, force, author));
  }

  async #remove(feederId: string, force: boolean, author: Author): Promise<void> {
    const { db, clock, commands, directory, dismiss, forget, settlePending } = this.#deps;
    const feeder = directory.find(feederId);
    if (feeder === undefined) return;
    if (force) await settlePending(feederId);
    const atMs = clock.now();
    const removed = await db.transaction(async (tx) => {
      if (!(await removeFeeder(tx, feederId, atMs, !force))) return false;
      const { site } = feeder;
      await insertAuditEntries(tx, [{ atMs, author, action: 'removeFeeder', sites: [site], feederId, result: { kind: 'done', before: told(feeder), after: null } }]);
      return true;
    });
    if (!removed) throw commandPending((await commands.unsettled(feederId))[0]?.commandId);
    directory.remove(feederId);
    await dismiss(feederId);
    forget(feederId);
    // A change that was being stored meanwhile is there now, and no other can follow. Last, for the database may fail.
    if (force) await settlePending(feederId);
  }
}

const told = ({ name, site, timeZone }: Asked): object => ({ name, site, timeZone });
