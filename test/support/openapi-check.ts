import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { z } from 'zod';

const Schema = z.record(z.string(), z.unknown());
const Content = z.record(z.string(), z.looseObject({ schema: Schema, example: z.unknown().optional(), examples: z.record(z.string(), z.object({ value: z.unknown() })).default({}) }));
const Parameter = z.looseObject({ name: z.string(), in: z.enum(['path', 'query', 'header']), schema: Schema, example: z.unknown().optional() });
const Header = z.looseObject({ required: z.boolean(), schema: Schema, example: z.unknown().optional() });
const Operation = z.looseObject({
  operationId: z.string(),
  parameters: z.array(Parameter).default([]),
  requestBody: z.looseObject({ content: Content }).optional(),
  responses: z.record(z.string(), z.looseObject({ headers: z.record(z.string(), Header), content: Content.optional() })),
});
const operation = Operation.optional();
const PathItem = z.object({ parameters: z.array(Parameter).default([]), get: operation, post: operation, patch: operation, delete: operation });

/** The parts of the bridge's OpenAPI document that say what may be sent and answered. */
export const OpenApi = z.looseObject({
  paths: z.record(z.string(), PathItem),
  components: z.looseObject({ schemas: z.record(z.string(), Schema) }),
});

/** One operation with where it is; its parameters include those of its path. */
export type PlacedOperation = z.infer<typeof Operation> & { method: string; path: string };

/** Every operation of a document. */
export const operationsOf = ({ paths }: z.infer<typeof OpenApi>): PlacedOperation[] =>
  Object.entries(paths).flatMap(([path, { parameters, ...methods }]) =>
    Object.entries(methods).flatMap(([method, found]) =>
      found === undefined ? [] : [{ ...found, method, path, parameters: [...parameters, ...found.parameters] }],
    ),
  );

/** A request and its answer; `path` is below /api/v1, with its query. */
export type Exchange = {
  method: string;
  path: string;
  requestHeaders: Headers;
  requestBody: string | undefined;
  status: number;
  headers: Headers;
  body: string;
};

/** Headers of requests that belong to HTTP or to every operation. */
const USUAL = ['accept', 'authorization', 'content-type', 'origin', 'x-forwarded-for', 'x-forwarded-proto', 'x-request-id'];
/** Headers of answers that mean something to a caller: where one is, it must be documented. */
const TELLING = ['etag', 'location', 'preference-applied', 'retry-after', 'www-authenticate', 'x-request-id'];

/** Holds what the tests send and get against the document, which allows no field that it does not name. */
export class OpenApiCheck {
  readonly #ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
  readonly #validators = new Map<object, ValidateFunction>();
  /** By their text: the same few are written out in hundreds of places, and compiling takes milliseconds. */
  readonly #compiled = new Map<string, ValidateFunction>();
  readonly #operations: readonly (PlacedOperation & { pattern: RegExp })[];

  constructor(document: unknown) {
    const parsed = OpenApi.parse(JSON.parse(JSON.stringify(document).replaceAll('#/components/schemas/', 'components#/$defs/')));
    formats.default(this.#ajv);
    this.#ajv.addSchema({ $id: 'components', $defs: closed(parsed.components.schemas) });
    this.#operations = operationsOf(parsed).map((each) => ({ ...each, pattern: new RegExp(`^${each.path.replaceAll(/\{\w+\}/g, '([^/]+)')}$`) }));
  }

  get operations(): readonly PlacedOperation[] {
    return this.#operations;
  }

  /** Which operation a request asks for, if any. */
  find(method: string, path: string): PlacedOperation | undefined {
    return this.#locate(method, path)?.operation;
  }

  /** @throws Error that says what is not as documented: the answer, or a request that was taken. */
  check(exchange: Exchange): void {
    this.#report(exchange, this.#faultsOf(exchange));
  }

  /** @throws Error that says what of the answer is not as documented, whatever was asked. */
  checkAnswer(exchange: Exchange): void {
    const located = this.#locate(exchange.method, exchange.path);
    this.#report(exchange, located === undefined ? this.#faultsOfUnknown(exchange) : this.#faultsOfAnswer(located.operation, exchange));
  }

  #report({ method, path, status, body }: Exchange, faults: readonly string[]): void {
    if (faults.length > 0) throw new Error(`${method} ${path} answered ${status}, not as /openapi.json says: ${faults.join('; ')}\n${body}`);
  }

  /** What is wrong with a value, by its schema. */
  faultsIn(schema: object, value: unknown, where: string): string[] {
    const validate = this.#validators.get(schema) ?? this.#compile(schema);
    this.#validators.set(schema, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => `${where}${instancePath} ${message ?? ''} ${JSON.stringify(params)}`);
  }

  #compile(schema: object): ValidateFunction {
    const text = JSON.stringify(schema);
    const compiled = this.#compiled.get(text) ?? this.#ajv.compile(schema);
    this.#compiled.set(text, compiled);
    return compiled;
  }

  #locate(method: string, path: string): { operation: PlacedOperation; values: string[] } | undefined {
    const [pathname = ''] = path.split('?', 1);
    const asked = method === 'HEAD' ? 'get' : method.toLowerCase();
    for (const operation of this.#operations) {
      const match = operation.method === asked ? operation.pattern.exec(pathname) : null;
      if (match) return { operation, values: match.slice(1) };
    }
    return undefined;
  }

  #faultsOf(exchange: Exchange): string[] {
    const located = this.#locate(exchange.method, exchange.path);
    if (located === undefined) return this.#faultsOfUnknown(exchange);
    const { operation, values } = located;
    return [
      ...this.#faultsOfAnswer(operation, exchange),
      ...(exchange.status < 300 ? this.#faultsOfRequest(operation, values, exchange) : []),
    ];
  }

  /** A path or method that is not in the document must not be served. */
  #faultsOfUnknown({ method, status, body }: Exchange): string[] {
    const refused = [400, 401, 404, 405, 429].includes(status) ? [] : ['no such operation is documented'];
    return method === 'HEAD' ? refused : [...refused, ...this.faultsIn({ $ref: 'components#/$defs/Problem' }, JSON.parse(body), 'body')];
  }

  #faultsOfAnswer(operation: PlacedOperation, { method, status, headers, body }: Exchange): string[] {
    const response = operation.responses[status];
    if (response === undefined) return ['this status is not documented'];
    const known = Object.entries(response.headers).flatMap(([name, { required, schema }]) => {
      const value = headers.get(name);
      if (value !== null) return this.faultsIn(schema, value, `header ${name}`);
      return required ? [`expected the header ${name}`] : [];
    });
    const documented = Object.keys(response.headers).map((name) => name.toLowerCase());
    const unknown = TELLING.filter((name) => headers.has(name) && !documented.includes(name)).map((name) => `the header ${name} is not documented`);
    return [...known, ...unknown, ...(method === 'HEAD' ? [] : this.#faultsOfBody(response.content, headers, body))];
  }

  #faultsOfBody(content: z.infer<typeof Content> | undefined, headers: Headers, body: string): string[] {
    if (content === undefined) return body === '' ? [] : ['expected no body'];
    const contentType = headers.get('content-type')?.split(';', 1)[0] ?? 'none';
    const schema = content[contentType]?.schema;
    if (schema === undefined) return [`the content type ${contentType} is not documented`];
    // What is not JSON its own tests look at.
    return contentType.endsWith('json') ? this.faultsIn(schema, JSON.parse(body), 'body') : [];
  }

  #faultsOfRequest(operation: PlacedOperation, values: readonly string[], exchange: Exchange): string[] {
    const { path, requestHeaders, requestBody } = exchange;
    const query = [...new URL(path, 'http://bridge').searchParams];
    const parameter = (place: string, name: string, value: string): string[] => {
      const found = operation.parameters.find((each) => each.in === place && each.name.toLowerCase() === name.toLowerCase());
      if (found === undefined) return [`the ${place} parameter ${name} is not documented`];
      const isText = found.schema['type'] === 'string';
      return this.faultsIn(found.schema, isText ? value : JSON.parse(value), `${place} parameter ${name}`);
    };
    const names = operation.parameters.flatMap((each) => (each.in === 'path' ? [each.name] : []));
    return [
      ...names.flatMap((name, index) => parameter('path', name, decodeURIComponent(values[index] ?? ''))),
      ...query.flatMap(([name, value]) => parameter('query', name, value)),
      ...[...requestHeaders].flatMap(([name, value]) => (USUAL.includes(name) ? [] : parameter('header', name, value))),
      ...this.#faultsOfBody(operation.requestBody?.content, requestHeaders, requestBody ?? ''),
    ];
  }
}

/** The same schemas, taking no field but those they name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inside = Object.fromEntries(Object.entries(schema).map(([key, value]: [string, unknown]) => [key, closed(value)]));
  return 'type' in schema && 'properties' in schema ? { additionalProperties: false, ...inside } : inside;
}

let shared: Promise<OpenApiCheck> | undefined;

/** The check by the document that a bridge gives, read and compiled once for all bridges of a test worker. */
export function sharedCheck(readDocument: () => Promise<Response>): Promise<OpenApiCheck> {
  shared ??= readDocument()
    .then(async (answer) => new OpenApiCheck(await answer.json()))
    .catch((error: unknown) => {
      shared = undefined;
      throw error;
    });
  return shared;
}
