import type { en } from './en.ts';

type Said<T> = T extends string ? string : T extends (...values: infer Values) => string ? (...values: Values) => string : { [Name in keyof T]: Said<T[Name]> };

/** Everything that the console says. Each catalogue says the same things; a value that is left out does not type-check. */
export type Words = Said<typeof en>;
