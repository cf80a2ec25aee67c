import { formatNumber } from '../../format/numbers.ts';
import { words } from '../../words/words.ts';
import type { ThresholdUnit } from './threshold-draft.ts';

/** A threshold with its unit: `3 days`, `5 mg/L`; `off` where nobody watches. */
export function thresholdText(value: number | null, unit: ThresholdUnit): string {
  const { thresholds } = words.value.alarms;
  if (value === null) return thresholds.off;
  switch (unit) {
    case 'day':
    case 'minute':
      return formatNumber(value, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 3 });
    case 'meal':
      return thresholds.meals(value);
    case 'mg/L':
    case '°C':
      return `${formatNumber(value, { maximumFractionDigits: 3 })}\u00a0${unit}`;
  }
}
