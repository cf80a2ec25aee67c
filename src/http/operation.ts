import type { RequestHandler } from 'express';
import type { z } from 'zod';
import type { Role } from '../access/caller.ts';
import type { Problem } from '../errors.ts';
import type { Kind } from './at-once.ts';
import type { ResponseHeader } from './response-headers.ts';

export type Method = 'get' | 'post' | 'patch' | 'delete';

/** A body and what it may look like, both as they are on the wire. */
export type DescribedBody = { schema: z.ZodType; example: unknown };

/** An answer to a request that went well. */
export type Answer = {
  description: string;
  /** Absent where there is no body in JSON. */
  body?: DescribedBody;
  /** Where it is a stream of events instead: what the data of each may look like. */
  events?: DescribedBody;
  /** The same as CSV, for whoever accepts that. */
  csv?: DescribedBody;
  /** The headers that it always has. */
  headers?: readonly ResponseHeader[];
  /** The headers that it has where they apply. */
  otherHeaders?: readonly ResponseHeader[];
};

/** What one method of one path does: served by Express and shown in the OpenAPI document, both from here. */
export type Operation = {
  /** Its name in generated clients. */
  operationId: string;
  /** Who may ask for it. `anyone`: without a key. */
  role: Role | 'anyone';
  /** Where one caller may have only so many under way at once: what kind it counts as. */
  atOnce?: Kind;
  tag: 'Feeders' | 'Config' | 'Commands' | 'History' | 'Alarms' | 'Events' | 'Site logins' | 'Notices' | 'Keys' | 'Signing in' | 'Audit';
  summary: string;
  description: string;
  query?: z.ZodObject;
  /** Headers of the request, by their names. */
  headers?: z.ZodObject;
  body?: DescribedBody & { contentTypes: readonly string[] };
  /** By status. */
  answers: Readonly<Record<number, Answer>>;
  /** One example for each code it can answer with; of two with the same code the later one is shown. */
  problems: readonly Problem[];
  /** Comes after the checks that its path and its body ask for. */
  handle: RequestHandler;
};

/** Every path below `/api/v1`, as OpenAPI writes it, and what it takes. */
export type Paths = Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>>;

/** A body with an example that is surely one. */
export const bodyLike = <T extends z.ZodType>(schema: T, example: z.output<T>): DescribedBody => ({ schema, example });
