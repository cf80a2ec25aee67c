/** The store cannot answer now. */
export class StoreUnavailable extends Error {
  readonly code = 'store-unavailable';
  override readonly name: string = 'StoreUnavailable';
}

/** The store was asked and did not answer: what it was asked to store may be stored, now or a little later. */
export class StoreSilent extends StoreUnavailable {
  override readonly name = 'StoreSilent';
}

/** Another bridge holds this store; the message says which. */
export class StoreInUse extends Error {
  readonly code = 'store-in-use';
  override readonly name = 'StoreInUse';
}

/**
 * SQLSTATE classes and codes that say "not now" rather than "not this": connection failures, resources exhausted,
 * statement timed out, shutting down or starting up, a standby after a failover, I/O errors.
 */
const UNAVAILABLE = /^(08...|53...|57014|57P..|25006|25P03|58...|XX00[12])$/;

export const isUnavailable = (sqlState: string | undefined): boolean => UNAVAILABLE.test(sqlState ?? '');

/** What a statement is told that took too long. */
const TIMED_OUT = '57014';

/** Whether the store itself said that it can do nothing for anyone now: rather than that one statement took too long, or nothing. */
export function isOutOfOrder(error: unknown): boolean {
  if (!(error instanceof StoreUnavailable) || !(error.cause instanceof Error) || !('code' in error.cause)) return false;
  const { code } = error.cause;
  return typeof code === 'string' && code !== TIMED_OUT && isUnavailable(code);
}

/** SQLSTATE classes that say "not these values", and always will: out of range, or against a constraint. */
const DATA_REFUSED = /^2[23]...$/;

/** Whether the error is Postgres refusing the values it was given. */
export const isDataRefused = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && DATA_REFUSED.test(error.code);

/** Whether the error is Postgres refusing a second row with the same key, of the named constraint where one is given. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!(error instanceof Error) || !('code' in error) || error.code !== '23505') return false;
  return constraint === undefined || ('constraint' in error && error.constraint === constraint);
}
