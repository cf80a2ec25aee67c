import type { Ack, Command, Outcome, Reason } from '../../topics/commands.ts';
import { toInstant } from '../../topics/identifiers.ts';
import { sameValue, type Values } from '../../topics/parameters.ts';
import type { Profile } from '../../topics/payloads.ts';
import type { Ending, StoredCommand } from '../store/commands.ts';

export type CommandState = Outcome | 'sent' | 'unresolved' | 'refused';
export type Transition = { state: CommandState; atMs: number };

const isOverdue = (command: StoredCommand, nowMs: number): boolean =>
  command.expiresAtMs !== null && nowMs >= command.expiresAtMs;

/** Where a command stands now. `unresolved` is `sent` past its deadline: it follows from the clock. */
export function stateOf(command: StoredCommand, nowMs: number): CommandState {
  return command.ending?.state ?? (isOverdue(command, nowMs) ? 'unresolved' : 'sent');
}

/** Every state a command has been in, in order. */
export function transitionsOf(command: StoredCommand, nowMs: number): Transition[] {
  const { ending, issuedAtMs, expiresAtMs } = command;
  if (ending?.state === 'refused') return [{ state: 'refused', atMs: ending.endedAtMs }];
  const overdue = isOverdue(command, ending?.endedAtMs ?? nowMs);
  return [
    { state: 'sent', atMs: issuedAtMs },
    ...(overdue && expiresAtMs !== null ? [{ state: 'unresolved' as const, atMs: expiresAtMs }] : []),
    ...(ending ? [{ state: ending.state, atMs: ending.endedAtMs }] : []),
  ];
}

/** The command as the agent gets it; the same on every sending. Undefined for one that was never sent. */
export function toWire(command: StoredCommand): Command | undefined {
  const { order, version, expected, journalId, expiresAtMs, traceparent } = command;
  if (expiresAtMs === null) return undefined;
  const header = {
    commandId: command.commandId,
    ...(journalId !== null && { journalId }),
    issuedAt: toInstant(command.issuedAtMs),
    expiresAt: toInstant(expiresAtMs),
    ...(traceparent !== null && { traceparent }),
  };
  switch (order.kind) {
    case 'set-config':
      if (version === null) return undefined;
      return { ...header, kind: 'set-config', version, changes: order.changes, ...(expected && { expected }) };
    case 'feed-now':
      return { ...header, kind: 'feed-now', grams: order.grams };
    case 'clear-alarms':
      return { ...header, kind: 'clear-alarms' };
  }
}

/**
 * The ending that an ack stands for, which was read at `readAtMs` and arrived at `nowMs`, both on the bridge's clock. An
 * `applied` config change must bring a read-back equal to what was asked, by the profile's own notion of equal:
 * otherwise the PLC does not hold it, whatever the agent says.
 */
export function endingFrom(
  ack: Ack,
  readAtMs: number,
  command: StoredCommand,
  profile: Profile | null,
  nowMs: number,
): Ending {
  const ending = {
    endedAtMs: nowMs,
    // A reading for a command is no older than the command.
    readAtMs: Math.max(readAtMs, command.issuedAtMs),
    readBack: ack.readBack ?? null,
    previous: ack.previous ?? null,
  };
  if (ack.outcome === 'applied' && command.order.kind === 'set-config') {
    const unequal = firstUnequal(command.order.changes, ack.readBack, profile);
    if (unequal !== undefined) {
      const message = `the agent's read-back does not show ${unequal} as it was asked for`;
      return { ...ending, state: 'rejected', reason: { code: 'read-back-mismatch', message, parameter: unequal } };
    }
  }
  return { ...ending, state: ack.outcome, reason: ack.reason ?? null };
}

/** An ending that the bridge knows by itself, with nothing read from the PLC. */
export const endingWithoutAck = (state: Ending['state'], reason: Reason, nowMs: number): Ending => ({
  state,
  endedAtMs: nowMs,
  readAtMs: null,
  readBack: null,
  previous: null,
  reason,
});

function firstUnequal(changes: Values, readBack: Values | undefined, profile: Profile | null): string | undefined {
  return Object.keys(changes).find((name) => {
    const asked = changes[name];
    const held = readBack?.[name];
    const parameter = profile?.parameters.find((candidate) => candidate.name === name);
    return asked === undefined || held === undefined || !sameValue(parameter, asked, held);
  });
}
