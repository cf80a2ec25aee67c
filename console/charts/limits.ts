import type { AlarmThresholds, Values } from '../api/shapes.ts';

/** A value that must not be passed: where the bridge raises an alarm, or the PLC stops feeding by itself. */
export type Limit = { kind: 'alarm-below' | 'alarm-above' | 'stop-below' | 'stop-above'; value: number };

const numberIn = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** The limits that a reading has now, by the bridge's thresholds and the PLC's own settings. */
export function limitsOf(reading: string, thresholds: AlarmThresholds, settings: Values | undefined): Limit[] {
  const limits = limitsByReading(thresholds, settings)[reading] ?? [];
  return limits.flatMap(([kind, value]) => (value === null ? [] : [{ kind, value }]));
}

const limitsByReading = (
  thresholds: AlarmThresholds,
  settings: Values | undefined,
): Readonly<Record<string, readonly (readonly [Limit['kind'], number | null])[]>> => ({
  dissolvedOxygenMgPerLitre: [
    ['alarm-below', thresholds.oxygenMinMgPerLitre],
    ['stop-below', numberIn(settings?.['oxygenStopMgPerLitre'])],
  ],
  waterTemperatureCelsius: [
    ['alarm-above', thresholds.temperatureMaxCelsius],
    ['alarm-below', thresholds.temperatureMinCelsius],
    ['stop-above', numberIn(settings?.['temperatureStopCelsius'])],
  ],
});
