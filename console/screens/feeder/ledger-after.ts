import type { Command, Value } from '../../api/shapes.ts';

type CommandState = Command['state'];

/** How far a command is: what was heard earlier never takes the place of what came of it later. */
const reached = ({ state }: Command): number => (state === 'sent' ? 0 : state === 'unresolved' ? 1 : 2);

/** The later of two accounts of one command. */
export const laterOf = (known: Command | undefined, told: Command): Command => (known === undefined || reached(told) > reached(known) ? told : known);

/** A list of commands as it was read, newest first; `isWhole` where there are no older ones. */
export type ReadLedger = { items: readonly Command[]; isWhole: boolean; state: CommandState | undefined };

/**
 * The list, newest first, after what was heard since it was read. Commands older than those read so far wait for their
 * page; those that are in another state by now than the list is of, leave it.
 */
export function ledgerAfter({ items, isWhole, state }: ReadLedger, heard: ReadonlyMap<string, Command>): Command[] {
  const oldest = items.at(-1);
  const isWithin = (command: Command): boolean => isWhole || (oldest !== undefined && command.issuedAt >= oldest.issuedAt);
  const known = new Set(items.map(({ commandId }) => commandId));
  const added = [...heard.values()].filter((command) => !known.has(command.commandId) && isWithin(command));
  const merged = items.map((command) => laterOf(heard.get(command.commandId), command));
  return [...added, ...merged]
    .filter((command) => state === undefined || command.state === state)
    .sort((one, other) => other.issuedAt.localeCompare(one.issuedAt) || other.commandId.localeCompare(one.commandId));
}

/** The state of a command now: one that was sent is overdue when its deadline has passed, of which nobody is told. */
export const stateAt = ({ state, expiresAt }: Command, nowMs: number): CommandState =>
  state === 'sent' && expiresAt !== null && Date.parse(expiresAt) < nowMs ? 'unresolved' : state;

/** A setting of a change: what the PLC held before and holds since; or what was asked for, and what the PLC held in the end, if it was read. */
export type ChangeLine = { name: string } & ({ kind: 'held'; old: Value | undefined; now: Value } | { kind: 'asked'; asked: Value; held: Value | undefined });

/** What a command changed, or would have, setting by setting. */
export function changeLinesOf({ state, changes = {}, readBack, previous }: Command): ChangeLine[] {
  return Object.entries(changes).map(([name, asked]) => {
    const held = readBack?.[name];
    if (state === 'applied' && held !== undefined) return { name, kind: 'held', old: previous?.[name], now: held };
    return { name, kind: 'asked', asked, held };
  });
}
