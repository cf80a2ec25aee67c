import { sameValue, type Parameter, type ParameterValue, type Values } from '../../topics/parameters.ts';

/** How the writes of a change went, as far as the PLC told. */
export type WriteProgress = 'all-written' | 'refused' | 'late' | 'unknown';

/** What a reading of the changed parameters means for the change. */
export type Verdict =
  /** The PLC holds every value asked for. */
  | { kind: 'applied' }
  /** Nothing is lost yet: the same writes may be sent again. */
  | { kind: 'write-again' }
  /** It was too late, and nothing of it is in the PLC. */
  | { kind: 'expired' }
  /** It failed; what is at target goes back to what was there before. */
  | { kind: 'put-back' }
  /** The PLC holds something that is neither: nobody can tell what happened. */
  | { kind: 'indeterminate' };

/** A change, what the PLC held before it, and what it holds now. */
export type Situation = {
  changes: Values;
  previous: Values;
  held: Values;
  parameterOf: (name: string) => Parameter | undefined;
};

/** Whether the PLC holds `value` for the parameter. */
export const holds = ({ held, parameterOf }: Situation, name: string, value: ParameterValue | undefined): boolean => {
  const now = held[name];
  return now !== undefined && value !== undefined && sameValue(parameterOf(name), value, now);
};

/** The parameters that are at target and were not before: what a put-back may touch. */
export const movedParameters = (situation: Situation): string[] =>
  Object.entries(situation.changes)
    .filter(([name, target]) => holds(situation, name, target) && !holds(situation, name, situation.previous[name]))
    .map(([name]) => name);

/** The first parameter that is not at target. */
export const firstMissed = (situation: Situation): string | undefined =>
  Object.keys(situation.changes).find((name) => !holds(situation, name, situation.changes[name]));

/** Whether every changed parameter is as it was before. */
export const isAsBefore = (situation: Situation): boolean =>
  Object.keys(situation.changes).every((name) => holds(situation, name, situation.previous[name]));

/**
 * What to make of a reading taken after the writes, by how they went and whether another write may still start.
 * Answered writes are judged by their effect. Where an answer is missing or the deadline fell between two writes, a
 * reading that shows only targets and former values leaves the way open; anything else cannot be told.
 */
export function judge(situation: Situation, progress: WriteProgress, inTime: boolean): Verdict {
  const names = Object.keys(situation.changes);
  const atTarget = names.every((name) => holds(situation, name, situation.changes[name]));
  switch (progress) {
    case 'all-written':
      return atTarget ? { kind: 'applied' } : { kind: 'put-back' };
    case 'refused':
      return { kind: 'put-back' };
    case 'late':
    case 'unknown': {
      if (atTarget) return { kind: 'applied' };
      const explained = names.every(
        (name) => holds(situation, name, situation.changes[name]) || holds(situation, name, situation.previous[name]),
      );
      if (!explained) return { kind: 'indeterminate' };
      if (inTime && progress === 'unknown') return { kind: 'write-again' };
      return isAsBefore(situation) ? { kind: 'expired' } : { kind: 'put-back' };
    }
  }
}
