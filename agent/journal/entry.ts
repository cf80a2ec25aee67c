import { z } from 'zod';
import { Ack, ClearAlarms, FeedNow, SetConfig } from '../../topics/commands.ts';
import { MealCounters } from '../../topics/counters.ts';
import { Instant, OpaqueId } from '../../topics/identifiers.ts';
import { Values } from '../../topics/parameters.ts';

/** What the PLC's dose registers and meal counters showed; `refused` and `meals` where the register map has them. */
export const DoseReading = z.object({
  lastToken: z.int().min(0).max(0xffff),
  refused: z.number().min(0).optional(),
  meals: MealCounters.optional(),
});
export type DoseReading = z.infer<typeof DoseReading>;

/**
 * A dose that counts for the guards: fed, or perhaps fed; `atMs` on the bridge's clock, milliseconds since 1970. Where that
 * clock was set back behind it, `loweredToMs` is when this was first seen: it counts from either, for the clock may return.
 * `mealsBefore` are the PLC's meal counters before it was ordered: while they show the same, it is not counted yet.
 */
export const CountedDose = z.object({
  atMs: z.number(),
  loweredToMs: z.number().optional(),
  grams: z.number().positive(),
  mealsBefore: MealCounters.optional(),
});
export type CountedDose = z.infer<typeof CountedDose>;

/** A dose that a command gave, and the PLC took. */
export type AppliedDose = { commandId: string } & Pick<CountedDose, 'grams' | 'mealsBefore'>;

/** A command of which something may have gone to the PLC, with what was there before. */
export const StartedEntry = z.discriminatedUnion('kind', [
  z.object({ state: z.literal('started'), kind: z.literal('set-config'), command: SetConfig, previous: Values }),
  z.object({
    state: z.literal('started'),
    kind: z.literal('feed-now'),
    command: FeedNow,
    token: z.int().min(1).max(0xffff),
    before: DoseReading,
    atMs: z.number(),
    loweredToMs: z.number().optional(),
  }),
  z.object({ state: z.literal('started'), kind: z.literal('clear-alarms'), command: ClearAlarms }),
]);
export type StartedEntry = z.infer<typeof StartedEntry>;

/** A command that has its outcome, as it was acknowledged; `dose` where it counts for the guards. */
export const FinishedEntry = z.object({
  state: z.literal('finished'),
  commandId: OpaqueId,
  issuedAt: Instant,
  ack: Ack,
  dose: CountedDose.optional(),
});
export type FinishedEntry = z.infer<typeof FinishedEntry>;

export const JournalEntry = z.union([StartedEntry, FinishedEntry]);
export type JournalEntry = z.infer<typeof JournalEntry>;
