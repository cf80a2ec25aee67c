import type { AuditEntry } from '../../api/shapes.ts';

/** One thing that an entry tells of: what it was, what was asked for, and what it is then; undefined where that is not told. */
export type Difference = { name: string; before: unknown; asked: unknown; after: unknown };

/** What an entry tells, thing by thing. What was asked for is told apart only where it is not what came of it. */
export function differencesOf({ before, asked, after }: Pick<AuditEntry, 'before' | 'asked' | 'after'>): Difference[] {
  const names = new Set([before, asked, after].flatMap((values) => Object.keys(values ?? {})));
  return [...names].flatMap((name) => {
    const difference = { name, before: before?.[name], asked: asked?.[name], after: after?.[name] };
    if (difference.after !== undefined && isSame(difference.asked, difference.after)) difference.asked = undefined;
    const isTold = difference.before !== undefined || difference.asked !== undefined || difference.after !== undefined;
    return isTold ? [difference] : [];
  });
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Whether an operation only reads: it is in the audit where somebody tried it who may not. */
export const isReading = (action: string): boolean => /^(get|list|follow)[A-Z]/.test(action);
