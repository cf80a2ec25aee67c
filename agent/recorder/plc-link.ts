import type { PlcLink } from '../../topics/payloads.ts';
import type { Moment } from '../clock.ts';
import type { Observed } from '../spool/observed.ts';
import type { Told } from './told.ts';

/** Whether the PLC is there, and since when. */
export type PlcSeen = { state: PlcLink; since: Moment };

/** The PLC lost or back, where that was not recorded last. */
export function plcTold(observed: Observed, { state, since }: PlcSeen): Told {
  if (observed.plc === state) return { happened: [], observed };
  return { happened: [{ at: since, record: { kind: 'plc', state } }], observed: { ...observed, plc: state } };
}
