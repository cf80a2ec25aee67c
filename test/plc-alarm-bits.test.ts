import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitChanges, type AlarmBit } from '../src/records/plc-alarms.ts';

const bit = fc.record({
  feederId: fc.constantFrom('pond-1', 'pond-2'),
  name: fc.constantFrom('motorJam', 'hopperLow'),
  active: fc.boolean(),
  atMs: fc.nat(1000),
});
const key = ({ feederId, name }: { feederId: string; name: string }): string => `${feederId} ${name}`;

/** Bit by bit, as they would come in batches of one. */
function oneByOne(bits: readonly AlarmBit[], openBefore: readonly string[]) {
  const open = new Map<string, number | undefined>(openBefore.map((name) => [name, undefined]));
  const over: string[] = [];
  for (const { active, atMs, ...alarm } of bits) {
    const name = key(alarm);
    if (active && !open.has(name)) open.set(name, atMs);
    else if (!active && open.has(name)) {
      const raisedAtMs = open.get(name);
      over.push(`${name} ${raisedAtMs ?? 'before'} ${raisedAtMs === undefined ? atMs : Math.max(raisedAtMs, atMs)}`);
      open.delete(name);
    }
  }
  return { over: over.sort(), open: [...open].map(([name, raisedAtMs]) => `${name} ${raisedAtMs ?? 'before'}`).sort() };
}

test('bits of one batch come to what they come to one by one, and no alarm that was open is cleared twice', () => {
  const openSets = fc.subarray(['pond-1 motorJam', 'pond-1 hopperLow', 'pond-2 motorJam', 'pond-2 hopperLow']);
  fc.assert(
    fc.property(fc.array(bit, { maxLength: 30 }), openSets, (bits, openBefore) => {
      const { cleared, raised } = bitChanges(bits, openBefore.map((name) => {
        const [feederId = '', alarm = ''] = name.split(' ');
        return { feederId, name: alarm, origin: 'plc' as const };
      }));
      const clearedKeys = cleared.map(key);
      expect(new Set(clearedKeys).size).toBe(clearedKeys.length);
      const over = [
        ...cleared.map((alarm) => `${key(alarm)} before ${alarm.clearedAtMs}`),
        ...raised.flatMap((alarm) => (alarm.clearedAtMs === undefined ? [] : `${key(alarm)} ${alarm.raisedAtMs} ${alarm.clearedAtMs}`)),
      ];
      const open = [
        ...openBefore.filter((name) => !clearedKeys.includes(name)).map((name) => `${name} before`),
        ...raised.flatMap((alarm) => (alarm.clearedAtMs === undefined ? `${key(alarm)} ${alarm.raisedAtMs}` : [])),
      ];
      expect({ over: over.sort(), open: open.sort() }).toEqual(oneByOne(bits, openBefore));
    }),
    { numRuns: 1000 },
  );
});
