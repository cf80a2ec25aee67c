import type { AlarmName } from '../src/alarm-names.ts';
import type { Incident } from './plan.ts';

/** An alarm that the bridge would have raised by itself, and cleared again. */
export type BridgeAlarm = { name: AlarmName; detail: string; raisedAtMs: number; clearedAtMs: number };

const MINUTE_MS = 60_000;
/** How long an incident lasts until its alarm is raised. */
const RAISED_AFTER_MS = { 'link-lost': 5, 'agent-down': 5, 'plc-lost': 5, 'motor-jam': 125, 'oxygen-dip': 60 };

const AGENT_LOST = { name: 'agentLost', detail: 'the agent has been offline for 5 minutes' } as const;

/** What the bridge says of a link that was lost then and is not back. */
export const openAgentLost = (lostAtMs: number): Pick<BridgeAlarm, 'name' | 'detail' | 'raisedAtMs'> => ({
  ...AGENT_LOST,
  raisedAtMs: lostAtMs + RAISED_AFTER_MS['link-lost'] * MINUTE_MS,
});

/** What the bridge says of an incident; undefined where it is over too soon. */
export function bridgeAlarmOf({ kind, fromMs, toMs }: Incident): BridgeAlarm | undefined {
  const raisedAtMs = fromMs + RAISED_AFTER_MS[kind] * MINUTE_MS;
  if (raisedAtMs >= toMs) return undefined;
  const times = { raisedAtMs, clearedAtMs: toMs };
  switch (kind) {
    case 'link-lost':
    case 'agent-down':
      return { ...AGENT_LOST, ...times };
    case 'plc-lost':
      return { name: 'plcLost', detail: 'the agent is online, but the PLC has not answered it for 5 minutes', ...times };
    case 'motor-jam':
      return { name: 'mealsMissed', detail: '2 meals of the schedule in a row were not fed', ...times };
    case 'oxygen-dip':
      return { name: 'oxygenLow', detail: 'the water has less than 5 mg/L of oxygen', ...times };
  }
}

const SHARE_ACKNOWLEDGED = 0.8;

/** When somebody said to have seen an alarm; undefined where nobody did. Goes by its times alone. */
export function acknowledgedAtMs({ raisedAtMs, clearedAtMs }: { raisedAtMs: number; clearedAtMs: number }): number | undefined {
  const part = ((raisedAtMs / 1000) % 997) / 997;
  return part < SHARE_ACKNOWLEDGED ? raisedAtMs + Math.round((clearedAtMs - raisedAtMs) * part) : undefined;
}
