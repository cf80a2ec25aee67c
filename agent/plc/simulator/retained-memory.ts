import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const Amount = z.number().min(0);
const Count = z.int().min(0);
const Word = z.int().min(0).max(0xffff);

/** Values by address. */
const cells = <T extends z.ZodType<number>>(value: T) => z.record(z.string().regex(/^\d+$/), value);

/** What of the feeder survives a power cut; its clock, its schedule's timer and its sensors start anew. */
const RetainedFeeder = z.strictObject({
  feeding: z.strictObject({ leftGrams: Amount, doneGrams: Amount, meals: Count }).optional(),
  hopperGrams: Amount,
  dispensedTodayGrams: Amount,
  mealsToday: Count,
  motorJam: z.boolean(),
  mealCount: Count,
  totalGrams: Amount,
  lastToken: Word,
  refused: Count,
  doses: z.array(z.strictObject({ token: Word, grams: z.number() })).readonly(),
});

/** What survives a power cut: the feeder's counters, and what masters have written. */
export const Retained = z.strictObject({
  /** The name of the register map. */
  map: z.string(),
  feeder: RetainedFeeder,
  registers: z.strictObject({ coil: cells(z.int().min(0).max(1)), holding: cells(Word) }),
});
export type Retained = z.infer<typeof Retained>;

/** Where a PLC keeps what survives a power cut. */
export type RetainedMemory = {
  /** What it held when the power came; undefined for a new PLC. */
  readonly atStart: Retained | undefined;
  /** Holds it from now on, whenever the power goes. */
  keep(retained: Retained): void;
};

/**
 * Keeps it in a file, which any end of the process leaves whole. Throws an `Error` that says what is wrong for a file
 * that is damaged, cannot be read, or is of another register map.
 */
export function openRetainedMemory(file: string, map: string): RetainedMemory {
  const atStart = read(file, map);
  let kept = '';
  return {
    atStart,
    keep: (retained) => {
      // Called in each scan, and the list of doses may be long; it never changes but with `lastToken`.
      const now = JSON.stringify({ ...retained, feeder: { ...retained.feeder, doses: [] } });
      if (now === kept) return;
      const next = `${file}.next`;
      writeFileSync(next, JSON.stringify(retained));
      renameSync(next, file);
      kept = now;
    },
  };
}

function read(file: string, map: string): Retained | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const remedy = 'use another file, or delete it for a new PLC';
  const parsed = Json.pipe(Retained).safeParse(text);
  if (!parsed.success) throw new Error(`${file} is not what a PLC retained: ${z.prettifyError(parsed.error)}; ${remedy}`);
  if (parsed.data.map !== map) throw new Error(`${file} was retained by a PLC with map ${parsed.data.map}, not ${map}; ${remedy}`);
  return parsed.data;
}

const Json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'expected JSON' });
    return z.NEVER;
  }
});
