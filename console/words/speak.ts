import { batch } from '@preact/signals';
import addresses from 'virtual:catalogue-addresses';
import type { Words } from './catalogue.ts';
import { language, type Language } from './language.ts';
import { catalogueFrom, type CatalogueData } from './template.ts';
import { words } from './words.ts';

/** Shows the console in a language, once its catalogue is here. Rejects where it cannot be loaded; then nothing has changed. */
export async function speak(chosen: Language): Promise<void> {
  const response = await fetch(addresses[chosen]);
  if (!response.ok) throw new Error(`expected the catalogue of ${chosen} at ${addresses[chosen]}`);
  // It is of this very build: the address is made of what is in it.
  const data = (await response.json()) as CatalogueData;
  const catalogue = catalogueFrom(data, chosen) as Words;
  batch(() => {
    words.value = catalogue;
    language.value = chosen;
  });
}
