import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import { hashSecret, matchesHash, newSecret } from '../secrets.ts';
import type { CommandStore } from '../store/commands.ts';
import type { Database } from '../store/database.ts';
import { insertFeeder, removeFeeder, updateToken } from '../store/feeders.ts';
import { Turns } from '../turns.ts';
import type { Directory, Feeder } from './directory.ts';

export type EnrolmentDeps = {
  db: Database;
  commands: Pick<CommandStore, 'unsettled'>;
  clock: BridgeClock;
  directory: Directory;
  /** Ends the feeder's session and lease at once. */
  dismiss: (feederId: string) => Promise<void>;
  /** Forgets what is retained and remembered of a feeder that was removed. */
  forget: (feederId: string) => void;
  /** Settles the feeder's commands that have no outcome as `indeterminate`. */
  settlePending: (feederId: string) => Promise<void>;
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

  constructor(deps: EnrolmentDeps) {
    this.#deps = deps;
  }

  /**
   * Enrols a feeder. The token is told here and never again; only its hash is kept.
   * @throws Problem 409 `feeder-exists`.
   */
  enrol(asked: Asked): Promise<{ feeder: Feeder; token: string }> {
    return this.#turns.run(asked.feederId, () => this.#enrol(asked));
  }

  async #enrol(asked: Asked): Promise<{ feeder: Feeder; token: string }> {
    const token = newSecret();
    const tokenSha256 = hashSecret(token);
    const enrolled = await insertFeeder(this.#deps.db, { ...asked, tokenSha256, enrolledAtMs: this.#deps.clock.now() });
    if (!enrolled) throw feederExists(asked.feederId);
    const feeder: Feeder = { ...asked, tokenSha256, profile: null, config: null, journalId: null, state: null, lastSeenAtMs: null, alarmThresholds: {} };
    this.#deps.directory.add(feeder);
    return { feeder, token };
  }

  /** Gives a feeder another token; the old one stops working and its session ends at once. */
  rotateToken(feederId: string): Promise<string> {
    return this.#turns.run(feederId, () => this.#rotateToken(feederId));
  }

  async #rotateToken(feederId: string): Promise<string> {
    const token = newSecret();
    const tokenSha256 = hashSecret(token);
    await updateToken(this.#deps.db, feederId, tokenSha256);
    this.#deps.directory.setToken(feederId, tokenSha256);
    await this.#deps.dismiss(feederId);
    return token;
  }

  /**
   * Removes a feeder: its session, lease and retained messages go, its history and version counter stay.
   * @throws Problem 409 `command-pending` while commands have no outcome, unless forced; forcing settles them.
   */
  remove(feederId: string, force: boolean): Promise<void> {
    return this.#turns.run(feederId, () => this.#remove(feederId, force));
  }

  async #remove(feederId: string, force: boolean): Promise<void> {
    if (this.#deps.directory.find(feederId) === undefined) return;
    if (force) await this.#deps.settlePending(feederId);
    const removed = await removeFeeder(this.#deps.db, feederId, this.#deps.clock.now(), !force);
    if (!removed) throw commandPending((await this.#deps.commands.unsettled(feederId))[0]?.commandId);
    this.#deps.directory.remove(feederId);
    // A change that was being stored meanwhile is there now, and no other can follow.
    if (force) await this.#deps.settlePending(feederId);
    await this.#deps.dismiss(feederId);
    this.#deps.forget(feederId);
  }

  /** Whether this is the token of an enrolled feeder. */
  knows(feederId: string, token: string): boolean {
    const feeder = this.#deps.directory.find(feederId);
    return feeder !== undefined && matchesHash(token, feeder.tokenSha256);
  }
}
