import { signal } from '@preact/signals';

export const LANGUAGES = ['en', 'es', 'he'] as const;
export type Language = (typeof LANGUAGES)[number];

/** How each language calls itself. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', es: 'Español', he: 'עברית' };

const RIGHT_TO_LEFT: readonly Language[] = ['he'];

/** The way a language is written. */
export const directionOf = (language: Language): 'ltr' | 'rtl' => (RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr');

export const isLanguage = (text: unknown): text is Language => LANGUAGES.some((language) => language === text);

/** The first language that a browser prefers and the console has; English where there is none. `iw` is what old browsers call Hebrew. */
export function preferredLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const base = tag.toLowerCase().split('-')[0];
    const found = base === 'iw' ? 'he' : base;
    if (isLanguage(found)) return found;
  }
  return 'en';
}

/** A language as it is written where its user is, by what the browser prefers: dates in `en-GB` are others than in `en`. */
export const regionalTag = (shown: Language, preferred: readonly string[]): string =>
  preferred.find((tag) => tag.toLowerCase().split('-')[0] === shown) ?? shown;

/** The language that is shown. `words` changes together with it. */
export const language = signal<Language>('en');
