import { createInterface } from 'node:readline';
import type { z } from 'zod';

/**
 * What the benchmark tells a process of its own on the first line of its standard input. The process ends with that
 * input, so that it never outlives the benchmark, however that ends.
 */
export async function readOrders<T extends z.ZodType>(schema: T): Promise<z.infer<T>> {
  const lines = createInterface({ input: process.stdin });
  lines.once('close', () => process.exit(0));
  const line = await new Promise<string>((resolve) => lines.once('line', resolve));
  return schema.parse(JSON.parse(line));
}

/** Tells the benchmark that this process is ready, with what it must know of it. */
export const tellReady = (what: Record<string, unknown> = {}): void => console.log(JSON.stringify(what));
