import { crc32c } from './crc32c.ts';

const SUM_LENGTH = 8;

const sumOf = (key: string, text: string): string => crc32c(Buffer.from(`${key}\n${text}`)).toString(16).padStart(SUM_LENGTH, '0');

/** A value with a sum over key and text: LevelDB has sums of its own, but does not look at them when it reads a table. */
export const sealed = (key: string, text: string): string => sumOf(key, text) + text;

/** The text of a value kept under `key`; undefined where something else is there than was written. */
export function unsealed(key: string, value: string): string | undefined {
  const text = value.slice(SUM_LENGTH);
  return value.slice(0, SUM_LENGTH) === sumOf(key, text) ? text : undefined;
}
