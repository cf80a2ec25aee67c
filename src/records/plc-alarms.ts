import type { AlarmSeverity, ClearedAlarm, RaisedAlarm } from '../store/alarms.ts';

/** A bit of the PLC that went on or off. */
export type AlarmBit = { feederId: string; name: string; active: boolean; atMs: number };

/** The bits that mean no fish is fed until someone comes. */
const CRITICAL: readonly string[] = ['motorJam'];

const severityOf = (name: string): AlarmSeverity => (CRITICAL.includes(name) ? 'critical' : 'warning');

/** `motorJam` as words: "motor jam". */
const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/**
 * What is raised and cleared, in rounds: within one round no alarm is told of twice, so that each round may be stored by one
 * statement for each of the two.
 */
export function alarmRounds(bits: readonly AlarmBit[]): { raised: RaisedAlarm[]; cleared: ClearedAlarm[] }[] {
  const rounds: { raised: RaisedAlarm[]; cleared: ClearedAlarm[] }[] = [];
  const told = new Map<string, number>();
  for (const { feederId, name, active, atMs } of bits) {
    const key = `${feederId} ${name}`;
    const turn = told.get(key) ?? 0;
    told.set(key, turn + 1);
    const round = (rounds[turn] ??= { raised: [], cleared: [] });
    const alarm = { feederId, name, origin: 'plc' as const };
    if (active) round.raised.push({ ...alarm, severity: severityOf(name), detail: `The PLC reports: ${inWords(name)}.`, raisedAtMs: atMs });
    else round.cleared.push({ ...alarm, clearedAtMs: atMs });
  }
  return rounds;
}
