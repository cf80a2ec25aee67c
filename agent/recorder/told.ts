import type { Observed } from '../spool/observed.ts';
import type { Happened } from '../spool/spool.ts';

/** Records of what is new, and what is observed with them. */
export type Told = { happened: readonly Happened[]; observed: Observed };
