import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { bodyLike, type DescribedBody } from './operation.ts';
import { answered } from './shapes.ts';

const Csv = z.string().register(answered, { id: 'Csv', description: 'Comma-separated values (RFC 4180); the first line has the names.' });

/** An answer as CSV, for the OpenAPI document. */
export const csvLike = (example: string): DescribedBody => bodyLike(Csv, example);

/** Whether the caller would rather have CSV (RFC 4180) than JSON; and says that the answer goes by that. */
export function wantsCsv(request: Request, response: Response): boolean {
  response.vary('Accept');
  return request.accepts(['application/json', 'text/csv']) === 'text/csv';
}

type Row = Readonly<Record<string, string | number | boolean | null>>;

/**
 * Answers with a line of names and one for each of what is found, as fast as the caller takes them and they come. Text that
 * a spreadsheet would take for a formula is made harmless by an apostrophe. A caller who goes away ends the finding.
 * Rejects as that does; before the first is found nothing is answered.
 */
export async function answerCsv<T, R extends Row>(
  request: Request,
  response: Response,
  columns: readonly (keyof R & string)[],
  found: AsyncGenerator<T, void>,
  rowOf: (item: T) => R,
): Promise<void> {
  const first = await found.next();
  response.set('Content-Type', 'text/csv; charset=utf-8');
  if (request.method === 'HEAD') {
    await found.return();
    response.end();
    return;
  }
  async function* rows(): AsyncGenerator<R, void> {
    if (first.done === true) return;
    try {
      yield rowOf(first.value);
      for await (const item of found) yield rowOf(item);
    } finally {
      await found.return();
    }
  }
  const lines = stringify({ header: true, columns: [...columns], record_delimiter: 'windows', escape_formulas: true, cast: { boolean: String } });
  try {
    await pipeline(Readable.from(rows()), lines, response);
  } catch (error) {
    // What is being looked for comes to its end first.
    await found.return();
    if (!isGone(error)) throw error;
  }
}

/** The caller went away. */
const isGone = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';

/** The most rows that are read at once. */
const ROWS_AT_ONCE = 1_000;

/** Every row of a list that is read page by page: each page goes on after the last row of the one before. */
export async function* everyRow<T>(readPage: (limit: number, after: T | undefined) => Promise<readonly T[]>): AsyncGenerator<T, void> {
  let after: T | undefined;
  for (;;) {
    const rows = await readPage(ROWS_AT_ONCE, after);
    yield* rows;
    if (rows.length < ROWS_AT_ONCE) return;
    after = rows.at(-1);
  }
}
