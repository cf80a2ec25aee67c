import { inWords, severityOfBit } from '../alarm-names.ts';
import type { AlarmKey, ClearedAlarm, RaisedAlarm } from '../store/alarms.ts';

/** A bit of the PLC that went on or off. */
export type AlarmBit = { feederId: string; name: string; active: boolean; atMs: number };

/** What bits come to: each alarm at most once in `cleared`, and then those that were raised, over already or not. */
export type BitChanges = { cleared: ClearedAlarm[]; raised: RaisedAlarm[] };

/** What changes by bits, in the order in which they were told, where these alarms were open before. */
export function bitChanges(bits: readonly AlarmBit[], open: readonly AlarmKey[]): BitChanges {
  const changes: BitChanges = { cleared: [], raised: [] };
  const openBefore = new Set(open.map(keyOf));
  const raisedHere = new Map<string, RaisedAlarm>();
  for (const { feederId, name, active, atMs } of bits) {
    const key = keyOf({ feederId, name });
    const raised = raisedHere.get(key);
    if (active && raised === undefined && !openBefore.has(key)) {
      const alarm: RaisedAlarm = {
        feederId,
        name,
        origin: 'plc',
        severity: severityOfBit(name),
        detail: `The PLC reports: ${inWords(name)}.`,
        raisedAtMs: atMs,
      };
      raisedHere.set(key, alarm);
      changes.raised.push(alarm);
    } else if (!active && raised !== undefined) {
      raised.clearedAtMs = Math.max(atMs, raised.raisedAtMs);
      raisedHere.delete(key);
    } else if (!active && openBefore.delete(key)) {
      changes.cleared.push({ feederId, name, origin: 'plc', clearedAtMs: atMs });
    }
  }
  return changes;
}

const keyOf = ({ feederId, name }: Pick<AlarmKey, 'feederId' | 'name'>): string => `${feederId} ${name}`;
