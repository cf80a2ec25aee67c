import { isDeepStrictEqual } from 'node:util';
import type { Ending, IdempotencyUse, Insertion, NewCommand, Settled, StoredCommand } from '../../src/store/commands.ts';
import type { Report, ReportedConfig } from '../../src/store/feeders.ts';
import type { Values } from '../../topics/parameters.ts';

/** What is kept of a feeder beside its commands. */
type FeederRow = {
  versionCounter: number;
  unsettledConfig: number;
  pendingFeedNow: string | undefined;
  config: (Omit<ReportedConfig, 'agentVersion'> & { valuesAtMs: Readonly<Record<string, number>> }) | undefined;
  agentVersion: number;
  journalId: string | null;
};

const NEW_FEEDER: FeederRow = { versionCounter: 0, unsettledConfig: 0, pendingFeedNow: undefined, config: undefined, agentVersion: 0, journalId: null };
const KEY_LIFETIME_MS = 24 * 3_600_000;

type KeyRow = { commandId: string; bodySha256: Buffer; createdAtMs: number };
const keyOf = ({ apiKey, method, path, key }: IdempotencyUse): string => JSON.stringify([apiKey, method, path, key]);

/**
 * The bridge's tables in memory, one feeder enrolled in them: by the same rules as Postgres's, each method one statement
 * or transaction. Nothing kept is ever changed in place, so that a copy is a backup.
 */
export class CommandTables {
  readonly feederId: string;
  #feeder = NEW_FEEDER;
  readonly #commands = new Map<string, StoredCommand>();
  /** The ids of those without an outcome, in the order they were stored. */
  readonly #unsettled = new Set<string>();
  readonly #keys = new Map<string, KeyRow>();

  constructor(feederId: string) {
    this.feederId = feederId;
  }

  copy(): CommandTables {
    const copy = new CommandTables(this.feederId);
    copy.#feeder = this.#feeder;
    for (const [id, command] of this.#commands) copy.#commands.set(id, command);
    for (const id of this.#unsettled) copy.#unsettled.add(id);
    for (const [key, row] of this.#keys) copy.#keys.set(key, row);
    return copy;
  }

  /** Throws where the id is in use. */
  insert(command: NewCommand): Insertion {
    const { commandId, feederId, order, journalId, issuedAtMs, expiresAtMs, traceparent, heardVersion, ifMatch, idempotency, author } = command;
    if (command.feederId !== this.feederId) return { kind: 'gone' };
    const { config, unsettledConfig, pendingFeedNow } = this.#feeder;
    if (ifMatch !== undefined) {
      const holds = unsettledConfig === 0 && config !== undefined && (ifMatch === 'any' || ifMatch.includes(config.version));
      if (!holds) return { kind: 'version-mismatch' };
    }
    const { kind } = command.order;
    if (kind === 'feed-now' && pendingFeedNow !== undefined) return { kind: 'pending', commandId: pendingFeedNow };
    if (this.#commands.has(command.commandId)) throw new Error(`command ${command.commandId} is there already`);
    if (idempotency && this.#keys.has(keyOf(idempotency))) return { kind: 'key-used' };
    let version: number | null = null;
    if (kind === 'set-config') {
      version = Math.max(this.#feeder.versionCounter, heardVersion) + 1;
      this.#feeder = { ...this.#feeder, versionCounter: version, unsettledConfig: unsettledConfig + 1 };
    } else if (kind === 'feed-now') {
      this.#feeder = { ...this.#feeder, pendingFeedNow: command.commandId };
    }
    const expected = kind === 'set-config' && ifMatch !== undefined ? (config?.values ?? null) : null;
    const sent = { commandId, feederId, order, journalId, issuedAtMs, expiresAtMs, traceparent };
    const stored: StoredCommand = { ...sent, issuedBy: author.name, version, expected, ending: null };
    this.#commands.set(stored.commandId, stored);
    this.#unsettled.add(stored.commandId);
    if (idempotency) {
      const { bodySha256 } = idempotency;
      this.#keys.set(keyOf(idempotency), { commandId: stored.commandId, bodySha256, createdAtMs: command.issuedAtMs });
    }
    return { kind: 'stored', command: stored };
  }

  findIdempotent(use: IdempotencyUse, nowMs: number): { commandId: string; sameBody: boolean } | undefined {
    const row = this.#keys.get(keyOf(use));
    if (row === undefined) return undefined;
    if (row.createdAtMs > nowMs - KEY_LIFETIME_MS) {
      return { commandId: row.commandId, sameBody: row.bodySha256.equals(use.bodySha256) };
    }
    for (const [key, { createdAtMs }] of this.#keys) if (createdAtMs <= nowMs - KEY_LIFETIME_MS) this.#keys.delete(key);
    return undefined;
  }

  find(commandId: string): StoredCommand | undefined {
    return this.#commands.get(commandId);
  }

  all(): Iterable<StoredCommand> {
    return this.#commands.values();
  }

  unsettled(feederId?: string): StoredCommand[] {
    if (feederId !== undefined && feederId !== this.feederId) return [];
    return [...this.#unsettled]
      .map((id) => this.#commands.get(id))
      .filter((command) => command !== undefined)
      .sort((a, b) => a.issuedAtMs - b.issuedAtMs || (a.version ?? Infinity) - (b.version ?? Infinity) || 0);
  }

  settle({ commandId, feederId }: { commandId: string; feederId: string }, ending: Ending): Settled {
    const command = this.#commands.get(commandId);
    if (command?.ending !== null || command.feederId !== feederId) return { kind: 'later' };
    this.#commands.set(commandId, { ...command, ending });
    this.#unsettled.delete(commandId);
    const { versionCounter, unsettledConfig, pendingFeedNow, config, agentVersion } = this.#feeder;
    const isConfig = command.order.kind === 'set-config';
    const merged = config && isConfig && ending.readBack ? mergeReading(config, ending.readBack, ending.readAtMs ?? 0, false) : undefined;
    const isChanged = merged !== undefined && !isDeepStrictEqual(merged.values, config?.values);
    const version = command.version ?? 0;
    const isApplied = ending.state === 'applied';
    const isNewest = isApplied && version > (config?.version ?? 0);
    this.#feeder = {
      ...this.#feeder,
      versionCounter: versionCounter + (isChanged && !isNewest ? 1 : 0),
      unsettledConfig: unsettledConfig - (isConfig ? 1 : 0),
      pendingFeedNow: pendingFeedNow === commandId ? undefined : pendingFeedNow,
      config: config && {
        version: isNewest ? version : isChanged ? versionCounter + 1 : config.version,
        values: merged?.values ?? config.values,
        valuesAtMs: merged?.valuesAtMs ?? config.valuesAtMs,
        readAtMs: merged ? Math.max(config.readAtMs, ending.readAtMs ?? 0) : config.readAtMs,
        source: isNewest ? 'command' : isChanged ? 'local' : config.source,
      },
      agentVersion: isApplied ? Math.max(agentVersion, version) : agentVersion,
    };
    return { kind: 'first', config: this.configOf(feederId) };
  }

  settleUnsent(refused: StoredCommand): StoredCommand | undefined {
    const { commandId, ending } = refused;
    const stored = this.#commands.get(commandId);
    if (stored === undefined) {
      this.#commands.set(commandId, { ...refused, version: null, expected: null, journalId: null, expiresAtMs: null, traceparent: null });
    } else if (stored.ending === null && ending) {
      this.settle(stored, { ...ending, state: 'expired' });
      for (const [key, row] of this.#keys) if (row.commandId === commandId) this.#keys.delete(key);
    }
    return this.#commands.get(commandId);
  }

  configOf(feederId: string): ReportedConfig | null {
    const { config, agentVersion } = this.#feeder;
    if (config === undefined || feederId !== this.feederId) return null;
    const { version, values, readAtMs, source } = config;
    return { version, values, readAtMs, source, agentVersion };
  }

  /** Stores what the agent reports; the config as it then stands. */
  report({ values, readAtMs, source, agentVersion }: Report): ReportedConfig | null {
    const { config, versionCounter } = this.#feeder;
    const merged = mergeReading(config, values, readAtMs, true);
    const isChanged = !isDeepStrictEqual(merged.values, config?.values);
    const isOfCommand = source === 'command' && agentVersion > (config?.version ?? 0);
    const counter = Math.max(versionCounter, agentVersion);
    const version = isOfCommand ? agentVersion : isChanged ? counter + 1 : (config?.version ?? null);
    this.#feeder = {
      ...this.#feeder,
      versionCounter: isChanged && !isOfCommand ? counter + 1 : counter,
      config:
        version === null
          ? undefined
          : {
              ...merged,
              version,
              readAtMs: Math.max(config?.readAtMs ?? 0, readAtMs),
              source: isChanged ? source : (config?.source ?? source),
            },
      agentVersion: Math.max(this.#feeder.agentVersion, agentVersion),
    };
    return this.configOf(this.feederId);
  }

  get journalId(): string | null {
    return this.#feeder.journalId;
  }

  set journalId(journalId: string | null) {
    this.#feeder = { ...this.#feeder, journalId };
  }

  /** The newest time that anything stored carries; 0 where there is nothing. */
  get newestTimeMs(): number {
    const issued = [...this.#commands.values()].map(({ issuedAtMs }) => issuedAtMs);
    return Math.max(0, this.#feeder.config?.readAtMs ?? 0, ...issued);
  }
}

type Held = { values: Values; valuesAtMs: Readonly<Record<string, number>> };

/** Of each value the later reading; a whole one lets go of the names it has not. */
function mergeReading(held: Held | undefined, reading: Values, readAtMs: number, isWhole: boolean): Held {
  const { values = {}, valuesAtMs = {} } = held ?? {};
  const merged: { values: Values; valuesAtMs: Record<string, number> } = { values: {}, valuesAtMs: {} };
  for (const [name, value] of Object.entries(values)) {
    const atMs = valuesAtMs[name] ?? 0;
    if (atMs <= readAtMs && (isWhole || Object.hasOwn(reading, name))) continue;
    merged.values[name] = value;
    merged.valuesAtMs[name] = atMs;
  }
  for (const [name, value] of Object.entries(reading)) {
    if (readAtMs < (valuesAtMs[name] ?? readAtMs)) continue;
    merged.values[name] = value;
    merged.valuesAtMs[name] = readAtMs;
  }
  return merged;
}
