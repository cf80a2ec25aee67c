import type { Language } from './language.ts';
import { plural, type PluralForms } from './plural.ts';

/** Where a value stands: its number, or that of a count and its forms. */
type Mark = number | readonly [number, PluralForms];

export const isMark = (value: unknown): value is Mark => typeof value === 'number' || (Array.isArray(value) && typeof value[0] === 'number');

/** A text with places for values, and what stands between them. */
export type Template = readonly (string | Mark)[];

/** A catalogue as data: texts, and templates where it has functions. */
export type CatalogueData = { readonly [name: string]: string | Template | CatalogueData };

/** The text of a template with its values. */
export const filled = (template: Template, language: Language, values: readonly unknown[]): string =>
  template.map((part) => {
    if (typeof part === 'string') return part;
    if (typeof part === 'number') return String(values[part]);
    return plural(language)(Number(values[part[0]]), part[1]);
  }).join('');

/** The catalogue that the data is of: its templates are functions again. */
export function catalogueFrom(data: CatalogueData, language: Language): object {
  return mapped(data, (said) => (typeof said === 'string' ? said : (...values: unknown[]) => filled(said, language, values)));
}

const mapped = (data: CatalogueData, make: (said: string | Template) => unknown): object =>
  Object.fromEntries(Object.entries(data).map(([name, said]) => [name, typeof said === 'string' || isTemplate(said) ? make(said) : mapped(said, make)]));

const isTemplate = (said: Template | CatalogueData): said is Template => Array.isArray(said);
