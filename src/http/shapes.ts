import { toInstant } from '../../topics/identifiers.ts';
import { stateOf, transitionsOf } from '../commands/life-cycle.ts';
import type { Feeder } from '../feeders/directory.ts';
import type { PresenceBoard } from '../liveness/presence.ts';
import type { Sessions } from '../liveness/sessions.ts';
import type { StoredCommand } from '../store/commands.ts';
import type { ReportedConfig } from '../store/feeders.ts';

const instantOrNull = (epochMs: number | null | undefined): string | null =>
  epochMs === null || epochMs === undefined ? null : toInstant(epochMs);

/** A config as REST shows it. */
export const configShape = ({ version, values, readAtMs, source }: ReportedConfig) => ({
  version,
  values,
  readAt: toInstant(readAtMs),
  source,
});

/** A feeder as REST shows it: what is stored, and what its live session says. */
export function feederShape(feeder: Feeder, presence: PresenceBoard, sessions: Sessions) {
  const online = presence.find(feeder.feederId)?.state === 'online';
  return {
    feederId: feeder.feederId,
    name: feeder.name,
    site: feeder.site,
    timeZone: feeder.timeZone,
    presence: online ? 'online' : 'offline',
    plc: (online ? sessions.find(feeder.feederId)?.plc : undefined) ?? 'unknown',
    lastSeenAt: instantOrNull(sessions.lastSeenAtMs(feeder.feederId) ?? feeder.lastSeenAtMs),
    config: feeder.config && configShape(feeder.config),
    state: feeder.state,
    profile: feeder.profile,
  };
}

/** A command as REST shows it; unknown is null. */
export function commandShape(command: StoredCommand, nowMs: number) {
  const { order, ending } = command;
  // What the bridge settled by itself, nobody acknowledged; every ack says when it read.
  const acked = ending !== null && ending.readAtMs !== null;
  return {
    commandId: command.commandId,
    feederId: command.feederId,
    kind: order.kind,
    state: stateOf(command, nowMs),
    ...(order.kind === 'set-config' && { changes: order.changes }),
    ...(order.kind === 'feed-now' && { grams: order.grams }),
    version: command.version,
    readBack: ending?.readBack ?? null,
    previous: ending?.previous ?? null,
    reason: ending?.reason ?? null,
    issuedBy: command.issuedBy,
    issuedAt: toInstant(command.issuedAtMs),
    expiresAt: instantOrNull(command.expiresAtMs),
    ackedAt: acked ? toInstant(ending.endedAtMs) : null,
    latencyMs: acked ? ending.endedAtMs - command.issuedAtMs : null,
    transitions: transitionsOf(command, nowMs).map(({ state, atMs }) => ({ state, at: toInstant(atMs) })),
  };
}
