import fc from 'fast-check';

type Schema = Readonly<Record<string, unknown>>;

/** Addresses that nobody has: what is made in a trial may be sent to later. */
const PLACES = ['https://farm.example/alarms', 'http://farm.example', 'https://127.0.0.1/', 'https://[::1]:1/x', 'javascript:alert(1)', 'file:///etc/passwd'];

const FORMATS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  uuid: fc.uuid(),
  'date-time': fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }).map((date) => date.toISOString()),
  date: fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
  uri: fc.constantFrom(...PLACES),
  url: fc.constantFrom(...PLACES),
  email: fc.constantFrom('kari@farm.example', 'a@b.example', '"x y"@farm.example'),
};

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);
const schemasIn = (value: unknown): Schema[] => (Array.isArray(value) ? value.filter(isSchema) : []);
const numberIn = (schema: Schema, name: string): number | undefined => (typeof schema[name] === 'number' ? schema[name] : undefined);
/** No list or text of a trial need be longer. */
const lengthIn = (schema: Schema, name: string, otherwise: number): number => Math.min(numberIn(schema, name) ?? otherwise, 200);

/** Values as a JSON schema of the document wants them, as far as it says so in the words that are known here. */
export function valuesOf(schema: Schema, components: Readonly<Record<string, Schema>>): fc.Arbitrary<unknown> {
  const inside = (found: Schema): fc.Arbitrary<unknown> => valuesOf(found, components);
  const reference = schema['$ref'];
  if (typeof reference === 'string') return inside(components[reference.split('/').at(-1) ?? ''] ?? {});
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const choices = schemasIn(schema['anyOf'] ?? schema['oneOf']);
  if (choices.length > 0) return fc.oneof(...choices.map(inside));
  const types = [schema['type']].flat();
  return types.length > 1 ? fc.oneof(...types.map((type) => inside({ ...schema, type }))) : ofType(schema, types[0], inside);
}

function ofType(schema: Schema, type: unknown, inside: (schema: Schema) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: Math.ceil(numberIn(schema, 'minimum') ?? -1_000), max: Math.floor(numberIn(schema, 'maximum') ?? 100_000) });
    case 'number':
      return fc.double({ min: numberIn(schema, 'minimum') ?? -1e6, max: numberIn(schema, 'maximum') ?? 1e6, noNaN: true });
    case 'string':
      return textOf(schema);
    case 'array':
      return fc.array(isSchema(schema['items']) ? inside(schema['items']) : fc.jsonValue(), { minLength: lengthIn(schema, 'minItems', 0), maxLength: Math.min(lengthIn(schema, 'maxItems', 4), 4) });
    case 'object':
      return objectsOf(schema, inside);
    default:
      return fc.jsonValue();
  }
}

function textOf(schema: Schema): fc.Arbitrary<string> {
  const format = FORMATS[String(schema['format'])];
  if (format !== undefined) return format;
  if (typeof schema['pattern'] === 'string') return fc.stringMatching(new RegExp(schema['pattern'])).map((text) => text.slice(0, 200));
  return fc.string({ minLength: lengthIn(schema, 'minLength', 0), maxLength: lengthIn(schema, 'maxLength', 20) });
}

function objectsOf(schema: Schema, inside: (schema: Schema) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const properties = Object.entries(isSchema(schema['properties']) ? schema['properties'] : {});
  const required = Array.isArray(schema['required']) ? schema['required'].filter((name) => typeof name === 'string') : [];
  const named = fc.record(Object.fromEntries(properties.map(([name, value]) => [name, isSchema(value) ? inside(value) : fc.jsonValue()])), {
    requiredKeys: required.filter((name) => properties.some(([known]) => known === name)),
  });
  const more = schema['additionalProperties'];
  if (!isSchema(more) || properties.length > 0) return named;
  return fc.dictionary(fc.constantFrom('mealGrams', 'intervalSeconds', 'feedingEnabled', 'lightHours'), inside(more), { maxKeys: 3 });
}
