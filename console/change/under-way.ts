import type { Command } from '../api/shapes.ts';

/** The commands of a feeder that have no outcome yet, oldest first, whoever asked for them; and which ended lately. */
export type UnderWay = { readonly commands: readonly Command[]; readonly endedIds: readonly string[] };

export const NOTHING_UNDER_WAY: UnderWay = { commands: [], endedIds: [] };

/** An answer that was read before a command ended may come after the word of its end: so many ends are remembered. */
const ENDS_REMEMBERED = 50;

export const isUnderWay = ({ state }: Pick<Command, 'state'>): boolean => state === 'sent' || state === 'unresolved';

/** After the bridge told of a command. What has ended is under way no more, in whatever order it is told. */
export function underWayAfter(known: UnderWay, command: Command): UnderWay {
  const { commandId } = command;
  const others = known.commands.filter((each) => each.commandId !== commandId);
  const wasKnown = others.length < known.commands.length;
  if (isUnderWay(command)) {
    if (known.endedIds.includes(commandId)) return known;
    return { ...known, commands: [...others, command].sort(byIssue) };
  }
  if (!wasKnown && known.endedIds.includes(commandId)) return known;
  return { commands: wasKnown ? others : known.commands, endedIds: [commandId, ...known.endedIds].slice(0, ENDS_REMEMBERED) };
}

/** After all that is under way was read, by a request of `askedAtMs`: what was issued well before it and is not there has ended. */
export function underWayRead(known: UnderWay, commands: readonly Command[], askedAtMs: number): UnderWay {
  const read = new Set(commands.map(({ commandId }) => commandId));
  const kept = known.commands.filter(({ commandId, issuedAt }) => read.has(commandId) || Date.parse(issuedAt) >= askedAtMs - CLOCK_SLACK_MS);
  return commands.reduce(underWayAfter, { ...known, commands: kept });
}

/** A command that the bridge knows no more. */
export const underWayWithout = (known: UnderWay, commandId: string): UnderWay => ({
  ...known,
  commands: known.commands.filter((each) => each.commandId !== commandId),
});

const CLOCK_SLACK_MS = 5_000;

const byIssue = (a: Command, b: Command): number => (a.issuedAt === b.issuedAt ? 0 : a.issuedAt < b.issuedAt ? -1 : 1);
