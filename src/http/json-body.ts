import express, { type Request, type RequestHandler } from 'express';
import { hash } from 'node:crypto';
import { z } from 'zod';
import { MAX_FIELD_ERRORS, Problem, type FieldError } from '../errors.ts';

/** Far more than any change or enrolment needs. */
const MAX_BODY_BYTES = 64 * 1024;

/** The bodies as they came, for Idempotency-Key. */
const bodies = new WeakMap<object, Buffer>();

/** SHA-256 of the request's body, byte for byte. */
export const bodySha256 = (request: Request): Buffer =>
  hash('sha256', bodies.get(request) ?? '', 'buffer');

/**
 * Reads a JSON body of one of the content types into `request.body`, whatever its shape; for a route to put behind the
 * checks that come first. Answers 400, 413 or 415.
 */
export function jsonBody(contentTypes: readonly string[]): RequestHandler {
  const types = [...contentTypes];
  const read = express.json({
    limit: MAX_BODY_BYTES,
    strict: false,
    type: types,
    verify: (request, _response, bytes) => {
      // Express would take an empty body for {}.
      if (bytes.length === 0) throw new SyntaxError('expected JSON');
      bodies.set(request, bytes);
    },
  });
  return (request, response, next) => {
    const matches = request.is(types);
    if (matches === null) throw new Problem('malformed', 'Expected a JSON body.');
    if (matches === false) throw unsupportedMediaType(types);
    read(request, response, (error: unknown) => next(error === undefined ? undefined : problemOf(error)));
  };
}

const malformedJson = (): Problem => new Problem('malformed', 'Expected a body of valid JSON.');
const tooLarge = (): Problem => new Problem('too-large', `Expected a body of at most ${MAX_BODY_BYTES} bytes.`);
const unsupportedMediaType = (types: readonly string[]): Problem =>
  new Problem('unsupported-media-type', `Expected the content type ${types.join(' or ')}.`);

/** What is said of bodies that cannot be taken. */
export const bodyProblems = (contentTypes: readonly string[]): Problem[] => [
  malformedJson(),
  tooLarge(),
  unsupportedMediaType(contentTypes),
];

/** What Express says of a body it could not read; 4xx where the sender is to blame. */
const BodyError = z.object({ status: z.int().min(400).max(499), type: z.string().optional() });

function problemOf(error: unknown): unknown {
  const parsed = BodyError.safeParse(error);
  if (!parsed.success) return error;
  switch (parsed.data.type) {
    case 'entity.too.large':
      return tooLarge();
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new Problem('unsupported-media-type', 'Expected a body in UTF-8, plain or with gzip, deflate or br.');
    case undefined:
    default:
      return malformedJson();
  }
}

/** Where a schema has no words of its own. */
const sayWhatIsExpected: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'unrecognized_keys') return `expected no ${issue.keys.join(', ')}`;
  if (issue.code === 'invalid_type') return `expected ${issue.expected}${issue.input === undefined ? ', found nothing' : ''}`;
  return undefined;
};

/**
 * A body as its schema says.
 * @throws Problem 400 `malformed` with one error for each field.
 */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body, { error: sayWhatIsExpected });
  if (parsed.success) return parsed.data;
  const errors: FieldError[] = parsed.error.issues.slice(0, MAX_FIELD_ERRORS).map((issue) => ({
    pointer: issue.path.map((part) => `/${String(part)}`).join(''),
    code: 'malformed',
    detail: issue.message,
  }));
  const detail = errors.map(({ pointer, detail: what }) => `${pointer || 'body'}: ${what}`).join('; ');
  throw new Problem('malformed', `${detail}.`, { errors });
}
