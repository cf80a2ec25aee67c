import { z } from 'zod';
import { MealCounters } from '../../topics/counters.ts';
import { OpaqueId } from '../../topics/identifiers.ts';
import { ParameterName, Values } from '../../topics/parameters.ts';
import { PlcLink } from '../../topics/payloads.ts';

/** What a recorder goes by: what it has told records of so far. Kept in the spool, in one write with the records. */
export const Observed = z.object({
  /** The PLC's meal counters up to which meals are recorded; absent until the spool has its baseline. */
  counters: MealCounters.optional(),
  /** Where those lie and how they are read; others are not to be compared with them. */
  countersAre: z.string().optional(),
  /** The alarms that are recorded as active; absent until they were looked at. */
  activeAlarms: z.array(ParameterName).optional(),
  /** The config values last recorded. */
  config: Values.optional(),
  plc: PlcLink.optional(),
  /** Doses that were given and are not yet seen in the counters, oldest first. */
  dosesToCome: z.array(z.object({ commandId: OpaqueId, grams: z.number().positive() })),
  /** The latest doses taken from the journal, so that none is counted twice after a restart. */
  dosesKnown: z.array(OpaqueId),
});
export type Observed = z.infer<typeof Observed>;
