import type { StoredCommand } from '../store/commands.ts';
import type { StageDuration } from './timeline.ts';

/** A command's life as one line of the log. */
export const logEntry = (command: StoredCommand, requestId: string | undefined, stages: readonly StageDuration[]) => ({
  commandId: command.commandId,
  feederId: command.feederId,
  kind: command.order.kind,
  version: command.version,
  issuedBy: command.issuedBy,
  requestId,
  ...(command.traceparent !== null && { traceparent: command.traceparent }),
  outcome: command.ending?.state,
  reason: command.ending?.reason,
  latencyMs: command.ending && command.ending.endedAtMs - command.issuedAtMs,
  stagesMs: Object.fromEntries(stages.map(({ stage, ms }) => [stage, Math.round(ms * 100) / 100])),
});
