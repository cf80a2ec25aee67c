import type { RequestHandler } from 'express';
import { Problem } from '../errors.ts';
import { hashSecret } from '../secrets.ts';
import type { ApiKeyRow } from '../store/api-keys.ts';
import { remember, type Caller } from './request-context.ts';

const BEARER = /^Bearer +([\x21-\x7e]+)$/i;

/** Nobody we know asks. */
export const unauthenticated = (): Problem =>
  new Problem('unauthenticated', 'Send "Authorization: Bearer <key>" with a key of this bridge.', {
    headers: { 'WWW-Authenticate': 'Bearer' },
  });

/** The caller an Authorization header stands for. Only hashes are kept and compared. */
export class ApiKeys {
  readonly #byHash: ReadonlyMap<string, Caller>;

  constructor(rows: readonly ApiKeyRow[]) {
    this.#byHash = new Map(rows.map(({ name, role, keySha256 }) => [keySha256.toString('hex'), { name, role }]));
  }

  /** @throws Problem 401 `unauthenticated`. */
  authenticate(authorization: string | undefined): Caller {
    const key = BEARER.exec(authorization ?? '')?.[1];
    const caller = key === undefined ? undefined : this.#byHash.get(hashSecret(key).toString('hex'));
    if (caller) return caller;
    throw unauthenticated();
  }
}

/** Lets only known callers pass, and remembers who it is. */
export const authenticate =
  (keys: ApiKeys): RequestHandler =>
  (request, response, next) => {
    remember(response, { caller: keys.authenticate(request.headers.authorization) });
    next();
  };
