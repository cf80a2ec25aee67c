import type { RequestHandler } from 'express';
import type { Caller } from '../access/caller.ts';
import { Problem } from '../errors.ts';
import { remember } from './request-context.ts';

const BEARER = /^Bearer +([\x21-\x7e]+)$/i;

/** Whom a key or a token stands for, if anybody. */
export type Authenticate = (bearer: string) => Promise<Caller | undefined>;

/** Nobody we know asks. */
export const unauthenticated = (): Problem =>
  new Problem('unauthenticated', 'Send "Authorization: Bearer <key>" with a key of this bridge.', {
    headers: { 'WWW-Authenticate': 'Bearer' },
  });

/** Lets only known callers pass, and remembers who it is. */
export const authenticate =
  (callerWith: Authenticate): RequestHandler =>
  async (request, response, next) => {
    const bearer = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const caller = bearer === undefined ? undefined : await callerWith(bearer);
    if (caller === undefined) throw unauthenticated();
    remember(response, { caller });
    next();
  };
