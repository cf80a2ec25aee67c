import { signal } from '@preact/signals';
import type { Words } from './catalogue.ts';

/** Stands for the catalogue until one is here: whoever says something before that has made a mistake. */
const nothingYet = new Proxy<object>({}, {
  get: () => {
    throw new Error('expected a language to be chosen before anything is said');
  },
}) as Words;

/** What the console says, in the language that is shown. */
export const words = signal<Words>(nothingYet);
