import { z } from 'zod';
import { someSites } from './asked-sites.ts';
import { AlarmShape } from './history-shapes.ts';

const MOST = 100;

/** Some of what there is; null for all of it, whatever comes to be. */
export const someOf = <T extends z.ZodType>(item: T, what: string) =>
  z
    .array(item)
    .min(1, `expected at least one of the ${what}, or null for all`)
    .max(MOST)
    .nullable()
    .default(null)
    .meta({ description: `Only of these ${what}. Null: all.` });

/** Which alarms are told. */
export const noticeFilters = { sites: someSites, severities: someOf(AlarmShape.shape.severity, 'severities') };
