import type { Ending, StoredCommand } from '../../src/store/commands.ts';
import type { Outcome } from '../../topics/commands.ts';
import type { Complaint } from './invariants.ts';
import type { Cells } from './write-purpose.ts';

export type Final = Ending['state'];

/** Of what ends otherwise nothing is done. */
export const mayHaveActed = (outcome: Final): boolean => outcome === 'applied' || outcome === 'indeterminate';

/** Everything known of one command. */
export type Evidence = {
  readonly command: StoredCommand;
  /** True time at which it was stored. */
  readonly storedAtMs: number;
  /** What the PLC holds when a config change is applied, and whether it ever held all of it. */
  readonly target: Cells | undefined;
  wasHeld: boolean;
  /** How it ended, by the store, as a client was told, and by each journal. */
  stored: Final | undefined;
  answered: Final | undefined;
  readonly journaled: Map<string, Outcome>;
  /** The journals under which it was acknowledged, and the first under which it was written. */
  readonly ackedUnder: Set<string>;
  writtenUnder: string | undefined;
  /** An outcome was told that could not be journaled, and the run of the agent that remembered it is over. */
  isForgotten: boolean;
  /** Forward writes that took effect, and doses that were fed. */
  actedWrites: number;
  doses: number;
  wasPublished: boolean;
};

export const newEvidence = (command: StoredCommand, storedAtMs: number, target: Cells | undefined, wasHeld: boolean): Evidence => ({
  command,
  storedAtMs,
  target,
  wasHeld,
  stored: undefined,
  answered: undefined,
  journaled: new Map(),
  ackedUnder: new Set(),
  writtenUnder: undefined,
  isForgotten: false,
  actedWrites: 0,
  doses: 0,
  wasPublished: false,
});

/** What an outcome says of the PLC, and is not so; `leftover` is a number of it that the PLC holds. */
export function falseOutcome(
  { command: { order }, doses, actedWrites, wasHeld, isForgotten }: Evidence,
  outcome: Final,
  leftover: () => string | undefined,
): Complaint | undefined {
  if (outcome === 'applied') {
    const isDone = order.kind === 'feed-now' ? doses > 0 : order.kind === 'set-config' ? wasHeld : actedWrites > 0;
    return isDone ? undefined : { invariant: 'applied-was-done', what: `${order.kind} is applied, and was never done` };
  }
  if (mayHaveActed(outcome) || isForgotten) return undefined;
  if (doses > 0) return { invariant: 'undone-was-not-done', what: `the dose was fed, and is ${outcome}` };
  const left = outcome === 'expired' || outcome === 'superseded' ? leftover() : undefined;
  return left === undefined ? undefined : { invariant: 'undone-was-not-done', what: `the PLC holds its ${left}, and it is ${outcome}` };
}

/** Where journal, store and client were told different outcomes. */
export function disagreement({ command, stored, answered, journaled, ackedUnder, isForgotten }: Evidence): Complaint | undefined {
  if (stored === undefined) return undefined;
  if (answered !== undefined && answered !== stored) {
    return { invariant: 'one-outcome', what: `stored as ${stored}, answered as ${answered}` };
  }
  // Another journal may have answered in its place.
  const isOwn = [...ackedUnder].every((journalId) => journalId === command.journalId);
  const own = command.journalId === null || !isOwn || isForgotten ? undefined : journaled.get(command.journalId);
  if (own === undefined || own === stored) return undefined;
  return { invariant: 'one-outcome', what: `journaled as ${own}, stored as ${stored}` };
}
