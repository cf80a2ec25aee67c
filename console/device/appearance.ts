import { effect, signal } from '@preact/signals';
import { directionOf, isLanguage, language, LANGUAGES, preferredLanguage, type Language } from '../words/language.ts';
import { speak } from '../words/speak.ts';
import { keep, readKept } from './kept.ts';

export const THEMES = ['system', 'light', 'dark', 'sunlight'] as const;
export type Theme = (typeof THEMES)[number];

const isTheme = (text: unknown): text is Theme => THEMES.some((theme) => theme === text);

/** The colours that are shown, as chosen on this device. */
export const theme = signal<Theme>('system');

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  keep('lasting', 'theme', chosen === 'system' ? undefined : chosen);
}

/** Shows the console in a language from now on. Rejects where its catalogue cannot be loaded. */
export async function chooseLanguage(chosen: Language): Promise<void> {
  await speak(chosen);
  keep('lasting', 'language', chosen);
}

/** Takes language and colours as chosen here before, else as the browser prefers, and keeps the document in step with them. */
export async function startAppearance(): Promise<void> {
  const kept = { theme: readKept('lasting', 'theme'), language: readKept('lasting', 'language') };
  if (isTheme(kept.theme)) theme.value = kept.theme;
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value;
    colourBrowser(theme.value);
  });
  effect(() => {
    document.documentElement.lang = language.value;
    document.documentElement.dir = directionOf(language.value);
  });
  await speakSome(isLanguage(kept.language) ? kept.language : preferredLanguage(navigator.languages));
}

const TRY_AGAIN_MS = 2_000;

/** Speaks the language that is wanted, else any whose catalogue can be had, and tries again for as long as there is none. */
async function speakSome(wanted: Language): Promise<void> {
  for (;;) {
    for (const each of [wanted, ...LANGUAGES.filter((other) => other !== wanted)]) {
      const isSpoken = await speak(each).then(() => true, () => false);
      if (isSpoken) return;
    }
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
  }
}

/** Gives the browser's own bar the colour of ours. The page names those of the device's two schemes; the first that fits counts. */
function colourBrowser(shown: Theme): void {
  document.querySelector('meta[name="theme-color"]:not([media])')?.remove();
  if (shown === 'system') return;
  const meta = document.createElement('meta');
  meta.name = 'theme-color';
  meta.content = getComputedStyle(document.documentElement).getPropertyValue('--surface').trim();
  document.head.prepend(meta);
}
