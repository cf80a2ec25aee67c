import { z } from 'zod';
import { FeederId } from '../../topics/identifiers.ts';
import { issuerUnavailable } from '../access/people.ts';
import type { Problem } from '../errors.ts';
import { unauthenticated } from './authenticate.ts';
import type { Answer, DescribedBody, Operation, Paths } from './operation.ts';
import { malformedPath } from './problem-answers.ts';
import { rateLimited } from './rate-limits.ts';
import { forbidden } from './request-context.ts';
import { isResponseHeader, RESPONSE_HEADERS, type ResponseHeader } from './response-headers.ts';
import { answered, ProblemShape } from './shapes.ts';
import { taken } from './taken-bodies.ts';

type Json = Readonly<Record<string, unknown>>;

const INFO = {
  title: 'Feederbridge',
  version: '1',
  summary: 'The remote hand on automatic fish feeders.',
  description: [
    'Reads and changes feeders. A change is answered 200 when the PLC holds it: it was written, read back and stored.',
    'Errors are problem details (RFC 9457) with a stable `code`. A method that a path does not take is answered 405',
    '`method-not-allowed` with `Allow`, an unknown path 404 `not-found`. Fields may be added to what is answered; none is renamed.',
  ].join(' '),
  contact: { name: 'Whoever runs this bridge' },
  license: { name: 'All rights reserved', identifier: 'LicenseRef-All-Rights-Reserved' },
};

const TAGS: readonly { name: Operation['tag']; description: string }[] = [
  { name: 'Feeders', description: 'Which feeders there are, and the tokens of their agents.' },
  { name: 'Config', description: 'What the PLC holds, and changes of it.' },
  { name: 'Commands', description: 'Orders to a feeder, and what became of every change.' },
  { name: 'History', description: 'What was read, fed, and known of a feeder, in whole or by day.' },
  { name: 'Alarms', description: 'What is wrong, or was.' },
  { name: 'Events', description: 'What happens, as it happens.' },
  { name: 'Notices', description: 'Who hears of alarms, by webhook or e-mail.' },
  { name: 'Keys', description: 'Who may use this API, and for which sites.' },
  { name: 'Signing in', description: 'Who asks, and how to be let in without showing a key.' },
  { name: 'Audit', description: 'Who changed what, and who tried to.' },
  { name: 'Site logins', description: "Logins for looking on at one site's MQTT topics." },
];

const PATH_PARAMETERS: Readonly<Record<string, { schema: z.ZodType; description: string; example: string }>> = {
  feederId: { schema: FeederId, description: 'The id the feeder was enrolled with.', example: 'pond-1' },
  commandId: { schema: z.uuid(), description: 'The id of a command.', example: '0c3f6dd4-8b52-4c58-9a5c-1c8a3c0f7e21' },
  alarmId: { schema: z.uuid(), description: 'The id of an alarm.', example: '8d0e2a94-6f0b-4f1e-9a3c-2b7f6f1d0c55' },
  webhookId: { schema: z.uuid(), description: 'The id of a webhook.', example: 'a4a1c1f2-52c1-4a83-9a3b-0f5d1a7f7f10' },
  emailContactId: { schema: z.uuid(), description: 'The id of an e-mail contact.', example: 'c1b7a2de-0b4f-4b52-8f3d-5a0f6e2d9c33' },
  apiKeyId: { schema: z.uuid(), description: 'The id of a key.', example: '3e8f7a52-94f4-4a0c-8a53-0d5a2be1c6f7' },
  siteLoginId: { schema: z.uuid(), description: 'The id of a site login.', example: '5b0c9a1e-3a65-4f0e-8f57-7c86a4b1d9f2' },
};

/**
 * The OpenAPI 3.1 document of all operations, from the schemas that parse and the problems that are thrown.
 * @throws Error where an operation uses a schema or a path parameter that has no name in the document.
 */
export function openApiDocument(paths: Paths): Json {
  return {
    openapi: '3.1.0',
    info: INFO,
    servers: [{ url: '/api/v1' }],
    security: [{ apiKey: [] }],
    tags: TAGS,
    paths: mapValues(paths, (operations, path) => ({
      ...(parametersIn(path).length > 0 && { parameters: parametersIn(path).map(pathParameter) }),
      ...mapValues(operations, (operation) => operationObject(operation, path)),
    })),
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'A key of this bridge, or, where it has an OpenID Connect issuer, a token of that.' } },
      schemas: { ...componentsOf(answered, 'output'), ...componentsOf(taken, 'input') },
    },
  };
}

function operationObject(operation: Operation, path: string): Json {
  const { operationId, role, tag, summary, description, query, headers, body, answers } = operation;
  const problems = [...accessProblems(role), ...(parametersIn(path).length > 0 ? [malformedPath()] : []), ...operation.problems];
  const parameters = [
    // A query is text; it is shown as the value that the text stands for.
    ...(query ? parametersOf(query, 'query', 'output') : []),
    ...(headers ? parametersOf(headers, 'header', 'input') : []),
  ];
  return {
    operationId,
    tags: [tag],
    summary,
    description: role === 'anyone' ? description : `${description} For ${ROLE_NAMES[role]}.`,
    ...(role === 'anyone' && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: contentOf(body, body.contentTypes) } }),
    responses: { ...mapValues(answers, answerObject), ...problemObjects(problems) },
  };
}

const ROLE_NAMES = { viewer: 'viewers, operators and admins', operator: 'operators and admins', admin: 'admins' };

/** What callers are told who may not ask. Every caller has the lowest of the roles. */
function accessProblems(role: Operation['role']): Problem[] {
  if (role === 'anyone') return [];
  const anybody = [unauthenticated(), rateLimited(1), issuerUnavailable()];
  return role === 'viewer' ? anybody : [...anybody, forbidden(role)];
}

const answerObject = ({ description, body, csv, events, headers = [], otherHeaders = [] }: Answer): Json => ({
  description,
  headers: headersOf([...headers, ...otherHeaders], headers),
  ...(body && {
    content: {
      ...contentOf(body, ['application/json']),
      ...(csv && { 'text/csv': mediaType(csv) }),
    },
  }),
  ...(events && { content: { 'text/event-stream': mediaType(events) } }),
});

/** One answer for each status, with an example for each code. */
function problemObjects(problems: readonly Problem[]): Json {
  const known = [...new Map(problems.map((problem) => [problem.code, problem])).values()];
  const statuses = new Set(known.map(({ status }) => status));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const group = known.filter((problem) => problem.status === status);
      const codes = group.map(({ code }) => code);
      const named = group.map(({ extras }) => Object.keys(extras.headers ?? {}).filter(isResponseHeader));
      const always = (header: ResponseHeader): boolean => named.every((names) => names.includes(header));
      const headers = [...new Set(named.flat())];
      const schema = { allOf: [referenceTo(ProblemShape), { type: 'object', properties: { code: { type: 'string', enum: codes } }, required: ['code'] }] };
      const examples = Object.fromEntries(group.map((problem) => [problem.code, { summary: problem.title, value: problem.toBody() }]));
      return [status, {
        description: group.map(({ code, title }) => `\`${code}\`: ${title}.`).join(' '),
        headers: headersOf(headers, headers.filter(always)),
        content: { 'application/problem+json': { schema, examples } },
      }];
    }),
  );
}

/** The headers of an answer; which request it was is always told. */
const headersOf = (named: readonly ResponseHeader[], required: readonly ResponseHeader[]): Json =>
  Object.fromEntries(
    [...named, 'X-Request-Id' as const].map((name) => {
      const { description, example, ...rest } = RESPONSE_HEADERS[name];
      const isRequired = name === 'X-Request-Id' || required.includes(name);
      return [name, { description, required: isRequired, schema: { type: 'string', ...rest }, example }];
    }),
  );

const mediaType = ({ schema, example }: DescribedBody): Json => ({ schema: referenceTo(schema), example });

const contentOf = (body: DescribedBody, contentTypes: readonly string[]): Json =>
  Object.fromEntries(contentTypes.map((contentType) => [contentType, mediaType(body)]));

const parametersIn = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

function pathParameter(name: string): Json {
  const parameter = PATH_PARAMETERS[name];
  if (parameter === undefined) throw new Error(`expected the path parameter ${name} to be described`);
  const { schema, ...described } = parameter;
  return { name, in: 'path', required: true, ...described, schema: inline(schema, 'input') };
}

/** Each query parameter or header may be left out. */
const parametersOf = (schema: z.ZodObject, place: 'query' | 'header', io: 'input' | 'output'): Json[] =>
  Object.keys(schema.shape).map((name) => {
    const field: unknown = schema.shape[name];
    if (!(field instanceof z.ZodType)) throw new Error(`expected a schema of ${name}`);
    const { description, example, ...plain } = inline(field, io);
    return { name, in: place, required: false, description, ...(example !== undefined && { example }), schema: plain };
  });

const uri = (id: string): string => `#/components/schemas/${id}`;

/** Leaves out of a schema what OpenAPI need not be told. */
function tidy(jsonSchema: Record<string, unknown>, io: 'input' | 'output'): void {
  // Fields may be added to what is answered.
  if (io === 'output' && jsonSchema['additionalProperties'] === false) delete jsonSchema['additionalProperties'];
  // What a format says, no pattern need say again.
  if ('format' in jsonSchema) delete jsonSchema['pattern'];
}

/** Schemas are not read on their own: their dialect is OpenAPI's, and they are known by where they are. */
const inPlace = (jsonSchema: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(jsonSchema).filter(([keyword]) => keyword !== '$schema' && keyword !== '$id'));

const inline = (schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> =>
  inPlace(z.toJSONSchema(schema, { io, override: ({ jsonSchema }) => tidy(jsonSchema, io) }));

function componentsOf(registry: typeof answered, io: 'input' | 'output'): Json {
  const override = ({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: Record<string, unknown> }): void => {
    tidy(jsonSchema, io);
    if (registry.has(zodSchema)) Object.assign(jsonSchema, { ...registry.get(zodSchema), id: undefined });
  };
  return mapValues(z.toJSONSchema(registry, { io, uri, override }).schemas, inPlace);
}

function referenceTo(schema: z.ZodType): Json {
  // Not by asking each for it: a registry also answers for what a schema was refined from.
  const id = (answered.has(schema) ? answered : taken).get(schema)?.id;
  if (id === undefined) throw new Error('expected the schema of a body to have a name');
  return { $ref: uri(id) };
}

const mapValues = <T>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => unknown): Json =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
