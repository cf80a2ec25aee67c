import { expect } from 'vitest';
import { z } from 'zod';
import type { Answer } from './bridge.ts';

/** The shapes that clients are written against; a field that is missing, renamed or of another type does not parse. */

const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const values = z.record(z.string(), z.union([z.number(), z.boolean()]));
const config = z.strictObject({
  version: z.int(),
  values,
  readAt: instant,
  source: z.enum(['start', 'command', 'local']),
});

export const FeederShape = z.strictObject({
  feederId: z.string(),
  name: z.string(),
  site: z.string(),
  timeZone: z.string(),
  presence: z.enum(['online', 'offline']),
  plc: z.enum(['ok', 'unreachable', 'unknown']),
  lastSeenAt: instant.nullable(),
  config: config.nullable(),
  state: z.looseObject({ at: instant, values }).nullable(),
  profile: z.looseObject({ agentVersion: z.string() }).nullable(),
});

export const ConfigShape = config.extend({ profile: FeederShape.shape.profile });

export const CommandShape = z.strictObject({
  commandId: z.uuid(),
  feederId: z.string(),
  kind: z.enum(['set-config', 'feed-now', 'clear-alarms']),
  state: z.enum(['sent', 'unresolved', 'applied', 'rejected', 'expired', 'superseded', 'indeterminate', 'refused']),
  changes: values.optional(),
  grams: z.number().optional(),
  version: z.int().nullable(),
  readBack: values.nullable(),
  previous: values.nullable(),
  reason: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
  issuedBy: z.string(),
  issuedAt: instant,
  expiresAt: instant.nullable(),
  ackedAt: instant.nullable(),
  latencyMs: z.number().nullable(),
  transitions: z.array(z.strictObject({ state: z.string(), at: instant })),
}).refine(({ kind, changes, grams }) => (kind === 'set-config') === (changes !== undefined) && (kind === 'feed-now') === (grams !== undefined));

const Problem = z.looseObject({
  type: z.string(),
  title: z.string().min(1),
  status: z.int(),
  detail: z.string().min(1),
  code: z.string(),
  errors: z.array(z.strictObject({ pointer: z.string(), code: z.string(), detail: z.string() })).optional(),
  commandId: z.uuid().optional(),
});

/** A page of a list. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), nextCursor: z.string().optional() });

/** The problem an answer must be: its status and code, in the shape and content type of RFC 9457. */
export function problemIn(answer: Answer, status: number, code: string): z.infer<typeof Problem> {
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status, body: { code, status } });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body).toHaveProperty('type', `urn:feederbridge:problem:${code}`);
  return Problem.parse(answer.body);
}

/** The command an answer must be, with its status. */
export function commandIn(answer: Answer, status = 200): z.infer<typeof CommandShape> {
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status });
  return CommandShape.parse(answer.body);
}
