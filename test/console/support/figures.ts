import type { TestContext } from 'vitest';

/** What was measured, each with its unit in its name. */
export type Figures = Readonly<Record<string, number | string>>;

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- the way to add to vitest's own
  interface TaskMeta {
    figures?: Figures;
  }
}

/** Prints what was measured as a table, and leaves it in the JSON report, beside the test it is of. */
export function tellFigures({ task }: TestContext, figures: Figures): void {
  task.meta.figures = { ...task.meta.figures, ...figures };
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  console.log(Object.entries(figures).map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n'));
}
