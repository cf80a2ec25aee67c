import fc from 'fast-check';

// What has broken programs that take JSON, addresses and headers from strangers.

const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', '', ' ', '\0', '$where', 'feederId', 'site', '../..', '\u202e', '\ud800'];

const TEXTS = [
  ...NAMES,
  "' OR 1=1 --",
  "'); DROP TABLE feeder; --",
  '\\u0000',
  '${7*7}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '\r\nSet-Cookie: x=1',
  '%00',
  '%s%n%x',
  'ａｄｍｉｎ',
  '\u{1f41f}'.repeat(50),
  'a'.repeat(5_000),
  '-1',
  '1e309',
  '0x10',
  'NaN',
  'null',
  '9007199254740993',
  '2026-02-30T00:00:00.000Z',
  '+275760-09-13T00:00:00.001Z',
  '0000-00-00',
];

const NUMBERS = [0, -0, -1, 1.5, 1e-320, 1e308, -1e308, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 63), 253402300800000];

/** Any characters, halves of pairs too. */
const anyText = fc.uint16Array({ maxLength: 40 }).map((units) => String.fromCharCode(...units));

export const hostileText: fc.Arbitrary<string> = fc.oneof(fc.constantFrom(...TEXTS), anyText);

export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(...NUMBERS, null, true, false, [], {}, [[[]]]),
  fc.jsonValue({ maxDepth: 3 }),
  fc.dictionary(fc.constantFrom(...NAMES), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }),
  fc.array(fc.constantFrom<unknown>('', 0, null), { minLength: 200, maxLength: 500 }),
);

const anyName = fc.oneof(fc.constantFrom(...NAMES), fc.string());

/** The same value with one thing changed somewhere: replaced, left out, added, or put one level deeper. */
export const spoilt = (value: unknown): fc.Arbitrary<unknown> => {
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    const grown = hostileValue.map((more) => [...items, more]);
    return items.length === 0 ? fc.oneof(hostileValue, grown) : fc.oneof(hostileValue, grown, fc.nat(items.length - 1).chain((at) => spoilt(items[at]).map((other) => items.with(at, other))));
  }
  if (typeof value !== 'object' || value === null) return fc.oneof(hostileValue, fc.constant([value]), fc.constant({ value }));
  const entries: [string, unknown][] = Object.entries(value);
  const grown = fc.tuple(anyName, hostileValue).map((added) => fromEntries([...entries, added]));
  if (entries.length === 0) return fc.oneof(hostileValue, grown);
  const at = fc.nat(entries.length - 1);
  return fc.oneof(
    { weight: 1, arbitrary: hostileValue },
    { weight: 2, arbitrary: grown },
    { weight: 1, arbitrary: at.map((left) => fromEntries(entries.filter((_entry, index) => index !== left))) },
    { weight: 4, arbitrary: at.chain((changed) => spoilt(entries[changed]?.[1]).map((other) => fromEntries(entries.map(([name, was], index) => [name, index === changed ? other : was])))) },
  );
};

/** `__proto__` becomes a member like any other, as it is in JSON. */
const fromEntries = (entries: readonly (readonly [string, unknown])[]): object => Object.fromEntries(entries);

/** More than anybody means to send, or what nobody means. */
const BODIES = [
  Buffer.from([0x22, 0xc3, 0x28, 0x22]),
  Buffer.from('{"mealGrams":1,"mealGrams":2}'),
  Buffer.from('{"mealGrams":1e999}'),
  Buffer.from('['.repeat(30_000)),
  Buffer.from('['.repeat(30_000) + ']'.repeat(30_000)),
  Buffer.from('{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)),
  Buffer.from(`{"name":"${'x'.repeat(70_000)}"}`),
  Buffer.from(`{${Array.from({ length: 3_000 }, (_nothing, at) => `"k${at}":${at}`).join(',')}}`),
  Buffer.from(`{"mealGrams":${'9'.repeat(20_000)}}`),
  Buffer.alloc(0),
];

const anyBody = fc.oneof(
  fc.constantFrom(...BODIES),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  hostileText.map((text) => Buffer.from(text)),
);

/** Bodies that are no JSON, or hardly, as bytes. */
export const hostileBody = (json: string): fc.Arbitrary<Buffer> =>
  fc.oneof(
    anyBody,
    fc.nat(json.length).map((length) => Buffer.from(json.slice(0, length))),
    fc.constantFrom('utf8' as const, 'utf16le' as const).map((encoding) => Buffer.from(`\ufeff${json}`, encoding)),
    fc.constant(Buffer.from(`${json}${json}`)),
  );

/** Text as a query or a path may carry it: escaped as it should be, in another way, or not. */
export const escaped = (text: string): fc.Arbitrary<string> =>
  fc.constantFrom(
    wellEscaped(text),
    wellEscaped(wellEscaped(text)),
    [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
    text.replaceAll(/[^\x21-\x7e]/g, '+'),
    `${wellEscaped(text)}%`,
    `%c0%af${wellEscaped(text)}`,
  );

/** Half a surrogate pair cannot be escaped. */
const wellEscaped = (text: string): string => encodeURIComponent(Buffer.from(text).toString());

/** A header's value, as far as a client can be made to send it. */
export const hostileHeader: fc.Arbitrary<string> = hostileText.map((text) => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 4_000));
