import type { Language } from './language.ts';

export type PluralForms = { zero?: string; one?: string; two?: string; few?: string; many?: string; other: string };

/** Stands for a value that is not known yet, where a sentence of a catalogue is made a template. */
export class Place {
  /** Which of the sentence's values it is. */
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }

  toString(): string {
    return mark(this.index);
  }
}

/** What stands in a sentence for a value, or for a count and its forms, between two characters that no text has. */
const mark = (part: number | readonly [number, PluralForms]): string => `\uE000${JSON.stringify(part)}\uE001`;

/** What a number of things is called, by the plural rules of a language; `other` where a form is not given. */
export const plural =
  (language: Language) =>
  (count: number | Place, forms: PluralForms): string => {
    if (count instanceof Place) return mark([count.index, forms]);
    const form = forms[new Intl.PluralRules(language).select(count)] ?? forms.other;
    return form.replace('#', new Intl.NumberFormat(language).format(count));
  };
