import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';
import { LANGUAGES, type Language } from '../words/language.ts';
import { en } from '../words/en.ts';
import { es } from '../words/es.ts';
import { he } from '../words/he.ts';
import { catalogueData } from './catalogue-data.ts';

const CATALOGUES = { en, es, he };
const MODULE = 'virtual:catalogue-addresses';

/**
 * Writes each catalogue into a file of its own, as data: a device loads the language that it shows, and no text is script.
 * `virtual:catalogue-addresses` says where each is.
 */
export function wordsAsData(): Plugin {
  const files = new Map(LANGUAGES.map((language) => [language, fileOf(language)]));
  return {
    name: 'words-as-data',
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
    load: (id) => (id === `\0${MODULE}` ? `export default ${JSON.stringify(addresses(files))}` : undefined),
    generateBundle() {
      for (const { fileName, source } of files.values()) this.emitFile({ type: 'asset', fileName, source });
    },
  };
}

function fileOf(language: Language): { fileName: string; source: string } {
  const source = JSON.stringify(catalogueData(CATALOGUES[language]));
  const hash = createHash('sha256').update(source).digest('base64url').slice(0, 8);
  return { fileName: `assets/words-${language}-${hash}.json`, source };
}

const addresses = (files: ReadonlyMap<Language, { fileName: string }>): Record<string, string> =>
  Object.fromEntries([...files].map(([language, { fileName }]) => [language, `/${fileName}`]));
