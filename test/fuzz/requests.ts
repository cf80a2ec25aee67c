import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { PlacedOperation } from '../support/openapi-check.ts';
import { escaped, hostileBody, hostileHeader, hostileText, spoilt } from './hostile.ts';
import { valuesOf } from './schema-values.ts';

/** One request, as it is put on the wire. */
export type FuzzRequest = {
  method: string;
  /** With its query; below the root. */
  path: string;
  headers: [string, string][];
  body: Buffer | undefined;
};

/** What is there to be asked about. */
export type Known = {
  /** Of an admin of all sites, and others. */
  keys: readonly string[];
  /** By the names of path parameters. */
  ids: Readonly<Record<string, readonly string[]>>;
  /** The same, for operations that remove what they are about. */
  removableIds: Readonly<Record<string, readonly string[]>>;
};

type Schemas = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const METHODS = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];
const CONTENT_TYPES = ['application/json', 'application/merge-patch+json', 'application/json; charset=utf-16', 'text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', 'application/xml', '', 'application/json, text/html'];
const REMOVING = ['removeFeeder', 'rotateToken'];
const HEADERS = ['Accept', 'Origin', 'Cookie', 'Forwarded', 'X-Forwarded-For', 'X-HTTP-Method-Override', 'X-Request-Id', 'traceparent', 'Range', 'If-None-Match', 'If-Match', 'Prefer', 'Idempotency-Key', 'Last-Event-ID', 'Accept-Encoding', 'Expect', 'X-Original-URL', '__proto__'];

/** Mostly the first. */
const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>, times = 5): fc.Arbitrary<T> => fc.oneof({ weight: times, arbitrary: usual }, { weight: 1, arbitrary: odd });

/** Requests of one operation of the document: right ones, and such as are wrong in one way or several. */
export function requestsOf(operation: PlacedOperation, schemas: Schemas, known: Known): fc.Arbitrary<FuzzRequest> {
  const method = mostly(fc.constant(operation.method.toUpperCase()), fc.constantFrom(...METHODS), 20);
  return fc
    .record({ method, path: pathsOf(operation, schemas, known), query: queriesOf(operation, schemas), headers: headersOf(operation, schemas, known), sent: bodiesOf(operation, schemas) })
    .map(({ method: verb, path, query, headers, sent }) => ({
      method: verb,
      path: `${path}${query === '' ? '' : `?${query}`}`.replaceAll(/[^\x21-\xff]/g, '+'),
      headers: [...headers, ...sent.headers],
      body: sent.body,
    }));
}

function pathsOf({ path, operationId, parameters }: PlacedOperation, schemas: Schemas, known: Known): fc.Arbitrary<string> {
  const ids = REMOVING.includes(operationId) ? known.removableIds : known.ids;
  const parts = path.split('/').map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return mostly(fc.constant(part), fc.constantFrom(part.toUpperCase(), `${part};x=1`, `${part}%00`, `./${part}`, `${part}/`), 100);
    const valid = valuesOf(parameters.find((parameter) => parameter.name === name)?.schema ?? {}, schemas).map(String);
    const there = ids[name] ?? [];
    return mostly(there.length > 0 ? mostly(fc.constantFrom(...there), valid, 10) : valid, hostileText.chain(escaped));
  });
  const whole = fc.tuple(...parts).map((all) => `/api/v1${all.join('/')}`);
  return mostly(whole, fc.oneof(whole.map((text) => `${text}/`), whole.map((text) => text.replaceAll('/', '//')), whole.map((text) => `/x/..${text}`), whole.map((text) => text.slice(7)), whole.map((text) => `${text}/../../../../etc/passwd`)), 30);
}

function queriesOf({ parameters }: PlacedOperation, schemas: Schemas): fc.Arbitrary<string> {
  const known = parameters.filter((parameter) => parameter.in === 'query');
  const names = ['x', '__proto__', 'constructor', 'a[b]', 'limit', 'cursor', ...known.map(({ name }) => name)];
  const odd = fc.tuple(fc.constantFrom(...names), hostileText.chain(escaped)).map(([name, text]) => `${name}=${text}`);
  if (known.length === 0) return mostly(fc.constant(''), odd);
  const right = known.map(({ name, schema, example }) => {
    const value = mostly(example === undefined ? valuesOf(schema, schemas) : fc.oneof(fc.constant(example), valuesOf(schema, schemas)), hostileText);
    return value.map((each) => `${name}=${encodeURIComponent(Buffer.from(String(each)).toString())}`);
  });
  return fc.tuple(fc.subarray(right).chain((chosen) => fc.tuple(...chosen)), mostly(fc.constant<string[]>([]), fc.array(odd, { maxLength: 3 }), 3)).map(([some, more]) => [...some, ...more].join('&'));
}

function headersOf({ parameters }: PlacedOperation, schemas: Schemas, known: Known): fc.Arbitrary<[string, string][]> {
  const [admin = '', ...others] = known.keys;
  const who = mostly(fc.oneof({ weight: 3, arbitrary: fc.constant(admin) }, { weight: 2, arbitrary: fc.constantFrom(...others) }).map((key) => `Bearer ${key}`), fc.oneof(fc.constantFrom('Bearer', 'Basic YTpi', 'Bearer a.b.c', ''), hostileHeader), 200);
  const asked = parameters
    .filter((parameter) => parameter.in === 'header')
    .map(({ name, schema, example }) => fc.oneof(...(typeof example === 'string' ? [fc.constant(example)] : []), valuesOf(schema, schemas).map(String), hostileHeader).map((value): [string, string] => [name, latin(value)]));
  const odd = fc.tuple(fc.constantFrom(...HEADERS), hostileHeader).map(([name, value]): [string, string] => [name, value]);
  return fc
    .tuple(who, asked.length === 0 ? fc.constant([]) : fc.subarray(asked).chain((chosen) => fc.tuple(...chosen)), mostly(fc.constant<[string, string][]>([]), fc.array(odd, { maxLength: 4 }), 3))
    .map(([authorization, some, more]) => [['Authorization', latin(authorization)], ...some, ...more]);
}

const latin = (text: string): string => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?');

type Sent = { headers: [string, string][]; body: Buffer | undefined };
const nothing: Sent = { headers: [], body: undefined };

function bodiesOf({ requestBody }: PlacedOperation, schemas: Schemas): fc.Arbitrary<Sent> {
  const content = Object.entries(requestBody?.content ?? {});
  if (content.length === 0) return mostly(fc.constant(nothing), hostileBody('{}').chain((body) => fc.constantFrom(...CONTENT_TYPES).map((type) => sent(type, body))), 10);
  return fc.oneof(...content.map(([type, { schema, example }]) => bodiesLike(type, example === undefined ? valuesOf(schema, schemas) : fc.oneof(fc.constant(example), valuesOf(schema, schemas)))));
}

function bodiesLike(type: string, right: fc.Arbitrary<unknown>): fc.Arbitrary<Sent> {
  const value = fc.oneof({ weight: 2, arbitrary: right }, { weight: 4, arbitrary: right.chain(spoilt) });
  const bytes = value.chain((each) => {
    const json = JSON.stringify(each);
    return mostly(fc.constant(Buffer.from(json)), hostileBody(json));
  });
  const types = mostly(fc.constant(type), fc.constantFrom(...CONTENT_TYPES), 20);
  return fc.tuple(bytes, types).chain(([body, contentType]) => mostly(fc.constant(sent(contentType, body)), packed(contentType, body), 20));
}

const sent = (type: string, body: Buffer, more: [string, string][] = []): Sent => ({ headers: [...(type === '' ? [] : [['Content-Type', type] satisfies [string, string]]), ...more], body });

/** Much comes of little. */
const BOMB = gzipSync(Buffer.alloc(20_000_000, 0x20));

/** Compressed, as it says or not. */
const packed = (type: string, body: Buffer): fc.Arbitrary<Sent> =>
  fc.constantFrom(
    () => sent(type, gzipSync(body), [['Content-Encoding', 'gzip']]),
    () => sent(type, deflateSync(body), [['Content-Encoding', 'gzip']]),
    () => sent(type, gzipSync(body).subarray(0, -4), [['Content-Encoding', 'gzip']]),
    () => sent(type, BOMB, [['Content-Encoding', 'gzip']]),
    () => sent(type, body, [['Content-Encoding', 'br']]),
    () => sent(type, body, [['Content-Encoding', 'gzip, gzip, identity']]),
    () => sent(type, body, [['Content-Encoding', 'x-unknown']]),
  ).map((pack) => pack());
