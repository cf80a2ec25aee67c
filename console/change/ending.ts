import type { Command, Problem, ProblemCode, Reason, Values } from '../api/shapes.ts';

/** How a change ended, as the person who asked for it is told. */
export type Ending =
  /** The PLC holds it, as was read back. */
  | { kind: 'applied'; readBack: Values }
  /** It was sent, and the feeder did not carry it out. */
  | { kind: 'rejected'; reason: Reason | undefined; readBack: Values; previous: Values }
  | { kind: 'superseded' }
  | { kind: 'expired' }
  | { kind: 'indeterminate' }
  /** The settings are others than those that were seen; nothing of it was done. */
  | { kind: 'changed-meanwhile' }
  /** Turned away at the door: nothing was sent. */
  | { kind: 'offline' }
  | { kind: 'plc-unreachable' }
  | { kind: 'command-pending' }
  | { kind: 'not-allowed' }
  | { kind: 'invalid'; problem: Problem }
  | { kind: 'refused'; problem: Problem | undefined }
  /** No answer came, and the bridge never got it. */
  | { kind: 'never-arrived' }
  /** Whether the bridge got it can be found out no more. */
  | { kind: 'unknown' };

/** How a command ended; undefined for one that is under way. */
export function endingOf({ state, reason, readBack, previous }: Command): Ending | undefined {
  switch (state) {
    case 'sent':
    case 'unresolved':
      return undefined;
    case 'applied':
      return { kind: 'applied', readBack: readBack ?? {} };
    case 'rejected':
      return rejection(reason, readBack, previous);
    case 'refused':
      return { kind: 'refused', problem: undefined };
    case 'expired':
    case 'superseded':
    case 'indeterminate':
      return { kind: state };
  }
}

const rejection = (reason: Reason | null | undefined, readBack: Values | null | undefined, previous: Values | null | undefined): Ending =>
  reason?.code === 'stale-version'
    ? { kind: 'changed-meanwhile' }
    : { kind: 'rejected', reason: reason ?? undefined, readBack: readBack ?? {}, previous: previous ?? {} };

/**
 * What a problem tells of the very command: how it ended, or that it has no outcome yet. Undefined where it tells of
 * none: then the request was turned away before there was a command.
 */
export function toldByProblem(problem: Problem): { kind: 'ended'; ending: Ending } | { kind: 'unresolved'; commandId: string } | undefined {
  const { code, commandId, reason, readBack, previous } = problem;
  if (commandId === undefined) return undefined;
  if (code === 'command-unresolved') return { kind: 'unresolved', commandId };
  if (code === 'command-rejected') return { kind: 'ended', ending: rejection(reason, readBack, previous) };
  const told = TOLD_BY_CODE[code]?.(problem);
  return told && { kind: 'ended', ending: told };
}

const TOLD_BY_CODE: Partial<Record<ProblemCode, (problem: Problem) => Ending>> = {
  'command-expired': () => ({ kind: 'expired' }),
  'command-superseded': () => ({ kind: 'superseded' }),
  'command-indeterminate': () => ({ kind: 'indeterminate' }),
  'version-mismatch': () => ({ kind: 'changed-meanwhile' }),
  // With a command's id it says that this one was given up before it was sent.
  'store-unavailable': (problem) => ({ kind: 'refused', problem }),
};

/** What it means that the bridge turned a request away; nothing was sent. */
export const turnedAway = (problem: Problem): Ending => TURNED_AWAY_BY_CODE[problem.code]?.(problem) ?? { kind: 'refused', problem };

const TURNED_AWAY_BY_CODE: Partial<Record<ProblemCode, (problem: Problem) => Ending>> = {
  'feeder-offline': () => ({ kind: 'offline' }),
  'plc-unreachable': () => ({ kind: 'plc-unreachable' }),
  'command-pending': () => ({ kind: 'command-pending' }),
  'version-mismatch': () => ({ kind: 'changed-meanwhile' }),
  unauthenticated: () => ({ kind: 'not-allowed' }),
  forbidden: () => ({ kind: 'not-allowed' }),
  'invalid-config': (problem) => ({ kind: 'invalid', problem }),
  'out-of-range': (problem) => ({ kind: 'invalid', problem }),
  'unsupported-parameter': (problem) => ({ kind: 'invalid', problem }),
  'unsupported-command': (problem) => ({ kind: 'invalid', problem }),
};

/** What the PLC holds after a change was rejected, as far as it was read back. */
export function heldAfterRejection({ readBack, previous }: { readBack: Values; previous: Values }): 'as-before' | 'otherwise' | 'not-told' {
  const names = Object.keys(readBack);
  if (names.length === 0 || names.some((name) => !Object.hasOwn(previous, name))) return 'not-told';
  return names.every((name) => readBack[name] === previous[name]) ? 'as-before' : 'otherwise';
}
