/** What became of an attempt to deliver a notice; why, in words. */
export type Outcome = { isDelivered: boolean; result: string };

/** What an error says; of a connection that was tried to several addresses in vain only its code does. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}
