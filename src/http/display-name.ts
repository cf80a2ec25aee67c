import { z } from 'zod';

const MAX_LENGTH = 100;
const NAME = new RegExp(String.raw`^[^\p{Cc}\p{Cs}]{1,${MAX_LENGTH}}$`, 'u');

/** What people call something: shown, and never an id. */
export const DisplayName = z
  .string()
  .trim()
  .refine((name) => NAME.test(name), `expected a name of 1 to ${MAX_LENGTH} characters`)
  // Told without the expression, which few readers of the OpenAPI document could run.
  .meta({ minLength: 1, maxLength: MAX_LENGTH });
