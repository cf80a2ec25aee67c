import { z } from 'zod';

/** The schemas of the bodies that REST takes, by their names in the OpenAPI document. */
export const taken = z.registry<{ id: string; description: string; minProperties?: number }>();
