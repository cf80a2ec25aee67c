import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogueData } from '../../console/build/catalogue-data.ts';
import { en } from '../../console/words/en.ts';
import { es } from '../../console/words/es.ts';
import { he } from '../../console/words/he.ts';
import { catalogueFrom } from '../../console/words/template.ts';

/** What is said at each path of a catalogue: texts, and sentences as functions. */
function saidIn(catalogue: object, path: readonly string[] = []): [path: string, said: unknown][] {
  return Object.entries(catalogue).flatMap(([name, said]: [string, unknown]) =>
    typeof said === 'object' && said !== null ? saidIn(said, [...path, name]) : [[[...path, name].join('.'), said] as [string, unknown]],
  );
}

/** Values that sentences are given: counts, and texts with whatever people write. */
const value = fc.oneof(fc.nat(120), fc.double({ min: 0, max: 1000, noNaN: true }), fc.string().filter((text) => !text.includes('#')));
const values = fc.array(value, { minLength: 9, maxLength: 9 });
const told = (said: unknown, values: readonly unknown[]): unknown => (typeof said === 'function' ? Reflect.apply(said, undefined, values) : said);

describe.each([['en', en], ['es', es], ['he', he]] as const)('the catalogue in %s as data', (language, catalogue) => {
  const data: unknown = JSON.parse(JSON.stringify(catalogueData(catalogue)));
  const again = new Map(saidIn(catalogueFrom(data as ReturnType<typeof catalogueData>, language)));

  test('says the same, whatever the values', () => {
    const all = saidIn(catalogue);
    expect([...again.keys()]).toEqual(all.map(([path]) => path));
    for (const [path, said] of all) {
      if (typeof said !== 'function') expect(again.get(path), path).toBe(said);
      else fc.assert(fc.property(values, (given) => told(again.get(path), given) === told(said, given)), { numRuns: 20 });
    }
  });
});
