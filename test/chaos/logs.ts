import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { LoggedError } from './evidence.ts';

const ERROR = 50;

const Line = z.object({
  level: z.int(),
  time: z.number(),
  msg: z.string().default(''),
  err: z.object({ type: z.string(), message: z.string() }).optional(),
});

/** The errors in the logs of these programs; a line that is no log line is one too. */
export async function readErrors(folder: string, names: readonly string[]): Promise<LoggedError[]> {
  const texts = await Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, `${name}.log`), 'utf8') })));
  return texts.flatMap(({ name, text }) => text.split('\n').filter((line) => line !== '').flatMap((line) => errorIn(name, line)));
}

function errorIn(name: string, text: string): LoggedError[] {
  // A program that is killed may leave half a line behind.
  const parsed = Json.pipe(Line).safeParse(text);
  if (!parsed.success) return text.startsWith('{') ? [] : [{ name, atMs: 0, what: text, type: undefined }];
  const { level, time, msg, err } = parsed.data;
  return level < ERROR ? [] : [{ name, atMs: time, what: err ? `${msg}: ${err.message}` : msg, type: err?.type }];
}

const Json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'expected JSON' });
    return z.NEVER;
  }
});
