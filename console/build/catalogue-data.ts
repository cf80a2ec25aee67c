import { Place } from '../words/plural.ts';
import { isMark, type CatalogueData, type Template } from '../words/template.ts';

type Sentence = (...values: never[]) => string;
type Catalogue = { readonly [name: string]: string | Sentence | Catalogue };

const MARKED = /\uE000([^\uE001]*)\uE001/;
/** More values than any sentence has. */
const PLACES = Array.from({ length: 9 }, (_, index) => new Place(index));

/** A catalogue as data: each of its functions as the template that it is. */
export const catalogueData = (catalogue: Catalogue): CatalogueData =>
  Object.fromEntries(Object.entries(catalogue).map(([name, said]) => [name, asData(said)]));

function asData(said: Catalogue[string]): CatalogueData[string] {
  if (typeof said === 'string') return said;
  return typeof said === 'function' ? templateOf(said) : catalogueData(said);
}

/** What a sentence says, with marks instead of its values, taken apart at these. */
function templateOf(sentence: Sentence): Template {
  const parts = String(Reflect.apply(sentence, undefined, PLACES)).split(MARKED);
  return parts.map((part, index) => (index % 2 === 0 ? part : markIn(part))).filter((part) => part !== '');
}

function markIn(text: string): Template[number] {
  const mark: unknown = JSON.parse(text);
  if (!isMark(mark)) throw new Error(`expected the place of a value, not ${text}`);
  return mark;
}
