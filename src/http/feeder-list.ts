import { z } from 'zod';

/** Items with commas between. */
export const listOf = (item: string): RegExp => new RegExp(`^(${item})(,(${item}))*$`);

/** Ids of feeders in a query, with commas between. */
export const someFeeders = (description: string) =>
  z
    .string()
    .regex(listOf('[a-z0-9][a-z0-9-]{0,62}'), 'expected ids of feeders, with commas between')
    .optional()
    .meta({ description, example: 'pond-1,pond-2' });
