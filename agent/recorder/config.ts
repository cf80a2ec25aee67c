import { sameValues, type Values } from '../../topics/parameters.ts';
import type { ConfigReport } from '../../topics/payloads.ts';
import type { Moment } from '../clock.ts';
import type { Observed } from '../spool/observed.ts';
import type { Told } from './told.ts';

/** All config values as they were read last, and by whom they came to be so. */
export type ConfigSeen = { values: Values; source: ConfigReport['source']; at: Moment };

/** The config where it is another than was recorded last. */
export function configTold(observed: Observed, { values, source, at }: ConfigSeen): Told {
  if (observed.config !== undefined && sameValues(observed.config, values)) return { happened: [], observed };
  return { happened: [{ at, record: { kind: 'config', values, source } }], observed: { ...observed, config: values } };
}
