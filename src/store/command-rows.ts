import type { CommandKind, Reason } from '../../topics/commands.ts';
import type { Values } from '../../topics/parameters.ts';
import type { Ending, Order, StoredCommand } from './commands.ts';

/** A row of the table of commands. */
export type CommandColumns = {
  command_id: string;
  feeder_id: string;
  kind: CommandKind;
  state: Ending['state'] | 'sent';
  version: number | null;
  changes: Values | null;
  expected: Values | null;
  grams: number | null;
  journal_id: string | null;
  issued_by: string;
  issued_at: Date;
  expires_at: Date | null;
  traceparent: string | null;
  ended_at: Date | null;
  read_at: Date | null;
  read_back: Values | null;
  previous: Values | null;
  reason: Reason | null;
};

function orderFrom({ kind, changes, grams }: CommandColumns): Order {
  switch (kind) {
    case 'set-config':
      return { kind, changes: changes ?? {} };
    case 'feed-now':
      return { kind, grams: grams ?? 0 };
    case 'clear-alarms':
      return { kind };
  }
}

/** The command in a row. */
export const commandFrom = (row: CommandColumns): StoredCommand => ({
  commandId: row.command_id,
  feederId: row.feeder_id,
  order: orderFrom(row),
  version: row.version,
  expected: row.expected,
  journalId: row.journal_id,
  issuedBy: row.issued_by,
  issuedAtMs: row.issued_at.getTime(),
  expiresAtMs: row.expires_at?.getTime() ?? null,
  traceparent: row.traceparent,
  ending:
    row.state === 'sent' || row.ended_at === null
      ? null
      : {
          state: row.state,
          endedAtMs: row.ended_at.getTime(),
          readAtMs: row.read_at?.getTime() ?? null,
          readBack: row.read_back,
          previous: row.previous,
          reason: row.reason,
        },
});
