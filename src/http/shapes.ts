import { z } from 'zod';
import { CommandKind, OUTCOMES, Reason, Version } from '../../topics/commands.ts';
import { FeederId, Instant, SiteId, toInstant } from '../../topics/identifiers.ts';
import { Parameter, Values } from '../../topics/parameters.ts';
import { ConfigReport, FeedGuards, PlcLink, PresenceNotice, Profile, State } from '../../topics/payloads.ts';
import { stateOf, transitionsOf } from '../commands/life-cycle.ts';
import { PROBLEM_CODES } from '../errors.ts';
import type { Feeder } from '../feeders/directory.ts';
import type { PresenceBoard } from '../liveness/presence.ts';
import type { Sessions } from '../liveness/sessions.ts';
import type { StoredCommand } from '../store/commands.ts';
import type { ReportedConfig } from '../store/feeders.ts';

type Component = { id: string; description: string };

/** The schemas of what REST answers, by their names in the OpenAPI document. */
export const answered = z.registry<Component>();

Values.register(answered, { id: 'Values', description: 'Values by name; the unit is part of the name.' });
Parameter.register(answered, { id: 'Parameter', description: 'What may be set, in which unit, range and steps.' });
Profile.register(answered, { id: 'Profile', description: 'The agent, its register map, and what may be set on this feeder.' });
FeedGuards.register(answered, { id: 'FeedGuards', description: 'What the agent holds a feed-now to; what is not there is not limited.' });
State.register(answered, { id: 'State', description: 'The latest readings.' });
Reason.register(answered, { id: 'Reason', description: 'Why a command was not applied.' });

const reported = {
  version: Version,
  values: Values,
  readAt: Instant,
  source: ConfigReport.shape.source,
};

export const ConfigShape = z.object(reported).register(answered, {
  id: 'ReportedConfig',
  description: 'What the PLC held when it was last read.',
});

export const ConfigWithProfileShape = z.object({ ...reported, profile: Profile.nullable() }).register(answered, {
  id: 'Config',
  description: 'What the PLC held when it was last read, and what may be set.',
});

export const PlcLinkShape = z.enum([...PlcLink.options, 'unknown']);

export const FeederShape = z
  .object({
    feederId: FeederId,
    name: z.string(),
    site: SiteId,
    timeZone: z.string(),
    presence: PresenceNotice.shape.state,
    plc: PlcLinkShape,
    lastSeenAt: Instant.nullable(),
    config: ConfigShape.nullable(),
    state: State.nullable(),
    profile: Profile.nullable(),
  })
  .register(answered, { id: 'Feeder', description: 'A feeder as it is now; what was never told is null.' });

export const CommandState = z.enum([...OUTCOMES, 'sent', 'unresolved', 'refused']);

export const CommandShape = z
  .object({
    commandId: z.uuid(),
    feederId: FeederId,
    kind: CommandKind,
    state: CommandState,
    changes: Values.optional(),
    grams: z.number().optional(),
    version: Version.nullable(),
    readBack: Values.nullable(),
    previous: Values.nullable(),
    reason: Reason.nullable(),
    issuedBy: z.string(),
    issuedAt: Instant,
    expiresAt: Instant.nullable(),
    ackedAt: Instant.nullable(),
    latencyMs: z.number().nullable(),
    transitions: z.array(z.object({ state: CommandState, at: Instant })),
  })
  .register(answered, { id: 'Command', description: 'A command and what became of it; what is not known is null.' });

const FieldErrorShape = z.object({
  pointer: z.string().meta({ description: 'A JSON pointer into the body; empty for the body itself.' }),
  code: z.string(),
  detail: z.string(),
});

export const ProblemShape = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    code: z.enum(PROBLEM_CODES),
    errors: z.array(FieldErrorShape).optional(),
    commandId: z.uuid().optional(),
    reason: Reason.nullish(),
    readBack: Values.nullish(),
    previous: Values.nullish(),
  })
  .register(answered, { id: 'Problem', description: 'Problem details (RFC 9457). `code` is stable; `detail` says what to do.' });

/** One page of a list. */
export const pageOf = (item: z.ZodType, id: string) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() }).register(answered, {
    id,
    description: 'One page; `nextCursor` is absent on the last one.',
  });

const instantOrNull = (epochMs: number | null | undefined): string | null =>
  epochMs === null || epochMs === undefined ? null : toInstant(epochMs);

/** A config as REST shows it. */
export const configShape = ({ version, values, readAtMs, source }: ReportedConfig): z.output<typeof ConfigShape> => ({
  version,
  values,
  readAt: toInstant(readAtMs),
  source,
});

/** Whether a feeder's PLC answers its agent; nobody knows of one that is offline. */
export const plcLinkOf = (feederId: string, presence: PresenceBoard, sessions: Sessions): z.output<typeof PlcLinkShape> =>
  (presence.find(feederId)?.state === 'online' ? sessions.find(feederId)?.plc : undefined) ?? 'unknown';

/** A feeder as REST shows it: what is stored, and what its live session says. */
export function feederShape(feeder: Feeder, presence: PresenceBoard, sessions: Sessions): z.output<typeof FeederShape> {
  const online = presence.find(feeder.feederId)?.state === 'online';
  return {
    feederId: feeder.feederId,
    name: feeder.name,
    site: feeder.site,
    timeZone: feeder.timeZone,
    presence: online ? 'online' : 'offline',
    plc: plcLinkOf(feeder.feederId, presence, sessions),
    lastSeenAt: instantOrNull(sessions.lastSeenAtMs(feeder.feederId) ?? feeder.lastSeenAtMs),
    config: feeder.config && configShape(feeder.config),
    state: feeder.state,
    profile: feeder.profile,
  };
}

/** A command as REST shows it. */
export function commandShape(command: StoredCommand, nowMs: number): z.output<typeof CommandShape> {
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
